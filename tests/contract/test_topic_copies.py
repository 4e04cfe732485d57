"""
Saved topics on a real broker: every record at its own offset, whatever is missing in between.
"""

import itertools
from pathlib import Path
from typing import Final

import pytest

from schemas.topics import ALERTING, EVENTS
from services.cli.topic_copies import bring_back, save
from services.cli.topic_files import FORMAT, Manifest, Span, TopicWriter, read_manifest
from services.runtime.errors import Misconfigured
from services.runtime.kafka import ClusterAdmin, Connection, LogReader, Record
from tests.e2e.sla_line import now_ms
from tests.fakes.records import FakeRecord

_NUMBERS: Final = itertools.count()


@pytest.fixture
def connection(kafka: str) -> Connection:
    return Connection(kafka, prefix=f"copies-{next(_NUMBERS)}.")


def saved(folder: Path, name: str, records: list[FakeRecord], span: Span) -> None:
    folder.mkdir()
    with TopicWriter(folder, name) as writer:
        writer.take(records)
    Manifest(FORMAT, "2026-11-26T00:00:00Z", (writer.saved([span]),), {"sqm.history": {name: {0: span.end}}}).write(
        folder
    )


async def content(connection: Connection, name: str) -> tuple[int, list[Record]]:
    """
    The first offset of the topic's partition, and its records.
    """
    reader = LogReader(connection)
    await reader.start()
    try:
        topic = connection.name(name)
        first = (await reader.first_offsets(topic, [0]))[0]
        return first, await reader.read_to(topic, await reader.end_offsets(topic, [0]))
    finally:
        await reader.stop()


async def test_what_retention_deleted_leaves_its_offsets_free(connection: Connection, tmp_path: Path) -> None:
    # Of today: the broker deletes for good what is older than the topic keeps.
    now = now_ms()
    records = [FakeRecord(50_000 + after, b"{}", timestamp=now + after) for after in (0, 1, 3)]
    saved(tmp_path / "saved", EVENTS.name, records, Span(50_000, 50_004))
    await bring_back(connection, tmp_path / "saved", (), 1, lambda _: None)
    first, there = await content(connection, EVENTS.name)
    assert first == 50_000
    assert [(one.offset, one.timestamp, one.value) for one in there] == [
        (50_000, now, b"{}"),
        (50_001, now + 1, b"{}"),
        # Nothing leaves such a hole but a transaction; its place is taken by an empty record.
        (50_002, now + 3, None),
        (50_003, now + 3, b"{}"),
    ]
    async with ClusterAdmin.open(connection) as admin:
        groups = await admin.group_offsets({connection.name(EVENTS.name)})
    assert groups == {connection.name("sqm.history"): {(connection.name(EVENTS.name), 0): 50_004}}


async def test_what_compaction_removed_is_nobody_s_key(connection: Connection, tmp_path: Path) -> None:
    records = [FakeRecord(2, b"{}", key=b"a", timestamp=9), FakeRecord(4, b"{}", key=b"b", timestamp=10)]
    saved(tmp_path / "saved", ALERTING.name, records, Span(2, 7))
    await bring_back(connection, tmp_path / "saved", (), 1, lambda _: None)
    _, there = await content(connection, ALERTING.name)
    assert [one.key for one in there] == [b"filler", b"filler", b"a", b"filler", b"b", b"filler", b"filler"]
    assert [one.offset for one in there] == list(range(7))
    await save(connection, tmp_path / "again", "2026-11-26T00:00:00Z", (ALERTING.name,), lambda _: None)
    assert read_manifest(tmp_path / "again").topics[0].spans == (Span(0, 7),)


async def test_records_outside_of_what_the_manifest_says_are_refused(connection: Connection, tmp_path: Path) -> None:
    saved(tmp_path / "saved", EVENTS.name, [FakeRecord(0, b"{}"), FakeRecord(1, b"{}")], Span(0, 1))
    with pytest.raises(Misconfigured, match="offset 1 of partition 0 lies outside of what the manifest says"):
        await bring_back(connection, tmp_path / "saved", (), 1, lambda _: None)


async def test_a_topic_that_is_not_ours_is_refused(connection: Connection, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="--topic till: is none of"):
        await save(connection, tmp_path / "saved", "", ("till",), lambda _: None)


async def test_a_cluster_without_our_topics_is_refused(connection: Connection, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="no topic of sqm is on"):
        await save(connection, tmp_path / "saved", "", (), lambda _: None)


async def test_a_topic_of_nobody_is_refused(connection: Connection, tmp_path: Path) -> None:
    saved(tmp_path / "saved", "x", [], Span(0, 0))
    with pytest.raises(Misconfigured, match="'x' is no topic of this version"):
        await bring_back(connection, tmp_path / "saved", (), 1, lambda _: None)
