"""
Alerts, the messages that tell of them, and what became of each message.

An alert is known by its ``key``: standard and scope, never the version. Each time it is raised anew is an episode with
an id of its own; within it ``seq`` counts its transitions, so whoever got two messages knows which is the later one.
Instants are integer milliseconds since the epoch, UTC.
"""

from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from schemas.alert_labels import Label, Severity
from schemas.base import Contract, LongName, Millis, Slug, Text
from schemas.outcomes import OutcomeId

__all__ = [
    "ALERTS", "DELIVERIES", "NOTIFICATIONS", "OVER", "Alert", "AlertKey", "AlertReason", "AlertState", "Delivery",
    "Notification", "NotificationReason", "Told",
]  # fmt: skip

AlertKey = Annotated[str, Field(min_length=3, max_length=512)]
AlertId = Annotated[str, Field(min_length=3, max_length=540)]
AlertState = Literal["pending", "firing", "acknowledged", "resolved", "retracted"]
OVER: Final = frozenset({"resolved", "retracted"})
"""States of an alert that needs nobody any more."""
AlertReason = Literal[
    "violated", "held_for", "counted", "raised", "more_severe", "less_severe", "violations_changed", "quiet_for",
    "never_was", "recovered_early", "reopened", "acknowledged", "unacknowledged", "ack_expired", "resolved_by_hand",
    "commented", "handed_over", "flapping", "steady", "feedback", "rule_gone",
]  # fmt: skip
AlertLabels = Annotated[dict[Label, str], Field(max_length=20)]


class Alert(Contract):
    """
    One alert after one of its transitions: what state it is in, why, and what it is about.
    """

    id: AlertId
    """The episode: key and the instant at which it began."""
    key: AlertKey
    """What it is about, whatever the version: standard and scope, and what its rule tells apart."""
    seq: Annotated[int, Field(ge=1)]
    """Counts the transitions of the key, from 1 on, and never begins again."""
    at: Millis
    """When this transition happened."""
    state: AlertState
    """Its state from here on."""
    reason: AlertReason
    """Why it came into it."""
    severity: Severity
    """How grave it is now."""
    rule: Slug
    """Id of the rule that raised it."""
    labels: AlertLabels
    """What routes, silences and inhibitions look at."""
    correlation: Annotated[str, Field(max_length=512)] | None = None
    """What it shares with alerts of the same cause at other places."""
    version: Annotated[int, Field(ge=1)]
    """Version of the standard of the violation that came last."""
    begun_at: Millis
    """When the first of its violations was opened."""
    fired_at: Millis | None = None
    """When it was raised; null while it is pending."""
    ended_at: Millis | None = None
    """When it was over."""
    open: Annotated[int, Field(ge=0)]
    """How many violations are open now."""
    seen: Annotated[int, Field(ge=0)]
    """How many there were in this episode."""
    violations: Annotated[tuple[OutcomeId, ...], Field(max_length=10, strict=False)] = ()
    """Ids of the oldest open ones, for whoever wants them explained."""
    owner: LongName | None = None
    """Who has acknowledged it."""
    ack_until: Millis | None = None
    """Until when: then people are reminded."""
    note: Text | None = None
    """What the one who acted said about it."""
    by: LongName | None = None
    """Who acted, where somebody did."""
    flapping: bool = False
    """Whether it goes up and down, so that only its beginning and its end are told."""


NotificationReason = Literal[
    "new", "added", "more_severe", "resolved", "repeated", "escalated", "reminder", "silence_over", "mute_over",
    "inhibition_over", "flapping", "steady", "digest", "nobody_on_call", "nobody_answered", "handed_over", "retracted",
    "test",
]  # fmt: skip


class Told(Contract):
    """
    One alert as a message tells it.
    """

    id: AlertId
    """The episode."""
    seq: Annotated[int, Field(ge=1)]
    """Up to which transition it tells."""
    state: AlertState
    """Its state."""
    severity: Severity
    """How grave it is."""


class Notification(Contract):
    """
    One message to one receiver. ``id`` is its idempotency key: a copy, after a crash or a retry, has the same.
    """

    id: AlertId
    """Made of receiver, group and what is told, so that a copy can be told."""
    at: Millis
    """When it was decided."""
    reason: NotificationReason
    """Why it is sent."""
    status: Literal["firing", "resolved"]
    """Whether anything of the group still fires."""
    receiver: Slug
    """Id of the receiver."""
    to: Annotated[str, Field(max_length=500)] | None = None
    """The address there, where the receiver has none of its own."""
    person: Slug | None = None
    """Whom it is for; null for a channel."""
    language: Literal["en", "ru", "lv"] = "en"
    """In which language it is written."""
    group: Annotated[str, Field(max_length=600)]
    """Key of the group: its route and the labels that its alerts share."""
    alerts: Annotated[tuple[Told, ...], Field(max_length=100, strict=False)]
    """The gravest first; what is more is only counted."""
    more: Annotated[int, Field(ge=0)] = 0
    """How many alerts of the group are not listed."""
    related: Annotated[int, Field(ge=0)] = 0
    """How many other alerts that are not over share their cause with one of these."""
    held_back: Annotated[int, Field(ge=0)] = 0
    """How many messages were held back before, because the person could not bear them."""
    step: Annotated[int, Field(ge=1)] | None = None
    """Which step of the escalation; null without one."""


class Delivery(Contract):
    """
    What became of a message: the last attempt's outcome.
    """

    notification: AlertId
    """Id of the message."""
    at: Millis
    """When the attempt ended."""
    receiver: Slug
    """Id of the receiver."""
    person: Slug | None = None
    """Whom it was for."""
    outcome: Literal["delivered", "failed", "given_up", "held_by_breaker"]
    """Whether it arrived."""
    attempts: Annotated[int, Field(ge=0)]
    """How many attempts there were."""
    took_ms: Annotated[int, Field(ge=0)]
    """From the decision to the end of the attempt."""
    problem: Annotated[str, Field(max_length=500)] | None = None
    """What went wrong, without secrets."""


ALERTS: Final[TypeAdapter[Alert]] = TypeAdapter(Alert)
NOTIFICATIONS: Final[TypeAdapter[Notification]] = TypeAdapter(Notification)
DELIVERIES: Final[TypeAdapter[Delivery]] = TypeAdapter(Delivery)
