"""
Law: within the lateness horizon neither the order of events nor copies of them change what stands in the end.

Standing: measurements and minutes at their last revision, violations of journeys that were not retracted. What
depends on when one looked (detection, revision, ``late``) is left out.
"""

from hypothesis import given
from hypothesis import strategies as st

from services.sla.engine import Book, ClockKind, Event, Policy, Record
from tests.properties.drawing import BASE_MS, DAY, HOUR, SECOND, books, stories, tales
from tests.properties.running import Ledger, run

LAST = BASE_MS + 3 * HOUR
END = LAST + 5 * DAY


def _in_order(story: list[Event]) -> list[Event]:
    return sorted(story, key=lambda one: (one.time, one.type, one.source, one.id))


def _by_event_time(book: Book, story: list[Event], lateness: int = 0) -> Ledger:
    log = [(offset, LAST, one) for offset, one in enumerate(story)]
    return run(Policy(clock=ClockKind.EVENT, lateness_ms=lateness, chunks=2), book, log, until=END)[1]


@given(book=books(), story=st.one_of(stories(), tales()), data=st.data())
def test_order_and_copies_change_nothing_on_the_event_clock(
    book: Book, story: list[Event], data: st.DataObject
) -> None:
    copies = data.draw(st.lists(st.sampled_from(story), max_size=5))
    shuffled = data.draw(st.permutations([*story, *copies]))
    lateness = data.draw(st.sampled_from((0, SECOND, 20 * SECOND, HOUR)))
    expected = _by_event_time(book, _in_order(story)).standing()
    assert _by_event_time(book, shuffled, lateness).standing() == expected


@given(book=books(), story=st.one_of(stories(), tales()), data=st.data())
def test_the_wall_clock_comes_to_the_same_in_the_end(book: Book, story: list[Event], data: st.DataObject) -> None:
    """Whenever the events are received, up to twenty hours late, the same stands as on the event clock."""
    expected = _by_event_time(book, _in_order(story)).standing()
    received: list[tuple[int, Event]] = []
    for one in data.draw(st.permutations(story)):
        delay = data.draw(st.sampled_from((0, 0, 1, 5 * SECOND, 21 * SECOND, 2 * HOUR, 20 * HOUR)))
        received.append((int(one.time.timestamp() * 1_000) + delay, one))
    received.sort(key=lambda pair: pair[0])
    log: list[Record] = [(offset, at, one) for offset, (at, one) in enumerate(received)]
    _, ledger = run(Policy(chunks=2, grace_ms=7_000), book, log, until=END)
    assert not ledger.rejected
    assert ledger.standing() == expected


@given(book=books(), story=st.one_of(stories(), tales()), chunks=st.integers(1, 9))
def test_any_number_of_chunks_gives_the_same_figures(book: Book, story: list[Event], chunks: int) -> None:
    log = [(offset, LAST, one) for offset, one in enumerate(story)]
    one, many = (
        run(Policy(clock=ClockKind.EVENT, chunks=count), book, log, until=END)[1].standing() for count in (1, chunks)
    )
    assert many == one


@given(book=books(), story=st.one_of(stories(), tales()))
def test_what_was_said_is_told_apart_by_its_revision(book: Book, story: list[Event]) -> None:
    """Every id names its content, and of one id no two different outcomes share a revision (the ledger asserts it)."""
    ledger = _by_event_time(book, story)
    for outcome in ledger.by_id.values():
        kind, rest = outcome.id.split(":", 1)
        assert kind in {"m", "v", "a"}
        assert rest.startswith(f"{outcome.standard}@{outcome.version}:")
        assert f":{outcome.site}:" in rest
    again = _by_event_time(book, story)
    assert list(again.by_id) == list(ledger.by_id)
