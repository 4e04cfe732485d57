"""
Groups: alerts that are told together, who has been told what of them, and what is news to whom.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final, NamedTuple

import msgspec

from schemas.alerts import OVER
from services.alerts.engine.outcomes import Alert, Notification, Told
from services.alerts.engine.reaching import Recipient
from services.alerts.engine.rules import GRAVITY, NEVER

__all__ = [
    "Group",
    "News",
    "Run",
    "gravest_first",
    "hand_on",
    "is_fresh",
    "message",
    "news_of",
    "note_told",
    "supersede",
]

LISTED: Final = 100


class Run(msgspec.Struct):
    """
    One run of an escalation: which step comes next and when, whom it reached, and which contacts wait for their turn.
    """

    policy: str
    due_at: int
    reason: str = "new"
    """Why it began: what its first message says."""
    held: bool = False
    """It waits for the hours of its step, so it is looked at again as soon as anything changes."""
    step: int = 0
    round: int = 0
    reached: list[Recipient] = []
    waiting: list[tuple[int, Recipient, int]] = []
    """When a contact's turn comes, which, and at which step."""
    over: bool = False
    """All steps are done; it begins again with the next reminder."""


class Group(msgspec.Struct):
    """
    One group of one place of the tree: its alerts by key, and by recipient what each has been told of which episode.

    ``again`` are the keys that are to be told though they were told before, with the reason; ``ended`` the episodes of
    which somebody has yet to hear that they are over; ``muted`` whether a calendar kept it quiet when it was looked at.
    """

    key: str
    path: str
    alerts: set[str] = set()
    told: dict[str, dict[str, Told]] = {}
    again: dict[str, str] = {}
    ended: dict[str, Alert] = {}
    muted: bool = False
    sent: int = 0
    due_at: int = NEVER
    last_at: int | None = None
    run: Run | None = None
    looked_at: int = NEVER
    """When it is looked at next; a heap's entry for another instant is out of date."""


class News(NamedTuple):
    """
    What a recipient does not know yet of a group: what fires and is new, what has become graver, what is to be told
    again, and what is over.
    """

    new: tuple[Alert, ...]
    graver: tuple[Alert, ...]
    again: tuple[Alert, ...]
    over: tuple[Alert, ...]

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """All of it."""
        return (*self.new, *self.graver, *self.again, *self.over)


def news_of(group: Group, told: Mapping[str, Told], firing: Iterable[Alert]) -> News:
    """
    Compare what a recipient was told with what fires and is told at all, and with what is over.

    That an alert still is so is no news where somebody has acknowledged it. What flaps is told by its first and last
    state only.
    """
    new, graver, again = [], [], []
    for alert in firing:
        known = told.get(alert.id)
        if known is None:
            if alert.state != "acknowledged":
                new.append(alert)
        elif GRAVITY[alert.severity] > GRAVITY[known.severity]:
            graver.append(alert)
        elif alert.key in group.again and alert.state != "acknowledged":
            again.append(alert)
    ended = [group.ended[name] for name in told if name in group.ended]
    return News(tuple(new), tuple(graver), tuple(again), tuple(ended))


def is_fresh(group: Group, alert: Alert) -> bool:
    """
    Whether nobody of a group knows of an alert yet, or of how grave it is.
    """
    known = [GRAVITY[told[alert.id].severity] for told in group.told.values() if alert.id in told]
    return max(known, default=-1) < GRAVITY[alert.severity]


def hand_on(old: Group, new: Group, alert: Alert, escalation: str | None) -> None:
    """
    Let an alert go over from one group to another: who was told of it there is not told again, and hears of its end.

    The last alert takes the escalation along, where `escalation`, that of the new place, is the same.
    """
    old.alerts.discard(alert.key)
    if alert.key in old.again:
        new.again[alert.key] = old.again.pop(alert.key)
    for recipient, told in old.told.items():
        for name in [name for name in told if name.rpartition("#")[0] == alert.key and name not in old.ended]:
            new.told.setdefault(recipient, {})[name] = told.pop(name)
            new.last_at = old.last_at if new.last_at is None else new.last_at
    if old.run is not None and not old.alerts and new.run is None and old.run.policy == escalation:
        new.run, old.run = old.run, None


def supersede(group: Group, alert: Alert) -> bool:
    """
    Let an episode stand for an earlier one where the end of that was not told: while it flaps, or between two messages.

    Whoever heard of the earlier one has heard of this one, so an end that is no more is never told. Tells whether there
    was one that still waited to be told.
    """
    waited = [name for name, one in group.ended.items() if one.key == alert.key]
    for name in waited:
        del group.ended[name]
    if waited or alert.flapping:
        for told in group.told.values():
            for name in [name for name in told if name.rpartition("#")[0] == alert.key]:
                told[alert.id] = told.pop(name)
    return bool(waited)


def note_told(told: dict[str, Told], alerts: Iterable[Alert]) -> None:
    """
    Remember what a recipient has been told; what is over need not be remembered.
    """
    for alert in alerts:
        if alert.is_over:
            told.pop(alert.id, None)
        else:
            told[alert.id] = tell(alert)


def tell(alert: Alert) -> Told:
    """
    An alert as a message tells it.
    """
    return Told(alert.id, alert.seq, alert.state, alert.severity)


def message(draft: Notification, alerts: Iterable[Alert], number: int) -> Notification:
    """
    Complete a message with what it tells, in the order of `gravest_first`. Its id is made of whom it is for, what it
    tells and its number within the group, so that what is worked out a second time after a crash is the same message.
    """
    told = [tell(alert) for alert in alerts]
    content = (draft.receiver, draft.person, draft.to, draft.group, draft.reason, number, told)
    return msgspec.structs.replace(
        draft,
        id=sha256(msgspec.json.encode(content)).hexdigest()[:32],
        status="resolved" if all(one.state in OVER for one in told) else "firing",
        alerts=tuple(told[:LISTED]),
        more=max(0, len(told) - LISTED),
    )


def gravest_first(one: Alert) -> tuple[bool, int, str]:
    """
    The place of an alert in a message: what is over last, else the graver one first.
    """
    return one.state in OVER, -GRAVITY[one.severity], one.id
