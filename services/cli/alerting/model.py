"""
What a timeline of alerts may say: a configuration, steps, and which messages must have been sent at its end.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from schemas.alert_commands import Action, Verdict
from schemas.base import Contract, Duration, LongName, Name, SiteId, Slug, Text, misfit, to_millis

__all__ = ["Expectation", "Step", "Timeline", "instant_of"]


def _real(moment: str) -> str:
    """
    Raises ValueError where no clock or calendar shows such a time.
    """
    try:
        instant_of(moment, "2026-01-01")
    except ValueError as error:
        msg = f"is no time that a clock shows: {error}"
        raise ValueError(msg) from error
    return moment


Moment = Annotated[
    str,
    StringConstraints(pattern=r"^(?:\d{4}-\d\d-\d\d[ T])?\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?$"),
    AfterValidator(_real),
]
"""A time of the timeline's day, or of another day with its date in front; UTC."""
Lines = Annotated[tuple[str, ...], Field(strict=False)]
DOES: Final = ("open", "close", "retract", "update", "do", "reload", "advance_to", "restart", "down", "up", "expect")


class Expectation(Contract):
    """
    What must be true at a moment. A list that is written is complete; one that is left out is not looked at.
    """

    told: Lines | None = None
    """Every message since the last check: `TIME WHO REASON: ALERTS`, as `sqm alerts simulate` writes it."""
    notes: Lines | None = None
    """Every note since the last check: `TIME REASON ABOUT`."""
    alerts: Mapping[str, str] | None = None
    """Every alert that is not over, by key, with its state: `firing page`, `acknowledged ticket by lead`."""


class Step(Contract):
    """
    One line of the timeline: a violation that comes, something that somebody does, time that passes, a restart, another
    configuration, or a check in between.
    """

    at: Moment | None = Field(default=None, description="When it is received.")
    open: LongName | None = Field(default=None, description="Id of a violation that is opened.")
    close: LongName | None = Field(default=None, description="Id of a violation that is closed.")
    retract: LongName | None = Field(default=None, description="Id of a violation that never was.")
    update: LongName | None = Field(default=None, description="Id of a violation of which more is known.")
    standard: Name = "wait"
    version: int = 1
    site: SiteId | Literal[""] = "branch-1"
    queue: Name | None = None
    channel: Name | None = None
    service: Name | None = None
    segment: Name | None = None
    priority: Name | None = None
    kind: Literal["journey", "at_risk", "presence", "objective", "burn"] = "journey"
    severity: Literal["page", "ticket"] | None = None
    opened_at: Moment | None = Field(default=None, description="When its limit passed; as received, if left out.")
    limit: Duration = Field(default="10m", validate_default=True)
    late: bool = False
    scope: LongName | None = None
    window: Name | None = None
    tier: Name | None = None
    do: Action | None = Field(default=None, description="What somebody does.")
    by: LongName = "supervisor"
    id: LongName | None = Field(default=None, description="Id of the command; made of its place, if left out.")
    alert: LongName | None = None
    until: Moment | None = None
    to: Slug | None = None
    note: Text | None = None
    verdict: Verdict | None = None
    silence: dict[str, Any] | None = None
    ends: Slug | None = None
    schedule: Slug | None = None
    override: dict[str, Any] | None = None
    reload: dict[str, Any] | None = Field(
        default=None, description="Sections of the configuration that are others from here on."
    )
    advance_to: Moment | None = Field(default=None, description="Nothing happens until then.")
    restart: bool | None = Field(default=None, description="A successor goes on from what was saved.")
    down: Literal[True] | None = Field(
        default=None, description="Nobody works from here on: what comes is only written."
    )
    up: Literal[True] | None = Field(
        default=None, description="Somebody works again, and reads first what was written."
    )
    expect: Expectation | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> "Step":
        found = [name for name in DOES if getattr(self, name) is not None]
        if len(found) != 1:
            problem = f"a step does one of {', '.join(DOES)}; this one does {', '.join(found) or 'nothing'}"
            raise misfit("Step", "at", self.at, problem)
        if self.at is None and found[0] in {"open", "close", "retract", "update", "do", "reload", "up"}:
            raise misfit("Step", "at", None, f"is needed to {found[0]}")
        return self


class Timeline(Contract):
    """
    A configuration, what happens, and what must follow from it.
    """

    timeline: LongName
    """What it shows."""
    because: Text | None = Field(default=None, description="The rule that it shows, and why it is a rule.")
    day: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")] = "2026-03-02"
    config: str | None = Field(default=None, description="A file with the configuration, by its path from here.")
    alerting: dict[str, Any] = Field(
        default_factory=dict, description="The configuration; beside `config`, the sections that are others here."
    )
    documents: Annotated[tuple[dict[str, Any], ...], Field(strict=False)] = ()
    """Standards, sites and calendars that it mentions."""
    files: Lines = ()
    """The same in files, by their paths from here."""
    steps: Annotated[tuple[Step, ...], Field(strict=False, min_length=1)]
    expect: Expectation | None = None

    @model_validator(mode="after")
    def _real_day(self) -> "Timeline":
        date.fromisoformat(self.day)
        return self

    @model_validator(mode="after")
    def _forwards(self) -> "Timeline":
        said = [
            (("steps", number, field), moment)
            for number, step in enumerate(self.steps)
            for field in ("at", "advance_to")
            if (moment := getattr(step, field)) is not None
        ]
        for (_, before), (place, moment) in pairwise(said):
            if instant_of(moment, self.day) < instant_of(before, self.day):
                raise misfit("Timeline", place, moment, "is earlier than the step before it")
        return self


def instant_of(moment: str, day: str) -> int:
    """
    Milliseconds since the epoch of a time of a day; one with a date in front is of that day. Raises ValueError.
    """
    text = moment if "-" in moment else f"{day} {moment}"
    return to_millis(datetime.fromisoformat(text).replace(tzinfo=UTC))
