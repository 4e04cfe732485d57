"""
Which dead letters are chosen, and where they go back to.
"""

from dataclasses import replace

import pytest

from services.cli.letterbox import Choice, Found, _opened, destination, source_of
from services.ingest.shell.sealing import Original, sealed
from services.runtime.deadletter import DeadLetter, Origin
from services.runtime.kafka import Connection
from tests.fakes.identities import FakeIdentities
from tests.fakes.ingest_events import as_json, event

LETTER = DeadLetter(
    reason="unknown_field",
    stage="ingest",
    detail="no such field",
    key=None,
    value=as_json(event()),
    headers=(),
    first_failed_at=1_000,
    attempt=2,
)
FOUND = Found(partition=2, offset=41, written_at=5_000, letter=LETTER)
CONNECTION = Connection("127.0.0.1:9", prefix="acme.")


@pytest.mark.parametrize(
    ("choice", "taken"),
    [
        (Choice(), True),
        (Choice(reasons=("x", "unknown_field")), True),
        (Choice(reasons=("x",)), False),
        (Choice(stages=("sla",)), False),
        (Choice(stages=("ingest",), reasons=("x",)), False),
        (Choice(source="/branch/berlin"), True),
        (Choice(source="/branch/munich"), False),
        (Choice(since=5_000, until=5_001), True),
        (Choice(since=5_001), False),
        (Choice(until=5_000), False),
        (Choice(place="2/41"), True),
        (Choice(place="2/4"), False),
        (Choice(attempts_below=3), True),
        (Choice(attempts_below=2), False),
    ],
)
def test_every_filter_must_agree(choice: Choice, taken: bool) -> None:
    assert choice.takes(FOUND) is taken


@pytest.mark.parametrize(
    ("value", "headers", "source"),
    [
        (as_json(event(source="/a")), (), "/a"),
        (b"{}", (("ce_source", b"/b"),), "/b"),
        (b"nonsense", (), None),
        (None, (), None),
        (b"[" * 100_000, (), None),
        (b'{"source": 5}', (), None),
    ],
)
def test_the_source_is_found_where_there_is_one(
    value: bytes | None, headers: tuple[tuple[str, bytes], ...], source: str | None
) -> None:
    assert source_of(replace(LETTER, value=value, headers=headers)) == source


@pytest.mark.parametrize(
    ("stage", "topic", "goes_to"),
    [
        ("ingest", None, "acme.sqm.events.in.v1"),
        ("ingest", "acme.sqm.events.in.v1", "acme.sqm.events.in.v1"),
        ("sla", "acme.sqm.events.v1", "acme.sqm.events.in.v1"),
        ("history", "acme.sqm.measurements.v1", "acme.sqm.measurements.v1"),
        ("mapping", None, None),
    ],
)
def test_events_go_back_through_ingest_and_the_rest_to_where_it_was_read(
    stage: str, topic: str | None, goes_to: str | None
) -> None:
    origin = Origin(topic, 0, 0, 0) if topic else None
    assert destination(replace(LETTER, stage=stage, origin=origin), CONNECTION) == goes_to


def test_what_is_sealed_is_opened_where_the_store_is_and_else_says_why_it_is_not() -> None:
    store = FakeIdentities()
    value, header = sealed(store, Original(b"k", LETTER.value, [("a", b"b")]))
    shut = replace(LETTER, value=value, headers=[header])
    assert _opened(LETTER, None) == (LETTER, "")
    opened, unreadable = _opened(shut, store)
    assert (opened.key, opened.value, list(map(tuple, opened.headers)), unreadable) == (
        b"k", LETTER.value, [("a", b"b")], "",
    )  # fmt: skip
    assert _opened(shut, None)[1] == "sealed, and the store of identities is not on this machine"
    store.seals.clear()
    assert _opened(shut, store) == (replace(shut, value=None), "erased")
