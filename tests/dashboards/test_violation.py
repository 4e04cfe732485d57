"""
The dashboard of one violation shows it as the engine said it, with the trail that it rests on.
"""

from collections.abc import Callable
from typing import Any

import pytest

from dashboards.asking import Span
from schemas.base import DAY_MS
from schemas.topics import MEASUREMENTS, VIOLATIONS
from services.history.engine import copy_of
from services.history.shell.storing import store
from services.sla.engine import Violation
from tests.fakes.databases import FOR_EVER, opened, settings_for
from tests.fakes.grafana import Grafana
from tests.fakes.prometheus_past import Past
from tests.fakes.shown_dashboards import BOARDS, Rows, Seen, look
from tests.fakes.simulated_history import Told
from tests.fakes.topic_records import NOON, TopicRecord, as_json, measurement, violation


def facts(rows: Rows, one: Violation) -> None:
    assert [(row["Site"], row["Journey"], row["Took"], row["Limit"], row["State"]) for row in rows] == [
        (one.site, one.journey, one.value_ms, one.limit_ms, one.state)
    ]


def promise(rows: Rows, one: Violation) -> None:
    assert [(row["Standard"], row["Version"], row["Limit"]) for row in rows] == [
        (one.standard, one.version, one.limit_ms)
    ]


def said(rows: Rows, one: Violation) -> None:
    assert [(row["State"], row["Took"], row["Limit"]) for row in rows] == [(one.state, one.value_ms, one.limit_ms)]


def trail(rows: Rows, one: Violation) -> None:
    assert [(row["Part"], row["Event"], row["Id"]) for row in rows] == [
        (entry.role, entry.type, entry.id) for entry in one.trail
    ]


def events(rows: Rows, one: Violation) -> None:
    assert {entry.id for entry in one.trail} <= {row["Id"] for row in rows}


def clock(rows: Rows, one: Violation) -> None:
    assert {row["Time"] for row in rows} == {"counts"}
    assert sum(row["Lasted"] for row in rows) == one.value_ms


EXPECTED: dict[str, Callable[[Rows, Violation], None]] = {
    "What happened": facts,
    "What was promised": promise,
    "What was said of it, and when": said,
    "The trail": trail,
    "All events of the journey": events,
    "How the clock ran": clock,
}
PANELS = [one["title"] for one in BOARDS["violation"]["panels"] if one["type"] not in {"row", "text"}]


@pytest.mark.parametrize("title", PANELS)
def test_a_panel_shows_the_violation(title: str, see: Callable[..., Seen]) -> None:
    seen = see("violation")
    (one,) = [one for one in seen.truth.violations if one.id == seen.grafana.chosen["violation"][0]]
    EXPECTED[title](seen.rows(title), one)


def test_every_stretch_of_a_clock_says_whether_it_counts_and_why_not(
    past: Past, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pieces: list[tuple[dict[str, object], str]] = [
        ({"counts": True}, "counts"),
        ({"counts": False, "why": "paused"}, "paused, does not count"),
        ({"counts": False}, "paused, does not count"),
        ({"counts": False, "why": "closed"}, "closed, does not count"),
        ({"counts": False, "why": "holiday", "name": 'it\'s \\ "Jāņi"'}, 'holiday (it\'s \\ "Jāņi"), does not count'),
    ]
    stretches = [{"from_at": NOON + at, "to_at": NOON + 2 * at, **one} for at, (one, _) in enumerate(pieces, 1)]
    ended = [measurement(1, segments=stretches), measurement(2), measurement(1, site="branch-8")]
    broken = [violation(1, state="closed", reason="ended_late", closed_at=NOON + 30_000)]
    rows: Rows = []
    for database in opened(settings_for("folder", tmp_path_factory.getbasetemp()), keep_days=FOR_EVER):
        for topic, messages in ((MEASUREMENTS, ended), (VIOLATIONS, broken)):
            records = [TopicRecord(at, as_json(one)) for at, one in enumerate(messages)]
            assert store(database, copy_of(topic.name), records) == []
        seen = Seen(BOARDS["violation"], look("violation", database, past), Told([], [], [], [], [], []))
        rows = seen.rows("How the clock ran")
    assert [(row["Lasted"], row["Time"]) for row in rows] == [(at, words) for at, (_, words) in enumerate(pieces, 1)]


def test_what_was_taken_back_stands_beside_what_was_said_before(
    past: Past, tmp_path_factory: pytest.TempPathFactory
) -> None:
    words: list[dict[str, Any]] = [
        {"state": "opened", "reason": "limit_passed"},
        {"state": "closed", "reason": "ended_late", "closed_at": NOON + 30_000, "value_ms": 30_000},
        {"state": "retracted", "reason": "ended_in_time", "closed_at": NOON + 30_000, "value_ms": 15_000},
    ]
    told = [violation(1, rev_offset=at, **one) for at, one in enumerate(words, 10)]
    # What came twice was said once; another violation is not this one's.
    told = [told[0], *told, violation(1, site="branch-8")]
    shown: Rows = []
    for database in opened(settings_for("folder", tmp_path_factory.getbasetemp()), keep_days=FOR_EVER):
        records = [TopicRecord(at, as_json(one)) for at, one in enumerate(told)]
        assert store(database, copy_of(VIOLATIONS.name), records) == []
        grafana = Grafana(BOARDS["violation"], database, past, Span(NOON, NOON + DAY_MS))
        seen = Seen(BOARDS["violation"], grafana.choosing(violation=told[0]["id"]), Told([], [], [], [], [], []))
        shown = seen.rows("What was said of it, and when")
        assert seen.rows("What happened")[0]["State"] == "retracted"
    assert [(row["State"], row["Reason"], row["Took"]) for row in shown] == [
        ("opened", "limit passed", 20_000), ("closed", "ended late", 30_000), ("retracted", "ended in time", 15_000),
    ]  # fmt: skip
