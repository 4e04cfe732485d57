"""
Law: the engine's clock agrees with a slow one that was written from the domain's text, whatever happens to a journey.
"""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.calendars import compile_hours
from schemas.base import to_millis
from schemas.standards import Standard
from services.sla.engine import ClockKind, Event, Measurement, Policy, Violation
from tests.properties.drawing import (
    BASE_MS,
    DAY,
    DOCUMENTS_OF_ALL,
    HOURS,
    SITES,
    VIP_NEW,
    VIP_OLD,
    book,
    stories,
    tales,
)  # fmt: skip
from tests.properties.oracle import RoundTheClock, in_order, truth
from tests.properties.running import Ledger, run

CLOCKS = tuple(one for one in DOCUMENTS_OF_ALL if one not in (VIP_OLD, VIP_NEW))
OPEN = compile_hours(HOURS)
END = BASE_MS + 5 * DAY
REOPENINGS = ("sqm.journey.reopened", "sqm.complaint.reopened")


def _cycles(story: list[Event]) -> list[list[Event]]:
    found: list[list[Event]] = [[]]
    for one in in_order(story):
        if one.type in REOPENINGS:
            found.append([])
        found[-1].append(one)
    return found


def _judge(standard: Standard, story: list[Event]) -> Ledger:
    log = [(offset, END - DAY, one) for offset, one in enumerate(story)]
    return run(Policy(clock=ClockKind.EVENT), book(standard, HOURS), log, until=END)[1]


@given(standard=st.sampled_from(CLOCKS), story=st.one_of(tales(), tales(), stories()))
def test_the_engine_agrees_with_the_slow_clock(standard: Standard, story: list[Event]) -> None:
    ledger = _judge(standard, story)
    assert standard.clock is not None
    expected_m, expected_v = {}, {}
    for site in SITES:
        for subject in {one.subject for one in story}:
            mine = [one for one in story if (one.data.site, one.subject) == (site, subject)]
            for cycle, events in enumerate(_cycles(mine)):
                right = truth(standard, events, OPEN if standard.clock.calendar else RoundTheClock())
                if right is None:
                    continue
                key = f"{standard.metadata.id}@1:{{}}{cycle}:{site}:{subject}"
                expected_m["m:" + key.format("")] = right
                valid = standard.clock.validity
                judged = right.ended_by in {"stopped", "abandoned"}
                longest = valid.longest or END
                doubted = judged and not valid.shortest <= right.value_ms <= longest
                if right.broken_at is not None and not doubted:
                    expected_v["v:" + key.format("journey:")] = right
    measured = {i: o for i, o in ledger.by_id.items() if isinstance(o, Measurement) and o.state == "standing"}
    assert measured.keys() == expected_m.keys()
    for ident, one in measured.items():
        right = expected_m[ident]
        got = (one.started_at, one.ended_at, one.ended_by, one.value_ms, one.paused_ms)
        assert got == (right.started_at, right.ended_at, right.ended_by, right.value_ms, right.paused_ms)
    violated = ledger.violations()
    assert violated.keys() == expected_v.keys()
    for ident, said in violated.items():
        assert said["opened_at"] == expected_v[ident].broken_at


@given(standard=st.sampled_from(CLOCKS), story=st.one_of(tales(), tales(), stories()))
def test_segments_touch_and_add_up(standard: Standard, story: list[Event]) -> None:
    for one in _judge(standard, story).by_id.values():
        if not isinstance(one, Measurement) or one.state != "standing":
            continue
        assert sum(piece.to_at - piece.from_at for piece in one.segments if piece.counts) == one.value_ms
        if one.calendar is None:
            assert sum(piece.to_at - piece.from_at for piece in one.segments if not piece.counts) == one.paused_ms
        assert one.segments[0].from_at == one.started_at
        assert one.segments[-1].to_at == one.ended_at
        for left, right in pairwise(one.segments):
            assert left.to_at == right.from_at
            assert (left.counts, left.why, left.name) != (right.counts, right.why, right.name) or one.calendar


@given(standard=st.sampled_from(CLOCKS), story=st.one_of(tales(), tales(), stories()))
def test_a_trail_holds_events_of_the_journey_in_order(standard: Standard, story: list[Event]) -> None:
    known = {(one.source, one.id, one.type, to_millis(one.time)) for one in story}
    for one in _judge(standard, story).by_id.values():
        if isinstance(one, Measurement | Violation) and not _took_back(one):
            assert {(entry.source, entry.id, entry.type, entry.at) for entry in one.trail} <= known
            assert [entry.at for entry in one.trail] == sorted(entry.at for entry in one.trail)
            assert "start" in {entry.role for entry in one.trail}


def _took_back(one: Measurement | Violation) -> bool:
    """Tell whether an outcome says that its clock never ran: such a clock has nothing that started it."""
    return one.state == "withdrawn" if isinstance(one, Measurement) else one.reason == "no_such_clock"
