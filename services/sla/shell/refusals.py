"""
Sends what the worker cannot take to the dead letters.
"""

from collections import Counter
from typing import Final, Protocol

from services.runtime.clock import Clock
from services.runtime.deadletter import DeadLetter
from services.runtime.kafka import Headers, Record
from services.sla.engine import Reason

__all__ = ["HARMLESS", "UNDECODABLE", "Refusals"]

STAGE: Final = "sla"

UNDECODABLE = "undecodable"
"""The record is no event at all; ingest lets none through, so somebody else writes to the topic."""

HARMLESS = frozenset(
    reason.value
    for reason in (
        Reason.TOO_LATE, Reason.DUPLICATE, Reason.JOURNEY_FULL, Reason.SITE_FULL, Reason.TOO_MANY_SITES,
    )
)  # fmt: skip
"""
Reasons that say nothing about the input as a whole: they never stop the worker. A bound that one site has reached must
not keep all others waiting.
"""


class _Putting(Protocol):
    def put(
        self, topic: str, key: bytes | None, value: bytes | None, *, headers: Headers = (), partition: int | None = None
    ) -> None: ...


class Refusals:
    """
    Writes dead letters: key, value and headers as they came, the reason and the origin in further headers.
    """

    def __init__(self, *, topic: str, group: str, clock: Clock) -> None:
        self._topic = topic
        self._group = group
        self._clock = clock
        self._counted: Counter[str] = Counter()

    def put(self, producer: _Putting, record: Record, reason: str, detail: str) -> None:
        letter = DeadLetter.of(
            record, reason=reason, stage=STAGE, detail=detail, group=self._group, now_ms=self._clock.now_ms()
        )
        producer.put(
            self._topic,
            record.key,
            record.value,
            headers=letter.all_headers(),
            partition=0 if record.key is None else None,
        )
        self._counted[reason] += 1

    def take_counted(self) -> Counter[str]:
        """
        How many were refused by reason since the last call.
        """
        counted, self._counted = self._counted, Counter()
        return counted
