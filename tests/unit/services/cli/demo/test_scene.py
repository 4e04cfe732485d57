"""
The demo's scene, summary and view: what is counted, compared and shown.
"""

import re
from datetime import UTC
from io import StringIO

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console

from schemas.standards import Standard
from schemas.topics import ATTAINMENT, MEASUREMENTS, VIOLATIONS
from services.cli.demo.alert_counts import count_alerts
from services.cli.demo.gauges import largest, samples, summed
from services.cli.demo.scene import Scene, SeenAttainment, SeenMeasurement, SeenViolation
from services.cli.demo.status import Status
from services.cli.demo.summary import Counted, Summary
from services.cli.demo.view import View, share
from tests.fakes.outcomes import standard
from tests.fakes.seen_alerts import alert, arrival, message, scene_of

MINUTE = 60_000
T0 = 1_790_000_040_000  # a whole minute
NOW = T0 + 10 * MINUTE


def attainment(minute: int, good: int, total: int, *, offset: int = 1) -> SeenAttainment:
    at = T0 + minute * MINUTE
    return SeenAttainment(f"a:{minute}", "call-answer", 1, offset, T0, "centre", at, good, total)


def violation(
    journey: str = "E1", *, state: str = "opened", closed_at: int | None = None, offset: int = 1
) -> SeenViolation:
    return SeenViolation(
        id=f"v:{journey}",
        standard="call-answer",
        version=1,
        rev_offset=offset,
        rev_watermark=T0,
        site="centre",
        journey=journey,
        kind="journey",
        state=state,
        reason="limit_passed" if closed_at is None else "ended",
        opened_at=T0,
        closed_at=closed_at,
        detected_at=T0,
        as_of=T0,
        value_ms=20_000,
        limit_ms=20_000,
    )


def scene(*seen: SeenAttainment | SeenViolation | SeenMeasurement) -> Scene:
    topics = {SeenAttainment: ATTAINMENT, SeenViolation: VIOLATIONS, SeenMeasurement: MEASUREMENTS}
    made = Scene({("call-answer", 1): standard()})
    for one in seen:
        made.take(topics[type(one)].name, msgspec.json.encode(one))
    return made


def test_minutes_of_the_window_add_up_and_older_ones_do_not_count() -> None:
    (row,) = scene(attainment(0, 3, 4), attainment(5, 5, 6), attainment(-55, 0, 100)).rows(NOW)
    assert (row.good, row.total, row.value) == (8, 10, 8_000)
    assert row.keeps is True


def test_of_two_revisions_of_a_minute_the_greater_counts_whichever_came_last() -> None:
    (row,) = scene(attainment(0, 3, 4, offset=2), attainment(0, 4, 4, offset=1)).rows(NOW)
    assert row.good == 3


def test_the_trend_shows_each_stretch_in_its_place() -> None:
    (row,) = scene(attainment(10, 1, 1), attainment(-44, 0, 1)).rows(NOW)
    assert row.trend[-1] == 10_000
    assert row.trend[1] == 0
    assert row.trend[2:-1] == (None,) * 9


def test_a_violation_is_open_until_it_is_closed_or_retracted() -> None:
    assert scene(violation()).open_count("journey") == 1
    assert scene(violation(), violation(state="closed", closed_at=T0 + 1, offset=2)).open_count("journey") == 0
    assert scene(violation(), violation(state="retracted", offset=2)).open_count("journey") == 0
    assert scene(violation(state="closed", closed_at=T0 + 1, offset=2), violation()).open_count("journey") == 0


def test_a_copy_changes_nothing_but_the_count_of_records() -> None:
    made = scene(violation(), violation())
    assert len(made.recent) == 1
    assert made.records[VIOLATIONS.name] == 2
    assert made.violations_by_kind() == {("journey", "opened"): 1}


def test_a_line_counts_where_somebody_waits_beyond_the_limit_now() -> None:
    waiting = violation()
    assert scene(waiting).open_lines() == {"call-answer|site:centre"}
    waiting.queue = "everyday"
    assert scene(waiting).open_lines() == {"call-answer|queue:centre/everyday"}
    late, warned = violation("E2"), violation("E3")
    late.late, warned.kind = True, "at_risk"
    assert scene(late, warned, violation("E4", state="closed", closed_at=T0 + 1)).open_lines() == set()


def counted(**changes: object) -> Counted:
    fields = {
        "events": 9,
        "measurements": 3,
        "violations": {("journey", "closed"): 1},
        "sums": {("call-answer", 1): (2, 3)},
        "dead_letters": 1,
    }
    return Counted(**(fields | changes))  # type: ignore[arg-type]


def summary(*, history: Counted, decided: int = 10, accepted: int = 10) -> Summary:
    answers = {
        "accepted": accepted,
        "duplicates": 1,
        "refused": 1,
        "refused_by_reason": {"unknown_field": 1},
        "repeated_requests": 0,
    }
    truth = {"reported": 12, "never_sent": 2, "journeys": 4, "faults": {"late": 1}, "answers": answers}
    firing = alert()
    alerts = count_alerts(scene_of(firing, arrival(message(firing))), {firing.key}, set())
    return Summary(truth, 10, decided, 0, counted(), history, alerts)


def test_equal_counts_agree() -> None:
    assert summary(history=counted()).differences() == []
    assert "comparisons agree" in summary(history=counted()).text()


@pytest.mark.parametrize(
    ("history", "name"),
    [
        (counted(events=8), "different events"),
        (counted(measurements=4), "measurements"),
        (counted(violations={("journey", "closed"): 2}), "violations (journey, closed)"),
        (counted(violations={("journey", "closed"): 1, ("at_risk", "opened"): 1}), "violations (at_risk, opened)"),
        (counted(sums={("call-answer", 1): (1, 3)}), "call-answer@1: kept"),
        (counted(sums={}), "call-answer@1: counted"),
        (counted(dead_letters=0), "dead letters"),
    ],
)
def test_every_count_of_history_that_differs_is_named(history: Counted, name: str) -> None:
    said = summary(history=history).text()
    assert "These differ" in said
    assert name in said


def test_events_that_were_not_decided_or_not_accepted_are_named() -> None:
    assert summary(history=counted(), decided=9).differences()[0].what.startswith("events on the topic / decided")
    assert len(summary(history=counted(), accepted=9).differences()) == 2


def test_figures_of_prometheus_are_summed_over_their_labels() -> None:
    found = samples('# HELP x y\nlag{partition="0"} 3.0\nlag{partition="1"} 4\nother 1e3\nbroken line\n')
    assert summed(found, "lag") == 7
    assert largest(found, "lag") == 4
    assert summed(found, "other") == 1000
    assert summed(found, "unknown") == largest(found, "unknown") == 0


def test_a_share_is_rounded_down_so_that_a_missed_target_never_looks_reached() -> None:
    assert share(7_999) == "79.9%"
    assert share(10_000) == "100.0%"


def shown(width: int, height: int, standards: Standard | None = None) -> str:
    made = scene(attainment(0, 3, 4), violation(), violation("E2", state="closed", closed_at=T0 + 1))
    status = Status(
        phase="live", broker="Apache Kafka", now_ms=NOW, live_seconds=34, of_seconds=60,
        services=(("broker", True), ("sla", False)), accepted=10, refused=1, decided=9, lag=1, events_per_second=2,
        open_journeys=3, oldest_seconds=75, expected_seconds=130, measurements=4, waiting_too_long=1, at_risk=0,
        rows=tuple(made.rows(NOW)), recent=tuple(reversed(made.recent)),
        alerts=tuple(scene_of(*(alert(scope=f"queue:centre/{name}") for name in range(9))).rows()), happenings=(),
        hint="press a",
    )  # fmt: skip
    console = Console(width=width, height=height, file=StringIO(), force_terminal=False)
    console.print(View(status, UTC))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [40, 60, 80, 100, 124, 200])
@pytest.mark.parametrize("height", [20, 24, 50])
def test_the_view_fits_the_terminal(width: int, height: int) -> None:
    lines = shown(width, height).rstrip("\n").split("\n")
    assert len(lines) <= height
    assert max(map(cell_len, lines)) <= width


def test_the_view_tells_the_promise_its_figure_and_who_is_over_the_limit() -> None:
    said = shown(130, 40)
    assert "Calls answered" in said
    assert "75.0%" in said
    assert re.search(r"● broken +E1 ", said)
    assert "00:34 of 01:00" in said
    assert "1 min 15 s" in said
    assert re.search(r"wait to expect +2 min 10 s", said)


@pytest.mark.parametrize("width", range(60, 124, 4))
def test_no_figure_of_the_moment_is_cut_on_a_narrow_terminal(width: int) -> None:
    line = shown(width, 24).split("\n")[2]
    assert "journeys open" in line
    assert "…" not in line


def test_the_summary_says_why_history_holds_fewer_events_than_were_decided() -> None:
    said = summary(history=counted()).text()
    assert re.search(r"decided +10 ", said)
    assert re.search(r"history +9 .*; 1 more", said)


def test_the_summary_says_what_came_of_alerts() -> None:
    said = summary(history=counted()).text()
    assert re.search(r"alerts +1  raised", said)
    assert re.search(r"told +1  alerts, in 1 messages", said)
