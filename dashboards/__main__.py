"""
`python -m dashboards [--check]`: writes dashboards/json, or says what there is not as it would be written.
"""

import json
import sys
from pathlib import Path
from typing import Final

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from dashboards.boards import BOARDS
from dashboards.layout import Board, laid_out
from dashboards.lint import faults

_FOLDER: Final = Path(__file__).parent / "json"


def written() -> dict[str, str]:
    """
    Every file of the folder, by its name, as it should be.
    """
    return {board.file: _json(board) for board in (make() for make in BOARDS)}


def _json(board: Board) -> str:
    # First what it is called and that it is generated, for those who open the file.
    whole = laid_out(board).to_json()
    ordered = {name: whole[name] for name in ("title", "description", *whole)}
    return json.dumps(ordered, cls=JSONEncoder, indent=1, ensure_ascii=False) + "\n"


def main(words: list[str]) -> int:
    """
    Return the status of the process: 0, or 1 where a dashboard breaks a rule or a file is not as it should be.
    """
    wanted = written()
    found = [fault for text in wanted.values() for fault in faults(json.loads(text))]
    standing = {file.name: file.read_text(encoding="utf-8") for file in _FOLDER.glob("*.json")}
    if words == ["--check"]:
        stale = sorted(name for name in wanted.keys() | standing.keys() if wanted.get(name) != standing.get(name))
        found += [f"dashboards/json/{name}: not as `python -m dashboards` writes it" for name in stale]
    elif words:
        found.append(f"{' '.join(words)}: there is only --check")
    elif not found:
        for name in standing.keys() - wanted.keys():
            (_FOLDER / name).unlink()
        for name, text in wanted.items():
            (_FOLDER / name).write_text(text, encoding="utf-8")
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
