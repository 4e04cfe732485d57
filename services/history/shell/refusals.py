"""
Sends what cannot be stored to the dead letters, and decides when there is too much of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final, Protocol

from services.history.shell.observing import Observing
from services.history.shell.storing import Refused
from services.runtime.clock import Clock
from services.runtime.deadletter import DeadLetter
from services.runtime.errors import Misconfigured
from services.runtime.logs import logger
from services.runtime.stopping import StopRule

__all__ = ["DeadLetters", "Refusals", "Said"]

STAGE: Final = "history"


class Said(StrEnum):
    """
    The log events of refusals.
    """

    REFUSED = "records_refused"


class DeadLetters(Protocol):
    """
    The way to the dead letters: `flush` returns when all that was put is acknowledged.
    """

    def put(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        *,
        headers: Sequence[tuple[str, bytes]] = (),
        partition: int | None = None,
    ) -> object: ...

    async def flush(self) -> None: ...


class Refusals:
    """
    The dead letters that history writes to `topic` as `group`. Topics are the cluster's names.
    """

    def __init__(
        self,
        dead_letters: DeadLetters,
        *,
        topic: str,
        group: str,
        rule: StopRule,
        clock: Clock,
        observing: Observing,
    ) -> None:
        self._dead_letters = dead_letters
        self._topic = topic
        self._group = group
        self._rule = rule
        self._watches = {topic: rule.watch()}
        self._clock = clock
        self._observing = observing
        self._log = logger(STAGE)

    async def bury(self, refused: Mapping[str, Iterable[Refused]]) -> None:
        """
        Write what was refused, by topic; returns when it is on the brokers.
        """
        any_put = False
        for topic, some in refused.items():
            for one in some:
                any_put = True
                self._put(topic, one)
        if any_put:
            await self._dead_letters.flush()

    def judge(self, topic: str, *, refused: int, records: int) -> None:
        """
        Count one batch; raises Misconfigured where so much is refused that something else must be wrong.
        """
        watch = self._watches.setdefault(topic, self._rule.watch())
        # Those stored count first: the order inside a batch is not known here, and good ones among bad are no drought.
        reasons = (watch.count(accepted=True, records=records - refused), watch.count(accepted=False, records=refused))
        reason = next((reason for reason in reasons if reason is not None), None)
        if refused and reason is not None:
            raise Misconfigured(
                f"history: {reason} from {topic}: {refused} of the last {records} records cannot be stored; "
                "see why with `sqm deadletters list`, mend whoever writes them, then start again"
            )

    def _put(self, topic: str, one: Refused) -> None:
        record = one.record
        letter = DeadLetter.of(
            record,
            reason=one.why,
            stage=STAGE,
            detail=one.detail,
            group=self._group,
            now_ms=self._clock.now_ms(),
        )
        # A record without a key has no partition of its own there; that of its origin does as well as any.
        partition = record.partition if record.key is None else None
        self._dead_letters.put(self._topic, record.key, record.value, headers=letter.all_headers(), partition=partition)
        self._observing.refused(one.why)
        self._log.warning(
            Said.REFUSED, topic=topic, partition=record.partition, offset=record.offset, reason=one.why.value
        )
