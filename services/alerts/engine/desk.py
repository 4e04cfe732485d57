"""
The desk: what crosses scopes. Transitions of alerts and commands go in, messages to people and channels come out.

It routes, groups, mutes, escalates and spares people. Like the lifecycles, it takes the inputs of one instant together
and lets time pass from one due instant to the next.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from schemas.alert_commands import AlertCommand
from services.alerts.engine.attending import attend
from services.alerts.engine.bearing import Burden
from services.alerts.engine.book import Book
from services.alerts.engine.desk_state import DeskState
from services.alerts.engine.escalating import Turns
from services.alerts.engine.groups import Group, Run
from services.alerts.engine.inhibition import Inhibitions
from services.alerts.engine.lifecycle import Given
from services.alerts.engine.orders import QUIET, Orders
from services.alerts.engine.outcomes import Alert, Note, Notification, Reason
from services.alerts.engine.reaching import contacts_of
from services.alerts.engine.routing import Leaf
from services.alerts.engine.rules import NEVER
from services.alerts.engine.telling import Teller

__all__ = ["Changed", "Desk", "Told"]

_GROUP: Final = "group"
_PERSON: Final = "person"
_SOON: Final = frozenset({"more_severe", "ack_expired", "unacknowledged", "handed_over"})
"""Transitions of which people are told at once, whatever their group waits for."""


class Changed(NamedTuple):
    """
    A transition of an alert, as it was received.
    """

    at: int
    alert: Alert


class Told(NamedTuple):
    """
    What came of some inputs and of the passing of time.
    """

    messages: tuple[Notification, ...]
    notes: tuple[Note, ...]


class Desk:
    """
    A state with the book by which it is worked on. Make a new one when the book changes; the state goes on.
    """

    def __init__(self, book: Book, state: DeskState) -> None:
        self._book = book
        self.state = state
        self._inhibitions = Inhibitions(book.said.inhibit)
        self._causes: Counter[str] = Counter()
        self._orders = Orders(book, state)
        for alert in state.alerts.values():
            self._note_firing(alert, fires=True)

    def take(self, inputs: Iterable[Changed | Given], until: int) -> Told:
        """
        Take what was received up to an instant, and let time pass up to it. None of it may be older than the last time.
        """
        teller = Teller(self._book, self.state.burdens, self._causes)
        turns = Turns(self._book, self._orders.stands, teller)
        for at, together in groupby(sorted(inputs, key=attrgetter("at")), attrgetter("at")):
            self._pass_time(at - 1, teller, turns)
            self.state.now = at
            self._at(at, list(together), teller)
            self._pass_time(at, teller, turns)
        self._pass_time(until, teller, turns)
        self.state.now = max(self.state.now, until)
        return Told(tuple(teller.messages), tuple(teller.notes))

    def reroute(self, at: int) -> None:
        """
        Put every alert where the routes of this book lead it: once, after the book has changed.
        """
        for alert in self.state.alerts.values():
            self._join(alert, at)
        self._mute(self.state.alerts, at)

    def _at(self, at: int, together: Sequence[Changed | Given], teller: Teller) -> None:
        state = self.state
        commands = sorted((one.command for one in together if isinstance(one, Given)), key=attrgetter("id"))
        new = [one for one in commands if one.id not in state.commands]
        state.commands.update((one.id, at) for one in new)
        # Every one of them, so no `any`.
        quiet = [self._orders.obey(one, teller) for one in new]
        touched: set[str] = set()
        mutes = any(quiet)
        changes = sorted((one.alert for one in together if isinstance(one, Changed)), key=attrgetter("key", "seq"))
        for alert in changes:
            if alert.seq > state.seqs.get(alert.key, 0):
                state.seqs[alert.key] = alert.seq
                mutes |= self._change(alert, at, teller)
                touched.add(alert.key)
        self._mute(state.alerts if mutes else touched & state.alerts.keys(), at)
        for command in new:
            if command.action == "escalate":
                self._escalate(command, at, teller)

    def _note_firing(self, alert: Alert, *, fires: bool) -> bool:
        if alert.correlation is not None:
            self._causes[alert.correlation] += 1 if fires else -1
        return self._inhibitions.note(alert.key, alert.labels, fires=fires and alert.state != "pending")

    def _change(self, alert: Alert, at: int, teller: Teller) -> bool:
        """
        Take in a transition; tells whether it is of an alert that may mute others.
        """
        state, before = self.state, self.state.alerts.pop(alert.key, None)
        mutes = before is not None and self._note_firing(before, fires=False)
        for name in state.joined.get(alert.key, ()):
            group = state.groups[name]
            if alert.flapping and alert.reason != "flapping":
                _carry_over(group, alert)
        if not alert.is_over:
            state.alerts[alert.key] = alert
            mutes |= self._note_firing(alert, fires=True)
            if alert.state != "pending":
                self._join(alert, at)
                self._hear(alert, at, teller)
        elif not alert.flapping:
            self._end(alert, at)
        return mutes

    def _join(self, alert: Alert, at: int) -> None:
        """
        Put an alert into the groups to which its labels lead it, and out of those to which they led it before.
        """
        state = self.state
        leaves = {leaf.group_of(alert.labels): leaf for leaf in self._book.routing.leaves_of(alert.labels)}
        joined = state.joined.setdefault(alert.key, [])
        for name in joined:
            if name not in leaves:
                state.groups[name].alerts.discard(alert.key)
        for name, leaf in leaves.items():
            group = state.groups.setdefault(name, Group(name, leaf.path))
            if alert.key not in group.alerts:
                group.alerts.add(alert.key)
                self._due(group, self._soonest(group, leaf, at))
            if name not in joined:
                joined.append(name)

    def _hear(self, alert: Alert, at: int, teller: Teller) -> None:
        """
        What a transition of an alert that fires asks for in its groups.
        """
        for name in self.state.joined[alert.key]:
            group = self.state.groups[name]
            if alert.reason in _SOON:
                self._due(group, at)
            if alert.reason == "flapping":
                group.again[alert.key] = "repeated"
                self._due(group, at)
            self._look(group)
        if alert.reason in {"ack_expired", "handed_over"} and alert.owner is not None:
            self._tell_owner(alert, alert.owner, at, teller)

    def _tell_owner(self, alert: Alert, owner: str, at: int, teller: Teller) -> None:
        """
        Tell whoever has acknowledged an alert that the time is up, or that it is theirs now.

        Who is reminded has as long to answer as the first step of an escalation gives, before the others are told.
        """
        group = self.state.groups[self.state.joined[alert.key][0]]
        reaches = contacts_of(self._book, self._book.people.get(owner), alert.severity, at)
        reminded = alert.reason == "ack_expired"
        for recipient, _ in reaches:
            teller.tell(at, group, recipient, [alert], "reminder" if reminded else "handed_over")
        leaf = self._book.routing.leaves.get(group.path, _NO_LEAF)
        policy = self._book.escalations.get(leaf.escalation or "")
        if reminded and reaches and policy is not None:
            group.run = Run(policy.id, at + policy.steps[0].wait, reached=[recipient for recipient, _ in reaches])
            self._look(group)

    def _end(self, alert: Alert, at: int) -> None:
        """
        An episode is over: whoever has heard of it hears of that.
        """
        state = self.state
        for name in state.joined.pop(alert.key, ()):
            group = state.groups[name]
            group.alerts.discard(alert.key)
            group.again.pop(alert.key, None)
            if any(alert.id in told for told in group.told.values()):
                group.ended[alert.id] = alert
                leaf = self._book.routing.leaves.get(group.path, _NO_LEAF)
                self._due(group, self._soonest(group, leaf, at))
            else:
                self._look(group)
        state.muted.pop(alert.key, None)

    def _soonest(self, group: Group, leaf: Leaf, at: int) -> int:
        """
        When a group may be told again, if something is news.
        """
        return at + leaf.group_wait if group.last_at is None else max(at, group.last_at + leaf.group_interval)

    def _mute(self, keys: Iterable[str], at: int) -> None:
        """
        Find out of which alerts nobody is told; of those that are no longer muted and still fire, people are.
        """
        state = self.state
        for key in sorted(keys):
            alert, before = state.alerts[key], state.muted.pop(key, None)
            why = self._why_muted(alert, at)
            if why is not None:
                state.muted[key] = why
            elif before is not None and alert.state != "pending":
                for name in state.joined.get(key, ()):
                    group = state.groups[name]
                    if key in group.alerts:
                        group.again[key] = f"{before}_over"
                        self._due(group, at)

    def _why_muted(self, alert: Alert, at: int) -> str | None:
        if self._orders.quiet.silencing(alert.labels, at) is not None:
            return "silence"
        return "inhibition" if self._inhibitions.muting(alert.key, alert.labels) is not None else None

    def _escalate(self, command: AlertCommand, at: int, teller: Teller) -> None:
        """
        Take the next step of an alert's escalations now.
        """
        groups = [self.state.groups[name] for name in self.state.joined.get(command.alert or "", ())]
        running = [group for group in groups if group.run is not None and not group.run.over]
        if not running:
            teller.note(at, Reason.NOT_ESCALATED, command.alert or "")
        for group in running:
            if group.run is not None:
                group.run.due_at = at
                self._look(group)

    def _due(self, group: Group, at: int) -> None:
        group.due_at = min(group.due_at, at)
        self._look(group)

    def _look(self, group: Group) -> None:
        """
        Put a group down for when it is looked at next.
        """
        found = [group.due_at]
        if group.run is not None:
            found += [group.run.due_at, *(at for at, _, _ in group.run.waiting)]
        leaf = self._book.routing.leaves.get(group.path, _NO_LEAF)
        if group.alerts:
            found += [self._book.next_change(name, self.state.now) for name in (*leaf.mute_in, *leaf.only_in)]
        self._put_down(group, (_GROUP, group.key), min(found))

    def _put_down(self, one: Group | Burden, name: tuple[str, str], at: int) -> None:
        if at < NEVER and at != one.looked_at:
            heappush(self.state.waiting, (at, name))
        one.looked_at = at

    def _pass_time(self, until: int, teller: Teller, turns: Turns) -> None:
        waiting = self.state.waiting
        while waiting and waiting[0][0] <= until:
            # What was put down for an instant that has passed is for now.
            at = max(waiting[0][0], self.state.now)
            due = set()
            while waiting and waiting[0][0] <= at:
                due_at, name = heappop(waiting)
                if name == QUIET or self._is_due(name, due_at):
                    due.add(name)
            self.state.now = at
            for name in sorted(due, key=_in_turn):
                self._attend(name, at, teller, turns)

    def _is_due(self, name: tuple[str, str], at: int) -> bool:
        kind, key = name
        one = self.state.groups.get(key) if kind == _GROUP else self.state.burdens.get(key)
        return one is not None and one.looked_at == at

    def _attend(self, name: tuple[str, str], at: int, teller: Teller, turns: Turns) -> None:
        state, (kind, key) = self.state, name
        if name == QUIET:
            self._mute(state.alerts, at)
            self._orders.put_down()
        elif kind == _GROUP:
            group = state.groups[key]
            leaf = self._book.routing.leaves.get(group.path, _NO_LEAF)
            attend(self._book, group, leaf, self._firing(group), teller, turns, at)
            if group.alerts or any(group.told.values()):
                self._look(group)
            else:
                del state.groups[key]
        else:
            burden = state.burdens[key]
            burden.looked_at = NEVER
            known = [name for name in burden.groups if name in state.groups]
            teller.digest(at, key, state.groups, {name: self._firing(state.groups[name]) for name in known})
        for person in sorted(teller.held):
            self._put_down(state.burdens[person], (_PERSON, person), self._room_at(person, at))
        teller.held.clear()

    def _room_at(self, person: str, at: int) -> int:
        """
        When a person can bear what was held back.
        """
        return max(at, self.state.burdens[person].due(self._book.people[person].limit))

    def _firing(self, group: Group) -> list[Alert]:
        """
        The alerts of a group that fire and are not muted, in the order of their keys.
        """
        alerts = [self.state.alerts[key] for key in sorted(group.alerts) if key not in self.state.muted]
        return [alert for alert in alerts if alert.state != "pending"]


_NO_LEAF: Final = Leaf("")
"""Of a place that the routes no longer have: nobody is told of anything new there."""
_TURN: Final = {"quiet": 0, _GROUP: 1, _PERSON: 2}


def _in_turn(name: tuple[str, str]) -> tuple[int, str]:
    return _TURN[name[0]], name[1]


def _carry_over(group: Group, alert: Alert) -> None:
    """
    While an alert flaps, whoever heard of one of its episodes has heard of the next one.
    """
    for told in group.told.values():
        for name in [name for name in told if name.rpartition("#")[0] == alert.key]:
            told[alert.id] = told.pop(name)
