"""
How alerts are dealt with, counted as it happens: how soon somebody takes one on and how soon it is over, whether that
was before its escalation went on, what people think of it, and how much they are told.

What a process has not seen itself, because another one worked then, it reads from the saved state when it takes over;
so an alert counts once, in the process that saw its end.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from schemas.alert_commands import AlertCommand
from services.alerts.engine import Alert, DeskState, Sent
from services.alerts.engine.telling import recipient_of

__all__ = ["Answer", "Answers", "told_by_schedule", "verdicts_of"]

_TAKING: Final = frozenset({"acknowledged", "handed_over"})
_NOBODY: Final = frozenset({"nobody_on_call", "nobody_answered"})


class Answer(StrEnum):
    """
    Whether somebody answered an escalation.
    """

    IN_TIME = "in_time"
    """Before it went on to a later step."""
    LATE = "late"
    """After that."""
    UNANSWERED = "unanswered"
    """It went on, and the alert was over without anybody having taken it on."""


@dataclass(slots=True)
class _Asked:
    """
    What is remembered of an alert that is not over: the first step of its escalation that told anybody, whether it went
    on, whether somebody took it on, and who was told.
    """

    first_step: int | None = None
    passed_on: bool = False
    taken: bool = False
    people: set[str] = field(default_factory=set)


class Answers:
    """
    Counts until somebody looks, who then clears what was counted. Durations are in seconds, by severity.
    """

    def __init__(self) -> None:
        self._asked: dict[str, _Asked] = {}
        self.acknowledged: list[tuple[str, float]] = []
        self.resolved: list[tuple[str, float]] = []
        self.answers: Counter[tuple[str, Answer]] = Counter()
        self.told: Counter[str] = Counter()
        """By person, alerts that they were told of while these fired, each once."""

    def take_over(self, state: DeskState) -> None:
        """
        Go on from a state that another process may have saved.
        """
        self._asked = {}
        for case in state.cases.values():
            one = self._of(case.alert.id)
            one.taken = case.alert.state == "acknowledged"
            for name in case.groups:
                group = state.groups.get(name)
                if group is None:
                    continue
                if group.run is not None and group.run.step > 0:
                    one.first_step = 1
                    one.passed_on |= group.run.step > 1 or group.run.round > 0 or group.run.over
                told = (recipient_of(key).person for key, alerts in group.told.items() if case.alert.key in alerts)
                one.people.update(person for person in told if person is not None)

    def changed(self, alert: Alert) -> None:
        """
        Take note of a transition.
        """
        if alert.fired_at is None:
            return
        if alert.is_over:
            one = self._asked.pop(alert.id, None)
            if one is None:
                # It was over before: somebody only says what they think of it.
                return
            if alert.state == "resolved":
                self.resolved.append((alert.severity, ((alert.ended_at or alert.at) - alert.fired_at) / 1_000))
            if one.passed_on and not one.taken:
                self.answers[alert.severity, Answer.UNANSWERED] += 1
            return
        one = self._of(alert.id)
        if alert.reason in _TAKING and not one.taken:
            one.taken = True
            self.acknowledged.append((alert.severity, (alert.at - alert.fired_at) / 1_000))
            if one.passed_on:
                self.answers[alert.severity, Answer.LATE] += 1
            elif one.first_step is not None:
                self.answers[alert.severity, Answer.IN_TIME] += 1

    def decided(self, sent: Sent) -> None:
        """
        Take note of a message, and of every alert that it tells of: its record lists the first ones only.
        """
        message = sent.notification
        for alert in sent.alerts:
            one = self._asked.get(alert.id)
            if one is None or alert.is_over:
                continue
            if message.reason in _NOBODY:
                one.passed_on = True
            elif message.step is not None:
                one.first_step = message.step if one.first_step is None else one.first_step
                one.passed_on |= message.step > one.first_step
            if message.person is not None and message.person not in one.people:
                one.people.add(message.person)
                self.told[message.person] += 1

    def _of(self, episode: str) -> _Asked:
        return self._asked.setdefault(episode, _Asked())


def verdicts_of(alerts: Iterable[Alert], commands: Sequence[AlertCommand]) -> Iterator[str]:
    """
    What people thought of alerts, of the commands that were obeyed: each of these is a transition, in the order of ids.
    """
    given = sorted((one for one in commands if one.action == "feedback"), key=lambda one: one.id)
    for alert in alerts:
        if alert.reason == "feedback":
            mine = next((one for one in given if one.alert == alert.key and one.by == alert.by), None)
            if mine is not None and mine.verdict is not None:
                given.remove(mine)
                yield mine.verdict


def told_by_schedule(told: Mapping[str, int], on_call: Mapping[str, str | None]) -> Counter[str]:
    """
    Count what people were told by the schedules by which they are on call, given who is on call by each; `none` for who
    is told for another reason.
    """
    found: Counter[str] = Counter()
    for person, count in told.items():
        for schedule in [name for name, one in on_call.items() if one == person] or ["none"]:
            found[schedule] += count
    return found
