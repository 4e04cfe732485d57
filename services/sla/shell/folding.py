"""
Feeds what Kafka brought to the engine and applies its decisions, in one place, so that none can be dropped.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from schemas.decoding import NOT_READABLE
from services.runtime.clock import Clock
from services.runtime.errors import Misconfigured
from services.runtime.kafka import BlobName, Record
from services.runtime.stopping import StopRule
from services.sla.engine import (
    Book,
    ClockKind,
    Decision,
    Event,
    Measurement,
    Reason,
    Violation,
    advance,
    decode_event,
    fold,
)
from services.sla.shell.measured import Measured
from services.sla.shell.outputs import Outputs
from services.sla.shell.partitions import Owned
from services.sla.shell.refusals import HARMLESS, UNDECODABLE

__all__ = ["Folding", "Tally"]

REMEMBERED = 10_000


@dataclass(slots=True)
class Tally:
    """
    What was done since the metrics were last told.
    """

    events: int = 0
    notes: Counter[Reason] = field(default_factory=Counter)
    violation_delays_ms: list[int] = field(default_factory=list)
    fold_seconds: list[float] = field(default_factory=list)


class Folding:
    """
    Takes records and the passing of time, one call at a time, never waiting in between.
    """

    def __init__(self, outputs: Outputs, *, book: Callable[[], Book], rule: StopRule, clock: Clock) -> None:
        self._clock = clock
        self._outputs = outputs
        self._book = book
        self._watch = rule.watch()
        self.tally = Tally()
        self.measured = Measured(book)

    def records(self, owned: Owned, records: Sequence[Record]) -> None:
        """
        Fold records of the partition, in the order of their offsets; those that were handled before are left out.

        Raises Misconfigured where so much is refused that something else must be wrong; those refused are sent before.
        """
        if records[0].offset < owned.next_offset:
            records = [record for record in records if record.offset >= owned.next_offset]
            if not records:
                return
        undecodable: list[tuple[Record, str]] = []
        started = self._clock.monotonic_ms()
        with owned.reading_state():
            decision = fold(owned.state, _decoded(records, undecodable), self._book())
        if len(self.tally.fold_seconds) < REMEMBERED:
            self.tally.fold_seconds.append((self._clock.monotonic_ms() - started) / 1000)
        owned.next_offset = records[-1].offset + 1
        owned.last_timestamp = records[-1].timestamp
        # What the time of a record caused may leave at once, unlike what the wall clock caused: after a crash the same
        # record is read again, since nothing is committed before its state is saved, and causes the same.
        self._outputs.outcomes(decision.timed)
        self._apply(decision)
        self._refuse(decision, records, undecodable)
        self.tally.events += len(records)

    def time(self, owned: Owned, now: int) -> list[BlobName]:
        """
        Let the wall clock pass; returns the chunks to be saved before what it caused may leave.
        """
        with owned.reading_state():
            decision = advance(owned.state, self._book(), now)
        self._apply(decision)
        return owned.hold(decision)

    def rest(self, owned: Owned) -> list[BlobName]:
        """
        On event time, with nothing more to read: go to the greatest event time seen, as at the end of a file.
        """
        state = owned.state
        if state.policy.clock is not ClockKind.EVENT or state.greatest_at <= state.watermark:
            return []
        return self.time(owned, state.greatest_at)

    def _apply(self, decision: Decision) -> None:
        self._outputs.outcomes(decision.measurements)
        self._outputs.outcomes(decision.violations)
        self.tally.notes.update(decision.notes)
        self.measured.count(decision.measurements)
        if decision.timed:
            self.measured.count(one for one in decision.timed if isinstance(one, Measurement))
        delays = self.tally.violation_delays_ms
        for outcome in decision.timed:
            if isinstance(outcome, Violation) and outcome.state == "opened" and len(delays) < REMEMBERED:
                delays.append(max(0, outcome.detected_at - outcome.opened_at))

    def _refuse(self, decision: Decision, records: Sequence[Record], undecodable: list[tuple[Record, str]]) -> None:
        refused = [(record, UNDECODABLE, detail) for record, detail in undecodable]
        if decision.rejected:
            by_offset = {record.offset: record for record in records}
            refused += [(by_offset[offset], reason.value, "") for offset, reason in decision.rejected]
            self.tally.notes.update(reason for _, reason in decision.rejected)
        self._watch.count(accepted=True, records=len(records) - len(refused))
        for record, reason, detail in refused:
            self._outputs.refuse(record, reason, detail)
            why = None if reason in HARMLESS else self._watch.count(accepted=False)
            if why is not None:
                raise Misconfigured(
                    f"{record.topic}/{record.partition} at offset {record.offset}: {why} (the last one: {reason}); "
                    "see why with `sqm deadletters list`, mend whoever writes them, or raise SQM_SLA_REFUSED_IN_A_ROW "
                    "and SQM_SLA_REFUSED_PERCENT to send all of it to the dead letters, then start again"
                )


def _decoded(records: Sequence[Record], undecodable: list[tuple[Record, str]]) -> Iterator[tuple[int, int, Event]]:
    decode = decode_event
    for record in records:
        try:
            yield record.offset, record.timestamp, decode(record.value or b"")
        except NOT_READABLE as error:
            undecodable.append((record, str(error)[:200]))
