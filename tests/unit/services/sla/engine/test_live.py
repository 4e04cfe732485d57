"""
The present of a partition: who waits, since when, and what the next one may expect.
"""

from domain.catalogue import LIVE
from domain.expected_waits import NotEnoughData
from services.sla.engine import Book, Partition, Policy, advance, fold
from services.sla.engine.live import Duty, Waiting, live, waiting
from tests.properties.drawing import BASE_MS, HOUR, MINUTE, SECOND, book, event, standard

WAIT = book(standard("wait", objective={"window": {"calendar": "day"}}))


def partition(*, answered: int = 0, waits: tuple[int, ...] = ()) -> Partition:
    """So many were answered after 10 s in the first minutes; then others wait, since so many seconds before 10 min."""
    told = []
    for number in range(answered):
        at = number * 10 * SECOND
        told += [event(at, "journey.arrived", f"a{number}", f"a{number}", queue="till")]
        told += [event(at + 10 * SECOND, "journey.called", f"a{number}", f"c{number}")]
    told += [event(10 * MINUTE - ago * SECOND, "journey.arrived", f"w{ago}", f"w{ago}", queue="till") for ago in waits]
    records = [(place, BASE_MS + 10 * MINUTE, one) for place, one in enumerate(told)]
    state = Partition(Policy())
    fold(state, records, WAIT)
    advance(state, WAIT, BASE_MS + 10 * MINUTE)
    return state


NOW = BASE_MS + 10 * MINUTE


def test_who_waits_is_counted_by_line_with_the_oldest_and_those_beyond_the_limit() -> None:
    assert waiting(partition(waits=(5, 20, 95)), NOW) == {("wait@1", "branch-1", "till"): Waiting(3, 1, 95 * SECOND)}


def test_an_unanswered_queue_does_not_look_healthy() -> None:
    (line,) = live(partition(answered=12, waits=(95, 96, 97)), WAIT, NOW)
    assert (line.standard, line.version, line.site, line.queue) == ("wait", 1, "branch-1", "till")
    assert LIVE["sl_live"].pair(line.counts) == (12, 15)
    assert LIVE["waiting_now"].pair(line.counts) == (3, 1)
    assert LIVE["oldest_waiting"].pair(line.counts) == (97_000, 1)


def test_the_next_wait_is_told_by_two_methods_and_each_says_when_it_does_not_know() -> None:
    (line,) = live(partition(answered=12, waits=(5,)), WAIT, NOW)
    assert line.by_last_answered.wait_ms == 10_000
    assert line.by_position.missing is NotEnoughData.NO_AGENTS
    (line,) = live(partition(answered=3, waits=(5, 6)), WAIT, NOW, {("branch-1", "till"): Duty(2, 60_000)})
    assert line.by_last_answered.missing is NotEnoughData.TOO_FEW_ANSWERED
    assert line.by_position.wait_ms == 90_000


def test_a_line_in_which_nothing_happens_is_not_told() -> None:
    state = partition(answered=2)
    assert live(state, WAIT, NOW + 2 * HOUR) == []
    assert live(state, Book(), NOW) == []


def test_the_chunks_of_a_site_are_one_line() -> None:
    state = partition(answered=40)
    assert len(state.sites["branch-1"].chunks) > 1
    (line,) = live(state, WAIT, NOW)
    assert line.counts.answered == 40
