"""
The line in one process: events through ingest's engine into a log, from there through the engine of standards and that
of alerts, each at the instant at which it would have happened.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from schemas.standards import PUBLISHED, Published, document_key
from schemas.topics import ATTAINMENT, DEAD_LETTERS, EVENTS, MEASUREMENTS, STANDARDS, VIOLATIONS
from services.cli.filling.alarms import Alarms
from services.cli.filling.topics import Log, Written
from services.ingest.engine.modes import STRUCTURED
from services.ingest.engine.normalise import Accepted, Policy, normalise_object
from services.runtime.deadletter import DeadLetter
from services.sla.engine import (
    Book,
    Measurement,
    Objectives,
    Partition,
    Said,
    Stages,
    Violation,
    decode_event,
    encode_outcome,
)
from services.sla.engine import Policy as EnginePolicy

__all__ = ["Filled", "Filling"]

_GROUP: Final = "sqm.sla"


class Filled(NamedTuple):
    """
    What came of it: events by what became of them, and records by topic.
    """

    accepted: int
    refused: Counter[str]
    notes: Counter[str]
    written: Counter[str]


class Filling:
    """
    Takes publications and events in the order of time. Used once.
    """

    def __init__(self, log: Log, alarms: Alarms) -> None:
        self._log = log
        self._alarms = alarms
        self._book = Book()
        # What is played names nobody: those in it have pseudonyms from the beginning.
        self._accepting = Policy()
        policy = EnginePolicy()
        self._partition = Partition(policy)
        self._stages = Stages(self._partition, Objectives(policy.horizon_ms))
        self._encode = msgspec.json.Encoder().encode
        self.accepted = 0
        self.refused: Counter[str] = Counter()
        self.notes: Counter[str] = Counter()

    def publish(self, publications: Iterable[Published]) -> None:
        """
        Publish documents, each at its own time.
        """
        for one in publications:
            self._book, _ = self._book.add(one)
            self._log.put(STANDARDS.name, one.published_at, document_key(one.document), PUBLISHED.dump_json(one))
        self._alarms.adopt(document for _, document in self._book.documents.values())

    def take(self, events: Sequence[tuple[int, dict[str, Any]]]) -> None:
        """
        Take events, each with the instant of its receipt.
        """
        written: list[Written] = []
        for at, event in events:
            accepted = normalise_object(event, at, self._accepting)
            if isinstance(accepted, Accepted):
                written.append(self._log.put(EVENTS.name, at, accepted.site, accepted.value, STRUCTURED))
                continue
            value = self._encode(event)
            letter = DeadLetter(
                accepted.reason, "ingest", accepted.detail, None, value, STRUCTURED, first_failed_at=at,
                field=accepted.pointer,
            )  # fmt: skip
            self._log.put(DEAD_LETTERS.name, at, "", value, letter.all_headers())
            self.refused[accepted.reason] += 1
        self.accepted += len(written)
        records = ((one.offset, one.timestamp, decode_event(one.value or b"")) for one in written)
        by_offset = {one.offset: one for one in written}
        for said in self._stages.fold(records, self._book):
            self._hear(said)
            for offset, reason in said.decision.rejected:
                one = by_offset[offset]
                letter = DeadLetter.of(one, reason=reason, stage="sla", detail="", group=_GROUP, now_ms=one.timestamp)
                self._log.put(DEAD_LETTERS.name, one.timestamp, "", one.value or b"", letter.all_headers())
                self.refused[reason] += 1
        self._alarms.pass_time(self._partition.watermark)

    def finish(self, at: int) -> Filled:
        """
        Let time pass up to an instant, and say what came of it all.
        """
        for said in self._stages.advance(at, self._book):
            self._hear(said)
        self._alarms.pass_time(at)
        return Filled(self.accepted, self.refused, self.notes, self._log.written())

    def _hear(self, said: Said) -> None:
        decision, put, now = said.decision, self._log.put, self._partition.watermark
        self.notes.update({reason.value: times for reason, times in decision.notes.items()})
        for outcomes in (decision.timed, decision.measurements, decision.violations):
            for one in outcomes:
                if isinstance(one, Measurement):
                    put(MEASUREMENTS.name, now, one.site, encode_outcome(one))
                else:
                    self._violation(one, now)
        for row in said.rows:
            put(ATTAINMENT.name, now, row.site, encode_outcome(row))
        for verdict in said.violations:
            self._violation(verdict, now)

    def _violation(self, one: Violation, now: int) -> None:
        value = encode_outcome(one)
        self._log.put(VIOLATIONS.name, now, one.site, value)
        self._alarms.hear(now, value)
