"""
Columns say what a field's text means, and what was expected where it means nothing.
"""

from datetime import datetime
from inspect import getclosurevars
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.base import to_millis
from schemas.mappings import Column
from services.ingest.engine.columns import _MOST_REMEMBERED, day_reader, scalar_reader, second_reader
from services.ingest.engine.zones import LocalDays

BERLIN = LocalDays("Europe/Berlin")


def millis(text: str) -> int:
    return to_millis(datetime.fromisoformat(text))


def column(**fields: object) -> Column:
    return Column.model_validate({"name": "x", **fields})


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ({"type": "text"}, " as it is ", " as it is "),
        ({"type": "integer"}, "-12", -12),
        ({"type": "decimal"}, "12.5", 12.5),
        ({"type": "boolean"}, "Yes", True),
        ({"type": "boolean"}, "0", False),
        ({"type": "seconds"}, "90", 90_000),
        ({"type": "seconds"}, "1.5009", 1_500),
        ({"type": "milliseconds"}, "1500", 1_500),
        ({"type": "epoch"}, "915141600.25", 915_141_600_250),
        ({"type": "epoch"}, "1769846709", 1_769_846_709_000),
        ({"type": "epoch"}, "1772442000.123", 1_772_442_000_123),
        ({"type": "date", "format": "%d.%m.%Y"}, "31.01.2026", millis("2026-01-31T00:00:00+01:00")),
        (
            {"type": "local_time", "format": "%Y-%m-%d %H:%M:%S"},
            "2026-07-31 08:00:00",
            millis("2026-07-31T08:00:00+02:00"),
        ),
        (
            {"type": "local_time", "format": "%m/%d/%Y %I:%M:%S %p"},
            "07/31/2026 08:00:01 PM",
            millis("2026-07-31T20:00:01+02:00"),
        ),
        ({"type": "instant"}, "2026-01-31T08:00:00Z", millis("2026-01-31T08:00:00+00:00")),
        ({"type": "instant"}, "2026-01-31T08:00:00.123456789-05:00", millis("2026-01-31T13:00:00.123+00:00")),
        ({"type": "instant"}, "2026-01-31 08:00:00+0530", millis("2026-01-31T02:30:00+00:00")),
    ],
)
def test_a_text_means_what_its_type_says(kind: dict[str, str], text: str, expected: object) -> None:
    assert scalar_reader(column(**kind), BERLIN)(text) == expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ({"type": "integer"}, "12.5", "a whole number"),
        ({"type": "integer"}, "9" * 5_000, "a whole number"),
        ({"type": "integer"}, "١٢", "a whole number"),
        ({"type": "decimal"}, "NaN", "a number like"),
        ({"type": "decimal"}, "1e999", "a number like"),
        ({"type": "boolean"}, "maybe", "true or false"),
        ({"type": "seconds"}, "-1", "not negative"),
        ({"type": "milliseconds"}, "1.5", "milliseconds"),
        ({"type": "date", "format": "%d.%m.%Y"}, "31.02.2026", "a date like 31.01.2026"),
        ({"type": "local_time", "format": "%Y-%m-%d %H:%M:%S"}, "2026-01-31", "like 2026-01-31 08:05:09"),
        ({"type": "local_time", "format": "%Y-%m-%d %H:%M:%S"}, "2026-01-31T08+01:00", "2026-01-31 08:05:09"),
        ({"type": "instant"}, "2026-01-31T08:00:00", "with its offset"),
        ({"type": "instant"}, "2026-13-31T08:00:00Z", "with its offset"),
        ({"type": "epoch"}, "inf", "seconds since 1970"),
    ],
)
def test_a_text_that_means_nothing_is_told_with_what_was_expected(
    kind: dict[str, str], text: str, expected: str
) -> None:
    with pytest.raises(ValueError, match="expected") as fault:
        scalar_reader(column(**kind), BERLIN)(text)
    assert expected in str(fault.value)


@pytest.mark.parametrize(
    ("text", "second"), [("7:05:09", 25_509), ("07:05", 25_500), ("0:00:00", 0), ("24:00:00", 86_400)]
)
def test_a_time_of_day_is_its_second(text: str, second: int) -> None:
    assert second_reader(column(type="time_of_day", date="day"))(text) == second


@pytest.mark.parametrize("text", ["24:00:01", "7:60:00", "7", "7:5:9", "a:b:c", "-1:00:00", "1:00:00:00"])
def test_a_time_that_no_clock_shows_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="time of day like 7:05:09"):
        second_reader(column(type="time_of_day", date="day"))(text)


def test_a_time_of_day_may_have_a_form_of_its_own() -> None:
    assert second_reader(column(type="time_of_day", date="day", format="%I:%M %p"))("07:05 PM") == 68_700


def test_a_time_that_is_not_in_its_form_is_told_with_an_example() -> None:
    with pytest.raises(ValueError, match=r"expected a time like 08:05 AM \(%I:%M %p\)"):
        second_reader(column(type="time_of_day", date="day", format="%I:%M %p"))("19:05")


def test_what_is_remembered_of_a_column_is_bounded() -> None:
    read = scalar_reader(column(type="seconds"), BERLIN)
    for number in range(_MOST_REMEMBERED + 1):
        assert read(str(number)) == number * 1_000
    assert len(getclosurevars(read).nonlocals["known"]) == 1
    assert read("7") == 7_000


def test_a_day_is_remembered_without_changing_its_meaning() -> None:
    read = day_reader(column(type="date", format="%y%m%d"))
    assert [read("990101"), read("990102"), read("990101")] == [729_755, 729_756, 729_755]


@pytest.mark.parametrize(
    ("on_the_wall", "utc", "why"),
    [
        ("2026-03-29 01:59:59", "2026-03-29T00:59:59+00:00", "before the gap"),
        ("2026-03-29 02:30:00", "2026-03-29T01:30:00+00:00", "in the gap: the offset from before it"),
        ("2026-03-29 03:00:00", "2026-03-29T01:00:00+00:00", "behind the gap"),
        ("2026-10-25 02:30:00", "2026-10-25T00:30:00+00:00", "twice that night: the first is meant"),
        ("2026-10-25 03:00:00", "2026-10-25T02:00:00+00:00", "behind the hour that came twice"),
    ],
)
def test_the_nights_in_which_clocks_change_follow_one_rule(on_the_wall: str, utc: str, why: str) -> None:
    read = scalar_reader(column(type="local_time", format="%Y-%m-%d %H:%M:%S"), BERLIN)
    assert read(on_the_wall) == millis(utc), why


@given(
    st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2099, 1, 1)),  # noqa: DTZ001 - on the wall
    st.sampled_from(
        ["Asia/Jerusalem", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu"]
    ),
)
def test_local_days_agree_with_the_standard_library(at: datetime, zone: str) -> None:
    expected = to_millis(at.replace(microsecond=0, tzinfo=ZoneInfo(zone)))
    second = at.hour * 3_600 + at.minute * 60 + at.second
    assert LocalDays(zone).instant_ms(at.toordinal(), second) == expected


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Beirut", "America/Sao_Paulo", "UTC"])
def test_the_last_second_of_a_day_is_the_first_of_the_next_also_where_clocks_change_at_midnight(zone: str) -> None:
    days = LocalDays(zone)
    for ordinal in range(datetime(2018, 1, 1).toordinal(), datetime(2019, 1, 1).toordinal()):  # noqa: DTZ001 - on the wall
        assert days.instant_ms(ordinal, 86_400) == days.instant_ms(ordinal + 1, 0)
