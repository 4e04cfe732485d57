"""
Plays a scenario on the engine as a worker would: one partition, its log, its checkpoints, and a store that keeps what
was said.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from pydantic import ValidationError

from domain.standings import Standing
from schemas.base import format_instant, from_millis, to_millis
from schemas.events import EVENT_MODELS, PREFIX
from schemas.standards import DOCUMENTS, KINDS, AnyDocument, Published, Standard
from services.cli.revisions import revision_of, supersedes
from services.cli.scenarios.model import PolicySaid, Scenario, Step
from services.runtime.errors import Misconfigured
from services.runtime.faults import describe
from services.runtime.yamlfile import Document
from services.sla.engine import (
    Attainment,
    Book,
    ClockKind,
    Event,
    EventFacts,
    Measurement,
    Objectives,
    Outcome,
    Partition,
    Policy,
    Reason,
    Record,
    Said,
    Stages,
    Violation,
    peek,
)

__all__ = ["Played", "Told", "complete", "instant_of", "play"]

_FACTS: Final = tuple(EventFacts.__struct_fields__)
_IN_MILLISECONDS: Final = ("lateness", "horizon", "grace", "late_after", "future")
_AS_THEY_ARE: Final = ("chunks", "chunk_max_bytes", "max_sites")


@dataclass
class Told:
    """
    All that was said, and of each id what holds: the greatest revision.
    """

    holds: dict[str, Outcome] = field(default_factory=dict)
    story: dict[str, list[str]] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    settled: list[Standing] = field(default_factory=list)
    """Windows of the calendar that are final."""

    def take(self, all_said: Iterable[Said]) -> None:
        for one in all_said:
            self._take(one)

    def _take(self, all_said: Said) -> None:
        decision = all_said.decision
        said: list[Measurement | Violation] = [*decision.timed, *decision.measurements, *decision.violations]
        for one in sorted(said, key=revision_of):
            self.keep(one)
        for row in all_said.rows:
            self.keep(row)
        for violation in all_said.violations:
            self.keep(violation)
        self.settled += all_said.settled
        for reason, count in decision.notes.items():
            self._count(self.notes, reason, count)
        for _, reason in decision.rejected:
            self._count(self.rejected, reason, 1)

    def keep(self, one: Outcome) -> None:
        held = self.holds.get(one.id)
        if supersedes(one, held):
            if held != one and not isinstance(one, Attainment):
                self.story.setdefault(one.id, []).append(one.state)
            self.holds[one.id] = one

    @staticmethod
    def _count(into: dict[str, int], reason: Reason, count: int) -> None:
        into[reason.value] = into.get(reason.value, 0) + count

    def measurements(self) -> list[Measurement]:
        return [one for one in self.holds.values() if isinstance(one, Measurement)]

    def violations(self, *kinds: str) -> list[Violation]:
        return [one for one in self.holds.values() if isinstance(one, Violation) and one.kind in kinds]

    def attainment(self) -> list[Attainment]:
        return [one for one in self.holds.values() if isinstance(one, Attainment)]


class Played:
    """
    A worker of one partition in the course of a scenario.
    """

    def __init__(self, scenario: Scenario, published: list[Published]) -> None:
        self.scenario = scenario
        self.policy = policy_of(scenario.policy)
        self.book = Book.of(published)
        self.told = Told()
        self.stages = Stages(Partition(self.policy), Objectives(self.policy.horizon_ms))
        self.now = 0
        self.log: list[Record] = []
        self.saved: dict[tuple[str, int], bytes] = {}
        self.saved_objectives = b""
        self.saved_to = 0
        self._events: dict[str, Event] = {}

    @property
    def state(self) -> Partition:
        return self.stages.partition

    def standings(self) -> list[Standing]:
        """
        What every scope stands at, in windows that are final and in those that are not.
        """
        return [*self.told.settled, *self.stages.standings()]

    def do(self, step: Step) -> None:
        """
        Do what one step says, unless it is a check.
        """
        if step.checkpoint:
            self._save()
        if step.event is not None:
            for number in range(step.times):
                self._receive(step, self._event(step, number))
        elif step.again is not None:
            for _ in range(step.times):
                self._receive(step, self._known(step.again))
        elif step.advance_to is not None:
            self._pass(instant_of(self.scenario, step.advance_to))
        elif step.publish is not None:
            document = _document(complete(step.publish), "publish")
            self.book, _ = self.book.add(Published(document=document, published_at=self.now, published_by="scenario"))
        elif step.restart is not None:
            if step.restart == "clean":
                self._save()
            self._restart()

    def _known(self, ident: str) -> Event:
        if ident not in self._events:
            raise Misconfigured(f"`again: {ident}`: no event before it has this id; give that event an `id`")
        return self._events[ident]

    def finish(self) -> None:
        """
        Sum up; on the event clock a file has ended, so time stands at its greatest plausible instant.
        """
        if self.policy.clock is ClockKind.EVENT:
            self.told.take(self.stages.advance(self.state.greatest_at, self.book))

    def _event(self, step: Step, number: int) -> Event:
        kind = f"{PREFIX}{step.event}"
        if kind not in EVENT_MODELS:
            raise Misconfigured(f"no service event is called {step.event!r}; the reference of events lists them")
        at = instant_of(self.scenario, step.at or "")
        suffix = f"-{number + 1}" if step.times > 1 else ""
        ident = (step.id or f"{step.event} of {step.journey} at {step.at}") + suffix
        subject = None if step.journey is None else step.journey + suffix
        facts = {name: getattr(step, name) for name in _FACTS}
        if step.promised_at is not None:
            facts["promised_at"] = from_millis(instant_of(self.scenario, step.promised_at))
        data = msgspec.convert({k: v for k, v in facts.items() if v is not None}, EventFacts)
        made = Event(ident, step.source, kind, datetime.fromtimestamp(at / 1_000, UTC), data, subject)
        self._events.setdefault(ident, made)
        return made

    def _receive(self, step: Step, event: Event) -> None:
        said = step.received or step.at
        self.now = max(self.now, instant_of(self.scenario, said) if said else self.now)
        record = (len(self.log), self.now, event)
        self.log.append(record)
        self.told.take(self.stages.fold([record], self.book))

    def _pass(self, until: int) -> None:
        self.now = max(self.now, until)
        self.told.take(self.stages.advance(until, self.book))

    def _save(self) -> None:
        self.saved_objectives = b"" if self.stages.objectives is None else self.stages.objectives.encode()
        for name in self.state.dirty():
            blob = self.state.encode(*name)
            if blob:
                self.saved[name] = blob
            else:
                self.saved.pop(name, None)
        self.saved_to = len(self.log)

    def _restart(self) -> None:
        saved = dict(self.saved)
        state = Partition(
            self.policy, lambda site: [(part, blob) for (owner, part), blob in saved.items() if owner == site]
        )
        for (site, part), blob in saved.items():
            state.register(site, part, peek(blob))
        written = self.saved_objectives
        objectives = Objectives.decode(written, self.book) if written else Objectives(self.policy.horizon_ms)
        self.stages = Stages(state, objectives)
        self.told.take(self.stages.fold(self.log[self.saved_to :], self.book))


def play(scenario: Scenario, published: list[Published]) -> Played:
    """
    Begin a scenario with the standards of its files; those that it holds itself and its sources come after them.
    """
    documents = [_document(complete(one), f"standards[{number}]") for number, one in enumerate(scenario.standards)]
    documents += [_document(_source(name, delay), f"sources.{name}") for name, delay in scenario.sources.items()]
    own = [Published(document=one, published_at=0, published_by="scenario") for one in documents]
    if not any(isinstance(one.document, Standard) for one in (*published, *own)):
        raise Misconfigured("a scenario needs a standard: write it under `standards`, or name its file under `files`")
    return Played(scenario, [*published, *own])


def _document(whole: dict[str, Any], place: str) -> AnyDocument:
    """
    Read a document that a scenario holds; raises Misconfigured with every fault, by its place and field.
    """
    try:
        return DOCUMENTS.validate_python(whole)
    except ValidationError as error:
        raise Misconfigured("; and ".join(describe(error, Document(place, whole), AnyDocument))) from error


def complete(short: dict[str, Any]) -> dict[str, Any]:
    """
    A standard document from what a scenario says of it: what decides nothing is filled in.
    """
    if "metadata" in short:
        return short
    said = dict(short)
    ident = said.pop("id", None)
    metadata = {
        "id": ident,
        "version": said.pop("version", 1),
        "title": str(ident),
        "owner": "scenario",
        "why": "It is part of a scenario.",
        "effective_from": said.pop("effective_from", "2000-01-01T00:00:00Z"),
        "effective_until": said.pop("effective_until", None),
    }
    applies_to = said.pop("applies_to", {})
    kind = next((name for name in KINDS if name in said), None)
    parts: dict[str, Any] = {"clock": said} if kind is None else {kind: said[kind]}
    if kind != "presence":
        parts["objective"] = said.pop("objective", {"metric": "sl_all_offered", "target": "80%"})
    return {"apiVersion": "sqm/v1", "kind": "Standard", "metadata": metadata, "applies_to": applies_to, **parts}


def _source(name: str, delay: int) -> dict[str, Any]:
    metadata = {"id": name, "title": name, "expected_delay": f"{delay}ms"}
    return {"apiVersion": "sqm/v1", "kind": "Source", "metadata": metadata}


def policy_of(said: PolicySaid) -> Policy:
    """
    The engine's policy from a scenario's words.
    """
    written = {name: value for name, value in said if value is not None}
    named = {f"{name}_ms": written[name] for name in _IN_MILLISECONDS if name in written}
    named |= {name: written[name] for name in _AS_THEY_ARE if name in written}
    return Policy(clock=ClockKind(said.clock))._replace(**named)


def instant_of(scenario: Scenario, said: str) -> int:
    """
    Milliseconds since the epoch of a time that a scenario names.
    """
    day, _, clock = said.replace("T", " ").rpartition(" ")
    parts = clock.split(":")
    whole = f"{day or scenario.day}T{parts[0]}:{parts[1]}:{parts[2] if len(parts) > 2 else '00'}"  # noqa: PLR2004
    return to_millis(datetime.fromisoformat(whole).replace(tzinfo=UTC))


def told_instant(at: int) -> str:
    """
    An instant as a reader of scenarios knows it.
    """
    return format_instant(at).replace("T", " ").removesuffix("Z").removesuffix(".000")
