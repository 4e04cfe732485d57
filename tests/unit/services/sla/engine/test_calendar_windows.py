"""
Calendar windows by the wall clock: where clocks change, in zones with odd offsets, and in the gaps of day-parts.
"""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.base import DAY_MS, HOUR_MS, MINUTE_MS, from_millis, to_millis
from schemas.clocks import DayPart
from services.sla.engine.buckets import Buckets
from services.sla.engine.calendar_windows import Calendar, CalendarState

ZONES = (
    "UTC", "Europe/Riga", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Chatham", "Asia/Kathmandu",
    "Pacific/Apia", "America/Sao_Paulo",
)  # fmt: skip
LUNCH = DayPart.model_validate({"name": "lunch", "from": "11:30", "until": "14:00"})
NIGHT = DayPart.model_validate({"name": "night", "from": "22:00", "until": "02:00", "days": ["friday", "saturday"]})
NEVER = DayPart.model_validate({"name": "never", "from": "08:00", "until": "09:00", "days": []})


def at(text: str) -> int:
    return to_millis(datetime.fromisoformat(text).replace(tzinfo=UTC))


def window(unit: str, zone: str = "UTC", part: DayPart | None = None) -> Calendar:
    return Calendar(f"calendar:{unit}", unit, zone, part)


def spans(calendar: Calendar, instant: str) -> tuple[str, str, bool]:
    found = calendar.period(at(instant))
    return (*(from_millis(one).strftime("%m-%d %H:%M") for one in found[:2]), found.inside)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("calendar", "instant", "expected"),
    [
        (window("hour"), "2026-03-02T10:59:59", ("03-02 10:00", "03-02 11:00", True)),
        (window("day", "Europe/Riga"), "2026-03-29T12:00", ("03-28 22:00", "03-29 21:00", True)),
        (window("day", "Europe/Riga"), "2026-10-25T12:00", ("10-24 21:00", "10-25 22:00", True)),
        (window("week", "Europe/Riga"), "2026-03-29T12:00", ("03-22 22:00", "03-29 21:00", True)),
        (window("month", "Europe/Riga"), "2026-03-31T20:59", ("02-28 22:00", "03-31 21:00", True)),
        (window("month"), "2026-12-31T23:59", ("12-01 00:00", "01-01 00:00", True)),
        # The hour that is shown twice is one window.
        (window("hour", "Europe/Riga"), "2026-10-25T00:30", ("10-25 00:00", "10-25 02:00", True)),
        (window("hour", "Europe/Riga"), "2026-10-25T01:30", ("10-25 00:00", "10-25 02:00", True)),
        (window("day_part", "Europe/Riga", LUNCH), "2026-03-02T09:30", ("03-02 09:30", "03-02 12:00", True)),
        (window("day_part", "Europe/Riga", LUNCH), "2026-03-02T12:00", ("03-02 12:00", "03-03 09:30", False)),
        (window("day_part", "UTC", NIGHT), "2026-03-07T01:59", ("03-06 22:00", "03-07 02:00", True)),
        (window("day_part", "UTC", NIGHT), "2026-03-04T12:00", ("03-01 02:00", "03-06 22:00", False)),
        (window("day_part", "UTC", NEVER), "2026-03-04T12:00", ("03-04 12:00", "03-12 12:00", False)),
    ],
)
def test_a_window_follows_the_wall_clock(calendar: Calendar, instant: str, expected: tuple[str, str, bool]) -> None:
    assert spans(calendar, instant) == expected


@given(
    unit=st.sampled_from(("hour", "day", "week", "month", "lunch", "night")),
    zone=st.sampled_from(ZONES),
    minute=st.integers(at("2011-12-20T00:00") // MINUTE_MS, at("2027-01-01T00:00") // MINUTE_MS),
)
def test_every_instant_lies_in_one_window_and_windows_touch(unit: str, zone: str, minute: int) -> None:
    part = {"lunch": LUNCH, "night": NIGHT}.get(unit)
    calendar = window("day_part" if part else unit, zone, part)
    instant = minute * MINUTE_MS
    period = calendar.period(instant)
    assert period.begin <= instant < period.end
    assert calendar.period(period.end - 1) == period
    assert calendar.period(period.begin) == period
    assert calendar.period(period.end).begin == period.end
    if part:
        assert calendar.period(period.end).inside is not period.inside


def test_a_late_row_changes_the_window_that_it_lies_in_until_that_is_settled() -> None:
    monday = at("2026-03-02T00:00")
    state = CalendarState(window("day"), monday)
    buckets = Buckets(())
    for now in range(monday + HOUR_MS, monday + DAY_MS + HOUR_MS, HOUR_MS):
        state.move(now, buckets)
        if state.is_over(now):
            state.turn(now)
    state.correct(monday + HOUR_MS, (1, 2, 0, 1, 2))
    state.correct(monday - HOUR_MS, (1, 1, 0, 1, 1))
    state.correct(monday + DAY_MS, (3, 3, 0, 3, 3))
    assert state.changed
    assert not state.empty()
    assert [one.sums[:2] for one in state.settle(monday)] == [[1, 1]]
    again = CalendarState(window("day"), monday)
    again.restore(state.written())
    assert [one.sums[:2] for one in again.settle(monday + DAY_MS)] == [[1, 2]]
    assert (again.sums[:2], again.settle(monday + DAY_MS)) == ([3, 3], [])


def test_what_lies_between_two_parts_of_the_day_is_in_no_window() -> None:
    noon = at("2026-03-02T12:00")
    state, buckets = CalendarState(window("day_part", "UTC", LUNCH), noon), Buckets(())
    state.correct(at("2026-03-02T08:00"), (1, 1, 0, 1, 1))
    assert state.empty()
    closed = at("2026-03-02T14:00")
    state.turn(closed)
    state.move(closed + MINUTE_MS, buckets)
    assert [state.period.inside, state.sums] == [False, [0, 0, 0, 0, 0]]
    state.turn(at("2026-03-03T11:30"))
    assert len(state.closed) == 1
