"""
Sequences: the steps in which a customer is served, an objection is handled, an aggressive customer, a return.
"""

from typing import Annotated

from pydantic import Field, model_validator

from schemas.base import Contract, Name, PositiveDuration, misfit
from schemas.conditions import Conditions, SomeConditions


class Step(Contract):
    """
    One step: the events that show it was taken, and within which time of the step before.
    """

    name: Name
    """What it is called, as staff call it."""
    shown_by: SomeConditions
    """Events of which each shows that it was taken."""
    within: PositiveDuration | None = None
    """The longest time after the step before, or after the start."""
    optional: bool = False
    """Whether it may be left out."""
    repeats: bool = False
    """Whether it may be taken more than once."""


Steps = Annotated[tuple[Step, ...], Field(max_length=30, strict=False)]


class Course(Contract):
    """
    One of several ways in which it may go.
    """

    name: Name
    """What it is called."""
    steps: Steps
    """Its steps, in order."""

    @model_validator(mode="after")
    def _named(self) -> "Course":
        check_steps("Course", self.steps)
        return self


def check_steps(model: str, steps: tuple[Step, ...]) -> None:
    """
    Refuse steps of which none must be taken, or two of which have one name.
    """
    if all(step.optional for step in steps):
        raise misfit(model, "steps", len(steps), "needs a step that must be taken")
    names = [step.name for step in steps]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise misfit(model, "steps", twice, f"two steps are called {twice!r}")


class Sequence(Contract):
    """
    Steps that must happen in order, each within its time, between a start and an end.

    A missing, late, repeated or wrongly ordered step is named as such. With several ``courses`` a journey is held to
    the one that it keeps best, the first of equals. Who leaves is not missed: steps after that are nobody's fault.
    """

    start: SomeConditions
    """Events that begin it."""
    end: SomeConditions
    """Events that end it: steps that were not taken by then are missing."""
    abandon: Conditions = Field(default=("journey.abandoned",), validate_default=True)
    """Events that end it because the customer left."""
    cancel: Conditions = Field(default=("journey.cancelled", "journey.merged"), validate_default=True)
    """Events that make it void."""
    steps: Steps = ()
    """The steps, in order."""
    courses: Annotated[tuple[Course, ...], Field(max_length=10, strict=False)] = ()
    """In place of steps: several ways in which it may go."""
    expires_after: PositiveDuration = Field(default="24h", validate_default=True)
    """One that nobody ends within this time has lost its ending: counted apart."""

    @model_validator(mode="after")
    def _one_or_the_other(self) -> "Sequence":
        if bool(self.steps) == bool(self.courses):
            raise misfit("Sequence", "steps", len(self.steps), "say either steps or courses, and one of them")
        if self.steps:
            check_steps("Sequence", self.steps)
        return self

    def all_courses(self) -> tuple[Course, ...]:
        """
        Every way in which it may go; steps alone are one without a name of its own.
        """
        return self.courses or (Course(name="steps", steps=self.steps),)


__all__ = ["Course", "Sequence", "Step"]
