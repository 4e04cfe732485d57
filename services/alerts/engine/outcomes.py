"""
What the engine hands to the shell, in the fields of ``schemas.alerts``; a test holds both against each other.
"""

from enum import StrEnum

import msgspec

from schemas.alerts import OVER

__all__ = ["Alert", "Note", "Notification", "Reason", "Told"]


class Reason(StrEnum):
    """Why an input did nothing, or less than was asked; the same name goes to log, metric, answer and test."""

    LATE = "late"
    """A violation about a past that was over when it was reported; its rule does not count these."""
    IN_THE_FUTURE = "in_the_future"
    """A violation that would begin later than clocks may differ; it is taken as five minutes ahead."""
    NO_RULE = "no_rule"
    UNKNOWN_STANDARD = "unknown_standard"
    """Its standard is not known yet; the alert is raised without what only the standard says."""
    OLD_REVISION = "old_revision"
    DUPLICATE_COMMAND = "duplicate_command"
    NO_SUCH_ALERT = "no_such_alert"
    ALREADY_OVER = "already_over"
    NOT_FIRING_YET = "not_firing_yet"
    """It is pending: nobody has been told, so there is nothing to answer."""
    NOBODY_TO_HAND_TO = "nobody_to_hand_to"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    NO_SUCH_SILENCE = "no_such_silence"
    SILENCE_NEVER_COMES = "silence_never_comes"
    """It would come again by a rule that no day fulfils."""
    NO_SUCH_SCHEDULE = "no_such_schedule"
    NO_SUCH_PERSON = "no_such_person"
    NOT_ESCALATED = "not_escalated"
    """Nobody is being told step by step, so there is no next step."""
    NOBODY_ON_CALL = "nobody_on_call"
    NO_CONTACT_NOW = "no_contact_now"
    """The person's rules name no contact for this severity at this time."""
    NOBODY_ANSWERED = "nobody_answered"
    HELD_BACK = "held_back"
    """The person has got as many messages as they can bear."""
    NO_CALENDAR = "no_calendar"
    """A calendar that is mentioned is not in force: in `only_in` it keeps nothing back, elsewhere it is closed."""


class Note(msgspec.Struct, frozen=True, gc=False):
    """One thing that the shell counts and logs: when, why, and about what."""

    at: int
    reason: Reason
    about: str


class Alert(msgspec.Struct, frozen=True, omit_defaults=True):
    """See ``schemas.alerts.Alert``."""

    id: str
    key: str
    seq: int
    at: int
    state: str
    reason: str
    severity: str
    rule: str
    labels: dict[str, str]
    version: int
    begun_at: int
    open: int
    seen: int
    correlation: str | None = None
    fired_at: int | None = None
    ended_at: int | None = None
    violations: tuple[str, ...] = ()
    owner: str | None = None
    ack_until: int | None = None
    note: str | None = None
    by: str | None = None
    flapping: bool = False

    @property
    def is_over(self) -> bool:
        """Whether it needs nobody any more."""
        return self.state in OVER


class Told(msgspec.Struct, frozen=True, gc=False):
    """See ``schemas.alerts.Told``."""

    id: str
    seq: int
    state: str
    severity: str


class Notification(msgspec.Struct, frozen=True, omit_defaults=True):
    """See ``schemas.alerts.Notification``."""

    at: int
    reason: str
    receiver: str
    group: str
    id: str = ""
    status: str = ""
    alerts: tuple[Told, ...] = ()
    to: str | None = None
    person: str | None = None
    language: str = "en"
    more: int = 0
    related: int = 0
    held_back: int = 0
    step: int | None = None
