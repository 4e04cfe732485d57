"""
Plays a timeline on the engine of alerts as the service would: lifecycles first, then the desk.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.alert_commands import AlertCommand
from schemas.alerting import ALERTINGS
from schemas.base import from_millis
from schemas.standards import AnyDocument
from services.alerts.engine import (
    Alert,
    Book,
    Changed,
    Decided,
    Desk,
    DeskState,
    Given,
    Lifecycles,
    Note,
    Notification,
    Received,
    Saver,
    Transitions,
    Violation,
    restored,
)
from services.cli.alerting.model import Step, instant_of

__all__ = ["Played", "note_line", "state_line", "told_line"]

_STATES = {"open": "opened", "close": "closed", "retract": "retracted", "update": "updated"}


@dataclass
class Played:
    """
    A configuration at work: what was sent, what was noted, and which alerts there are.

    `said` is the configuration as it is written. Raises pydantic's ValidationError where it is none.
    """

    said: Mapping[str, Any]
    documents: tuple[AnyDocument, ...]
    day: str
    messages: list[Notification] = field(default_factory=list)
    transitions: list[Alert] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._book = self._read()
        self._lives = Lifecycles()
        self._desk = Desk(self._book, DeskState())
        self._saver = Saver(self._lives, self._desk.state)
        self._saved: dict[str, bytes] = {}
        self._opened: dict[str, Violation] = {}
        self._number = 0
        self._now = 0
        self._unread: list[Received | Given] | None = None
        """What was written while nobody worked; None while somebody does."""

    def do(self, step: Step) -> None:
        """
        Do what a step says. Raises pydantic's ValidationError where a command or a configuration is none.
        """
        self._number += 1
        at = instant_of(step.at, self.day) if step.at is not None else self._now
        if step.advance_to is not None:
            self._pass((), instant_of(step.advance_to, self.day))
        elif step.restart:
            self._saved |= self._saver.changed()
            self._lives, state = restored({name: body for name, body in self._saved.items() if body})
            self._desk, self._saver = Desk(self._book, state), Saver(self._lives, state)
        elif step.reload is not None:
            self._pass((), at)
            self.said = {**self.said, **step.reload}
            self._book = self._read()
            self._desk = Desk(self._book, self._desk.state)
            self._lives.adopt(self._book, at)
            self.notes += self._desk.reroute(at)
            self._pass((), at)
        elif step.down:
            self._unread = []
        elif step.up:
            self._catch_up(at)
        elif step.do is not None:
            self._pass((Given(at, self._command(step, at)),), at)
        elif step.expect is None:
            self._pass((Received(at, self._violation(step, at)),), at)

    @property
    def alerts(self) -> dict[str, Alert]:
        """
        What is not over, by key.
        """
        return {key: case.alert for key, case in self._desk.state.cases.items()}

    def _read(self) -> Book:
        return Book(ALERTINGS.validate_python(self.said), self.documents)

    def _pass(self, inputs: Iterable[Received | Given], until: int) -> None:
        self._now = max(self._now, until)
        if self._unread is not None:
            self._unread += inputs
            return
        step = self._lives.take(self._book, inputs, until)
        self._came(step, self._desk.take(_changes(step), until))

    def _catch_up(self, at: int) -> None:
        """
        Read what was written while nobody worked, each as of then; what was due meanwhile is done after that, now.
        """
        unread, self._unread = self._unread or [], None
        self._now = at
        step = self._lives.take(self._book, unread, at)
        self._came(step, self._desk.hear(_changes(step), at))
        self._pass((), at)

    def _came(self, step: Transitions, told: Decided) -> None:
        self.transitions += step.alerts
        self.messages += [one.notification for one in told.messages]
        self.notes += [*step.notes, *told.notes]

    def _violation(self, step: Step, at: int) -> Violation:
        what = next(name for name in _STATES if getattr(step, name) is not None)
        name = getattr(step, what)
        before = self._opened.get(name)
        if before is None:
            opened_at = instant_of(step.opened_at, self.day) if step.opened_at is not None else at
            before = self._opened[name] = Violation(
                id=name, standard=step.standard, version=step.version, rev_offset=0, rev_watermark=at, site=step.site,
                kind=step.kind, state="opened", opened_at=opened_at, as_of=at, queue=step.queue, channel=step.channel,
                service=step.service, segment=step.segment, priority=step.priority, late=step.late,
                limit_ms=step.limit, scope=step.scope, window=step.window, burn_tier=step.tier, severity=step.severity,
            )  # fmt: skip
        return _at(before, _STATES[what], self._number, at)

    def _command(self, step: Step, at: int) -> AlertCommand:
        said = {name: getattr(step, name) for name in ("by", "alert", "to", "note", "verdict", "ends", "schedule")}
        said |= {"silence": step.silence, "override": step.override, "action": step.do, "at": at}
        if step.until is not None:
            said["until"] = instant_of(step.until, self.day)
        said["id"] = step.id or f"command-{self._number}"
        return AlertCommand.model_validate({name: value for name, value in said.items() if value is not None})


def told_line(one: Notification, day: str) -> str:
    """
    A message in one line: `TIME WHO REASON: ALERTS`.
    """
    who = f"{one.person} by {one.receiver}" if one.person else one.receiver
    alerts = ", ".join(
        f"{told.id.rpartition('#')[0]} ({told.severity if told.state == 'firing' else told.state})"
        for told in one.alerts
    )
    step = f" (step {one.step})" if one.step else ""
    more = f" and {one.more} more" if one.more else ""
    related = f", {one.related} more of the same cause" if one.related else ""
    held = f", {one.held_back} held back" if one.held_back else ""
    return f"{_time(one.at, day)} {who} {one.reason}{step}: {alerts}{more}{related}{held}"


def note_line(note: Note, day: str) -> str:
    """
    A note in one line: `TIME REASON ABOUT`.
    """
    return f"{_time(note.at, day)} {note.reason.value} {note.about}"


def state_line(alert: Alert) -> str:
    """
    An alert's state in words: `firing page`, `acknowledged ticket by lead`, `firing ticket flapping`.
    """
    owner = f" by {alert.owner}" if alert.owner else ""
    return f"{alert.state} {alert.severity}{owner}{' flapping' if alert.flapping else ''}"


def _changes(step: Transitions) -> list[Changed | Given]:
    return [*(Changed(alert.at, alert) for alert in step.alerts), *step.commands]


def _at(one: Violation, state: str, offset: int, at: int) -> Violation:
    fields = {name: getattr(one, name) for name in Violation.__struct_fields__}
    return Violation(**(fields | {"state": state, "rev_offset": offset, "rev_watermark": at, "as_of": at}))


def _time(at: int, day: str) -> str:
    moment = from_millis(at)
    text = f"{moment:%H:%M:%S}" if moment.second or moment.microsecond else f"{moment:%H:%M}"
    text += f".{moment.microsecond // 1000:03d}" if moment.microsecond else ""
    return text if f"{moment:%Y-%m-%d}" == day else f"{moment:%Y-%m-%d} {text}"
