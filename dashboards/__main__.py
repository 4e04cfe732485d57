"""
`python -m dashboards [--check]`: writes dashboards/json and their pages, or says what is not as it would be written.
"""

import json
import sys
from pathlib import Path
from typing import Final

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from dashboards.boards import BOARDS
from dashboards.layout import Board, laid_out
from dashboards.lint import faults
from dashboards.pages import page

__all__ = ["main", "written"]

_PROJECT: Final = Path(__file__).parents[1]
_JSON: Final = "dashboards/json"
_PAGES: Final = "docs/dashboards"


def written() -> dict[str, str]:
    """
    The JSON of every dashboard, by its name, as it should be.
    """
    return {board.name: _json(board) for board in _boards()}


def _json(board: Board) -> str:
    # First what it is called and that it is generated, for those who open the file.
    whole = laid_out(board).to_json()
    ordered = {name: whole[name] for name in ("title", "description", *whole)}
    return json.dumps(ordered, cls=JSONEncoder, indent=1, ensure_ascii=False) + "\n"


def main(words: list[str], project: Path = _PROJECT) -> int:
    """
    Return the status of the process: 0, or 1 where a dashboard breaks a rule or a file is not as it should be.
    """
    dashboards = written()
    wanted = {project / _JSON / f"{name}.json": text for name, text in dashboards.items()}
    wanted |= {project / _PAGES / f"{board.name}.md": page(board) for board in _boards()}
    found = [fault for text in dashboards.values() for fault in faults(json.loads(text))]
    if words == ["--check"]:
        stale = [
            file for file, text in wanted.items() if not file.is_file() or file.read_text(encoding="utf-8") != text
        ]
        stale += _left_over(project, dashboards)
        found += [f"{file.relative_to(project)}: not as `python -m dashboards` writes it" for file in sorted(stale)]
    elif words:
        found.append(f"{' '.join(words)}: there is only --check")
    elif not found:
        for file in _left_over(project, dashboards):
            file.unlink()
        for file, text in wanted.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    return 1 if found else 0


def _boards() -> list[Board]:
    return [make() for make in BOARDS]


def _left_over(project: Path, dashboards: dict[str, str]) -> list[Path]:
    return [file for file in (project / _JSON).glob("*.json") if file.stem not in dashboards]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
