"""
Law: cutting the log anywhere, writing the state, reading it back and going on gives the same outcomes, byte for byte.

And: how often time is asked to advance, and into how many pieces the log falls, changes nothing.
"""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import JOURNEY_TYPES
from services.sla.engine import Book, ClockKind, Partition, Policy, Record, advance, drain_attainment, fold
from tests.properties.drawing import DAY, HOUR, books, logs
from tests.properties.running import Ledger, Written, finish, run, wire

WALL = Policy(grace_ms=5_000, chunks=3)
EVENT = Policy(clock=ClockKind.EVENT, lateness_ms=10_000, chunks=3)
SHORT = Policy(horizon_ms=30_000, chunks=2, grace_ms=0)


def _for(policy: Policy, log: list[Record]) -> list[Record]:
    """On the event clock what nobody keeps may move time, so the law speaks of the life of journeys only."""
    kept = [one for one in log if one[2].type in JOURNEY_TYPES and one[2].subject]
    return kept if policy.clock is ClockKind.EVENT else log


def _end(log: list[Record]) -> int:
    return log[-1][1] + 6 * DAY if log else 0


@pytest.mark.parametrize("policy", [WALL, EVENT, SHORT], ids=["wall", "event", "short-memory"])
@pytest.mark.parametrize("eager", [True, False], ids=["eager", "lazy"])
@given(book=books(), log=logs(), data=st.data())
def test_a_log_may_be_cut_anywhere(
    policy: Policy, eager: bool, book: Book, log: list[Record], data: st.DataObject
) -> None:
    log = _for(policy, log)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(log)), max_size=3)))
    whole_state, whole = run(policy, book, log, parts=cuts, until=_end(log))

    store, pieces = Written(), Ledger()
    marks = [0, *cuts, len(log)]
    state = Partition(policy)
    for start, end in pairwise(marks):
        pieces.take(fold(state, log[start:end], book))
        pieces.keep(drain_attainment(state, book))
        store.save(state)
        state = store.open(policy, book, eager=eager)
    finish(state, book, pieces, _end(log))

    assert wire(pieces.said) == wire(whole.said)
    assert pieces.rejected == whole.rejected
    assert state.watermark == whole_state.watermark


@given(book=books(), log=logs(), data=st.data())
def test_records_that_a_chunk_contains_are_not_taken_twice(book: Book, log: list[Record], data: st.DataObject) -> None:
    """After a crash the log is read again from before the last checkpoint."""
    cut = data.draw(st.integers(0, len(log)))
    back = data.draw(st.integers(0, cut))
    _, whole = run(WALL, book, log, until=_end(log))

    store, first, again = Written(), Ledger(), Ledger()
    state = Partition(WALL)
    first.take(fold(state, log[:cut], book))
    first.keep(drain_attainment(state, book))
    store.save(state)
    state = store.open(WALL, book, eager=False)
    again.by_id = dict(first.by_id)
    again.take(fold(state, log[back:], book))
    again.keep(drain_attainment(state, book))
    finish(state, book, again, _end(log))

    assert again.standing() == whole.standing()


@given(book=books(), log=logs(), data=st.data())
def test_pieces_and_advances_change_nothing(book: Book, log: list[Record], data: st.DataObject) -> None:
    _, whole = run(WALL, book, log, until=_end(log))
    state, pieces = Partition(WALL), Ledger()
    for number, one in enumerate(log):
        pieces.take(fold(state, [one], book))
        room = (log[number + 1][1] if number + 1 < len(log) else one[1] + HOUR) - one[1]
        for step in sorted(data.draw(st.lists(st.integers(0, room), max_size=2))):
            pieces.take(advance(state, book, one[1] + step))
    pieces.keep(drain_attainment(state, book))
    finish(state, book, pieces, _end(log))

    def verdicts(ledger: Ledger) -> list[bytes]:
        return sorted(line for line in wire(ledger.said) if b'"id":"a:' not in line)

    assert Counter(verdicts(pieces)) == Counter(verdicts(whole))
    assert pieces.standing() == whole.standing()


@given(book=books(), log=logs(), early=st.integers(-DAY, 0))
def test_time_never_goes_back(book: Book, log: list[Record], early: int) -> None:
    state, _ = run(WALL, book, log)
    before = state.watermark
    decision = advance(state, book, before + early)
    assert state.watermark == before
    assert not decision.timed
    assert not decision.timed_parts
