"""
Mappings as IT people write them: how a file of another system is read, and which service events one row of it yields.

A mapping is one YAML document, ``kind: Mapping``. What is text under ``when``, ``site``, ``values``, ``time`` and
``data`` is an expression of the Common Expression Language over the names of ``columns``, ``options`` and earlier
``values``; a constant is written
``{text: phone}``. Instants and durations are integer milliseconds in it.
"""

import re
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, TypeAdapter, model_validator

from schemas.base import Contract, LongName, Name, PositiveDuration, Slug, SourceUri, Text, Zone
from schemas.conditions import EventType
from schemas.paths import steps_of

LONGEST_EXPRESSION: Final = 1_000
MOST_COLUMNS: Final = 200
_WORDS: Final = (
    "true false null in as break const continue else for function if import let loop package namespace return var void "
    "while"
)
RESERVED: Final = frozenset(_WORDS.split())

_WRITTEN: Final = datetime(2026, 1, 31, 20, 5)  # noqa: DTZ001 - to try formats with
_TEMPLATE_FIELD: Final = re.compile(r"\{([^{}]*)\}")


def _tells(form: str, what: str) -> bool:
    """
    Tell whether a text in this format says which day it is, and at what time, as far as its column has to.
    """
    try:
        read = datetime.strptime(_WRITTEN.strftime(form), form)  # noqa: DTZ007 - as above
    except (ValueError, re.error):
        return False
    day = what == "time_of_day" or read.date() == _WRITTEN.date()
    return day and (what == "date" or read.hour == _WRITTEN.hour)


def _not_reserved(name: str) -> str:
    if name in RESERVED:
        msg = f"{name!r} is a word of the expression language; choose another name"
        raise ValueError(msg)
    return name


def fields_of(template: str) -> tuple[str, ...]:
    """
    The columns that a template names between braces, in their order.
    """
    return tuple(_TEMPLATE_FIELD.findall(template))


def _names_something(template: str) -> str:
    if not fields_of(template):
        msg = "a subject without a {column} would make all rows one journey"
        raise ValueError(msg)
    if "{" in (rest := _TEMPLATE_FIELD.sub("", template)) or "}" in rest:
        msg = "write each column in one pair of braces, like {call_id}"
        raise ValueError(msg)
    return template


def as_tuple(value: object) -> object:
    """
    Take a single text for a list of one.
    """
    if isinstance(value, list):
        return tuple(value)
    return (value,) if isinstance(value, str) else value


Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$"), AfterValidator(_not_reserved)]
"""A name that expressions use: of a column, an option or a value."""
Expression = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_EXPRESSION)]
Names = Annotated[tuple[Identifier, ...], BeforeValidator(as_tuple), Field(min_length=1, max_length=10)]
Tokens = Annotated[
    tuple[Annotated[str, StringConstraints(max_length=64)], ...], BeforeValidator(as_tuple), Field(max_length=20)
]
Places = Annotated[
    tuple[Annotated[str, StringConstraints(min_length=1, max_length=256)], ...],
    BeforeValidator(as_tuple),
    Field(min_length=1, max_length=10),
]
Template = Annotated[str, StringConstraints(min_length=1, max_length=256), AfterValidator(_names_something)]
"""A text with columns in braces: ``{date}-{line}-{call_id}``."""
Character = Annotated[str, StringConstraints(min_length=1, max_length=1, pattern=r"^[^\r\n\x00]$")]


class Constant(Contract):
    """
    A text that is the same for every row.
    """

    text: Name


class Moment(Contract):
    """
    An instant: the first of some columns or values that is there, and durations to add to it.
    """

    first_of: Names
    plus: Annotated[tuple[Identifier, ...], BeforeValidator(as_tuple), Field(max_length=5)] = ()


Formula = Expression | Moment
Fact = Expression | Constant

Encoding = Literal[
    "utf-8", "ascii", "latin-1", "iso-8859-2", "iso-8859-5", "iso-8859-7", "iso-8859-8", "iso-8859-9", "iso-8859-15",
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8-r", "koi8-u",
    "cp437", "cp850", "cp852", "cp866",
]  # fmt: skip


class Table(Contract):
    """
    How the bytes of a file become rows of text.
    """

    format: Literal["delimited", "json_lines"] = "delimited"
    encoding: Encoding = "utf-8"
    delimiter: Character = ","
    quote: Character | None = Field(default='"', description="null: quotes are ordinary characters.")
    doubled_quote: bool = Field(default=True, description='A quote inside a quoted field is written twice ("").')
    escape: Character | None = None
    header: bool = Field(default=True, description="The first row names the columns; if not, columns give their place.")
    trailing_delimiter: bool = Field(
        default=False, description="Rows may end with one delimiter more than they have fields."
    )
    short_rows: bool = Field(
        default=False, description="Rows may have fewer fields than there are columns: what is missing is absent."
    )
    strip: bool = Field(default=True, description="Blanks around a field are not part of it.")

    @model_validator(mode="after")
    def _distinct(self) -> "Table":
        marks = [mark for mark in (self.delimiter, self.quote, self.escape) if mark is not None]
        if len(set(marks)) != len(marks):
            msg = "delimiter, quote and escape must be different characters"
            raise ValueError(msg)
        return self


class Column(Contract):
    """
    One column: where it is found, and what its text means.

    ``name`` is the header, of several the first that the file has (or, in JSON, the path with dots; of several the
    first under which something is), ``at`` the place counted from 1, ``header`` a header of the request that brought a
    webhook. A field that equals one of ``not_reached`` is absent (null), unless the expression ``unless`` says that it
    is meant; an empty field is always absent. ``means`` puts our word in the place of the system's before anything else
    is read from it.
    """

    name: Places | None = None
    at: Annotated[int, Field(ge=1, le=1_000)] | None = None
    header: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,63}$")] | None = Field(
        default=None, description="Of a webhook's request, in small letters: x-shopify-topic."
    )
    type: Literal[
        "text", "integer", "decimal", "boolean", "seconds", "milliseconds",
        "date", "time_of_day", "local_time", "instant", "epoch", "epoch_milliseconds",
    ] = "text"  # fmt: skip
    format: Annotated[str, StringConstraints(min_length=2, max_length=64)] | None = Field(
        default=None, description="Of a date, a time of day or a local time, in the signs of strptime."
    )
    date: Identifier | None = Field(default=None, description="The column of the date that a time of day belongs to.")
    rolls_over_after: Names | None = Field(
        default=None,
        description="A time of day that lies before the first of these that is there belongs to the next day.",
    )
    rolls_over_beyond: PositiveDuration = Field(
        default=43_200_000, validate_default=False, description="By how much it must lie before it."
    )
    zone: Zone | None = None
    means: Annotated[dict[Name, Name], Field(max_length=500)] = Field(default_factory=dict)
    not_reached: Tokens = ()
    unless: Expression | None = None
    required: bool = False

    @model_validator(mode="after")
    def _fits(self) -> "Column":
        if [self.name, self.at, self.header].count(None) == 3:  # noqa: PLR2004 - none of the three
            msg = "say where the column is found: name (its header), at (its place, from 1) or header (of a webhook)"
            raise ValueError(msg)
        if (self.format is not None) != (self.type in ("date", "local_time")) and self.type != "time_of_day":
            msg = "format belongs to date and local_time (needed) and to time_of_day (if not hours:minutes:seconds)"
            raise ValueError(msg)
        if self.format is not None and not _tells(self.format, self.type):
            msg = (
                f"no {self.type} can be read with the format {self.format!r}; write it in the signs of strptime, like "
                "%d.%m.%Y for a date, %d.%m.%Y %H:%M for a local time, %H:%M:%S or %I:%M %p for a time of day"
            )
            raise ValueError(msg)
        if (self.date is not None) != (self.type == "time_of_day"):
            msg = "a time_of_day needs date, the column of its day; other types have none"
            raise ValueError(msg)
        if self.rolls_over_after is not None and self.type != "time_of_day":
            msg = "rolls_over_after belongs to a time_of_day"
            raise ValueError(msg)
        if self.unless is not None and not self.not_reached:
            msg = "unless qualifies not_reached, which is missing"
            raise ValueError(msg)
        return self


class Option(Contract):
    """
    A choice that whoever loads the file makes with ``--option NAME=VALUE``; expressions see it under its name.
    """

    title: LongName
    default: Name
    values: Annotated[tuple[Name, ...], BeforeValidator(as_tuple), Field(min_length=1, max_length=50)]

    @model_validator(mode="after")
    def _offers_default(self) -> "Option":
        if self.default not in self.values:
            msg = "default must be one of values"
            raise ValueError(msg)
        return self


class Identity(Contract):
    """
    Whose row it is: the site, and the journey by a template of columns.
    """

    site: Fact
    subject: Template


class EventRule(Contract):
    """
    An event that a row yields when its condition holds.

    ``role`` tells two events of one type apart in their ids, ``instance`` those of one rule that a journey has several
    of, like its messages. ``subject`` is that of an event about something else than the row's journey. Where several
    versions of an object tell the event, that of the newest stands, or that of the oldest: a change of state happened
    when it was first told.
    """

    type: EventType
    role: Identifier | None = None
    instance: Expression | None = None
    subject: Template | None = None
    stands: Literal["newest", "oldest"] = "newest"
    when: Expression | None = None
    time: Formula
    data: dict[Identifier, Fact] = Field(default_factory=dict)

    @property
    def key(self) -> str:
        """
        What names this event within its journey.
        """
        return self.role or self.type.removeprefix("sqm.")


def refuse_same_keys(events: tuple[EventRule, ...]) -> None:
    """
    Raise ValueError where two rules would give the same id to two events of one row.
    """
    keys = [event.key for event in events]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        msg = f"two events of one row would get the same id; give a role to all but one of: {', '.join(twice)}"
        raise ValueError(msg)


def refuse_unreadable_paths(columns: dict[str, Column]) -> None:
    """
    Raise ValueError where the name of a column leads nowhere inside JSON.
    """
    for name, column in columns.items():
        for path in column.name or ():
            try:
                steps_of(path)
            except ValueError as error:
                msg = f"columns.{name}.name: {error}"
                raise ValueError(msg) from error


class MappingMetadata(Contract):
    """
    Which system's files this mapping reads, and who looks after it.
    """

    id: Slug
    title: LongName
    owner: LongName
    why: Text | None = None


class Mapping(Contract):
    """
    How the files of one system become service events.
    """

    apiVersion: Literal["sqm/v1"]  # noqa: N815 - the name that such documents use everywhere
    kind: Literal["Mapping"]
    metadata: MappingMetadata
    source: SourceUri
    zone: Zone = "UTC"
    table: Table = Table()
    options: dict[Identifier, Option] = Field(default_factory=dict)
    columns: Annotated[dict[Identifier, Column], Field(min_length=1, max_length=MOST_COLUMNS)]
    row_kind: Identifier | None = Field(
        default=None, description="The column that says of what kind a row is; rows without an event are counted by it."
    )
    journey: Identity
    values: dict[Identifier, Formula] = Field(default_factory=dict, max_length=50)
    events: Annotated[tuple[EventRule, ...], Field(strict=False, min_length=1, max_length=30)]

    @model_validator(mode="after")
    def _names_are_one_each(self) -> "Mapping":
        names = [*self.options, *self.columns, *self.values]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            msg = f"options, columns and values share their names; used twice: {', '.join(twice)}"
            raise ValueError(msg)
        refuse_same_keys(self.events)
        if self.table.format == "json_lines":
            refuse_unreadable_paths(self.columns)
        of_request = [name for name, column in self.columns.items() if column.header is not None]
        if of_request:
            msg = f"only a webhook has headers of a request; in a file there are none for: {', '.join(of_request)}"
            raise ValueError(msg)
        if self.row_kind is not None and self.row_kind not in self.columns:
            msg = f"row_kind names a column; none is called {self.row_kind!r}"
            raise ValueError(msg)
        if self.table.format == "delimited" and not self.table.header:
            unplaced = [name for name, column in self.columns.items() if column.at is None]
            if unplaced:
                msg = f"without a header every column needs its place (at); missing for: {', '.join(unplaced)}"
                raise ValueError(msg)
        return self


MAPPINGS: Final[TypeAdapter[Mapping]] = TypeAdapter(Mapping)
"""Validates one mapping, as read from YAML."""
