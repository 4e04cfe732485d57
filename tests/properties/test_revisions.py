"""
Law: of events with one identity the one of the highest revision stands, in whatever order and however often the
revisions come; what was said on the strength of an earlier one is taken back.

A revision may say another time and other facts. It is about the same site, journey and employee: where one of these was
wrong, both keep the event; and so do all customers who were ever named.
"""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from services.sla.engine import Book, ClockKind, Event, Policy, Record
from tests.properties.drawing import BASE_MS, DAY, HOUR, SECOND, books, revision_of, stories, tales
from tests.properties.running import Ledger, run

LAST = BASE_MS + 3 * HOUR
END = LAST + 5 * DAY


@st.composite
def revised(draw: st.DrawFn, story: list[Event], *, whom: bool = False) -> tuple[list[Event], list[Event]]:
    """
    A story in which every event says its revision: those that stand, and all that were ever said, with ``whom`` also of
    other customers.
    """
    stand, said = [], []
    for one in story:
        last = msgspec.structs.replace(one, revision=draw(st.integers(3, 5)))
        stand.append(last)
        said.append(last)
        numbers = draw(st.lists(st.integers(1, 2), max_size=2, unique=True))
        said += [revision_of(draw, one, number, whom=whom) for number in numbers]
    return stand, said


def _standing(ledger: Ledger) -> tuple[dict[str, Any], ...]:
    """
    What stands, without the trails of contacts and who served in them: of several that happen at the same instant,
    which are told depends on which was heard of first, also where nothing was revised.
    """
    standing = ledger.standing()
    for outcome in standing[0].values():
        if any(entry["role"] in ("count", "of") for entry in outcome["trail"]):
            del outcome["trail"]
            outcome.pop("employee", None)
    return standing


def _by_event_time(book: Book, story: list[Event], parts: list[int]) -> Ledger:
    log = [(offset, LAST, one) for offset, one in enumerate(story)]
    policy = Policy(clock=ClockKind.EVENT, lateness_ms=HOUR, chunks=2)
    return run(policy, book, log, until=END, parts=parts)[1]


@given(book=books(), story=st.one_of(stories(), tales()), data=st.data())
def test_the_highest_revision_stands_in_whatever_order(book: Book, story: list[Event], data: st.DataObject) -> None:
    stand, said = data.draw(revised(story))
    copies = data.draw(st.lists(st.sampled_from(said), max_size=3))
    shuffled = data.draw(st.permutations([*said, *copies]))
    parts = data.draw(st.lists(st.integers(1, len(shuffled)), max_size=2, unique=True).map(sorted))
    assert _standing(_by_event_time(book, shuffled, parts)) == _standing(_by_event_time(book, stand, []))


@given(book=books(), story=st.one_of(stories(), tales()), data=st.data())
def test_on_the_wall_clock_the_same_stands_in_the_end(book: Book, story: list[Event], data: st.DataObject) -> None:
    stand, said = data.draw(revised(story))
    received: list[tuple[int, Event]] = []
    for one in data.draw(st.permutations(said)):
        delay = data.draw(st.sampled_from((0, 0, 1, 5 * SECOND, 21 * SECOND, 2 * HOUR)))
        received.append((int(one.time.timestamp() * 1_000) + delay, one))
    received.sort(key=lambda pair: pair[0])
    log: list[Record] = [(offset, at, one) for offset, (at, one) in enumerate(received)]
    _, ledger = run(Policy(chunks=2, grace_ms=7_000), book, log, until=END)
    assert _standing(ledger) == _standing(_by_event_time(book, stand, []))


@given(book=books(), story=st.one_of(stories(), tales()), data=st.data())
def test_whoever_was_ever_named_as_the_customer_keeps_the_contact_in_whatever_order(
    book: Book, story: list[Event], data: st.DataObject
) -> None:
    _, said = data.draw(revised(story, whom=True))
    shuffled = data.draw(st.permutations(said))
    assert _standing(_by_event_time(book, shuffled, [])) == _standing(_by_event_time(book, said, []))
