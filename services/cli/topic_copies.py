"""
Takes topics out of a cluster, and brings them back such that services go on as if nothing had been.

Services remember offsets: in their saved state, in what they wrote, in the tables of history. So every record comes
back at its own. Where records are missing, since their time had passed or a later one of their key had come, empty ones
are written in their place, and those before the first record are deleted again at the end.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

from schemas.topics import TOPICS
from services.alerts.app import STATE
from services.cli.topic_files import (
    FORMAT,
    Manifest,
    SavedRecord,
    SavedTopic,
    Span,
    TopicWriter,
    new_folder,
    read_manifest,
    read_records,
)
from services.runtime.errors import Misconfigured, Rejected
from services.runtime.kafka import (
    BatchProducer,
    ClusterAdmin,
    Connection,
    LogReader,
    TopicSpec,
    changelog_topic,
    commit_offsets,
    ensure_topics,
    specs_of,
)
from services.sla.app import CHECKPOINTS, OBJECTIVES

__all__ = ["STATES", "bring_back", "save"]

STATES: Final = (CHECKPOINTS, OBJECTIVES, STATE)
"""Saved first: what is saved later then holds whatever a state says has been read or written."""
_IN_FLIGHT: Final = 20_000
_FILLER: Final = b"filler"
"""The key of empty records in topics that keep the last one of each key; too short for one of a state."""

Tell = Callable[[str], None]


async def save(connection: Connection, folder: Path, made_at: str, only: Sequence[str], tell: Tell) -> None:
    """
    Write the topics of a deployment, of those named in `only` if there are any, into a folder that is empty or missing.
    """
    new_folder(folder)
    async with AsyncExitStack() as running:
        admin = await running.enter_async_context(ClusterAdmin.open(connection))
        reader = LogReader(connection)
        running.push_async_callback(reader.stop)
        await reader.start()
        there = await admin.topics()
        names = [
            name for name in _chosen([*STATES, *(one.name for one in TOPICS)], only) if connection.name(name) in there
        ]
        if not names:
            raise Misconfigured(f"no topic of sqm is on {connection.bootstrap_servers}; see SQM_KAFKA__TOPIC_PREFIX")
        groups = _logical(connection, await admin.group_offsets({connection.name(name) for name in names}))
        topics = [await _save_topic(connection, reader, folder, name, tell) for name in names]
    Manifest(FORMAT, made_at, tuple(topics), groups).write(folder)
    tell(f"{sum(topic.records for topic in topics):,} records of {len(topics)} topics, {len(groups)} groups: {folder}")


async def _save_topic(connection: Connection, reader: LogReader, folder: Path, name: str, tell: Tell) -> SavedTopic:
    topic = connection.name(name)
    spans = await reader.spans_of(topic)
    kept = {number: span.stop for number, span in spans.items() if span}
    with TopicWriter(folder, name) as writer:
        async for batch in reader.batches_to(topic, kept, {number: span.start for number, span in spans.items()}):
            writer.take(batch)
    tell(f"{writer.records:>12,}  {name}")
    return writer.saved([Span(span.start, span.stop) for span in spans.values()])


async def bring_back(connection: Connection, folder: Path, only: Sequence[str], replication: int, tell: Tell) -> None:
    """
    Make the saved topics on a cluster that has none of them, and say for every group how far it had got.

    Raises Misconfigured where the folder is not whole or a topic has records already; Rejected where the cluster gave a
    record another offset, since somebody else wrote meanwhile.
    """
    manifest = read_manifest(folder)
    known = {*STATES, *(one.name for one in TOPICS)}
    for topic in manifest.topics:
        if topic.name not in known:
            raise Misconfigured(
                f"{folder}: {topic.name[:80]!r} is no topic of this version; bring it back with the one that saved it"
            )
    wanted = set(_chosen([topic.name for topic in manifest.topics], only))
    topics = [topic for topic in manifest.topics if topic.name in wanted]
    specs = [_spec(topic, replication) for topic in topics]
    async with AsyncExitStack() as running:
        admin = await running.enter_async_context(ClusterAdmin.open(connection))
        reader = LogReader(connection)
        running.push_async_callback(reader.stop)
        await reader.start()
        # With times of their own while they are written; the broker's clock comes back with the topic's settings.
        meanwhile = [replace(spec, config={**spec.config, "message.timestamp.type": "CreateTime"}) for spec in specs]
        await ensure_topics(connection, meanwhile)
        for topic, spec in zip(topics, meanwhile, strict=True):
            await _refuse_what_is_used(connection, reader, topic)
            await admin.replace_settings(connection.name(spec.name), spec.config)
        producer = BatchProducer(connection)
        running.push_async_callback(producer.stop)
        await producer.start([connection.name(topic.name) for topic in topics])
        for topic, spec in zip(topics, specs, strict=True):
            fillers = await _write(connection, producer, folder, topic, _FILLER if _compacts(spec) else None)
            await _compare(connection, reader, topic)
            if not _compacts(spec):
                await admin.drop_before(
                    {(connection.name(topic.name), n): span.first for n, span in enumerate(topic.spans) if span.first}
                )
            await admin.replace_settings(connection.name(spec.name), spec.config)
            tell(f"{topic.records:>12,}  {topic.name}" + (f" ({fillers:,} empty ones in between)" if fillers else ""))
    for group, read in manifest.groups.items():
        offsets = {
            (connection.name(topic), number): offset
            for topic, numbers in read.items()
            if topic in wanted
            for number, offset in numbers.items()
        }
        if offsets:
            await commit_offsets(connection, connection.name(group), offsets)
    tell(f"{sum(topic.records for topic in topics):,} records of {len(topics)} topics are back")


async def _write(
    connection: Connection, producer: BatchProducer, folder: Path, topic: SavedTopic, filler: bytes | None
) -> int:
    name, reached = connection.name(topic.name), dict.fromkeys(range(len(topic.spans)), 0)
    times = dict.fromkeys(reached, 0)
    fillers = 0

    async def fill(partition: int, until: int, timestamp_ms: int) -> int:
        for count in range(until - reached[partition]):
            if count % _IN_FLIGHT == 0:
                await producer.flush()
            producer.put(name, filler, None, partition=partition, timestamp_ms=timestamp_ms)
        return until - reached[partition]

    def put(record: SavedRecord) -> None:
        producer.put(
            name,
            record.key,
            record.value,
            headers=record.headers,
            partition=record.partition,
            timestamp_ms=record.timestamp,
        )
        reached[record.partition] = record.offset + 1
        times[record.partition] = record.timestamp

    for record in read_records(folder, topic):
        fillers += await fill(record.partition, record.offset, record.timestamp)
        put(record)
        if producer.in_flight > _IN_FLIGHT:
            await producer.flush()
    for partition, span in enumerate(topic.spans):
        fillers += await fill(partition, span.end, times[partition])
    await producer.flush()
    return fillers


async def _refuse_what_is_used(connection: Connection, reader: LogReader, topic: SavedTopic) -> None:
    name = connection.name(topic.name)
    ends = await reader.end_offsets(name, await reader.partitions_of(name))
    if any(ends.values()):
        raise Misconfigured(
            f"Kafka: topic {name} has records already, and its offsets are taken; bring the topics back on another "
            "cluster, or under another SQM_KAFKA__TOPIC_PREFIX, before any service is started there"
        )


async def _compare(connection: Connection, reader: LogReader, topic: SavedTopic) -> None:
    name = connection.name(topic.name)
    ends = await reader.end_offsets(name, range(len(topic.spans)))
    for number, span in enumerate(topic.spans):
        if ends[number] != span.end:
            raise Rejected(
                "somebody_else_wrote",
                f"Kafka: partition {number} of {name} ends at {ends[number]} instead of {span.end}: something else "
                "wrote to it meanwhile; delete what was made, stop the services, and bring the topics back again",
            )


def _spec(topic: SavedTopic, replication: int) -> TopicSpec:
    if topic.name in STATES:
        return changelog_topic(topic.name, len(topic.spans), replication)
    (contract,) = [one for one in TOPICS if one.name == topic.name]
    (spec,) = specs_of([contract], partitions=len(topic.spans), replication=replication)
    return spec


def _compacts(spec: TopicSpec) -> bool:
    return spec.config["cleanup.policy"] == "compact"


def _chosen(names: Sequence[str], only: Sequence[str]) -> list[str]:
    if unknown := set(only) - set(names):
        raise Misconfigured(f"--topic {', '.join(sorted(unknown))}: is none of {', '.join(names)}")
    return [name for name in names if not only or name in only]


def _logical(
    connection: Connection, groups: Mapping[str, Mapping[tuple[str, int], int]]
) -> dict[str, dict[str, dict[int, int]]]:
    found: dict[str, dict[str, dict[int, int]]] = {}
    for group, offsets in groups.items():
        read = found.setdefault(group.removeprefix(connection.prefix), {})
        for (topic, partition), offset in offsets.items():
            read.setdefault(topic.removeprefix(connection.prefix), {})[partition] = offset
    return found
