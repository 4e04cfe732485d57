"""
Takes a decided batch to the broker: what was accepted to the events, what was refused to the dead letters, and counts
both, the same for every way in.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from services.ingest.engine import Accepted, Duplicate, RefusalReason, Refused, Verdict
from services.ingest.engine.modes import STRUCTURED
from services.ingest.shell.identities import Identities
from services.ingest.shell.meters import Meters, Way
from services.ingest.shell.publishing import Publisher, event_record
from services.ingest.shell.sealing import Original, sealed
from services.runtime.clock import Clock
from services.runtime.deadletter import DeadLetter, Origin, attempt_of
from services.runtime.kafka import Headers
from services.runtime.kafka.acknowledging import Outgoing
from services.runtime.tracing import UNTRACED, Tracing

__all__ = ["Destinations", "Intake", "Received"]

_LARGEST_LETTER: Final = 1_000_000
_STAGE: Final = "ingest"


class Received(NamedTuple):
    """
    What came in, byte for byte, in the form in which Kafka carries it.
    """

    value: bytes | None
    headers: Headers
    key: bytes | None = None
    origin: Origin | None = None


class Destinations(NamedTuple):
    """
    Cluster names of the topics that ingest writes.
    """

    events: str
    dead_letters: str
    raw: str


class Intake:
    """
    Publishes verdicts. `take` returns once everything that must be kept is acknowledged; until then nothing counts.

    What was refused may name people in any of its fields, so it is kept sealed. Before anything leaves, the store has
    the pseudonyms and keys of it on its disk.
    """

    def __init__(
        self,
        publisher: Publisher,
        destinations: Destinations,
        identities: Identities,
        clock: Clock,
        meters: Meters,
        tracing: Tracing = UNTRACED,
    ) -> None:
        self._publisher = publisher
        self._identities = identities
        self._destinations = destinations
        self._clock = clock
        self._meters = meters
        self.tracing = tracing
        """Where the spans of what brings records here are made."""

    @property
    def losses(self) -> int:
        """
        How often identities could not be kept so far: for `take`, from whoever lets others go on before it.
        """
        return self._identities.losses

    async def take(
        self,
        verdicts: Sequence[Verdict],
        received: Sequence[Received | None],
        way: Way,
        name: str,
        losses: int | None = None,
    ) -> None:
        """
        Publish what the verdicts say; `received` is what each was about (None: no dead letter), `name` is the sender's.

        Raises Transient where the broker did not take it; all of the batch must then be sent again.
        """
        records: list[Outgoing] = []
        topic = self._destinations.events
        headers = (*STRUCTURED, *self.tracing.carried())
        accepted = 0
        duplicates = 0
        refusals: dict[RefusalReason, int] = {}
        letters: dict[RefusalReason, int] = {}
        latest: Accepted | None = None
        for place, verdict in enumerate(verdicts):
            if type(verdict) is Accepted:
                records.append(event_record(topic, verdict, headers))
                accepted += 1
                latest = verdict
            elif type(verdict) is Duplicate:
                duplicates += 1
            elif type(verdict) is Refused:
                refusals[verdict.reason] = refusals.get(verdict.reason, 0) + 1
                original = received[place]
                if original is not None and len(original.value or b"") <= _LARGEST_LETTER:
                    records.append(self._letter(verdict, original))
                    letters[verdict.reason] = letters.get(verdict.reason, 0) + 1
        self._identities.commit(losses)
        if records:
            await self._publisher.publish(records)
        meters = self._meters
        meters.accepted.labelled(way=way).inc(accepted)
        meters.duplicates.labelled(way=way).inc(duplicates)
        for reason, count in refusals.items():
            meters.refused.labelled(way=way, reason=reason).inc(count)
        for reason, count in letters.items():
            meters.dead_letters.labelled(reason=reason).inc(count)
        if latest is not None:
            meters.skew.labelled(source=name).set(latest.skew_ms / 1000)
            meters.last_event.labelled(source=name).set(self._clock.now_ms() / 1000)

    async def bury(self, letters: Sequence[DeadLetter]) -> None:
        """
        Publish letters of others, sealed like our own. Raises Transient where the broker did not take them.
        """
        records = [self._sealed(letter) for letter in letters]
        self._identities.commit()
        await self._publisher.publish(records)

    def _sealed(self, letter: DeadLetter) -> Outgoing:
        value, header = sealed(self._identities, Original(letter.key, letter.value, letter.headers))
        shut = replace(letter, key=None, value=value, headers=[header])
        return Outgoing(self._destinations.dead_letters, None, value, shut.all_headers())

    def _letter(self, refused: Refused, original: Received) -> Outgoing:
        headers, attempt, first_failed_at = attempt_of(original.headers, self._clock.now_ms())
        letter = DeadLetter(
            reason=refused.reason,
            stage=_STAGE,
            detail=refused.detail,
            key=original.key,
            value=original.value,
            headers=headers,
            first_failed_at=first_failed_at,
            attempt=attempt,
            origin=original.origin,
            field=refused.pointer,
        )
        return self._sealed(letter)
