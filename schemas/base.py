"""
The small vocabulary that every contract is written in: bounded names, instants and durations.

Instants cross the edge as RFC 3339 text with an offset; inside the product they are integer milliseconds since the
epoch, UTC. Durations are written like ``20s``, ``1h30m`` or ``2d`` and kept as integer milliseconds. Shares are written
like ``80%`` and kept as integer basis points, so that no float is ever compared.
"""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo, reset_tzpath

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    StringConstraints,
    ValidationError,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

# The same zones everywhere: from the locked tzdata, not from what the machine happens to have. Governments change their
# clocks, machines are updated at other times, and a verdict must not depend on who works it out. It stands here since
# whatever knows a zone imports this module first, in every process.
reset_tzpath(to=())

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND: Final = timedelta(milliseconds=1)
BASIS_POINTS: Final = 10_000

SECOND_MS: Final = 1_000
MINUTE_MS: Final = 60 * SECOND_MS
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS
"""Of 24 hours: a day by the calendar of a zone may be shorter or longer."""
WEEK_MS: Final = 7 * DAY_MS
_UNITS_MS: Final = {"ms": 1, "s": SECOND_MS, "m": MINUTE_MS, "h": HOUR_MS, "d": DAY_MS, "w": WEEK_MS}
_DURATION: Final = re.compile(r"(?:\d{1,11}(?:ms|s|m|h|d|w))+", re.ASCII)
_DURATION_PART: Final = re.compile(r"(\d{1,11})(ms|s|m|h|d|w)", re.ASCII)
_PERCENT: Final = re.compile(r"(\d{1,3})(?:\.(\d{1,2}))?%", re.ASCII)
RFC_3339: Final = (
    r"^(?:19[7-9][0-9]|2[0-2][0-9]{2})-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,12})?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})$"
)
_WRITTEN: Final = re.compile(RFC_3339)
LAST: Final = datetime(2300, 1, 1, tzinfo=UTC)
"""Where the instants of ClickHouse's DateTime64 end; what lies outside is no time of service but a broken clock."""

_LONGEST_WRITTEN: Final = 64
LONGEST_DURATION_MS: Final = 400 * _UNITS_MS["d"]


class Contract(BaseModel):
    """
    A message that two processes must agree on: immutable, and closed against fields nobody named.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, populate_by_name=True, use_attribute_docstrings=True
    )


def misfit(model: str, field: str | tuple[str | int, ...], value: object, message: str) -> ValidationError:
    """
    The fault of a field that does not fit another one, placed at that field; a path leads to one further inside.
    """
    place = (field,) if isinstance(field, str) else field
    kind = PydanticCustomError("misfit", "{problem}", {"problem": message})
    return ValidationError.from_exception_data(model, [{"type": kind, "loc": place, "input": value}])


def digest_of(document: object) -> str:
    """
    Digest of a document that was dumped as JSON, whatever the order of its fields.
    """
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def parse_duration(text: object) -> int:
    """
    Read a duration such as ``90s`` or ``1h30m``.

    Returns milliseconds. Raises ValueError that names the accepted form; a bare number is refused, for its unit
    would be a guess.
    """
    if not isinstance(text, str) or len(text) > _LONGEST_WRITTEN or not _DURATION.fullmatch(text):
        msg = "a duration is written with its unit, like 20s, 90m, 1h30m or 2d"
        raise ValueError(msg)
    total = sum(int(count) * _UNITS_MS[unit] for count, unit in _DURATION_PART.findall(text))
    if total > LONGEST_DURATION_MS:
        msg = "a duration is at most 400 days"
        raise ValueError(msg)
    return total


def parse_percent(text: object) -> int:
    """
    Read a share such as ``80%`` or ``99.95%``. Returns basis points (0 to 10,000).
    """
    match = _PERCENT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        msg = "a share is written in percent, like 80% or 99.5%"
        raise ValueError(msg)
    points = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))
    if points > BASIS_POINTS:
        msg = "a share is at most 100%"
        raise ValueError(msg)
    return points


def to_millis(instant: datetime) -> int:
    """
    Turn an aware instant into integer milliseconds since the epoch, rounding down.
    """
    return (instant - EPOCH) // MILLISECOND


def from_millis(millis: int) -> datetime:
    """
    Turn integer milliseconds since the epoch into an aware instant in UTC.
    """
    return EPOCH + timedelta(milliseconds=millis)


def format_instant(millis: int) -> str:
    """
    Write an instant the one way that the product writes them: ``2026-01-31T08:00:00.000Z``.
    """
    # A third of the time of `strftime`, and written twice for every event.
    return from_millis(millis).isoformat(timespec="milliseconds")[:23] + "Z"


def parse_instant(text: str) -> int:
    """
    Read RFC 3339 text with an offset. Returns integer milliseconds since the epoch, rounding down; raises ValueError
    for any other text, and for a day that is none. Letters are large, as ``format_instant`` writes them: whoever is
    sent small ones makes them large first.
    """
    if not _WRITTEN.fullmatch(text):
        msg = "an instant is written like 2026-01-31T08:00:00Z"
        raise ValueError(msg)
    return to_millis(datetime.fromisoformat(text))


def known_zone(name: str) -> str:
    """
    Return the name of an IANA time zone. Raises ValueError where there is none of that name.
    """
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        msg = f"no time zone is called {name[:64]!r}; write an IANA name such as Asia/Jerusalem or UTC"
        raise ValueError(msg) from error
    return name


class Say:
    """
    Replaces whatever a validator complains about by one fault with a name of its own and the accepted form.
    """

    def __init__(self, kind: str, message: str) -> None:
        self._kind = kind
        self._message = message

    def instead(self, schema: CoreSchema) -> CoreSchema:
        return core_schema.custom_error_schema(schema, custom_error_type=self._kind, custom_error_message=self._message)

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """
        Wrap what stands before it in the annotation.
        """
        return self.instead(handler(source))


_SAY_INSTANT: Final = Say(
    "instant", "a time has date, time and offset, like 2026-01-31T08:00:00+01:00, and lies between 1970 and 2299"
)


class _Rfc3339:
    """
    Accepts only text with date, time and offset: a bare number or a local time would be a guess.
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """
        Check the form first, inside the compiled validator, then read the instant.
        """
        text = core_schema.str_schema(pattern=RFC_3339, max_length=40, strict=True)
        read = core_schema.datetime_schema(tz_constraint="aware", strict=False, ge=EPOCH, lt=LAST)
        # A caller in Python may hand over what it has already read.
        already = core_schema.datetime_schema(tz_constraint="aware", strict=True, ge=EPOCH, lt=LAST)
        from_text = _SAY_INSTANT.instead(core_schema.chain_schema([text, read]))
        in_python = _SAY_INSTANT.instead(core_schema.union_schema([already, from_text], mode="left_to_right"))
        return core_schema.json_or_python_schema(
            json_schema=from_text,
            python_schema=in_python,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda at: format_instant(to_millis(at)), return_schema=core_schema.str_schema(), when_used="json"
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """
        Say ``date-time`` and the form to whoever reads the JSON Schema.
        """
        return {"type": "string", "format": "date-time", "maxLength": 40, "pattern": RFC_3339}


def positive(value: int) -> int:
    """
    Return a duration (milliseconds) that is longer than zero. Raises ValueError for any other.
    """
    if value <= 0:
        msg = "must be longer than zero"
        raise ValueError(msg)
    return value


class _AtLeastOne:
    """
    Refuses a list without entries.
    """

    @staticmethod
    def _some(value: tuple[object, ...]) -> tuple[object, ...]:
        if not value:
            raise PydanticCustomError("too_short", "needs at least one entry")
        return value

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """
        Look at what the list's own validator has let pass.
        """
        return core_schema.no_info_after_validator_function(self._some, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """
        Say the minimum to whoever reads the JSON Schema, unless that takes a single entry without a list as well.
        """
        made = handler(schema)
        return made | {"minItems": 1} if made.get("type") == "array" else made


AtLeastOne: Final = _AtLeastOne()
"""For lists: pydantic's own minimum also complains of a list whose entries are wrong, which helps nobody."""

# Written back with a unit, so that a document survives the way to JSON and back.
_AS_DURATION: Final = PlainSerializer(lambda ms: f"{ms}ms", return_type=str, when_used="json")
_AS_PERCENT: Final = PlainSerializer(lambda bp: f"{bp // 100}.{bp % 100:02d}%", return_type=str, when_used="json")

DURATION: Final = r"^(?:[0-9]{1,11}(?:ms|s|m|h|d|w))+$"
PERCENT: Final = r"^(?:100(?:\.0{1,2})?|[0-9]{1,2}(?:\.[0-9]{1,2})?)%$"
_DurationText = Annotated[
    str,
    Field(
        max_length=_LONGEST_WRITTEN,
        pattern=DURATION,
        examples=["20s", "1h30m"],
        description="A length of time with its unit: ms, s, m, h, d or w; at most 400 days.",
    ),
]
_PercentText = Annotated[
    str,
    Field(
        pattern=PERCENT,
        examples=["80%", "99.5%"],
        description="A share in percent, with at most two decimals.",
    ),
]

Millis = int
"""Integer milliseconds: an instant since the epoch (UTC) where the name ends in ``_at``, else a duration."""

SOURCE: Final = r'^[^\x00-\x20\x7f-\x9f"<>\\^`{|}]+$'
URL: Final = r"^https?://[^\s<>\"]+$"
SLUG: Final = r"^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$"
SITE: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
PRINTABLE: Final = r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+$"
"""No control characters, line ends, or marks that make text read backwards: names are shown to people."""

Slug = Annotated[str, StringConstraints(pattern=SLUG)]
SiteId = Annotated[str, StringConstraints(pattern=SITE)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=PRINTABLE)]
LongName = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=PRINTABLE)]
SourceUri = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=SOURCE)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4_000)]
Instant = Annotated[datetime, _Rfc3339]
ZONE: Final = r"^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$"
Zone = Annotated[str, Field(max_length=64, pattern=ZONE), AfterValidator(known_zone)]
"""IANA name of a time zone."""
Labels = Annotated[dict[Name, Name], Field(max_length=50)]
Duration = Annotated[
    int,
    BeforeValidator(parse_duration, json_schema_input_type=_DurationText),
    _AS_DURATION,
]
PositiveDuration = Annotated[Duration, AfterValidator(positive)]
Percent = Annotated[int, BeforeValidator(parse_percent, json_schema_input_type=_PercentText), _AS_PERCENT]
