"""
What is sealed can be read with its key alone.
"""

import asyncio
from pathlib import Path

from services.ingest.shell.identities import IdentitiesAway, IdentityStore
from services.ingest.shell.sealing import NotReadable, Original, SealedTopic, seal_of, sealed, unsealed
from tests.fakes.clock import ManualClock
from tests.fakes.identities import FakeIdentities
from tests.fakes.publishers import FakePublisher

THEIRS = Original(b"anna", b"\xff\x00 anna", [("who", b"anna")])


def test_a_sealed_record_shows_nothing_and_comes_back_byte_for_byte() -> None:
    store = FakeIdentities()
    for original in (THEIRS, Original(None, None, [])):
        value, header = sealed(store, original)
        assert b"anna" not in value
        found = unsealed(store, None, value, [header])
        assert isinstance(found, Original)
        assert (found.key, found.value, list(map(tuple, found.headers))) == (
            original.key, original.value, original.headers,
        )  # fmt: skip


def test_without_its_key_it_is_erased_and_changed_it_is_damaged() -> None:
    store = FakeIdentities()
    value, header = sealed(store, THEIRS)
    assert unsealed(store, None, value[:-1] + bytes([value[-1] ^ 1]), [header]) is NotReadable.DAMAGED
    store.seals.clear()
    assert unsealed(store, None, value, [header]) is NotReadable.ERASED


def test_what_was_never_sealed_is_as_it_came() -> None:
    store = FakeIdentities()
    value, header = sealed(store, THEIRS)
    for plain, headers in ((b"body", []), (b"body", [header]), (None, [header]), (value, []), (value[:12], [header])):
        assert unsealed(store, b"k", plain, headers) == Original(b"k", plain, headers)
    assert (seal_of(value), seal_of(b"body"), seal_of(None)) == (1, None, None)


async def test_nothing_is_published_whose_key_was_lost_by_the_failure_of_another(tmp_path: Path) -> None:
    # The same name twice, which the file refuses.
    store = IdentityStore(tmp_path / "identities.db", ManualClock(0), bytes)
    publisher = FakePublisher()
    topic = SealedTopic(publisher, store, "raw")
    answers = await asyncio.gather(*(topic.put(b"k", THEIRS, []) for _ in range(2)), return_exceptions=True)
    assert [type(one) for one in answers] == [IdentitiesAway, IdentitiesAway]
    assert publisher.records == []
    await topic.put(b"k", THEIRS, [])
    assert len(publisher.records) == 1
    store.close()
