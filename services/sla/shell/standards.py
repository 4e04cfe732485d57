"""
Keeps the book of standards as their topic tells it: all of it before the first event, and every change after.
"""

import asyncio
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from pydantic import ValidationError

from schemas.standards import PUBLISHED, Published
from services.runtime.kafka import Record
from services.runtime.logs import Logger
from services.sla.engine import Book, Publication

__all__ = ["Following", "Said", "Standards"]


class Said(StrEnum):
    """
    The log events of this module.
    """

    READ = "standards_read"
    CHANGED = "standards_changed"
    CONTRADICTED = "standards_publication_contradicts_and_is_ignored"
    UNREADABLE = "standards_publication_unreadable_and_is_ignored"


class Following(Protocol):
    """
    Reads a topic without a group.
    """

    async def partitions_of(self, topic: str) -> list[int]: ...

    async def end_offsets(self, topic: str, partitions: Sequence[int]) -> Mapping[int, int]: ...

    async def read_to(self, topic: str, ends: Mapping[int, int]) -> list[Record]: ...

    async def follow(self, topic: str, starts: Mapping[int, int], into: "asyncio.Queue[list[Record]]") -> None: ...


class Standards:
    """
    The book in force. `load` before anything is judged, then `follow` for as long as the worker runs.
    """

    def __init__(self, reader: Following, topic: str, log: Logger) -> None:
        self._reader = reader
        self._topic = topic
        self._log = log
        self._ends: dict[int, int] = {}
        self.standing: list[Published] = []
        """The publications that `load` read, oldest first."""
        self.book = Book()

    async def load(self) -> None:
        """
        Read the topic from its beginning to its present end.
        """
        partitions = await self._reader.partitions_of(self._topic)
        self._ends = dict(await self._reader.end_offsets(self._topic, partitions))
        records = await self._reader.read_to(self._topic, self._ends)
        self.standing = [one for one in map(self._parsed, records) if one is not None]
        self.book = Book.of(self.standing)
        self._log.info(Said.READ, publications=len(records), rules=len(self.book.rules))

    async def follow(self) -> None:
        """
        Take what is published from now on; never returns.
        """
        arrived: asyncio.Queue[list[Record]] = asyncio.Queue(maxsize=8)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._reader.follow(self._topic, self._ends, arrived))
            while True:
                for record in await arrived.get():
                    self._add(record)

    def _add(self, record: Record) -> None:
        published = self._parsed(record)
        if published is None:
            return
        self.book, did = self.book.add(published)
        if did is Publication.CONTRADICTS:
            self._log.warning(Said.CONTRADICTED, offset=record.offset, key=_shown(record.key))
        elif did is not Publication.UNCHANGED:
            self._log.info(Said.CHANGED, offset=record.offset, key=_shown(record.key), change=did.value)

    def _parsed(self, record: Record) -> Published | None:
        if record.value is None:
            return None
        try:
            return PUBLISHED.validate_json(record.value)
        except ValidationError as error:
            fault = error.errors(include_input=False, include_url=False)[0]
            where = "/".join(map(str, fault["loc"]))
            self._log.error(
                Said.UNREADABLE, offset=record.offset, key=_shown(record.key), field=where, problem=fault["msg"]
            )
            return None


def _shown(key: bytes | None) -> str:
    return (key or b"").decode(errors="replace")[:120]
