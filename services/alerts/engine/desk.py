"""
The desk: what crosses scopes. Transitions of alerts and commands go in, messages to people and channels come out.

It routes, groups, mutes, escalates and spares people. Like the lifecycles, it takes the inputs of one instant together
and lets time pass from one due instant to the next.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from schemas.alert_commands import AlertCommand
from services.alerts.engine.attending import attend, is_muted
from services.alerts.engine.bearing import Burden
from services.alerts.engine.book import Book
from services.alerts.engine.desk_state import Case, DeskState
from services.alerts.engine.escalating import Turns
from services.alerts.engine.groups import Group, Run, hand_on, supersede
from services.alerts.engine.inhibition import Inhibitions
from services.alerts.engine.lifecycle import Given
from services.alerts.engine.orders import QUIET, Orders
from services.alerts.engine.outcomes import Alert, Note, Reason
from services.alerts.engine.reaching import contacts_of
from services.alerts.engine.routing import Leaf
from services.alerts.engine.rules import NEVER
from services.alerts.engine.telling import Sent, Teller

__all__ = ["Changed", "Decided", "Desk"]

_AGAIN: Final = frozenset({"flapping", "steady"})
"""Transitions of which those are told, too, who know already that it fires."""
_SOON: Final = _AGAIN | {"more_severe", "ack_expired", "unacknowledged", "handed_over"}
"""Transitions of which people are told at once, whatever their group waits for."""
_OF_OWNERS: Final = {"more_severe": "more_severe", "ack_expired": "reminder", "handed_over": "handed_over"}
"""Transitions of which whoever has acknowledged it is told, and as what."""
_NO_LEAF: Final = Leaf("")
"""Of a place that the routes no longer have: nobody is told of anything new there."""
_TURN: Final = {"quiet": 0, "group": 1, "person": 2}
_UNTIDY: Final = 1_000


class Changed(NamedTuple):
    """
    A transition of an alert, as it was received.
    """

    at: int
    alert: Alert


class Decided(NamedTuple):
    """
    What came of some inputs and of the passing of time.
    """

    messages: tuple[Sent, ...]
    notes: tuple[Note, ...]


class Desk:
    """
    A state with the book by which it is worked on. Make a new one when the book changes; the state goes on.
    """

    def __init__(self, book: Book, state: DeskState) -> None:
        self.book = book
        self.state = state
        self._inhibitions = Inhibitions(book.said.inhibit)
        self._causes: Counter[str] = Counter()
        self.orders = Orders(book, state)
        for case in state.cases.values():
            self._note_firing(case.alert, fires=True)

    def take(self, inputs: Iterable[Changed | Given], until: int) -> Decided:
        """
        Take what was received up to an instant, and let time pass up to it. None of it may be older than the last time.
        """
        teller = Teller(self.book, self.state.rest.burdens, self._causes)
        turns = Turns(self.book, self.orders.stands, teller)
        for at, together in groupby(sorted(inputs, key=attrgetter("at")), attrgetter("at")):
            self._pass_time(at - 1, teller, turns)
            self.state.rest.now = at
            self._at(at, list(together), teller)
            self._pass_time(at, teller, turns)
        self._pass_time(until, teller, turns)
        self.state.rest.now = max(self.state.rest.now, until)
        self._tidy()
        return Decided(tuple(teller.messages), tuple(teller.notes))

    def hear(self, inputs: Iterable[Changed | Given], now: int) -> Decided:
        """
        Hear what was written while nobody worked, in its order, as of now. Whatever was due meanwhile waits for the
        next `take`: it is done by what is known then, so what somebody has acknowledged is not escalated any more.
        """
        teller = Teller(self.book, self.state.rest.burdens, self._causes)
        self.state.rest.now = now
        for _, together in groupby(sorted(inputs, key=attrgetter("at")), attrgetter("at")):
            self._at(now, list(together), teller)
        return Decided(tuple(teller.messages), tuple(teller.notes))

    def reroute(self, at: int) -> tuple[Note, ...]:
        """
        Put every alert where the routes of this book lead it: once, after the book has changed. Nobody is told again of
        what they know. Notes which calendars are missing.
        """
        for case in self.state.cases.values():
            if case.alert.state != "pending":
                self._join(case, at)
        for group in self.state.groups.values():
            leaf = self._leaf(group)
            if group.run is not None and group.run.policy != leaf.escalation:
                group.run = None
            self._due(group, _soonest(group, leaf, at))
        self._mute(self.state.cases, at)
        missing = [name for name in sorted(self.book.said.calendars) if self.book.hours_of(name, at) is None]
        return tuple(Note(at, Reason.NO_CALENDAR, name) for name in missing)

    def _at(self, at: int, together: Sequence[Changed | Given], teller: Teller) -> None:
        commands = sorted((one.command for one in together if isinstance(one, Given)), key=attrgetter("id"))
        # Every one of them is obeyed, so the list comes before the question.
        quiet = [self.orders.obey(one, teller) for one in commands]
        changes = sorted((one.alert for one in together if isinstance(one, Changed)), key=attrgetter("key", "seq"))
        mutes = [self._change(alert, at, teller) for alert in changes]
        touched = {alert.key for alert in changes} & self.state.cases.keys()
        self._mute(self.state.cases if any(quiet) or any(mutes) else touched, at)
        for command in commands:
            if command.action == "escalate":
                self._escalate(command, at, teller)

    def _note_firing(self, alert: Alert, *, fires: bool) -> bool:
        """
        Take note of whether an alert fires, unless it is over; tells whether it is one that may mute others.
        """
        if alert.is_over:
            return False
        if alert.correlation is not None:
            self._causes[alert.correlation] += 1 if fires else -1
        return self._inhibitions.note(alert, fires=fires and alert.state != "pending")

    def _change(self, alert: Alert, at: int, teller: Teller) -> bool:
        """
        Take in a transition; tells whether it is of an alert that may mute others.
        """
        self.state.touched_cases.add(alert.key)
        case = self.state.cases.get(alert.key)
        mutes = case is not None and self._note_firing(case.alert, fires=False)
        if case is None:
            case = self.state.cases[alert.key] = Case(alert)
        case.alert = alert
        if alert.is_over:
            self._end(case, at)
            # Of one that flaps people are told later that it is over: when it is steady.
            if not alert.flapping:
                del self.state.cases[alert.key]
            return mutes
        mutes |= self._note_firing(alert, fires=True)
        if alert.state != "pending":
            self._join(case, at)
            self._hear(case, at, teller)
        return mutes

    def _join(self, case: Case, at: int) -> None:
        """
        Put an alert into the groups to which its labels lead it, and out of those to which they led it before.
        """
        alert, groups = case.alert, self.state.groups
        leaves = {leaf.group_of(alert.labels): leaf for leaf in self.book.routing.leaves_of(alert.labels)}
        left = [group for group in self._groups_of(case) if group.key not in leaves]
        case.groups = list(leaves)
        for name, leaf in leaves.items():
            group = groups.setdefault(name, Group(name, leaf.path))
            for old in left:
                hand_on(old, group, alert, leaf.escalation)
            if alert.key not in group.alerts and not alert.is_over:
                group.alerts.add(alert.key)
                self._due(group, _soonest(group, leaf, at))
        for old in left:
            self._due(old, at)

    def _hear(self, case: Case, at: int, teller: Teller) -> None:
        """
        What a transition of an alert that fires asks for in its groups.
        """
        alert = case.alert
        for group in self._groups_of(case):
            if supersede(group, alert):
                group.again[alert.key] = "repeated"
            if alert.reason in _AGAIN:
                group.again[alert.key] = alert.reason
            if alert.reason in _SOON:
                self._due(group, at)
            self._calm(group)
            self._look(group)
        if alert.reason in _OF_OWNERS and alert.owner is not None:
            self._tell_owner(case, alert.owner, at, teller)

    def _tell_owner(self, case: Case, owner: str, at: int, teller: Teller) -> None:
        """
        Tell whoever has acknowledged an alert that the time is up, that it is theirs now, or that it is graver.

        Only a hand-over disturbs while it is muted: somebody has just asked for it. Who is reminded has as long to
        answer as the first step of an escalation gives, before the others are told.
        """
        alert, group = case.alert, self._groups_of(case)[0]
        if alert.reason != "handed_over" and (case.muted is not None or group.muted):
            return
        reaches = contacts_of(self.book, self.book.people.get(owner), alert.severity, at)
        for recipient, _ in reaches:
            teller.tell(at, group, recipient, [alert], _OF_OWNERS[alert.reason])
        if not reaches:
            teller.note(at, Reason.NO_CONTACT_NOW, owner)
        policy = self.book.escalations.get(self._leaf(group).escalation or "")
        if alert.reason == "ack_expired" and reaches and policy is not None:
            group.run = Run(policy.id, at + policy.steps[0].wait, reached=[recipient for recipient, _ in reaches])
            self._look(group)

    def _end(self, case: Case, at: int) -> None:
        """
        An episode is over: whoever has heard of it hears of that, unless it flaps: then only once it is steady.
        """
        alert = case.alert
        for group in self._groups_of(case):
            group.alerts.discard(alert.key)
            group.again.pop(alert.key, None)
            self._calm(group)
            if not alert.flapping and any(alert.id in told for told in group.told.values()):
                group.ended[alert.id] = alert
            self._due(group, _soonest(group, self._leaf(group), at))

    def _mute(self, keys: Iterable[str], at: int) -> None:
        """
        Find out of which alerts nobody is told; of those that are no longer muted and still fire, people are.
        """
        for key in sorted(keys):
            case = self.state.cases[key]
            before, case.muted = case.muted, self._why_muted(case.alert, at)
            if before == case.muted:
                continue
            self.state.touched_cases.add(key)
            for group in self._groups_of(case):
                if case.muted is not None:
                    self._calm(group)
                elif key in group.alerts:
                    group.again[key] = f"{before}_over"
                    self._due(group, at)
                self._look(group)

    def _why_muted(self, alert: Alert, at: int) -> str | None:
        if self.orders.quiet.silencing(alert.labels, at) is not None:
            return "silence"
        return "inhibition" if self._inhibitions.mutes(alert) else None

    def _escalate(self, command: AlertCommand, at: int, teller: Teller) -> None:
        """
        Take the next step of an alert's escalations now, and wait neither for an answer nor for the hours of a step.
        """
        case = self.state.cases.get(command.alert or "")
        running = 0
        for group in self._groups_of(case) if case is not None else ():
            if group.run is not None and not group.run.over:
                running += 1
                group.run.due_at = at
                if group.run.held:
                    group.run.held, group.run.step = False, group.run.step + 1
                self._look(group)
        if not running:
            teller.note(at, Reason.NOT_ESCALATED, command.alert or "")

    def _groups_of(self, case: Case) -> list[Group]:
        return [self.state.groups[name] for name in case.groups if name in self.state.groups]

    def _leaf(self, group: Group) -> Leaf:
        return self.book.routing.leaves.get(group.path, _NO_LEAF)

    def _due(self, group: Group, at: int) -> None:
        group.due_at = min(group.due_at, at)
        self._look(group)

    def _look(self, group: Group) -> None:
        """
        Put a group down for when it is looked at next.
        """
        self.state.touched_groups.add(group.key)
        found = [group.due_at]
        if group.run is not None:
            found += [group.run.due_at, *(at for at, _, _ in group.run.waiting)]
        leaf, now = self._leaf(group), self.state.rest.now
        if group.alerts or group.ended:
            found += [self.book.next_change(name, now) for name in (*leaf.mute_in, *leaf.only_in)]
            # A calendar may change at the instant of an input: then it has yet to be looked at.
            found += [now] if is_muted(self.book, leaf, now) != group.muted else []
        self._put_down(group, ("group", group.key), min(found))

    def _put_down(self, one: Group | Burden, place: tuple[str, str], at: int) -> None:
        if at < NEVER and at != one.looked_at:
            heappush(self.state.waiting, (at, place))
        one.looked_at = at

    def _pass_time(self, until: int, teller: Teller, turns: Turns) -> None:
        waiting, rest = self.state.waiting, self.state.rest
        while waiting and waiting[0][0] <= until:
            # What was put down for an instant that has passed is for now.
            rest.now = max(waiting[0][0], rest.now)
            due = set()
            while waiting and waiting[0][0] <= rest.now:
                at, place = heappop(waiting)
                if self._is_due(place, at):
                    due.add(place)
            for place in sorted(due, key=_in_turn):
                self._attend(place, rest.now, teller, turns)

    def _tidy(self) -> None:
        """
        Throw away what is out of date once it is most of what waits: some was put down for months ahead.
        """
        waiting = self.state.waiting
        if len(waiting) > _UNTIDY + 4 * len(self.state.groups):
            waiting[:] = [(at, place) for at, place in waiting if self._is_due(place, at)]
            heapify(waiting)

    def _is_due(self, place: tuple[str, str], at: int) -> bool:
        kind, key = place
        if place == QUIET:
            return True
        one = self.state.groups.get(key) if kind == "group" else self.state.rest.burdens.get(key)
        return one is not None and one.looked_at == at

    def _attend(self, place: tuple[str, str], at: int, teller: Teller, turns: Turns) -> None:
        state, (kind, key) = self.state, place
        if place == QUIET:
            self._mute(state.cases, at)
            self.orders.put_down()
        elif kind == "group":
            group = state.groups[key]
            attend(self.book, group, self._leaf(group), self._firing(group), teller, turns, at)
            self._look(group)
            self._forget(group)
        else:
            burden = state.rest.burdens[key]
            burden.looked_at = NEVER
            # What a calendar keeps quiet is told when that opens.
            known = [state.groups[name] for name in burden.groups if name in state.groups]
            told = [(group, self._firing(group)) for group in known if not group.muted]
            state.touched_groups.update(group.key for group in known)
            teller.digest(at, key, told)
            for group in known:
                self._forget(group)
        for person in sorted(teller.held):
            burden = state.rest.burdens[person]
            self._put_down(burden, ("person", person), max(at, burden.due(self.book.people[person].limit)))
        teller.held.clear()

    def _calm(self, group: Group) -> None:
        """
        Let an escalation end where nobody is wanted any more.
        """
        cases = (self.state.cases[key] for key in group.alerts)
        if group.run is not None and not any(one.muted is None and one.alert.state == "firing" for one in cases):
            group.run = None

    def _forget(self, group: Group) -> None:
        """
        Forget a group of which nobody is waiting to hear anything.
        """
        if not group.alerts and not any(group.told.values()):
            del self.state.groups[group.key]

    def _firing(self, group: Group) -> list[Alert]:
        """
        The alerts of a group that fire and are not muted, in the order of their keys.
        """
        cases = [self.state.cases[key] for key in sorted(group.alerts)]
        return [case.alert for case in cases if case.muted is None and case.alert.state != "pending"]


def _soonest(group: Group, leaf: Leaf, at: int) -> int:
    """
    When a group may be told again, if something is news.
    """
    return at + leaf.group_wait if group.last_at is None else max(at, group.last_at + leaf.group_interval)


def _in_turn(place: tuple[str, str]) -> tuple[int, str]:
    return _TURN[place[0]], place[1]
