"""
Keeps the book of alerts as its topics tell it: the configuration, and what it needs to know of standards, sites and
calendars.
"""

import asyncio
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from pydantic import ValidationError

from schemas.alerting import ALERTINGS, Alerting
from schemas.standards import PUBLISHED, AnyDocument, document_key
from services.alerts.engine import Book, alerting_faults
from services.runtime.kafka import Record
from services.runtime.logs import Logger

__all__ = ["Books", "Following", "Said"]


class Said(StrEnum):
    """
    The log events of this module.
    """

    READ = "alerting_read"
    CHANGED = "alerting_changed"
    REFUSED = "alerting_refused_and_the_old_one_holds"
    UNREADABLE = "publication_unreadable_and_is_ignored"


class Following(Protocol):
    """
    Reads a topic without a group.
    """

    async def partitions_of(self, topic: str) -> list[int]: ...

    async def first_offsets(self, topic: str, partitions: Sequence[int]) -> Mapping[int, int]: ...

    async def end_offsets(self, topic: str, partitions: Sequence[int]) -> Mapping[int, int]: ...

    async def read_to(self, topic: str, ends: Mapping[int, int]) -> list[Record]: ...

    async def follow(self, topic: str, starts: Mapping[int, int], into: "asyncio.Queue[list[Record]]") -> None: ...


class Books:
    """
    The book in force, and how often it has changed. `load` first, then `follow` for as long as the service runs.

    `book` is None until there is a configuration. `topics` are the cluster names of standards and of configurations.
    """

    def __init__(self, standards: Following, alerting: Following, topics: tuple[str, str], log: Logger) -> None:
        self._readers = (standards, alerting)
        self._topics = topics
        self._log = log
        self._ends: list[dict[int, int]] = []
        self.documents: dict[str, AnyDocument] = {}
        self.alerting: Alerting | None = None
        self.book: Book | None = None
        self.changes = 0

    async def load(self) -> None:
        """
        Read both topics from their beginning to their present end.
        """
        self._ends = []
        for reader, topic in zip(self._readers, self._topics, strict=True):
            ends = dict(await reader.end_offsets(topic, await reader.partitions_of(topic)))
            self._ends.append(ends)
            for record in await reader.read_to(topic, ends):
                self._take(topic, record)
        self._make()
        self._log.info(Said.READ, documents=len(self.documents), configured=self.alerting is not None)

    async def follow(self) -> None:
        """
        Take what is published from now on; never returns.
        """
        arrived: asyncio.Queue[list[Record]] = asyncio.Queue(maxsize=8)
        async with asyncio.TaskGroup() as tasks:
            for reader, topic, ends in zip(self._readers, self._topics, self._ends, strict=True):
                tasks.create_task(reader.follow(topic, ends, arrived))
            while True:
                taken = [self._take(record.topic, record) for record in await arrived.get()]
                if any(taken):
                    self._make()

    def _make(self) -> None:
        if self.alerting is not None:
            self.book = Book(self.alerting, self.documents.values())
            self.changes += 1

    def _take(self, topic: str, record: Record) -> bool:
        if record.value is None:
            return False
        try:
            if topic == self._topics[0]:
                document = PUBLISHED.validate_json(record.value).document
                # The first publication of a version fixes its meaning; what alerts take of it does not change after.
                self.documents[document_key(document)] = document
                return True
            alerting = ALERTINGS.validate_json(record.value)
        except ValidationError as error:
            fault = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(map(str, fault["loc"]))
            said = Said.UNREADABLE if topic == self._topics[0] else Said.REFUSED
            self._log.error(said, offset=record.offset, field=where, problem=fault["msg"])
            return False
        faults = alerting_faults(alerting)
        if faults:
            field, problem = faults[0]
            self._log.error(Said.REFUSED, offset=record.offset, field=".".join(map(str, field)), problem=problem)
            return False
        self.alerting = alerting
        self._log.info(Said.CHANGED, offset=record.offset, id=alerting.metadata.id, rules=len(alerting.rules))
        return True
