"""
`sqm backtest` of a table: ten proposed limits in one pass, beside one proposal, beside the standard in force.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.measuring import Figure, progress
from benchmarks.replay import JANUARY, ROWS, STANDARDS, told_by, write_table

TITLE: Final = "sqm backtest of a table"
_LIMITS: Final = (10, 15, 20, 25, 30, 40, 45, 60, 90, 120)


def run(scale: float) -> Iterator[Figure]:
    """Run the command as a user would, and read its processor time."""
    folder = Path(tempfile.mkdtemp(prefix="sqm-bench-"))
    try:
        table, small = folder / "calls.txt", folder / "call.txt"
        real = JANUARY.is_file()
        write_table(table, max(100, int(ROWS * scale)), real=real)
        write_table(small, 1, real=real)
        drafts = write_drafts(folder / "drafts")
        progress("judging the past by ten proposals, then by one")
        _, starting = backtested(small, drafts)
        told, ten = backtested(table, drafts)
        _, one = backtested(table, drafts / f"limit-{_LIMITS[0]:03}.yaml")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    yield Figure("events", told["events"], "events")
    yield Figure("proposals in one pass", len(told["comparisons"]), "proposals")
    yield Figure("one proposal and the standard in force", one, "s of CPU")
    yield Figure(
        "ten proposals and the standard in force, in one pass", ten, "s of CPU", 10 * one, "ten passes, s of CPU"
    )
    yield Figure("each further proposal", (ten - one) * 1e6 / 9 / told["events"], "us/event")
    yield Figure("starting the command", starting, "s of CPU")


def backtested(table: Path, drafts: Path) -> tuple[dict[str, Any], float]:
    """Run a backtest against the standards in force; return what was told, and the seconds of processor time."""
    return told_by("backtest", "--standards", str(drafts), "--against", str(STANDARDS), str(table))


def write_drafts(folder: Path) -> Path:
    """Write a draft of the bank's first standard for each limit."""
    folder.mkdir()
    wait = STANDARDS.read_text(encoding="utf-8").partition("---")[0].replace("version: 1", "version: 2")
    for limit in _LIMITS:
        (folder / f"limit-{limit:03}.yaml").write_text(wait.replace("limit: 20s", f"limit: {limit}s"), encoding="utf-8")
    return folder
