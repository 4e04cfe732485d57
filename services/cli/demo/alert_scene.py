"""
The scene of alerts: which there are, who was told of them and when, who has them, and what reached the receiver.

Pure: records of the topics and arrivals go in, the time comes as an argument.
"""

from collections import Counter, deque
from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec

from schemas.alert_labels import SEVERITIES, Severity
from schemas.alerting import Alerting
from schemas.alerts import OVER
from schemas.topics import ALERT_COMMANDS, ALERTS, DELIVERIES, NOTIFICATIONS

__all__ = ["AlertRow", "AlertScene", "Arrival", "Happening", "SeenAlert", "SeenMessage", "Step"]

_REMEMBERED: Final = 500
_NOBODY: Final = frozenset({"nobody_on_call", "nobody_answered"})
_WHY: Final = {
    "added": "one more: ",
    "more_severe": "graver: ",
    "less_severe": "less grave: ",
    "repeated": "still so: ",
    "escalated": "nobody acted: ",
    "nobody_answered": "nobody acted at any step: ",
    "nobody_on_call": "nobody is on call: ",
    "digest": "held back before: ",
    "resolved": "it is over: ",
    "retracted": "it never was: ",
}
"""Why a message was sent, where that is not because something is new."""


class SeenAlert(msgspec.Struct):
    """
    What the demo keeps of a transition of an alert.
    """

    id: str
    key: str
    seq: int
    at: int
    state: str
    reason: str
    severity: Severity
    labels: dict[str, str]
    begun_at: int
    open: int
    fired_at: int | None = None
    ended_at: int | None = None
    owner: str | None = None
    flapping: bool = False

    @property
    def is_over(self) -> bool:
        return self.state in OVER


class SeenTold(msgspec.Struct):
    """
    One alert as a message tells it.
    """

    id: str
    seq: int
    state: str


class SeenMessage(msgspec.Struct):
    """
    What the demo keeps of a message: as it was decided, and as it arrived.
    """

    id: str
    at: int
    reason: str
    receiver: str
    alerts: list[SeenTold]
    person: str | None = None


class _Delivery(msgspec.Struct):
    notification: str
    outcome: str


class _Command(msgspec.Struct):
    id: str


class Arrival(NamedTuple):
    """
    A message at the receiver: when it came, whether its signature was right, and what it says.
    """

    at: int
    genuine: bool
    message: SeenMessage


class Step(NamedTuple):
    """
    What happened to an alert last that its reader would ask for: `told`, `escalated`, `nobody`, `taken`, `over`, or
    `raised` while nobody knows; when, who was told or has it, and by which channel.
    """

    word: str
    at: int
    who: str = ""
    how: str = ""


class AlertRow(NamedTuple):
    """
    One alert as it stands.
    """

    alert: SeenAlert
    step: Step


class Happening(NamedTuple):
    """
    One thing that happened to an alert, for whoever reads lines.
    """

    number: int
    """Counts them from 1 on."""
    at: int
    word: str
    what: str
    more: str


_ALERT: Final = msgspec.json.Decoder(SeenAlert).decode
_MESSAGE: Final = msgspec.json.Decoder(SeenMessage).decode
_COMMAND: Final = msgspec.json.Decoder(_Command).decode
_DELIVERY: Final = msgspec.json.Decoder(_Delivery).decode


class AlertScene:
    """
    Takes in what the topics and the receiver say, and answers for it. `alerting` has the titles of people and channels.
    """

    def __init__(self, alerting: Alerting) -> None:
        people = {one.id: one.title for one in alerting.people}
        self._titles: Mapping[str, str] = {one.id: one.title for one in alerting.receivers} | people
        self._steps: dict[str, Step] = {}
        self._untold: list[Arrival] = []
        self._number = 0
        self.board = next(iter(alerting.route.receivers or ()), "")
        """The channel that is told of everything."""
        self.alerts: dict[str, SeenAlert] = {}
        """The last transition of each episode."""
        self.states: dict[str, set[str]] = {}
        """By episode the states that it has been in."""
        self.flapped: set[str] = set()
        self.decided: dict[str, SeenMessage] = {}
        self.delivered: set[str] = set()
        self.arrived: dict[str, Arrival] = {}
        self.posts: Counter[bool] = Counter()
        """What came to the receiver, copies included, by whether its signature was right."""
        self.commands: set[str] = set()
        """Ids."""
        self.happenings: deque[Happening] = deque(maxlen=_REMEMBERED)

    def take(self, topic: str, value: bytes) -> None:
        """
        Take in one record of a topic of alerts (by its logical name).
        """
        if topic == ALERTS.name:
            self._changed(_ALERT(value))
        elif topic == NOTIFICATIONS.name:
            message = _MESSAGE(value)
            self.decided[message.id] = message
        elif topic == DELIVERIES.name:
            delivery = _DELIVERY(value)
            if delivery.outcome == "delivered":
                self.delivered.add(delivery.notification)
        elif topic == ALERT_COMMANDS.name:
            self.commands.add(_COMMAND(value).id)

    def arrive(self, arrival: Arrival) -> None:
        """
        Take in what came to the receiver.
        """
        self.posts[arrival.genuine] += 1
        message = arrival.message
        if not arrival.genuine or message.id in self.arrived:
            return
        self.arrived[message.id] = arrival
        self._untold.append(arrival)
        self._tell()

    def _tell(self) -> None:
        """
        Tell what arrived, once it is known what it is about: a message may be here before its alert has been read.
        """
        ready = [one for one in self._untold if self._knows(one.message)]
        self._untold = [one for one in self._untold if one not in ready]
        for one in ready:
            self._told(one)

    def _knows(self, message: SeenMessage) -> bool:
        return all(one.id in self.alerts and self.alerts[one.id].seq >= one.seq for one in message.alerts)

    def _told(self, arrival: Arrival) -> None:
        message = arrival.message
        who = self.title(message.person or message.receiver)
        how = self.title(message.receiver).lower() if message.person is not None else ""
        word = message.reason if message.reason in {"escalated", "resolved", "retracted"} else "told"
        word = "nobody" if message.reason in _NOBODY else word
        step = Step(word, arrival.at, who, how)
        for one in message.alerts:
            if one.state in OVER:
                continue
            known = self._steps.get(one.id)
            # The board stands for everybody's eyes: where a person was told too, that is what a reader asks for.
            # And nothing that is told later takes back that nobody acted.
            weaker = word == "told" and known is not None and (message.person is None or known.word != "told")
            if not weaker:
                self._steps[one.id] = step
        by = f" by {how}" if how else ""
        took = max(arrival.at - message.at, 0)
        more = f"{_WHY.get(message.reason, '')}{who} was told{by}, in {took // 1_000}.{took % 1_000 // 100} s"
        self._note(arrival.at, word if word in {"escalated", "nobody"} else "told", self._what(message), more)

    def title(self, name: str) -> str:
        return self._titles.get(name, name)

    def _what(self, message: SeenMessage) -> str:
        name, others = line_of(self.alerts[message.alerts[0].id]), len(message.alerts) - 1
        return f"{name} and {others} more" if others else name

    def _changed(self, alert: SeenAlert) -> None:
        before = self.alerts.get(alert.id)
        if before is not None and before.seq >= alert.seq:
            return
        self.alerts[alert.id] = alert
        self.states.setdefault(alert.id, set()).add(alert.state)
        if alert.state == "acknowledged":
            self._steps.pop(alert.id, None)
        if alert.flapping:
            self.flapped.add(alert.id)
        word, more = self._heard_of(alert, before)
        if word:
            self._note(alert.at, word, line_of(alert), more)
        self._tell()

    def _note(self, at: int, word: str, what: str, more: str) -> None:
        self._number += 1
        self.happenings.append(Happening(self._number, at, word, what, more))

    def _heard_of(self, alert: SeenAlert, before: SeenAlert | None) -> tuple[str, str]:
        was = before.state if before is not None else "pending"
        if alert.state == "acknowledged" and was != "acknowledged":
            return "taken", f"{self.title(alert.owner or '')} has it; nobody else is called"
        if alert.is_over and was not in {"pending", *OVER}:
            lasted = (alert.at - (alert.fired_at or alert.begun_at)) // 1_000
            return "over", f"after {lasted} s" if alert.state == "resolved" else "it never was: a late report says so"
        if alert.state == "firing" and was == "pending":
            return "raised", f"{alert.severity}, {alert.open} open"
        return ("graver", f"now {alert.severity}") if alert.reason == "more_severe" else ("", "")

    def rows(self) -> list[AlertRow]:
        """
        Every alert that was raised, as it stands: on top the gravest that nobody has taken, the oldest of them first;
        then those that somebody has, then those that are over, the latest first.
        """
        raised = [self._row(one) for one in self.alerts.values() if one.fired_at is not None]
        return sorted(raised, key=_on_top)

    def _row(self, alert: SeenAlert) -> AlertRow:
        fired = alert.fired_at or alert.begun_at
        if alert.is_over:
            return AlertRow(alert, Step("over", alert.at))
        if alert.state == "acknowledged":
            return AlertRow(alert, Step("taken", alert.at, self.title(alert.owner or "")))
        return AlertRow(alert, self._steps.get(alert.id) or Step("raised", fired))

    def unanswered(self) -> list[SeenAlert]:
        """
        The alerts that somebody was told of and nobody has acknowledged, in the order of `rows`.
        """
        told = {one.id for arrival in self.arrived.values() for one in arrival.message.alerts}
        return [row.alert for row in self.rows() if row.alert.state == "firing" and row.alert.id in told]

    def raised(self) -> set[str]:
        """
        The episodes that were raised.
        """
        return {name for name, alert in self.alerts.items() if alert.fired_at is not None}

    def over(self) -> set[str]:
        return {name for name in self.raised() if self.alerts[name].is_over}

    def taken(self) -> set[str]:
        return {name for name, states in self.states.items() if "acknowledged" in states}

    def heard(self, *, over: bool, receiver: str | None = None) -> set[str]:
        """
        The episodes of which a receiver (or any) was told that they fire, or that they are over.
        """
        return {
            one.id
            for arrival in self.arrived.values()
            if receiver in {None, arrival.message.receiver}
            for one in arrival.message.alerts
            if (one.state in OVER) == over
        }

    def told_because(self, *reasons: str) -> set[str]:
        """
        The episodes of which somebody was told for one of these reasons.
        """
        return {
            one.id
            for arrival in self.arrived.values()
            if arrival.message.reason in reasons
            for one in arrival.message.alerts
        }


def _on_top(row: AlertRow) -> tuple[bool, bool, int, int, str]:
    alert = row.alert
    at = -alert.at if alert.is_over else alert.fired_at or 0
    grave = 0 if alert.is_over else -SEVERITIES.index(alert.severity)
    return alert.is_over, alert.state == "acknowledged", grave, at, alert.id


def line_of(alert: SeenAlert, *, short: bool = False) -> str:
    """
    What an alert is about, in a line: its standard and its place; of that, where it must be short, the last part.
    """
    kind = alert.labels.get("kind", "journey")
    place = alert.labels.get("scope", "").partition(":")[2] or "everywhere"
    place = place.rpartition("/")[2] if short else place
    more = "" if kind == "journey" else f" ({kind.replace('_', ' ')})"
    return f"{alert.labels.get('standard', alert.key)}{more} · {place}"
