"""
``python -m schemas.export [--check] [--breaking-against REVISION]``: exit status 0 in order, 1 drifted or broken, 2
cannot tell.
"""

import argparse
import json
import shutil
import subprocess
import sys

from schemas.export.breaking import Schema, breaking_changes
from schemas.export.generated import PROJECT, drifted, generated_files, write

_FOLDER = "schemas/json"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m schemas.export", description="Write what is generated from the contracts."
    )
    parser.add_argument("--check", action="store_true", help="write nothing; name the files that are not up to date")
    parser.add_argument(
        "--breaking-against", metavar="REVISION", help="name the changes since a git revision that break others"
    )
    options = parser.parse_args()
    status = 0
    if options.breaking_against:
        status = _report_breaking(options.breaking_against)
    if options.check:
        return max(status, _report_drift())
    if not options.breaking_against:
        changed = write(generated_files())
        _say(f"{len(changed)} files written: {', '.join(changed)}" if changed else "everything was up to date")
    return status


def _report_drift() -> int:
    found = drifted(generated_files())
    for path in found:
        _say(f"{path}: differs from what the models say; run: python -m schemas.export")
    return 1 if found else 0


def _report_breaking(revision: str) -> int:
    git = shutil.which("git")
    if git is None:
        _say("--breaking-against needs git, which is not installed")
        return 2
    listed = subprocess.run(
        [git, "ls-tree", "--name-only", "--end-of-options", revision, f"{_FOLDER}/"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        _say(f"--breaking-against {revision}: git knows no such revision here; name one that was fetched")
        return 2
    found: dict[str, list[str]] = {}
    now = {file.path: file.text for file in generated_files()}
    for path in listed.stdout.split():
        if path.endswith(".json"):
            shown = subprocess.run(
                [git, "show", f"{revision}:{path}"], cwd=PROJECT, capture_output=True, text=True, check=True
            )
            for change in _compared(json.loads(shown.stdout), now.get(path)):
                found.setdefault(change, []).append(path)
    for change, paths in found.items():
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        _say(f"{paths[0]}{more}: {change} (since {revision}); add beside it, or begin a new version of the message")
    return 1 if found else 0


def _compared(old: Schema, now: str | None) -> list[str]:
    if now is None:
        return ["the message is gone"]
    new = json.loads(now)
    # Another id is another version of the message, which promises nothing about this one.
    return breaking_changes(old, new) if old.get("$id") == new["$id"] else []


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
