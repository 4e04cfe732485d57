"""
What a standard says about events and journeys: which events do something to a clock, and which journeys are covered.

Written short where it is simple: one event's name, or one value, stands for the list of it.
"""

from typing import Annotated, Final

from pydantic import BeforeValidator, Field, WithJsonSchema

from schemas.base import AtLeastOne, Contract, Name
from schemas.events import EVENT_MODELS, PREFIX, Actor
from schemas.spelling import meant

__all__ = [
    "AtArrival",
    "Condition",
    "Conditions",
    "EventType",
    "Globs",
    "Selector",
    "SomeConditions",
    "Values",
    "Where",
]


def _full_type(value: object) -> object:
    if not isinstance(value, str):
        return value
    full = value if value.startswith(PREFIX) else PREFIX + value
    if full not in EVENT_MODELS:
        short = [name.removeprefix(PREFIX) for name in EVENT_MODELS]
        fix = meant(full.removeprefix(PREFIX), short, "the reference of events lists them")
        msg = f"no service event is called {value[:80]!r}; {fix}"
        raise ValueError(msg)
    return full


def _as_tuple(value: object) -> object:
    if isinstance(value, list):
        return tuple(value)
    return (value,) if isinstance(value, str | dict) else value


_ONE_NAMED: Final = WithJsonSchema(
    {"type": "string", "enum": [*sorted(name.removeprefix(PREFIX) for name in EVENT_MODELS), *sorted(EVENT_MODELS)]}
)

EventType = Annotated[str, BeforeValidator(_full_type, json_schema_input_type=Annotated[str, _ONE_NAMED])]
Values = Annotated[
    tuple[Name, ...],
    Field(max_length=50),
    AtLeastOne,
    BeforeValidator(_as_tuple, json_schema_input_type=Name | Annotated[list[Name], Field(min_length=1, max_length=50)]),
]
Globs = Values
"""Values in which ``*`` stands for anything and ``?`` for one character."""
Actors = Annotated[
    tuple[Actor, ...],
    Field(max_length=3),
    AtLeastOne,
    BeforeValidator(
        _as_tuple, json_schema_input_type=Actor | Annotated[list[Actor], Field(min_length=1, max_length=3)]
    ),
]


class Where(Contract):
    """
    Attributes that an event must have, each with the values that it may take.
    """

    queue: Values | None = None
    """In which line."""
    channel: Values | None = None
    """How."""
    service: Values | None = None
    """What for."""
    segment: Values | None = None
    """Which kind of customer."""
    priority: Values | None = None
    """Which priority."""
    employee: Values | None = None
    """Which employee (pseudonym)."""
    team: Values | None = None
    """Whose employee."""
    actor: Actors | None = None
    """Who acted: customer, staff or system."""
    outcome: Values | None = None
    """How it ended."""
    milestone: Values | None = None
    """Which step was reached."""
    reason: Values | None = None
    """The stated reason."""
    sender: Actors | None = None
    """Who wrote a message."""
    recipient: Actors | None = None
    """To whom it was written."""
    closing: bool | None = None
    """Whether a message only ends the talk, like a farewell; false also fits messages that do not say it."""
    to_site: Values | None = None
    """The site that takes over."""
    to_queue: Values | None = None
    """The line that takes over."""
    to_employee: Values | None = None
    """Pseudonym of the employee who takes over."""
    kind: Values | None = None
    """What kind of incident."""
    severity: Values | None = None
    """How grave the source rates it."""
    topic: Values | None = None
    """What a complaint or a suggestion is about."""
    state: Values | None = None
    """What an employee does from now on."""
    instrument: Values | None = None
    """How a customer was asked."""
    observer: Values | None = None
    """Who watched."""
    checklist: Values | None = None
    """Which checklist was used."""
    survey: Values | None = None
    """Which survey among staff."""


class Condition(Contract):
    """
    An event that does something to a clock: its type, and attributes that it must have.
    """

    event: EventType
    """Type of a service event; the prefix `sqm.` may be left out."""
    where: Where | None = None
    """What its facts must be; all of it must hold."""


def _as_condition(value: object) -> object:
    items = _as_tuple(value)
    return (
        tuple({"event": item} if isinstance(item, str) else item for item in items)
        if isinstance(items, tuple)
        else value
    )


_Short = EventType | Condition
Conditions = Annotated[
    tuple[Condition, ...],
    Field(max_length=20),
    BeforeValidator(_as_condition, json_schema_input_type=_Short | Annotated[list[_Short], Field(max_length=20)]),
]
SomeConditions = Annotated[
    tuple[Condition, ...],
    Field(max_length=20),
    AtLeastOne,
    BeforeValidator(
        _as_condition, json_schema_input_type=_Short | Annotated[list[_Short], Field(min_length=1, max_length=20)]
    ),
]


class AtArrival(Contract):
    """
    Attributes of a journey at its arrival, each with globs of which one must match; see ``Selector``.
    """

    queue: Globs | None = None
    """Lines."""
    channel: Globs | None = None
    """Channels."""
    service: Globs | None = None
    """Services."""
    segment: Globs | None = None
    """Kinds of customer."""
    priority: Globs | None = None
    """Priorities."""


class Selector(AtArrival):
    """
    Whom a standard covers: the journey's attributes at arrival, each with globs of which one must match.

    An attribute that is not named matches everything, also journeys without it; a named one does not match a
    journey without it.
    """

    site: Globs | None = None
    """Ids of sites."""
