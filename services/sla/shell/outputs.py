"""
Lets outcomes and refused records out to their topics.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol

from services.runtime.kafka import Headers, Record
from services.runtime.tracing import UNTRACED, Tracing
from services.sla.engine import Attainment, Measurement, Outcome, Violation, encode_outcome
from services.sla.shell.envelope import Kind, Pending
from services.sla.shell.refusals import Refusals

__all__ = ["Outputs", "Producing", "waiting"]

ROOM = 50_000
"""Records on their way to the broker beyond which the worker waits: about 20 MB."""

WAIT_SECONDS = 0.005


class Producing(Protocol):
    """
    What sends records: `put` at once, `flush` until all is acknowledged.
    """

    @property
    def in_flight(self) -> int: ...

    def put(
        self, topic: str, key: bytes | None, value: bytes | None, *, headers: Headers = (), partition: int | None = None
    ) -> None: ...

    async def flush(self) -> None: ...


class Outputs:
    """
    The only way out of the worker. What is put stays in order by site; `settle` waits until all of it is acknowledged.

    `topics` gives the cluster name for each kind of outcome. Outcomes are counted when the broker has them.
    """

    def __init__(
        self, producer: Producing, topics: Mapping[Kind, str], refusals: Refusals, tracing: Tracing = UNTRACED
    ) -> None:
        self._producer = producer
        self._topics = dict(topics)
        self._refusals = refusals
        self._tracing = tracing
        self._unsettled: Counter[tuple[Kind, str]] = Counter()
        self._settled: Counter[tuple[Kind, str]] = Counter()

    def outcomes(self, outcomes: Iterable[Measurement | Violation]) -> None:
        """
        Send what may leave at once.
        """
        headers = self._tracing.carried()
        for outcome in outcomes:
            kind = Kind.MEASUREMENT if isinstance(outcome, Measurement) else Kind.VIOLATION
            self._put(kind, outcome, outcome.state, headers)

    def sums(self, rows: Iterable[Attainment]) -> None:
        """
        Send attainment rows that changed.
        """
        for row in rows:
            self._put(Kind.ATTAINMENT, row, "standing", ())

    def pending(self, site: str, item: Pending) -> None:
        """
        Send an outcome that has waited until its chunk was durable.
        """
        self._producer.put(self._topics[item.kind], site.encode(), item.value, headers=self._tracing.carried())
        self._unsettled[item.kind, item.state] += 1

    def refuse(self, record: Record, reason: str, detail: str) -> None:
        """
        Send a record to the dead letters, byte for byte, with the reason in its headers.
        """
        self._refusals.put(self._producer, record, reason, detail)

    async def room(self) -> None:
        """
        Wait while the broker is behind, so that memory stays bounded.
        """
        while self._producer.in_flight > ROOM:  # noqa: ASYNC110  the producer counts; an event for it would cost each record
            await asyncio.sleep(WAIT_SECONDS)

    async def settle(self) -> None:
        """
        Return when the broker has acknowledged all that was sent before; raises where it refused.
        """
        unsettled, self._unsettled = self._unsettled, Counter()
        await self._producer.flush()
        self._settled.update(unsettled)

    def take_settled(self) -> Counter[tuple[Kind, str]]:
        """
        How many outcomes of each kind and state the broker has acknowledged since the last call.
        """
        settled, self._settled = self._settled, Counter()
        return settled

    def _put(self, kind: Kind, outcome: Outcome, state: str, headers: Headers) -> None:
        self._producer.put(self._topics[kind], outcome.site.encode(), encode_outcome(outcome), headers=headers)
        self._unsettled[kind, state] += 1


def waiting(outcome: Measurement | Violation) -> Pending:
    """
    An outcome that time caused, ready to be saved with its chunk.
    """
    kind = Kind.MEASUREMENT if isinstance(outcome, Measurement) else Kind.VIOLATION
    return Pending(kind, outcome.state, encode_outcome(outcome))
