"""
The present of a partition: who waits, since when, what the next one may expect, and who is there to serve.
"""

from typing import Any

import pytest

from domain.catalogue import LIVE
from domain.expected_waits import NoFigure
from services.sla.engine import Book, Event, Live, LiveSite, Partition, Policy, Reason, advance, drain_attainment, fold
from services.sla.engine.chunks import peek
from services.sla.engine.duty import Duty
from services.sla.engine.live import Waiting, live, waiting
from services.sla.engine.recent import LOOK_BACK_MS, Recent
from tests.properties.drawing import BASE_MS, DAY, HOUR, MINUTE, SECOND, book, event, of_kind, standard

HANDLING = standard(
    "handling",
    clock={"start": "service.started", "stop": "service.completed", "limit": "10m"},
    objective={"metric": "aht", "target": "6m"},
)
WAIT = book(standard("wait", objective={"window": {"calendar": "day"}}), HANDLING)
NOW = BASE_MS + 10 * MINUTE


def answered(number: int, at: int, *, takes: int = 60 * SECOND) -> list[Event]:
    """Somebody who comes at an instant, is called after 10 s and served for a while."""
    name = f"a{number}"
    return [
        event(at, "journey.arrived", name, f"a{number}", queue="till"),
        event(at + 10 * SECOND, "journey.called", name, f"c{number}"),
        event(at + 10 * SECOND, "service.started", name, f"s{number}"),
        event(at + 10 * SECOND + takes, "service.completed", name, f"e{number}"),
    ]


def staff(at: int, employee: str | None, state: str, queue: str | None = "till", **facts: Any) -> Event:  # noqa: ANN401
    return event(at, "staff.state_changed", None, f"{employee} {state} {at}", employee=employee, queue=queue,
                 state=state, **facts)  # fmt: skip


def partition(*told: Event, served: int = 0, waits: tuple[int, ...] = (), rules: Book = WAIT) -> Partition:
    """So many were answered after 10 s in the first minutes; then others wait, since so many seconds before 10 min."""
    events = [one for number in range(served) for one in answered(number, number * 10 * SECOND)]
    events += [
        event(10 * MINUTE - ago * SECOND, "journey.arrived", f"w{ago}", f"w{ago}", queue="till") for ago in waits
    ]
    state = Partition(Policy())
    decision = fold(state, [(place, NOW, one) for place, one in enumerate([*events, *told])], rules)
    assert not decision.rejected
    advance(state, rules, NOW)
    drain_attainment(state, rules)
    return state


def lines(state: Partition, now: int = NOW, rules: Book = WAIT) -> list[Live]:
    return [line for site in live(state, rules, now) for line in site.lines]


def duty(state: Partition, now: int = NOW) -> dict[str | None, Duty]:
    (site,) = live(state, WAIT, now)
    return site.duty


def test_who_waits_is_counted_by_line_with_the_oldest_and_those_beyond_the_limit() -> None:
    found = waiting(partition(waits=(5, 20, 95)), NOW)
    assert found == {("wait@1", "branch-1", "till"): Waiting(3, 1, 95 * SECOND, 3, 120 * SECOND)}
    (line,) = waiting(partition(waits=(5,)), NOW + LOOK_BACK_MS).values()
    assert line == Waiting(1, 1, HOUR + 5 * SECOND, 0, 0)


def test_an_unanswered_queue_does_not_look_healthy() -> None:
    (line,) = lines(partition(served=12, waits=(95, 96, 97)))
    assert (line.standard, line.site, line.queue) == ("wait", "branch-1", "till")
    assert LIVE["sl_live"].pair(line.counts) == (12, 15)
    assert LIVE["waiting_now"].pair(line.counts) == (3, 1)
    assert LIVE["oldest_waiting"].pair(line.counts) == (97_000, 1)


def test_the_next_wait_is_told_by_two_methods_and_each_says_when_it_does_not_know() -> None:
    (line,) = lines(partition(served=12, waits=(5,)))
    assert line.by_last_answered.wait_ms == 10_000
    assert line.by_position.missing is NoFigure.NO_AGENTS
    two = (staff(0, "ann", "serving"), staff(0, "bob", "after_work"))
    (line,) = lines(partition(*two, served=9, waits=(5, 6)))
    assert line.by_last_answered.missing is NoFigure.TOO_FEW_ANSWERED
    assert line.by_position.missing is NoFigure.NO_HANDLING_TIME
    (line,) = lines(partition(*two, served=10, waits=(5, 6)))
    assert line.by_position.wait_ms == 90_000


def test_where_somebody_is_free_and_nobody_waits_the_next_one_is_served_at_once() -> None:
    free = staff(0, "ann", "available")
    (line,) = lines(partition(free, served=10))
    assert line.by_position.wait_ms == 0
    (line,) = lines(partition(free, served=10, waits=(5,)))
    assert line.by_position.wait_ms == 120_000


def test_a_forecast_knows_the_load_of_the_last_hour() -> None:
    left = [event(0, "journey.arrived", f"l{n}", f"l{n}", queue="till") for n in range(3)]
    left += [event(30 * SECOND, "journey.abandoned", f"l{n}", f"q{n}") for n in range(3)]
    (line,) = lines(partition(*left, staff(0, "ann", "serving"), served=10, waits=(5,)))
    load = line.load
    assert (load.arrived, load.per_ms, load.left) == (14, HOUR, 3)
    assert load.waited_ms == (10 * 10 + 3 * 30 + 5) * SECOND
    assert (load.handled, load.handled_ms) == (10, 10 * MINUTE)
    assert (load.agents, load.within_ms) == (1, 20_000)


def test_a_late_word_takes_back_how_long_somebody_waited_before_leaving() -> None:
    gone = [event(0, "journey.arrived", "l", "l", queue="till"), event(30 * SECOND, "journey.abandoned", "l", "q")]
    (line,) = lines(partition(*gone, event(20 * SECOND, "journey.called", "l", "c")))
    assert (line.load.left, line.load.waited_ms) == (0, 20_000)


def test_a_limit_that_depends_on_the_journey_is_none() -> None:
    rows = book(standard("wait", clock={"limits": [{"when": {"segment": "gold"}, "limit": "5s"}]}))
    (line,) = lines(partition(waits=(5,), rules=rows), rules=rows)
    assert line.load.within_ms is None
    promised = book(standard("wait", clock={"limit": "promised"}))
    at = event(0, "journey.arrived", "p", "p", promised_at=event(HOUR, "sale.lost", None, "x").time)
    (line,) = lines(partition(at, rules=promised), rules=promised)
    assert line.load.within_ms is None


@pytest.mark.parametrize("ago", [5, 400])
def test_versions_of_a_standard_are_one_line_and_the_newest_says_the_limit(ago: int) -> None:
    new = standard("wait", 2, clock={"limit": "30s"}, metadata={"effective_from": "2026-03-02T09:05:00Z"})
    both = book(standard("wait"), new)
    (line,) = lines(partition(served=40, waits=(ago,), rules=both), rules=both)
    assert (line.counts.answered, line.counts.waiting, line.load.within_ms) == (40, 1, 30_000)


def test_only_clocks_from_the_arrival_until_the_turn_are_lines() -> None:
    others = book(
        standard("solved", clock={"stop": "service.completed"}),
        standard("answers", clock={"start": "service.started", "stop": "journey.called"}),
        standard("gone", objective={"metric": "sl_all_offered"}),
    )
    state = partition(served=1, waits=(5,), rules=others)
    assert [line.standard for line in lines(state, rules=others)] == ["gone"]
    assert lines(state, rules=Book()) == []


def test_a_line_in_which_nothing_happens_is_not_told() -> None:
    assert lines(partition(served=2), NOW + 2 * HOUR) == []
    assert list(live(Partition(Policy()), WAIT, NOW)) == []


def test_the_chunks_of_a_site_are_one_line() -> None:
    state = partition(served=40)
    assert len(state.sites["branch-1"].chunks) > 1
    (line,) = lines(state)
    assert line.counts.answered == 40


def test_who_is_on_duty_follows_the_latest_word_of_each_employee() -> None:
    state = partition(
        staff(0, "ann", "available"), staff(MINUTE, "ann", "serving"), staff(30 * SECOND, "ann", "break"),
        staff(0, "bob", "available"), staff(0, "eve", "break"), staff(0, "kim", "after_work", None),
        staff(0, "tom", "available", "gate"), staff(MINUTE, "tom", "off", "gate"),
    )  # fmt: skip
    assert duty(state) == {"till": Duty(2, 1), None: Duty(1, 0), "gate": Duty(0, 0)}


def test_whoever_has_said_nothing_for_the_horizon_is_not_counted() -> None:
    state = partition(staff(0, "ann", "available"))
    assert duty(state, BASE_MS + DAY) == {"till": Duty(1, 1)}
    assert duty(state, BASE_MS + DAY + 1) == {}


def test_a_word_of_duty_is_no_riddle_unless_it_names_nobody() -> None:
    state = Partition(Policy())
    assert fold(state, [(0, BASE_MS, staff(0, "ann", "available"))], WAIT).notes == {}
    assert fold(state, [(1, BASE_MS, staff(0, None, "available"))], WAIT).notes == {Reason.NOT_A_JOURNEY: 1}
    late = fold(state, [(2, BASE_MS + 2 * DAY, staff(0, "bob", "available"))], WAIT)
    assert late.rejected == [(2, Reason.TOO_LATE)]


def test_a_rate_of_staff_events_and_duty_are_told_of_the_same_event() -> None:
    said = {"count": "staff.state_changed", "of": "staff.state_changed"}
    rate = book(of_kind("changes", "rate", said, "rate", "80%"))
    state = partition(staff(0, "ann", "available"), rules=rate)
    (site,) = live(state, rate, NOW)
    assert site.duty == {"till": Duty(1, 1)}
    assert sum(row.counts[1] for chunk in state.sites["branch-1"].chunks.values() for row in chunk.rows.values()) == 1


@pytest.mark.parametrize("again", [False, True])
def test_the_present_outlives_a_restart(again: bool) -> None:
    left = [event(0, "journey.arrived", "l", "l", queue="till"), event(30 * SECOND, "journey.abandoned", "l", "q")]
    state = partition(staff(0, "ann", "serving"), *left, served=12, waits=(5,))
    before = list(live(state, WAIT, NOW))
    saved = {name: state.encode(*name) for name in state.dirty()}
    successor = Partition(Policy(), lambda site: [(part, blob) for (of, part), blob in saved.items() if of == site])
    for (site, part), blob in saved.items():
        successor.register(site, part, peek(blob))
    assert list(live(successor, WAIT, NOW)) == []
    successor.unfold("branch-1", WAIT)
    if again:
        drain_attainment(successor, WAIT)
    assert list(live(successor, WAIT, NOW)) == before
    assert before[0].duty == {"till": Duty(1, 0)}
    assert isinstance(before[0], LiveSite)


def test_what_is_recent_is_forgotten_after_an_hour() -> None:
    recent = Recent()
    recent.put("s", ("wait@1", None, NOW - LOOK_BACK_MS - 1), NOW)
    recent.put("s", ("wait@1", None, NOW - LOOK_BACK_MS), NOW)
    recent.put("s", ("wait@1", None, NOW - MINUTE), NOW)
    recent.put("s", ("wait@1", None, NOW), NOW)
    assert [key[2] for key in recent.rows("s", NOW)] == [NOW - LOOK_BACK_MS, NOW - MINUTE]
    assert list(recent.rows("other", NOW)) == []
    recent.forget(NOW + 1)
    assert [key[2] for key in recent.rows("s", NOW)] == [NOW - MINUTE]
