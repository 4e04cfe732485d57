"""
Lifecycles: violations and commands go in with the instants at which they were received, alerts come out.

Inputs of one instant are taken together, so their order does not matter; time passes from one due instant to the next,
so how often somebody looks does not matter either.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import groupby, takewhile
from operator import attrgetter
from typing import Final, NamedTuple

from schemas.alert_commands import OF_AN_ALERT, AlertCommand
from schemas.base import DAY_MS, HOUR_MS
from services.alerts.engine.book import Book
from services.alerts.engine.inputs import Violation
from services.alerts.engine.life import Life, due, say, settle
from services.alerts.engine.obeying import OBEY
from services.alerts.engine.outcomes import Alert, Note, Reason
from services.alerts.engine.rules import NEVER
from services.alerts.engine.taking import in_order, take_violation

__all__ = ["Given", "Lifecycles", "Received", "Transitions"]

_SWEEP: Final = ""
_NO_KEY: Final = ""
REMEMBERED_MS: Final = DAY_MS
"""How long a violation that is over is remembered, so that a copy of it does nothing: the horizon of late events."""
MOST_COMMANDS: Final = 10_000
"""So many ids of commands at most are remembered, for as long as violations are."""
FORGOTTEN_MS: Final = 35 * REMEMBERED_MS
"""After so long without anything an alert that is over is forgotten, as long as its violations are kept on Kafka."""


class Received(NamedTuple):
    """
    A violation as it was received.
    """

    at: int
    violation: Violation


class Given(NamedTuple):
    """
    A command as it was received.
    """

    at: int
    command: AlertCommand


class Transitions(NamedTuple):
    """
    What came of some inputs and of the passing of time: transitions in order, notes, and of the commands those that
    were not given before.
    """

    alerts: tuple[Alert, ...]
    notes: tuple[Note, ...]
    commands: tuple[Given, ...]


@dataclass
class Lifecycles:
    """
    All alerts, by key, with what is needed to find them: by violation its alert, and when which is looked at next.

    ``touched`` are the keys of those that have changed since somebody saved them, ``touched_commands`` the ids.
    """

    lives: dict[str, Life] = field(default_factory=dict)
    commands: dict[str, int] = field(default_factory=dict)
    """Ids of the commands that were given lately, and when, in this order: the only memory of them."""
    keys: dict[str, str] = field(default_factory=dict)
    waiting: list[tuple[int, str]] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    touched_commands: set[str] = field(default_factory=set)
    now: int = 0
    """Up to when time has passed."""
    fading: dict[int, set[str]] = field(default_factory=dict)
    """By full hour the keys of which something may be forgotten then; for a command, an empty one."""

    def take(self, book: Book, inputs: Iterable[Received | Given], until: int) -> Transitions:
        """
        Take what was received up to an instant, and let time pass up to it. None of it may be older than the last time.
        """
        came = _Round(self, book).run(sorted(inputs, key=attrgetter("at")), until)
        self.now = max(self.now, until)
        return came

    def adopt(self, book: Book, at: int) -> None:
        """
        Go on by another book from an instant on: once, after the configuration has changed.

        An alert whose rule is gone goes on by the first rule that takes it now, as after a change of the rule's id;
        where there is none, it is over. What follows comes with the next `take`.
        """
        for key, life in self.lives.items():
            if life.is_over and not (life.open or life.flapping):
                continue
            if life.rule not in book.rules and (rule := book.rule_for(life.labels)) is not None:
                life.rule, life.labels = rule.id, {**life.labels, "rule": rule.id}
            life.due_at = at
            heappush(self.waiting, (at, key))

    def restore(self, lives: Mapping[str, Life]) -> None:
        """
        Go on with alerts as they were saved.
        """
        self.lives.update(lives)
        for key, life in lives.items():
            self.keys.update(dict.fromkeys(life.known, key))
            if life.due_at < NEVER:
                heappush(self.waiting, (life.due_at, key))
            for one in life.known.values():
                if one.over_at is not None:
                    self.fade(key, one.over_at + REMEMBERED_MS)
            if life.is_over and not life.known:
                self.fade(key, _last(life) + FORGOTTEN_MS)
        for given in self.commands.values():
            self.fade(_NO_KEY, given + REMEMBERED_MS)

    def fade(self, key: str, at: int) -> None:
        """
        Put down that something of an alert may be forgotten from an instant on: at the next full hour, so that it does
        not depend on who looks when.
        """
        hour = at + -at % HOUR_MS
        if hour not in self.fading:
            self.fading[hour] = set()
            heappush(self.waiting, (hour, _SWEEP))
        self.fading[hour].add(key)


def _last(life: Life) -> int:
    """
    When something last happened to an alert. One that was never raised has no end; what is counted towards it may be
    older than what is known.
    """
    return max(life.ended_at or 0, life.opened[-1][0] if life.opened else 0)


class _Round:
    """
    One call of `take`.
    """

    def __init__(self, state: Lifecycles, book: Book) -> None:
        self._state = state
        self._book = book
        self._alerts: list[Alert] = []
        self._notes: list[Note] = []
        self._commands: list[Given] = []

    def run(self, inputs: Sequence[Received | Given], until: int) -> Transitions:
        for at, together in groupby(inputs, attrgetter("at")):
            self._pass_time(at - 1)
            self._at(at, list(together))
        self._pass_time(until)
        return Transitions(tuple(self._alerts), tuple(self._notes), tuple(self._commands))

    def _pass_time(self, until: int) -> None:
        waiting = self._state.waiting
        while waiting and waiting[0][0] <= until:
            at = waiting[0][0]
            for key in self._due_at(at):
                self._settle(key, at)

    def _due_at(self, at: int) -> list[str]:
        """
        The keys that are due up to an instant, in order; what has been put off since is left out.
        """
        waiting, lives, found = self._state.waiting, self._state.lives, set()
        while waiting and waiting[0][0] <= at:
            due_at, key = heappop(waiting)
            if key == _SWEEP:
                self._sweep(due_at)
            elif key in lives and lives[key].due_at == due_at:
                found.add(key)
        return sorted(found)

    def _at(self, at: int, together: list[Received | Given]) -> None:
        violations = [one.violation for one in together if isinstance(one, Received)]
        commands = [one for one in together if isinstance(one, Given)]
        touched = {self._violation(at, one) for one in sorted(violations, key=in_order)}
        for key in sorted(touched.union(self._due_at(at))):
            self._settle(key, at)
        for given in sorted(commands, key=attrgetter("command.id")):
            self._command(given)

    def _settle(self, key: str, at: int) -> None:
        life = self._state.lives.get(key)
        if life is None:
            return
        self._state.touched.add(key)
        rule = self._book.rules.get(life.rule)
        self._alerts += settle(life, rule, at, self._book.standards)
        next_due = due(life, rule, at, self._book.standards)
        if next_due < NEVER and next_due != life.due_at:
            heappush(self._state.waiting, (next_due, key))
        life.due_at = next_due
        if life.is_over and not life.known:
            self._state.fade(key, _last(life) + FORGOTTEN_MS)

    def _violation(self, at: int, one: Violation) -> str:
        taken = take_violation(self._state, self._book, at, one)
        self._notes += taken.notes
        if taken.key and one.is_over:
            self._state.fade(taken.key, at + REMEMBERED_MS)
        return taken.key

    def _is_copy(self, at: int, command: AlertCommand) -> bool:
        """
        Whether a command was given before; one that was not is remembered, and the oldest ones make room.
        """
        state = self._state
        if command.id in state.commands:
            self._note(at, Reason.DUPLICATE_COMMAND, command.id)
            return True
        state.commands[command.id] = at
        state.touched_commands.add(command.id)
        state.fade(_NO_KEY, at + REMEMBERED_MS)
        if len(state.commands) > MOST_COMMANDS:
            self._forget_command(next(iter(state.commands)))
        return False

    def _forget_command(self, name: str) -> None:
        del self._state.commands[name]
        self._state.touched_commands.add(name)

    def _command(self, given: Given) -> None:
        at, command = given
        if self._is_copy(at, command):
            return
        self._commands.append(given)
        if command.action not in OF_AN_ALERT:
            return
        life = self._state.lives.get(command.alert or "")
        if life is None:
            self._note(at, Reason.NO_SUCH_ALERT, command.alert or "")
            return
        if command.action not in OBEY:
            return
        if command.action == "hand_over" and command.to not in self._book.people:
            self._note(at, Reason.NOBODY_TO_HAND_TO, command.to or "")
            return
        # It counts from when it was received: who wrote it may have another clock.
        reason = OBEY[command.action](life, command.model_copy(update={"at": at}))
        if isinstance(reason, Reason):
            self._note(at, reason, command.id)
        else:
            self._alerts.append(say(life, at, reason, self._book.rules.get(life.rule), command.by))
            self._settle(life.key, at)

    def _sweep(self, at: int) -> None:
        """
        Forget what can no longer matter, of the alerts that were put down for this hour.
        """
        state = self._state
        for key in sorted(state.fading.pop(at) & state.lives.keys()):
            life = state.lives[key]
            old = [name for name, one in life.known.items() if (one.over_at or at) <= at - REMEMBERED_MS]
            for name in old:
                del life.known[name], state.keys[name]
            state.touched.add(key)
            if life.is_over and not life.known:
                if _last(life) <= at - FORGOTTEN_MS:
                    del state.lives[key]
                else:
                    state.fade(key, _last(life) + FORGOTTEN_MS)
        for name in [*takewhile(lambda name: state.commands[name] <= at - REMEMBERED_MS, state.commands)]:
            self._forget_command(name)

    def _note(self, at: int, reason: Reason, about: str) -> None:
        self._notes.append(Note(at, reason, about))
