"""
The dashboard of sources shows what was really sent: how late, by which clocks, how often twice, and what was put aside.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import msgspec
import pytest

from tests.fakes.shown_dashboards import END, Rows, Seen, titles
from tests.fakes.simulated_history import Told


def events(truth: Told) -> list[dict[str, Any]]:
    """
    Each event once, its first delivery.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for raw in truth.events:
        one = msgspec.json.decode(raw)
        if instant(one["time"]) <= END:
            found.setdefault((one["source"], one["id"]), one)
    return list(found.values())


def instant(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1_000)


def delays(truth: Told, source: str | None = None) -> Iterator[int]:
    for one in events(truth):
        if source in {None, one["source"]}:
            yield instant(one["receivedat"]) - instant(one["time"])


def counts(rows: Rows, truth: Told) -> None:
    told = events(truth)
    journeys = {(one["data"]["site"], one["subject"]) for one in told if "subject" in one}
    assert rows == [
        {"Events": len(told), "Sources": len({one["source"] for one in told}), "Journeys": len(journeys)}
    ]  # fmt: skip


def late(rows: Rows, truth: Told) -> None:
    of = list(delays(truth))
    assert rows == [
        {
            "Late": pytest.approx(sum(one > 300_000 for one in of) / len(of)),
            "Ahead of time": pytest.approx(sum(one < -2_000 for one in of) / len(of)),
        }
    ]
    assert rows[0]["Ahead of time"] > 0


def aside(rows: Rows, truth: Told) -> None:
    assert rows == [{"Dead letters": letters(truth), "Reasons": 1}]


def letters(truth: Told) -> int:
    return sum(at <= END for at, _ in truth.misspelt)


def sources(rows: Rows, truth: Told) -> None:
    shown = {row["Source"]: row for row in rows}
    assert {name: row["Events"] for name, row in shown.items()} == Counter(one["source"] for one in events(truth))
    fast = shown["/demo/branch-07/till-2"]
    assert fast["Called"] == "Tills of the branch"
    assert fast["Ahead by"] == -min(delays(truth, "/demo/branch-07/till-2")) > 2_000
    assert {row["State"] for row in rows} == {"heard"}


def volume(rows: Rows, truth: Told) -> None:
    assert sum(row["events"] for row in rows) == len(events(truth))


def skew(rows: Rows, _: Told) -> None:
    assert {row["series"]: row["value"] for row in rows} == {"branch-07-till": 2, "lane": -540}


def reasons(rows: Rows, truth: Told) -> None:
    assert [(row["By"], row["Reason"], row["Records"]) for row in rows] == [("ingest", "unknown_field", letters(truth))]


def refused(rows: Rows, _: Told) -> None:
    assert {row["series"]: row["value"] for row in rows} == {"unknown_field": pytest.approx(30)}


def twice(rows: Rows, _: Told) -> None:
    assert {row["series"]: row["value"] for row in rows} == {
        "duplicate": pytest.approx(45), "out_of_order": pytest.approx(15)
    }  # fmt: skip


def endings(rows: Rows, truth: Told) -> None:
    ended: Counter[tuple[str, str]] = Counter()
    lost: Counter[tuple[str, str]] = Counter()
    for one in truth.attainment:
        ended[one.standard, one.site] += one.answered + one.abandoned
        lost[one.standard, one.site] += one.expired + one.cancelled + one.implausible
    assert {(row["Standard"], row["Site"]): row["Ended"] for row in rows} == ended
    for row in rows:
        key = (row["Standard"], row["Site"])
        assert row["Share"] == pytest.approx(lost[key] / (lost[key] + ended[key]))


EXPECTED: dict[str, Callable[[Rows, Told], None]] = {
    "Events": counts,
    "Late and ahead": late,
    "Put aside": aside,
    "Sources": sources,
    "Events by source": volume,
    "Receipt less occurrence": skew,
    "Dead letters by reason": reasons,
    "Refused at the door": refused,
    "Twice, out of order, too late": twice,
    "Clocks that say nothing, by standard": endings,
}


@pytest.mark.parametrize("title", titles("quality"))
def test_a_panel_shows_what_was_sent(title: str, see: Callable[..., Seen]) -> None:
    seen = see("quality")
    EXPECTED[title](seen.rows(title), seen.truth)
