"""
People: who can be told and how, who is on call when, and who is told next if nobody answers.
"""

from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from schemas.alert_labels import SEVERITIES, Severity
from schemas.base import AtLeastOne, Contract, Duration, Instant, LongName, PositiveDuration, Slug, Zone, misfit
from schemas.calendars import Day
from schemas.clocks import WEEKDAYS, DayPart, TimeOfDay, Weekday

__all__ = [
    "TARGET", "Contact", "ContactRule", "Escalation", "EscalationStep", "Layer", "Override", "Person", "PersonLimit",
    "Rotation", "Schedule", "Target", "Team",
]  # fmt: skip

Severities = Annotated[tuple[Severity, ...], Field(max_length=3, strict=False), AtLeastOne]
People = Annotated[tuple[Slug, ...], Field(max_length=100, strict=False), AtLeastOne]
Language = Literal["en", "ru", "lv"]
TARGET: Final = r"^(?:person|team|schedule|receiver):[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$"
Target = Annotated[str, Field(pattern=TARGET, examples=["schedule:floor", "person:shift-lead"])]
"""Who is told: `person:ID`, `team:ID` (all of it), `schedule:ID` (whoever is on call), or `receiver:ID`."""


class Contact(Contract):
    """
    One way to reach a person: through which receiver, and its address there.
    """

    id: Slug
    """Id of the contact, for the person's rules."""
    receiver: Slug
    """Id of the receiver that delivers it."""
    to: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    """The person's address there, where the receiver has none of its own: a mail address, a number, a chat's id."""


class ContactRule(Contract):
    """
    Which contacts a person wants used for what.
    """

    severity: Severities = SEVERITIES
    """For alerts of which severity; all, if not said."""
    during: Slug | None = None
    """Id of the calendar that must be open; always, if not said."""
    contacts: People
    """Ids of the contacts, all at once."""
    after: Duration = Field(default="0s", validate_default=True)
    """How long after the person's turn came, if nobody has acknowledged by then."""


class PersonLimit(Contract):
    """
    How much a person can bear: what is more is held back, and told together when there is room again.
    """

    messages: Annotated[int, Field(ge=1, le=1_000)] = 20
    """So many messages at most."""
    within: PositiveDuration = Field(default="1h", validate_default=True)
    """In which time."""


class Person(Contract):
    """
    Somebody who can be told.
    """

    id: Slug
    """Id of the person, as commands and tokens name it."""
    title: LongName
    """How others read it."""
    language: Language = "en"
    """In which language messages are written."""
    zone: Zone = "UTC"
    """In whose local time."""
    contacts: Annotated[tuple[Contact, ...], Field(max_length=20, strict=False), AtLeastOne]
    """Ways to reach the person."""
    rules: Annotated[tuple[ContactRule, ...], Field(max_length=20, strict=False)] = ()
    """Which contacts are used when; all of them at once, if not said."""
    limit: PersonLimit = PersonLimit()
    """How many messages the person can bear."""

    @model_validator(mode="after")
    def _contacts_are_there(self) -> "Person":
        known = [contact.id for contact in self.contacts]
        for place, one in enumerate(known):
            if one in known[:place]:
                raise misfit("Person", ("contacts", place, "id"), one, "is there twice")
        for place, rule in enumerate(self.rules):
            for at, one in enumerate(rule.contacts):
                if one not in known:
                    problem = f"is no contact of this person; there are {', '.join(known)}"
                    raise misfit("Person", ("rules", place, "contacts", at), one, problem)
        return self


class Team(Contract):
    """
    People who are told together.
    """

    id: Slug
    """Id of the team."""
    title: LongName
    """How others read it."""
    members: People
    """Ids of its people."""


class Rotation(Contract):
    """
    When the next one's turn comes: every so many days or weeks, at a time of the day, counted from a first day.
    """

    every: Annotated[int, Field(ge=1, le=366)] = 1
    """Every so many."""
    unit: Literal["day", "week"] = "week"
    """Days or weeks."""
    start: Day
    """The day of the first one's first turn."""
    handover: TimeOfDay = "00:00"
    """When the turn passes on, local time of the schedule."""


class Layer(Contract):
    """
    One rotation of a schedule, and in which hours it is on duty. Of several layers the later one covers the earlier.
    """

    id: Slug
    """Id of the layer."""
    people: People
    """Ids of who takes turns, in their order."""
    rotation: Rotation
    """When the turn passes on."""
    hours: Annotated[tuple[DayPart, ...], Field(max_length=20, strict=False)] = ()
    """In which hours; always, if not said. By the schedule's local time."""
    since: Instant | None = None
    """It is not in force before."""
    until: Instant | None = None
    """It is in force up to here, excluded."""


class Override(Contract):
    """
    Somebody else for a stretch of time: a swap, a holiday, a take-over.

    It is bound to time, not to a shift, so it stays right when shifts move.
    """

    person: Slug | None = None
    """Who is on call instead; null: nobody."""
    begin: Annotated[Instant, Field(alias="from")]
    """From when."""
    until: Instant
    """Up to when, excluded."""
    replaces: Slug | None = None
    """Only where this person would be on call; everybody, if not said."""
    reason: LongName | None = None
    """Why."""

    @model_validator(mode="after")
    def _ordered(self) -> "Override":
        if self.until <= self.begin:
            raise misfit("Override", "until", self.until.isoformat(), "must be later than from")
        return self


class Schedule(Contract):
    """
    Who is on call when: at any instant at most one person.
    """

    id: Slug
    """Id of the schedule."""
    title: LongName
    """How others read it."""
    zone: Zone
    """Whose local time its hours and handovers mean."""
    layers: Annotated[tuple[Layer, ...], Field(max_length=20, strict=False), AtLeastOne]
    """From the one below to the one on top."""
    overrides: Annotated[tuple[Override, ...], Field(max_length=1_000, strict=False)] = ()
    """Exceptions; of several at one instant the last one written holds."""


class EscalationStep(Contract):
    """
    Who is told at one step, and how long it then waits for somebody to acknowledge.
    """

    notify: Annotated[tuple[Target, ...], Field(max_length=50, strict=False), AtLeastOne]
    """Who."""
    wait: PositiveDuration = Field(default="10m", validate_default=True)
    """How long it waits before the next step."""
    severity: Severities = SEVERITIES
    """The step is passed over for alerts of other severities."""
    days: Annotated[tuple[Weekday, ...], Field(max_length=7, strict=False)] = WEEKDAYS
    """On other days it is passed over: days of the policy's zone."""
    during: Slug | None = None
    """Id of a calendar; while it is closed the step is passed over, or waited with (`wait_for_hours`)."""
    wait_for_hours: bool = False
    """Whether the step waits until `during` opens, instead of being passed over."""


class Escalation(Contract):
    """
    Who is told, step by step, until somebody acknowledges. It always ends with somebody, or a loud "nobody".
    """

    id: Slug
    """Id of the policy."""
    title: LongName
    """How others read it."""
    zone: Zone = "UTC"
    """Whose days its steps mean."""
    steps: Annotated[tuple[EscalationStep, ...], Field(max_length=20, strict=False), AtLeastOne]
    """From the first to the last."""
    repeat: Annotated[int, Field(ge=0, le=20)] = 0
    """How often it begins again after the last step."""
    nobody: Annotated[tuple[Target, ...], Field(max_length=10, strict=False)] = ()
    """Who is told, loudly, that nobody was on call at any step, or that nobody answered; besides log and metric."""
