"""
The small vocabulary: instants, durations, shares and names.
"""

import json
import pkgutil
import zoneinfo
from datetime import UTC, datetime, timedelta, timezone
from importlib import import_module
from importlib.metadata import version

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

import schemas
from schemas.base import (
    Duration,
    Instant,
    Name,
    Percent,
    PositiveDuration,
    SourceUri,
    format_instant,
    from_millis,
    known_zone,
    parse_duration,
    parse_instant,
    parse_percent,
    to_millis,
)
from tests.project import PROJECT

INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
END = 10_413_792_000_000


def read(text: object) -> int:
    return to_millis(INSTANT.validate_json(json.dumps(text)))


@given(st.integers(0, END - 1))
def test_an_instant_is_read_as_it_was_written(millis: int) -> None:
    assert read(format_instant(millis)) == millis
    assert from_millis(millis).tzinfo is UTC


@given(st.integers(0, END - 1), st.integers(-23 * 60 - 59, 23 * 60 + 59))
def test_an_offset_does_not_change_the_instant(millis: int, minutes: int) -> None:
    written = from_millis(millis).astimezone(timezone(timedelta(minutes=minutes)))
    if 1970 <= written.year < 2300:
        assert read(written.isoformat(timespec="milliseconds")) == millis


@given(st.datetimes(timezones=st.just(UTC)) | st.datetimes(timezones=st.timezones()))
def test_every_accepted_instant_can_be_written_back(at: datetime) -> None:
    try:
        accepted = INSTANT.validate_python(at)
    except ValidationError:
        return
    written = format_instant(to_millis(accepted))
    assert read(written) == to_millis(accepted)
    assert len(written) == len("2026-01-31T08:00:00.000Z")


@pytest.mark.parametrize(
    ("text", "millis"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T01:00:00+01:00", 0),
        ("2026-03-02t09:14:07.123456789z", 1_772_442_847_123),
        ("2026-03-02 09:14:07.1-00:00", 1_772_442_847_100),
        ("2299-12-31T23:59:59.999Z", END - 1),
    ],
)
def test_all_forms_of_rfc_3339_are_read(text: str, millis: int) -> None:
    assert read(text) == millis


@pytest.mark.parametrize(
    "text", ["1970-01-01T00:00:00+14:00", "2299-12-31T23:59:59-14:00", "2026-01-01T00:00:00Z\n", None, True, []]
)
def test_an_instant_that_could_not_be_written_back_is_refused(text: object) -> None:
    with pytest.raises(ValidationError) as caught:
        INSTANT.validate_json(json.dumps(text))
    assert [fault["type"] for fault in caught.value.errors()] == ["instant"]


@pytest.mark.parametrize("millis", [0, 1_770_000_000_123, 1_770_000_000_999, END - 1])
def test_an_instant_as_we_write_it_is_read_without_a_contract_too(millis: int) -> None:
    assert parse_instant(format_instant(millis)) == millis


def test_an_instant_that_is_read_without_a_contract_is_rounded_down() -> None:
    assert parse_instant("2026-03-02T10:14:07.123956789+01:00") == 1_772_442_847_123


@pytest.mark.parametrize("text", ["", "2026-03-02", "2026-03-02T09:14:07", "2026-02-30T09:14:07Z", "1772442847"])
def test_text_that_is_no_instant_is_not_read_as_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"instant|day|isoformat"):
        parse_instant(text)


def test_a_local_time_in_python_is_refused_too() -> None:
    with pytest.raises(ValidationError):
        INSTANT.validate_python(datetime(2026, 1, 1))  # noqa: DTZ001 - the fault that is tested


@pytest.mark.parametrize(
    ("text", "millis"),
    [("0s", 0), ("250ms", 250), ("20s", 20_000), ("1h30m", 5_400_000), ("2d", 172_800_000), ("1w", 604_800_000)],
)
def test_durations_are_read(text: str, millis: int) -> None:
    assert parse_duration(text) == millis


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20",
        "s",
        "20 s",
        "-1s",
        "1.5h",
        "20S",
        "20s ",
        "٢s",
        "1y",
        20,
        None,
        "401d",
        "1s" * 100_000,
        "9" * 5_000 + "s",
    ],
)
def test_what_is_no_duration_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="a duration is"):
        parse_duration(text)


@given(st.integers(0, 34_560_000_000))
def test_a_duration_survives_the_way_to_json_and_back(millis: int) -> None:
    adapter: TypeAdapter[int] = TypeAdapter(Duration)
    assert adapter.validate_json(adapter.dump_json(millis)) == millis


@given(st.integers(0, 10_000))
def test_a_share_survives_the_way_to_json_and_back(points: int) -> None:
    adapter: TypeAdapter[int] = TypeAdapter(Percent)
    assert adapter.validate_json(adapter.dump_json(points)) == points


@pytest.mark.parametrize(
    "text", ["80", "80 %", "-1%", "100.01%", "101%", "0.8", ".5%", "5.%", "1.234%", 80, 0.8, "٨٠%"]
)
def test_what_is_no_share_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="a share is"):
        parse_percent(text)


def test_half_percents_are_exact() -> None:
    assert [parse_percent(text) for text in ("0%", "99.5%", "99.95%", "100.00%")] == [0, 9_950, 9_995, 10_000]


def test_a_positive_duration_is_longer_than_zero() -> None:
    with pytest.raises(ValidationError, match="longer than zero"):
        TypeAdapter(PositiveDuration).validate_python("0s")


@pytest.mark.parametrize(
    "text", ["", "x" * 65, "a\tb", "a\x00", "a\x7f", "a\x85", "a\u2028b", "\u202eabc", "\u2066abc", "\ud800"]
)
def test_names_that_would_harm_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Name).validate_python(text)


@pytest.mark.parametrize("text", ["x" * 64, "Zürich", "窓口", "counter 1", "🙂", "O'Brien & Söhne"])
def test_names_of_the_world_are_accepted(text: str) -> None:
    assert TypeAdapter(Name).validate_python(text) == text


@pytest.mark.parametrize("text", ["a b", "<x>", 'a"b', "a\\b", "a\nb", "", "x" * 257, "a\x9f"])
def test_what_is_no_source_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(SourceUri).validate_python(text)


def test_zones_come_from_the_locked_package_and_not_from_the_machine() -> None:
    assert zoneinfo.TZPATH == ()
    assert f'"tzdata=={version("tzdata")}"' in (PROJECT / "pyproject.toml").read_text()


@pytest.mark.parametrize(
    "name", ["Europe", "Europe/", "localtime", "../zones", "zones", "__init__.py", "Europe/Atlantis"]
)
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no time zone is called"):
        known_zone(name)


def test_every_field_of_a_contract_says_what_it_means() -> None:
    # What the fields of a mapping mean stands in the docstrings of its models.
    modules = [one.name for one in pkgutil.iter_modules(schemas.__path__, "schemas.")]
    models = {
        made
        for module in modules
        for made in vars(import_module(module)).values()
        if isinstance(made, type) and issubclass(made, BaseModel) and made.__module__ != "schemas.mappings"
    }
    assert (
        sorted(
            f"{model.__module__}.{model.__name__}.{name}"
            for model in models
            for name, field in model.model_fields.items()
            if not field.description
        )
        == []
    )
