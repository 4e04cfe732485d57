"""
The topic of standards as the command line reads and writes it.
"""

import asyncio
import getpass
import os
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from pydantic import ValidationError

from schemas.standards import PUBLISHED, Published, document_key
from schemas.topics import STANDARDS
from services.runtime.kafka import BatchProducer, Connection, LogReader, ensure_topics, specs_of
from services.runtime.kafka.settings import ServiceSettings
from services.runtime.settings import load_settings
from services.sla.shell.catalogue import Catalogue

__all__ = [
    "connected",
    "make_topic",
    "oldest_first",
    "publish",
    "publisher",
    "read_publications",
    "settings_connection",
]


def settings_connection() -> Connection:
    """
    Return the connection that the settings name. Raises Misconfigured.
    """
    return load_settings(ServiceSettings, os.environ).kafka.connection()


def publisher(by: str | None) -> str:
    """
    Say who publishes: who is named, or the name of the login.
    """
    return by or os.environ.get("SQM_PUBLISHED_BY") or getpass.getuser()


async def read_publications(connection: Connection) -> list[Published]:
    """
    Read every publication, oldest first. A record that cannot be read is passed over, as every reader does.
    """
    reader = LogReader(connection)
    topic = connection.name(STANDARDS.name)
    await reader.start()
    try:
        ends = await reader.end_offsets(topic, await reader.partitions_of(topic))
        records = await reader.read_to(topic, ends)
    finally:
        await reader.stop()
    publications = []
    for record in oldest_first(records):
        try:
            publications.append(PUBLISHED.validate_json(record.value or b""))
        except ValidationError:
            continue
    return publications


class _Record(Protocol):
    @property
    def partition(self) -> int: ...

    @property
    def offset(self) -> int: ...

    @property
    def timestamp(self) -> int: ...


R = TypeVar("R", bound=_Record)


def oldest_first(records: Iterable[R]) -> list[R]:
    """
    Put records in the order of time. The topic has one partition, unless a broker made it by itself: then times order
    those of several partitions, and within one the offset does, whatever its times.
    """
    newest: dict[int, int] = {}
    placed: list[tuple[int, int, R]] = []
    for record in sorted(records, key=lambda one: one.offset):
        newest[record.partition] = max(newest.get(record.partition, 0), record.timestamp)
        placed.append((newest[record.partition], record.offset, record))
    return [record for _, _, record in sorted(placed, key=lambda one: one[:2])]


async def publish(connection: Connection, publications: Sequence[Published]) -> list[Published]:
    """
    Send publications in their order; return those that lost to another meaning which somebody published at the same
    time.
    """
    topic = connection.name(STANDARDS.name)
    producer = BatchProducer(connection)
    await producer.start([topic])
    try:
        for one in publications:
            producer.put(topic, document_key(one.document).encode(), PUBLISHED.dump_json(one))
        await producer.flush()
    finally:
        await producer.stop()
    standing = Catalogue(await read_publications(connection)).standing
    return [one for one in publications if standing[document_key(one.document)].document != one.document]


async def make_topic(connection: Connection) -> None:
    """
    Make the topic of standards where it does not exist yet.
    """
    await ensure_topics(connection, specs_of([STANDARDS], partitions=1))


def connected(connection: Connection) -> list[Published]:
    """
    Make sure of the topic and read it, for a command that is not asynchronous itself.
    """

    async def both() -> list[Published]:
        await make_topic(connection)
        return await read_publications(connection)

    return asyncio.run(both())
