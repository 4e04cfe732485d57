"""
The bank's months by hour, by priority and by type: every group of calls counted a second time from the rows alone.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project import PROJECT
from tests.real_data.test_bank_replay import replay

LIMIT_S = 20
NOT_REACHED = "0:00:00"
Group = tuple[int, str, str]
PAGE = PROJECT / "docs" / "bank-calls.md"
SECTIONS = {"By hour": 0, "By priority": 1, "By type": 2}


def hour_of(row: dict[str, str]) -> int:
    """The hour on the wall in which a call reached the queue, or an agent where it never queued."""
    for begin, end in (("q_start", "q_exit"), ("ser_start", "ser_exit")):
        if row[begin] != NOT_REACHED or row[end] != NOT_REACHED:
            return int(row[begin].split(":")[0]) % 24
    return int(row["vru_exit"].split(":")[0]) % 24


def offered(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="latin-1", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            # Two rows of October are shifted by a column; replay rejects them, too.
            whole = row.get("server") and row["q_time"].isdigit()
            if whole and (row["outcome"] == "AGENT" or (row["outcome"] == "HANG" and int(row["q_time"]) > 0)):
                yield row


def counted(file: Path) -> dict[Group, tuple[int, int]]:
    found: dict[Group, list[int]] = defaultdict(lambda: [0, 0])
    for row in offered(file):
        pair = found[hour_of(row), row["priority"].strip(), row["type"].strip()]
        pair[0] += row["outcome"] == "AGENT" and int(row["q_time"]) <= LIMIT_S
        pair[1] += 1
    return {group: (good, total) for group, (good, total) in found.items()}


@pytest.mark.parametrize(("month", "whole"), [("january", (16_402, 30_140)), ("october", (23_546, 32_950))])
def test_every_hour_priority_and_type_agrees_with_the_rows(real_data: Path, month: str, whole: tuple[int, int]) -> None:
    file = real_data / "anonymous_bank" / f"{month}.txt"
    by = ("hour", "priority", "service")
    found = replay(file, *(word for field in by for word in ("--by", field)))
    told = {
        (one["by"]["hour"], one["by"]["priority"], one["by"]["service"]): (one["good"], one["total"])
        for one in found["attainment"]
        if one["standard"] == "bank-wait" and one["metric"] == "sl_all_offered" and one["by"]
    }
    rows = counted(file)
    assert told == rows
    assert (sum(good for good, _ in rows.values()), sum(total for _, total in rows.values())) == whole


def told(heading: str) -> list[str]:
    """The rows of a table of the page, without its head."""
    section = PAGE.read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("|")][2:]


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_page_tells_what_the_rows_say(real_data: Path, heading: str) -> None:
    months = [counted(real_data / "anonymous_bank" / f"{month}.txt") for month in ("january", "october")]
    rows = []
    for key in sorted({group[SECTIONS[heading]] for month in months for group in month}, key=str):
        cells = [str(key)]
        for month in months:
            held = [pair for group, pair in month.items() if group[SECTIONS[heading]] == key]
            good, total = sum(good for good, _ in held), sum(total for _, total in held)
            cells += [f"{total:,}", f"{good / total:.2%}" if total else "–"]
        rows.append(f"| {' | '.join(cells)} |")
    assert sorted(told(heading)) == sorted(rows)
