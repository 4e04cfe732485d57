"""
Behind the stored webhooks: each becomes service events by its connector, or a dead letter that says which field of
which connector was at fault.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final

from schemas.topics import RAW
from services.ingest.engine import Accepted, Policy, Refused, normalise
from services.ingest.engine.connector import CompiledConnector, MappedPayload, PassedOver
from services.ingest.engine.mapped import encode_event
from services.ingest.engine.modes import STRUCTURED
from services.ingest.engine.stored import read_stored
from services.ingest.shell.identities import Identities
from services.ingest.shell.intake import Intake, Received
from services.ingest.shell.meters import Meters, Way
from services.ingest.shell.sealing import NotReadable, unsealed
from services.ingest.shell.webhooks import UNKNOWN
from services.runtime.clock import Clock
from services.runtime.deadletter import DeadLetter, Origin
from services.runtime.kafka.records import Place, Record
from services.runtime.tracing import contexts_of, processing

__all__ = ["PayloadMapper"]

Decided = dict[str, tuple[list[Accepted | Refused], list[Received | None]]]
"""Of each sender the verdicts, and what each was about."""

_STAGE: Final = "mapping"
_MAPPED: Final = "mapped"
_PASSED_OVER: Final = "passed_over"
_NOT_STORED_HERE: Final = "not_a_webhook"
_NO_CONNECTOR: Final = "unknown_connector"
_DAMAGED: Final = "the seal does not fit what it closes: something else than ingest has written it"


class PayloadMapper:
    """
    Handles what one fetch of stored webhooks brought; returning means that all of it is acknowledged where it belongs.

    It remembers nothing: ids and revisions of events come from the payloads, so what is mapped again, or later than
    what came after it, is told apart by whoever reads the events. A dead letter of a payload holds no body, which may
    be about people: it names the place of the stored one, which `sqm connector replay` reads again.
    """

    def __init__(
        self,
        intake: Intake,
        identities: Identities,
        *,
        connectors: Mapping[str, CompiledConnector],
        policy: Policy,
        clock: Clock,
        meters: Meters,
        group: str,
    ) -> None:
        self._intake = intake
        self._identities = identities
        self._connectors = connectors
        self._policy = policy
        self._clock = clock
        self._meters = meters
        self._group = group

    async def handle(self, fetched: Mapping[Place, Sequence[Record]]) -> None:
        facts = processing(RAW.name, sum(map(len, fetched.values())))
        causes = contexts_of(chain.from_iterable(fetched.values()))
        with self._intake.tracing.batch(f"process {RAW.name}", causes, facts):
            await self._take(fetched)

    async def _take(self, fetched: Mapping[Place, Sequence[Record]]) -> None:
        by_sender: Decided = {}
        letters: list[DeadLetter] = []
        for batch in fetched.values():
            for record in batch:
                self._map(record, by_sender, letters)
        if letters:
            await self._intake.bury(letters)
        for sender, (verdicts, received) in by_sender.items():
            await self._intake.take(verdicts, received, Way.WEBHOOK, sender)

    def _map(
        self,
        record: Record,
        by_sender: Decided,
        letters: list[DeadLetter],
    ) -> None:
        original = unsealed(self._identities, record.key, record.value, record.headers)
        if original is NotReadable.ERASED:
            # Nobody can mend that, so it is counted and that is all.
            self._meters.payloads.labelled(connector=UNKNOWN, outcome=original.value).inc()
            return
        if original is NotReadable.DAMAGED:
            self._bury(record, letters, UNKNOWN, original.value, "", _DAMAGED)
            return
        stored = read_stored(original.value, [*record.headers, *original.headers])
        if stored is None:
            self._bury(record, letters, UNKNOWN, _NOT_STORED_HERE, "", "its headers are not those of a stored webhook")
            return
        connector, delivered = self._connectors.get(stored.connector), stored.delivered
        if connector is None:
            detail = (
                f"nobody may post to the connector {stored.connector} here, or there is none; configure it, then replay"
            )
            self._bury(record, letters, UNKNOWN, _NO_CONNECTOR, "", detail)
            return
        verdicts, received = by_sender.setdefault(f"{connector.id}/{delivered.source}", ([], []))
        for outcome in connector.outcomes(delivered):
            if isinstance(outcome, MappedPayload):
                self._meters.payloads.labelled(connector=connector.id, outcome=_MAPPED).inc()
                for event in outcome.events:
                    encoded = encode_event(event)
                    # Of the clock of the receipt: what waited here is no further in the future for it.
                    verdicts.append(normalise(encoded, delivered.received_at, self._policy))
                    received.append(Received(encoded, STRUCTURED, record.key))
            elif isinstance(outcome, PassedOver):
                self._meters.payloads.labelled(connector=connector.id, outcome=_PASSED_OVER).inc()
            else:
                detail = f"connector {connector.id}, payload {outcome.place}, {outcome.where}: {outcome.detail}"
                self._bury(record, letters, connector.id, outcome.reason, outcome.field, detail)

    def _bury(
        self, record: Record, letters: list[DeadLetter], connector: str, reason: str, field: str, detail: str
    ) -> None:
        self._meters.payloads.labelled(connector=connector, outcome=reason).inc()
        letters.append(
            DeadLetter(
                reason=reason,
                stage=_STAGE,
                detail=detail,
                key=record.key,
                value=None,
                headers=[(name, value) for name, value in record.headers if name.startswith("sqm-")],
                first_failed_at=self._clock.now_ms(),
                origin=self._origin(record),
                field=field,
            )
        )

    def _origin(self, record: Record) -> Origin:
        return Origin(record.topic, record.partition, record.offset, record.timestamp, self._group)
