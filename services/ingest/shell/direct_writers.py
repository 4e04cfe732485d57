"""
Reads `sqm.events.in.v1`, where systems write that speak Kafka themselves: the same checks, stamp and key as over HTTP.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final

from schemas.topics import EVENTS_IN
from services.ingest.engine import (
    EVERY_SOURCE,
    KAFKA_PREFIX,
    Accepted,
    Mode,
    Policy,
    RefusalReason,
    Refused,
    admit,
    binary_attributes,
    mode_of,
    normalise,
    normalise_attributes,
)
from services.ingest.shell.intake import Intake, Received
from services.ingest.shell.meters import Way
from services.runtime.clock import Clock
from services.runtime.deadletter import DeadLetter, Origin, read_dead_letter
from services.runtime.errors import Misconfigured
from services.runtime.kafka.records import Place, Record
from services.runtime.stopping import StopRule
from services.runtime.tracing import contexts_of, processing

__all__ = ["MARK_OF_ERASURE", "DirectWriters", "read_record"]

_SENDER: Final = "kafka"
_OF_ROWS: Final = "mapping"
_MARKS: Final = (b"ce_specversion", b"ce_id", b"ce_type")
MARK_OF_ERASURE: Final = ("sqm-erasure", b"")
"""The header of a record that an erasure writes behind those that it deletes; it means nothing else."""


class DirectWriters:
    """
    Handles what one fetch brought; returning means that all of it is acknowledged where it belongs.

    Where the rule says that too much is refused, it raises Misconfigured before anything of that fetch is passed on, so
    that nothing of it is committed, and a restart after the cause was removed takes it from there.

    The command line sends rows that did not fit their mapping this way, too, as letters: only ingest can seal them.
    """

    def __init__(self, intake: Intake, *, policy: Policy, rule: StopRule, clock: Clock, group: str) -> None:
        self._intake = intake
        self._policy = policy
        self._clock = clock
        self._group = group
        self._watch = rule.watch()

    async def handle(self, fetched: Mapping[Place, Sequence[Record]]) -> None:
        facts = processing(EVENTS_IN.name, sum(map(len, fetched.values())))
        causes = contexts_of(chain.from_iterable(fetched.values()))
        with self._intake.tracing.batch(f"process {EVENTS_IN.name}", causes, facts, begins=True):
            await self._take(fetched)

    async def _take(self, fetched: Mapping[Place, Sequence[Record]]) -> None:
        now = self._clock.now_ms()
        fetch = [record for batch in fetched.values() for record in batch if MARK_OF_ERASURE not in record.headers]
        letters = {at: letter for at, record in enumerate(fetch) if (letter := _letter(record)) is not None}
        if letters:
            await self._intake.bury(list(letters.values()))
        records = [record for at, record in enumerate(fetch) if at not in letters]
        events = [read_record(record, now, self._policy) for record in records]
        for record, event in zip(records, events, strict=True):
            self._count(record, event)
        verdicts = admit(events, EVERY_SOURCE)
        received = [
            self._received(record) if type(verdict) is Refused else None
            for record, verdict in zip(records, verdicts, strict=True)
        ]
        await self._intake.take(verdicts, received, Way.KAFKA, _SENDER)

    def _count(self, record: Record, event: Accepted | Refused) -> None:
        why = self._watch.count(accepted=type(event) is Accepted)
        if why is not None and type(event) is Refused:
            raise Misconfigured(
                f"{record.topic}/{record.partition} at offset {record.offset}: {why} (the last one: {event.reason}, "
                f"{event.pointer or '/'}: {event.detail}); mend the writer, or raise SQM_INGEST_REFUSED_IN_A_ROW and "
                "SQM_INGEST_REFUSED_PERCENT to send all of it to the dead letters, then start ingest again"
            )

    def _received(self, record: Record) -> Received:
        origin = Origin(record.topic, record.partition, record.offset, record.timestamp, self._group)
        return Received(record.value, record.headers, record.key, origin)


def _letter(record: Record) -> DeadLetter | None:
    letter = read_dead_letter(record.key, record.value, record.headers)
    return letter if letter is not None and letter.stage == _OF_ROWS else None


def read_record(record: Record, now_ms: int, policy: Policy) -> Accepted | Refused:
    """
    Read one record as a CloudEvent, structured or binary.
    """
    headers = [(name.lower().encode(), value or b"") for name, value in record.headers]
    types = [value for name, value in headers if name == b"content-type"]
    has_attributes = any(name in _MARKS for name, _ in headers)
    mode = mode_of(types[0] if types else None, has_attributes=has_attributes)
    if not types and not has_attributes:
        mode = Mode.STRUCTURED
    if record.value is None:
        return Refused(RefusalReason.EMPTY, "", "the record has no value; a deletion means nothing here")
    if mode is Mode.STRUCTURED:
        return normalise(record.value, now_ms, policy)
    if mode is Mode.BINARY:
        attributes = binary_attributes(headers, KAFKA_PREFIX)
        if isinstance(attributes, Refused):
            return attributes
        return normalise_attributes(attributes, record.value, now_ms, policy)
    return Refused(
        RefusalReason.UNSUPPORTED_CONTENT_TYPE,
        "",
        "content-type is application/cloudevents+json, or application/json with ce_ headers",
    )
