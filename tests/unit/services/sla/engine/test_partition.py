"""
What a partition keeps, refuses, writes and forgets.
"""

from zlib import crc32

import pytest

from schemas.standards import DOCUMENTS, Published
from services.sla.engine import (
    Book,
    ClockKind,
    Partition,
    Policy,
    Publication,
    Reason,
    UnreadableChunkError,
    advance,
    changed_rows,
    drain_attainment,
    fold,
    peek,
)
from services.sla.engine.book import _MOST_REMEMBERED
from services.sla.engine.events import MOST_SHARED
from tests.properties.drawing import BASE_MS, DAY, HOUR, HOURS, SECOND, SHIFTS, book, event, source, standard
from tests.properties.running import Written

BOOK = book(standard("wait"))


def _published(document: object) -> Published:
    return Published(document=document, published_at=0, published_by="q")  # type: ignore[arg-type] # any document


def _arrived(count: int) -> list[tuple[int, int, object]]:
    return [(n, BASE_MS, event(0, "journey.arrived", f"j{n}", f"e{n}", employee=f"p{n}")) for n in range(count)]


@pytest.mark.parametrize("blob", [b"", b"\x00" * 60, b"\xff" + b"\x00" * 60], ids=["none", "old", "new"])
def test_bytes_of_another_version_are_refused(blob: bytes) -> None:
    with pytest.raises(UnreadableChunkError, match="cannot be read"):
        peek(blob)


def test_another_number_of_chunks_is_refused() -> None:
    state = Partition(Policy(chunks=2))
    fold(state, _arrived(1), BOOK)  # type: ignore[arg-type] # records
    [(site, part)] = state.dirty()
    header = peek(state.encode(site, part))
    with pytest.raises(UnreadableChunkError, match="written with 2 chunks a site, the setting says 3"):
        Partition(Policy(chunks=3)).register(site, part, header)


def test_a_calendar_that_is_not_published_any_more_is_named_with_what_to_do() -> None:
    state, hours = Partition(Policy(chunks=1)), book(SHIFTS, HOURS)
    fold(state, _arrived(1), hours)  # type: ignore[arg-type] # records
    blob = state.encode("branch-1", 0)
    with pytest.raises(
        UnreadableChunkError,
        match=r"chunk 0 of site branch-1 .* calendar 'shifts', version 1, which is not published: publish that version "
        r"again \(`sqm standards publish FILE`\)",
    ):
        Partition(Policy(chunks=1)).restore("branch-1", 0, blob, book(SHIFTS))


def test_records_below_the_last_offset_are_noted_and_skipped() -> None:
    state = Partition(Policy())
    fold(state, _arrived(3), BOOK)  # type: ignore[arg-type] # records
    decision = fold(state, _arrived(3), BOOK)  # type: ignore[arg-type] # records
    assert decision.notes == {Reason.ALREADY_APPLIED: 3}


def test_a_site_far_beyond_its_size_takes_nothing_at_all() -> None:
    state = Partition(Policy(chunks=1, chunk_max_bytes=500))
    wait = [(n, BASE_MS, event(n, "message.exchanged", "j", f"e{n}")) for n in range(40)]
    decision = fold(state, wait, BOOK)
    assert {reason for _, reason in decision.rejected} == {Reason.SITE_FULL}
    assert len(decision.rejected) > 10


def test_resting_journeys_are_forgotten_after_the_horizon() -> None:
    state, written = Partition(Policy(chunks=1)), Written()
    records = [
        (0, BASE_MS, event(0, "journey.arrived", "j", "a")),
        (1, BASE_MS, event(1, "journey.abandoned", "j", "b")),
    ]
    fold(state, records, BOOK)
    state.changed.clear()
    written.save(state)
    [chunk] = state.sites["branch-1"].chunks.values()
    assert list(chunk.resting) == ["j"]
    advance(state, BOOK, BASE_MS + DAY + 7 * HOUR)
    assert (chunk.resting, chunk.resting_bytes, chunk.rows) == ({}, 0, {})


def test_values_of_percentiles_count_in_the_size_of_a_chunk_until_they_are_forgotten() -> None:
    held, both = Partition(Policy(chunks=1)), book(standard("wait", objective={"metric": "p90", "target": "90s"}))
    arrivals = [event(0, "journey.arrived", f"j{n}", f"a{n}") for n in range(40)]
    calls = [event(SECOND * n, "journey.called", f"j{n}", f"c{n}") for n in range(40)]
    earlier = event(SECOND * 5, "journey.called", "j39", "earlier")
    fold(held, [(n, BASE_MS + HOUR, one) for n, one in enumerate([*arrivals, *calls, earlier])], both)
    [chunk] = held.sites["branch-1"].chunks.values()
    [row] = chunk.rows.values()
    assert row.values == {SECOND * n: 1 for n in range(39)} | {SECOND * 5: 2}
    assert chunk.values == 39
    written, blob = Written(), held.encode("branch-1", 0)
    again = Partition(Policy(chunks=1))
    again.restore("branch-1", 0, blob, both)
    [read] = again.sites["branch-1"].chunks.values()
    assert read.values == 39
    assert read.size() > len(blob)
    held.changed.clear()
    written.save(held)
    advance(held, both, BASE_MS + 3 * DAY)
    assert (chunk.rows, chunk.values) == ({}, 0)


def test_on_the_event_clock_nothing_is_forgotten_that_was_not_saved_as_a_whole() -> None:
    state = Partition(Policy(clock=ClockKind.EVENT, chunks=2))
    state.resume_at(0)
    story = [event(0, "journey.arrived", "j", "a"), event(1, "journey.abandoned", "j", "b")]
    fold(state, [(n, BASE_MS + 9 * DAY, one) for n, one in enumerate(story)], BOOK)
    drain_attainment(state, BOOK)
    fold(state, [(2, BASE_MS + 9 * DAY, event(5 * DAY, "journey.arrived", "k", "c"))], BOOK)
    assert any("j" in chunk.journeys for chunk in state.sites["branch-1"].chunks.values())
    state.saved(state.watermark)
    fold(state, [(3, BASE_MS + 9 * DAY, event(5 * DAY + 7 * HOUR, "journey.arrived", "l", "d"))], BOOK)
    assert not any("j" in chunk.journeys for chunk in state.sites["branch-1"].chunks.values())


def test_a_stale_timer_wakes_no_site_that_is_gone() -> None:
    state, written = Partition(Policy(chunks=1)), Written()
    fold(state, [(0, BASE_MS, event(0, "journey.cancelled", "j", "a"))], BOOK)
    for days in (3, 6, 9, 40):
        advance(state, BOOK, BASE_MS + days * DAY)
        written.save(state)
    assert not state.sites
    assert state.next_timer() is None


def test_a_sum_is_said_once_in_whatever_pieces_it_is_asked_for() -> None:
    state = Partition(Policy())
    kinds = ["journey.arrived"] * 3 + ["journey.called"] * 3
    story = [event(n, kind, f"j{n % 3}", f"e{n}", queue=f"q{n % 3}") for n, kind in enumerate(kinds)]
    fold(state, [(n, BASE_MS + n, one) for n, one in enumerate(story)], BOOK)
    rows = changed_rows(state)
    assert len(rows) == 3
    first = drain_attainment(state, BOOK, rows[:2])
    rest = drain_attainment(state, BOOK, rows)
    assert [one.queue for one in [*first, *rest]] == [key[1] for _, key in rows]
    assert drain_attainment(state, BOOK, rows) == []


def test_what_events_share_is_bounded() -> None:
    state = Partition(Policy())
    state.shared.update({(str(number),) * 11: ((str(number),) * 11, 1) for number in range(MOST_SHARED)})
    state.sources.update({f"/{number}": f"/{number}" for number in range(MOST_SHARED)})
    fold(state, [(0, BASE_MS, event(0, "journey.arrived", "j1", "e1", queue="new", source="/new"))], BOOK)
    assert [attributes[0] for attributes in state.shared] == ["new"]
    assert list(state.sources) == ["/new"]


def test_events_of_one_source_share_its_name() -> None:
    state = Partition(Policy())
    names = [b"/till".decode() for _ in range(2)]
    for offset, name in enumerate(names):
        fold(state, [(offset, BASE_MS, event(0, "journey.arrived", f"j{offset}", "e", source=name))], BOOK)
    held = [j.arrival[2] for chunk in state.sites["branch-1"].chunks.values() for j in chunk.journeys.values()]
    assert held[0] is held[1]


def test_a_timer_that_outlives_its_site_is_let_go() -> None:
    patient = book(standard("wait", clock={"limit": "20d", "expires_after": "30d"}))
    state, written = Partition(Policy(chunks=1)), Written()
    story = [event(0, "journey.arrived", "j", "a"), event(SECOND, "journey.called", "j", "b")]
    fold(state, [(n, BASE_MS + n * SECOND, one) for n, one in enumerate(story)], patient)
    for days in (1, 2, 3, 4):
        advance(state, patient, BASE_MS + days * DAY)
        drain_attainment(state, patient)
        written.save(state)
    assert (state.sites, state.next_timer()) == ({}, BASE_MS + 20 * DAY + 1)
    decision = advance(state, patient, BASE_MS + 21 * DAY)
    assert decision.timed == []
    assert (state.sites, state.next_timer()) == ({}, None)


def test_time_begins_anew_with_the_first_record_that_is_read_again() -> None:
    """Who wrote the state died between two chunks: one is ahead of the log, in the other a clock has run out since."""
    records = [
        (0, BASE_MS, event(0, "journey.arrived", "j", "a", site="branch-1")),
        (1, BASE_MS + HOUR, event(HOUR, "journey.arrived", "k", "b", site="branch-2")),
    ]
    state, written = Partition(Policy(chunks=1)), Written()
    fold(state, records[:1], BOOK)
    written.save(state)
    fold(state, records[1:], BOOK)
    written.blobs["branch-2"] = {0: state.encode("branch-2", 0)}
    again = written.open(Policy(chunks=1), BOOK, eager=False)
    again.resume_at(1)
    decision = fold(again, records[1:], BOOK)
    assert decision.notes == {Reason.ALREADY_APPLIED: 1}
    assert [(one.journey, one.rev_watermark) for one in decision.timed] == [("j", BASE_MS + HOUR)]
    assert again.watermark == BASE_MS + HOUR


def test_a_partition_tells_when_time_has_something_to_do() -> None:
    state = Partition(Policy())
    fold(state, _arrived(1), BOOK)  # type: ignore[arg-type] # records
    assert state.next_timer() == BASE_MS + 20 * SECOND + 1


def test_a_book_names_what_a_publication_did() -> None:
    one = standard("wait")
    worded = one.model_copy(update={"metadata": one.metadata.model_copy(update={"title": "Better"})})
    empty = Book.of([])
    first, did = empty.add(_published(one))
    assert did is Publication.ADDED
    assert first.add(_published(one))[1] is Publication.UNCHANGED
    assert first.add(_published(standard("wait", clock={"limit": "5s"})))[1] is Publication.CONTRADICTS
    assert first.add(_published(worded))[1] is Publication.REVISED
    assert first.add(_published(source("/till", "1m")))[1] is Publication.ADDED


def test_a_site_of_the_register_is_taken_into_the_book() -> None:
    metadata = {"id": "branch-1", "title": "Branch", "region": "north", "zone": "Europe/Berlin"}
    document = DOCUMENTS.validate_python({"apiVersion": "sqm/v1", "kind": "Site", "metadata": metadata})
    assert BOOK.add(_published(document))[1] is not Publication.CONTRADICTS


def test_what_a_book_remembers_of_its_choices_is_bounded() -> None:
    delays = book(standard("wait"), standard("other", applies_to={"site": "x-*"}), source("/till", "1m"))
    for number in range(_MOST_REMEMBERED + 2):
        assert delays.expected_delay(f"/till/{number}") == 60_000
        assert len(delays.coverage(f"s{number}", (None,) * 11, BASE_MS).rules) == 1
    assert delays.expected_delay("/other") == 0


def test_an_older_version_does_not_return_when_it_is_listed_last() -> None:
    newer = standard("wait", 2, metadata={"effective_from": "2021-01-01T00:00:00Z"})
    for documents in ((newer, standard("wait")), (standard("wait"), newer)):
        [rule] = book(*documents).coverage("s", (None,) * 11, BASE_MS).rules
        assert rule.version == 2


def test_a_journey_that_waits_for_nothing_is_read_back_without_a_timer() -> None:
    state, written = Partition(Policy(chunks=1)), Written()
    fold(state, [(0, BASE_MS, event(0, "service.started", "j", "a"))], BOOK)
    written.save(state)
    again = written.open(Policy(chunks=1), BOOK, eager=True)
    assert list(again.sites["branch-1"].chunks[0].journeys) == ["j"]
    assert again.gauges().open_journeys == 0


def test_eagerly_restored_chunks_make_a_site() -> None:
    """Who unfolds a chunk without announcing it first gets the site with it, and a second part joins it."""
    state = Partition(Policy(chunks=2))
    fold(state, _arrived(8), BOOK)  # type: ignore[arg-type] # records
    again = Partition(Policy(chunks=2))
    for site, part in state.dirty():
        again.restore(site, part, state.encode(site, part), BOOK)
    assert again.gauges().open_journeys == 8
    assert again.watermark == BASE_MS
    held = again.site("branch-1", BOOK)
    assert held is not None
    assert sorted(held.chunks) == [0, 1]


def test_what_time_changes_outranks_what_a_later_record_of_another_chunk_said() -> None:
    """The expiry in one chunk carries an older offset than the answer in another; the minute's revision must grow."""
    rule = book(standard("wait", clock={"expires_after": "1m"}))
    state = Partition(Policy(chunks=2))
    first, second = "j0", next(f"j{n}" for n in range(1, 9) if crc32(f"j{n}".encode()) % 2 != crc32(b"j0") % 2)
    records = [
        (0, BASE_MS, event(0, "journey.arrived", first, "a")),
        (1, BASE_MS, event(0, "journey.arrived", second, "b")),
        (2, BASE_MS + SECOND, event(SECOND, "journey.called", second, "c")),
    ]
    fold(state, records, rule)
    [before] = drain_attainment(state, rule)
    advance(state, rule, BASE_MS + HOUR)
    [after] = drain_attainment(state, rule)
    assert (before.expired, after.expired) == (0, 1)
    assert (before.rev_offset, before.rev_watermark) < (after.rev_offset, after.rev_watermark)
