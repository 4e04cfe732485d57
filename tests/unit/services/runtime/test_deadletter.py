"""
Dead letters give back exactly what was refused.
"""

from hypothesis import given
from hypothesis import strategies as st

from services.runtime.deadletter import DeadLetter, Origin, attempt_of, read_dead_letter, replay_headers

NAMES = st.text(max_size=8) | st.sampled_from(["sqm-headers", "sqm-reason", "sqm-attempt", "sqm-first-failed-at"])
HEADERS = st.lists(st.tuples(NAMES, st.binary(max_size=8) | st.sampled_from([b"0", b"1", b"2"])), max_size=6)
ORIGINS = st.none() | st.builds(
    Origin, st.text(max_size=8), st.integers(0, 99), st.integers(0, 2**40), st.integers(0, 2**44), st.text(max_size=5)
)
LETTERS = st.builds(
    DeadLetter,
    reason=st.text(max_size=8),
    stage=st.sampled_from(["ingest", "mapping", "sla", "history"]),
    detail=st.text(max_size=20),
    key=st.none() | st.binary(max_size=8),
    value=st.none() | st.binary(max_size=40),
    headers=HEADERS.map(tuple),
    first_failed_at=st.integers(0, 2**44),
    attempt=st.integers(1, 9),
    origin=ORIGINS,
    file=st.text(min_size=1, max_size=8),
    line=st.integers(0, 99),
    field=st.text(max_size=8),
)


@given(LETTERS)
def test_what_is_read_is_what_was_written_whatever_headers_the_sender_used(letter: DeadLetter) -> None:
    assert read_dead_letter(letter.key, letter.value, letter.all_headers()) == letter


@given(LETTERS, st.integers(0, 2**44))
def test_replay_gives_back_the_headers_and_the_count(letter: DeadLetter, now: int) -> None:
    headers, attempt, first = attempt_of(replay_headers(letter), now)
    assert tuple(headers) == letter.headers
    assert (attempt, first) == (letter.attempt + 1, letter.first_failed_at)


@given(HEADERS)
def test_a_record_that_is_no_letter_is_not_read_as_one(headers: list[tuple[str, bytes]]) -> None:
    assert read_dead_letter(b"", b"", [one for one in headers if one[0] != "sqm-headers"]) is None


def test_a_first_failure_is_attempt_one() -> None:
    assert attempt_of([("a", b"b")], 7) == ([("a", b"b")], 1, 7)
    assert attempt_of([("sqm-first-failed-at", b"x"), ("sqm-attempt", b"y")], 7)[1:] == (1, 7)
