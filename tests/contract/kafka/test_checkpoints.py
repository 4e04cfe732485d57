"""
The store of saved state on a real broker, and its fence against a worker that was paused for too long.
"""

import pytest

from services.runtime.kafka import (
    BatchProducer,
    BlobName,
    CheckpointStore,
    Connection,
    LogReader,
    changelog_topic,
    ensure_topics,
)

ONE, OTHER = BlobName("köln/7", 3), BlobName("köln/7", 4)


@pytest.fixture
async def store(connection: Connection, producer: BatchProducer, reader: LogReader) -> CheckpointStore:
    await ensure_topics(connection, [changelog_topic("state", 2, 1)])
    return CheckpointStore(producer, reader, connection.name("state"))


async def test_a_partition_without_state_gives_none(store: CheckpointStore) -> None:
    assert (await store.acquire(0)).blobs == {}


async def test_the_next_owner_finds_what_was_saved_last(store: CheckpointStore) -> None:
    lease = await store.acquire(0)
    await store.save(lease, {ONE: b"old", OTHER: b"kept"})
    await store.save(lease, {ONE: b"new"})
    assert (await store.acquire(0)).blobs == {ONE: b"new", OTHER: b"kept"}
    assert (await store.acquire(1)).blobs == {}


async def test_epochs_grow_with_each_owner_even_if_none_of_them_saves(store: CheckpointStore) -> None:
    epochs = [(await store.acquire(0)).epoch for _ in range(3)]
    assert epochs == sorted(set(epochs))


async def test_a_worker_that_comes_back_too_late_overwrites_nothing(store: CheckpointStore) -> None:
    paused = await store.acquire(0)
    await store.save(paused, {ONE: b"before"})
    successor = await store.acquire(0)
    await store.save(successor, {ONE: b"after"})
    await store.save(paused, {ONE: b"from the past"})
    assert (await store.acquire(0)).blobs == {ONE: b"after"}


async def test_what_a_late_worker_saves_first_is_not_lost_before_its_successor_saves(store: CheckpointStore) -> None:
    paused = await store.acquire(0)
    await store.acquire(0)
    await store.save(paused, {ONE: b"only copy"})
    assert (await store.acquire(0)).blobs == {ONE: b"only copy"}


async def test_an_empty_blob_deletes_what_this_owner_and_those_before_it_saved(store: CheckpointStore) -> None:
    first = await store.acquire(0)
    await store.save(first, {ONE: b"1", OTHER: b"kept"})
    second = await store.acquire(0)
    await store.save(second, {ONE: b""})
    assert (await store.acquire(0)).blobs == {OTHER: b"kept"}
    await store.save(first, {ONE: b""})
    await store.save(second, {ONE: b"2"})
    await store.save(first, {ONE: b""})
    assert (await store.acquire(0)).blobs == {ONE: b"2", OTHER: b"kept"}


async def test_replaced_blobs_of_earlier_owners_are_deleted_but_never_before_their_replacement_is_safe(
    store: CheckpointStore, connection: Connection, reader: LogReader
) -> None:
    first = await store.acquire(0)
    await store.save(first, {ONE: b"1", OTHER: b"2"})
    second = await store.acquire(0)
    await store.save(second, {ONE: b"3"})
    assert await tombstones(connection, reader) == 0
    await store.save(second, {})
    assert await tombstones(connection, reader) == 1
    assert (await store.acquire(0)).blobs == {ONE: b"3", OTHER: b"2"}


async def tombstones(connection: Connection, reader: LogReader) -> int:
    topic = connection.name("state")
    records = await reader.read_to(topic, await reader.end_offsets(topic, [0]))
    return sum(record.value is None for record in records)


async def test_a_blob_of_a_megabyte_fits(store: CheckpointStore) -> None:
    lease = await store.acquire(0)
    blob = bytes(range(256)) * 4_096
    await store.save(lease, {ONE: blob})
    assert (await store.acquire(0)).blobs == {ONE: blob}


async def test_an_owner_learns_that_somebody_else_has_taken_over(store: CheckpointStore) -> None:
    paused = await store.acquire(0)
    assert await store.holds(paused)
    await store.save(paused, {ONE: b"1"})
    assert await store.holds(paused)
    await store.acquire(1)
    assert await store.holds(paused)
    successor = await store.acquire(0)
    await store.save(paused, {ONE: b"2"})
    assert not await store.holds(paused)
    assert await store.holds(successor)
