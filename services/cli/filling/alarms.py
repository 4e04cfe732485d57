"""
The service of alerts without its surroundings: violations and commands at their instants, transitions and messages
into the log, and deliveries as if somebody's telephone had rung.
"""

from collections.abc import Iterable
from heapq import heappop, heappush
from random import Random
from typing import Final

import msgspec

from schemas.alert_commands import AlertCommand
from schemas.alerting import Alerting
from schemas.alerts import Delivery
from schemas.base import MINUTE_MS
from schemas.standards import AnyDocument
from schemas.topics import ALERT_COMMANDS, ALERTS, DELIVERIES, NOTIFICATIONS
from services.alerts.engine import (
    Book,
    Changed,
    Desk,
    DeskState,
    Given,
    Lifecycles,
    Received,
    Sent,
    decode_violation,
)
from services.cli.filling.topics import Log
from services.cli.season import People

__all__ = ["Alarms"]

_TICK_MS: Final = MINUTE_MS
"""How long is let pass at once where something is due."""
_GIVEN_UP: Final = 0.002
_TRIED_AGAIN: Final = 0.02


class Alarms:
    """
    Takes violations as they are said; `pass_time` does what is due until then. Used once.
    """

    def __init__(self, log: Log, alerting: Alerting, people: People, seed: int) -> None:
        self._log = log
        self._alerting = alerting
        self._people = people
        self._book = Book(alerting)
        self._lives = Lifecycles()
        self._desk = Desk(self._book, DeskState())
        self._received: list[Received] = []
        self._commands: list[tuple[int, str, AlertCommand]] = []
        self._chance = Random(f"{seed}/deliveries")  # noqa: S311  (a play, no secrets)
        self._encode = msgspec.json.Encoder().encode

    def adopt(self, documents: Iterable[AnyDocument]) -> None:
        """
        Go on by what is published now.
        """
        self._book = Book(self._alerting, documents)
        self._desk = Desk(self._book, self._desk.state)
        self._lives.adopt(self._book, self._lives.now)
        self._desk.reroute(self._lives.now)

    def hear(self, at: int, violation: bytes) -> None:
        """
        Take a violation that was written at an instant; instants never go back.
        """
        self._received.append(Received(at, decode_violation(violation)))

    def pass_time(self, until: int) -> None:
        """
        Let time pass up to an instant, a minute at a time where something is due.
        """
        received = self._received
        place = 0
        while True:
            following = received[place].at if place < len(received) else until + 1
            due = self._due(following)
            if due > until:
                break
            end = min(until, due - due % _TICK_MS + _TICK_MS - 1)
            first = place
            while place < len(received) and received[place].at <= end:
                place += 1
            self._take([*received[first:place], *self._given(end)], end)
        self._received = received[place:]

    def _due(self, following: int) -> int:
        waiting = (self._lives.waiting, self._desk.state.waiting, self._commands)
        return min([following, *(heap[0][0] for heap in waiting if heap)])

    def _given(self, end: int) -> list[Given]:
        given = []
        while self._commands and self._commands[0][0] <= end:
            at, _, command = heappop(self._commands)
            life = self._lives.lives.get(command.alert or "")
            if life is None or (command.action == "acknowledge" and life.is_over):
                continue
            given.append(Given(max(at, self._lives.now), command))
            key = command.alert or ""
            self._log.put(ALERT_COMMANDS.name, given[-1].at, key, command.model_dump_json(by_alias=True).encode())
        return given

    def _take(self, inputs: list[Received | Given], until: int) -> None:
        step = self._lives.take(self._book, inputs, until)
        changes = [Changed(alert.at, alert) for alert in step.alerts]
        told = self._desk.take([*changes, *step.commands], until)
        for alert in step.alerts:
            self._log.put(ALERTS.name, alert.at, alert.key, self._encode(alert))
            if alert.is_over and alert.fired_at is not None:
                self._plan(self._people.see_over(alert.at, alert))
        for message in told.messages:
            self._deliver(message)

    def _deliver(self, message: Sent) -> None:
        said = message.notification
        self._log.put(NOTIFICATIONS.name, said.at, said.receiver, self._encode(said))
        fate = self._chance.random()
        took_ms = self._chance.randint(120, 1_400)
        attempts = 1
        if fate < _TRIED_AGAIN:
            attempts, took_ms = 3, took_ms + 31_000
        delivery = Delivery(
            notification=said.id, at=said.at + took_ms, receiver=said.receiver, person=said.person,
            outcome="given_up" if fate < _GIVEN_UP else "delivered", attempts=attempts, took_ms=took_ms,
            problem="no answer in time" if fate < _GIVEN_UP else None,
        )  # fmt: skip
        self._log.put(DELIVERIES.name, delivery.at, delivery.receiver, delivery.model_dump_json().encode())
        if said.person is not None and fate >= _GIVEN_UP:
            self._plan(self._people.hear(delivery.at, said.person, said.step or 0, message.alerts))

    def _plan(self, commands: Iterable[AlertCommand]) -> None:
        for command in commands:
            heappush(self._commands, (command.at, command.id, command))
