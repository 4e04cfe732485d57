"""
Open time is counted by the wall clock of a place, exactly, over holidays, midnights, years and changes of the clock.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.calendars import FAR, REACH_MS, OpenHours, Stretch, compile_hours
from schemas.base import to_millis
from schemas.calendars import Calendar
from schemas.clocks import WEEKDAYS
from schemas.standards import DOCUMENTS

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
RIGA = "Europe/Riga"


def span(begin: str, until: str) -> dict[str, str]:
    return {"from": begin, "until": until}


OFFICE = {day: [span("09:00", "13:00"), span("14:00", "18:00")] for day in WEEKDAYS[:5]}
ALWAYS = {day: [span("00:00", "24:00")] for day in WEEKDAYS}
HOLIDAYS: list[dict[str, Any]] = [
    {"name": "Ligo Day", "date": "2026-06-23", "closed": True},
    {"name": "Midsummer Day", "date": "2026-06-24", "closed": True},
    {"name": "Open Saturday", "date": "2026-06-27", "hours": [span("10:00", "12:00")]},
]


def calendar(zone: str = RIGA, **parts: Any) -> Calendar:  # noqa: ANN401 - parts of a document
    metadata = {"id": "shop", "version": 3, "title": "Shop", "owner": "q", "zone": zone}
    made = DOCUMENTS.validate_python(
        {
            "apiVersion": "sqm/v1",
            "kind": "Calendar",
            "metadata": {"effective_from": "2020-01-01T00:00:00Z", **metadata},
            "hours": OFFICE,
            **parts,
        }
    )
    assert isinstance(made, Calendar)
    return made


def hours(zone: str = RIGA, **parts: Any) -> OpenHours:  # noqa: ANN401 - parts of a document
    return compile_hours(calendar(zone, **parts))


def at(text: str, zone: str = RIGA, fold: int = 0) -> int:
    return to_millis(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold))


def test_a_lunch_hour_does_not_count() -> None:
    assert hours().elapsed(at("2026-06-15T12:30"), at("2026-06-15T14:30")) == HOUR


def test_the_key_names_the_version_and_a_zone_that_is_not_the_calendars_own() -> None:
    assert compile_hours(calendar()).key == "shop@3"
    assert compile_hours(calendar(), RIGA).key == "shop@3"
    elsewhere = compile_hours(calendar(), "America/St_Johns")
    assert (elsewhere.key, elsewhere.zone) == ("shop@3/America/St_Johns", "America/St_Johns")
    assert elsewhere.is_open(at("2026-06-15T09:00", "America/St_Johns"))


def test_opening_belongs_to_the_interval_and_closing_does_not() -> None:
    open_hours = hours()
    opening, closing = at("2026-06-15T09:00"), at("2026-06-15T13:00")
    assert [open_hours.is_open(one) for one in (opening - 1, opening, closing - 1, closing)] == [
        False,
        True,
        True,
        False,
    ]


def test_nothing_has_passed_where_the_end_is_not_later() -> None:
    noon = at("2026-06-15T12:00")
    assert hours().elapsed(noon, noon) == hours().elapsed(noon, noon - HOUR) == 0


def test_a_limit_runs_over_lunch_night_weekend_and_holidays() -> None:
    due = hours(exceptions=HOLIDAYS).add(at("2026-06-22T16:00"), 8 * HOUR)
    assert due == at("2026-06-25T16:00")


def test_what_arrives_out_of_hours_starts_at_the_next_opening() -> None:
    open_hours = hours()
    assert open_hours.next_opening(at("2026-06-19T20:00")) == at("2026-06-22T09:00")
    assert open_hours.add(at("2026-06-19T20:00"), MINUTE) == at("2026-06-22T09:01")
    assert open_hours.next_opening(at("2026-06-19T10:00")) == at("2026-06-19T10:00")


def test_a_limit_that_fills_a_day_is_due_at_its_closing_and_not_at_the_next_opening() -> None:
    assert hours().add(at("2026-06-15T09:00"), 8 * HOUR) == at("2026-06-15T18:00")


def test_looking_back_by_all_of_a_day_ends_at_its_opening_and_not_at_the_closing_before() -> None:
    assert hours().add(at("2026-06-16T10:00"), -HOUR) == at("2026-06-16T09:00")


def test_a_warning_before_a_limit_is_counted_backwards_in_open_time() -> None:
    assert hours(exceptions=HOLIDAYS).add(at("2026-06-25T10:00"), -2 * HOUR) == at("2026-06-22T17:00")


def test_counting_nothing_stays_where_it_is() -> None:
    night = at("2026-06-15T03:00")
    assert hours().add(night, 0) == night


def test_an_interval_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    bar = hours(hours={"friday": [span("22:00", "02:00")]}, exceptions=[HOLIDAYS[0] | {"date": "2026-06-20"}])
    assert bar.elapsed(at("2026-06-19T00:00"), at("2026-06-21T00:00")) == 4 * HOUR
    assert bar.is_open(at("2026-06-20T01:59"))


def test_an_evening_that_runs_into_an_exceptional_morning_is_counted_once() -> None:
    early = [{"name": "Market", "date": "2026-06-20", "hours": [span("01:00", "05:00")]}]
    bar = hours(hours={"friday": [span("22:00", "02:00")]}, exceptions=early)
    begin, end = at("2026-06-19T00:00"), at("2026-06-21T00:00")
    assert bar.elapsed(begin, end) == 7 * HOUR
    assert [one.name for one in bar.segments(begin, end) if one.open] == [None, "Market"]


def test_an_exception_inside_an_evening_that_is_open_anyway_changes_nothing() -> None:
    inside = [{"name": "Market", "date": "2026-06-20", "hours": [span("00:30", "01:00")]}]
    bar = hours(hours={"friday": [span("22:00", "02:00")]}, exceptions=inside)
    assert bar.elapsed(at("2026-06-19T00:00"), at("2026-06-21T00:00")) == 4 * HOUR
    assert bar.close_of_business_day(at("2026-06-19T10:00"), 1) == at("2026-06-20T01:00")


def test_a_season_has_its_own_week_from_its_first_to_its_last_day() -> None:
    summer = {"name": "summer", "from": "2026-07-06", "to": "2026-07-13", "hours": {"monday": [span("10:00", "12:00")]}}
    open_hours = hours(seasons=[summer])
    mondays = ("2026-06-29", "2026-07-06", "2026-07-13", "2026-07-20")
    assert [open_hours.elapsed(at(f"{day}T00:00"), at(f"{day}T23:00")) // HOUR for day in mondays] == [8, 2, 2, 8]
    assert not open_hours.is_open(at("2026-07-07T10:00"))


def test_open_time_is_real_time_over_both_changes_of_the_clock() -> None:
    always = hours(hours=ALWAYS)
    spring = always.elapsed(at("2026-03-29T00:00"), at("2026-03-30T00:00"))
    autumn = always.elapsed(at("2026-10-25T00:00"), at("2026-10-26T00:00"))
    assert (spring, autumn) == (23 * HOUR, 25 * HOUR)


def test_an_opening_that_the_clock_skips_is_the_moment_of_the_change() -> None:
    # On 29 March 2026 the clocks of Riga go from 03:00 to 04:00.
    early = hours(hours={"sunday": [span("03:30", "06:00")]})
    assert early.next_opening(at("2026-03-29T00:00")) == at("2026-03-29T04:00")
    assert early.elapsed(at("2026-03-29T00:00"), at("2026-03-30T00:00")) == 2 * HOUR
    inside = hours(hours={"sunday": [span("03:10", "03:50")]})
    assert inside.elapsed(at("2026-03-29T00:00"), at("2026-03-30T00:00")) == 0
    assert inside.close_of_business_day(at("2026-03-28T00:00"), 1) == at("2026-04-05T03:50")


def test_of_a_time_that_comes_twice_the_first_counts() -> None:
    # On 25 October 2026 the clocks of Riga go from 04:00 back to 03:00.
    night = hours(hours={"sunday": [span("01:00", "03:30"), span("03:30", "05:00")]})
    begin, end = at("2026-10-25T00:00"), at("2026-10-26T00:00")
    first = at("2026-10-25T03:30")
    assert night.segments(begin, end)[1:3] == (
        Stretch(at("2026-10-25T01:00"), first, open=True, name=None),
        Stretch(first, at("2026-10-25T05:00"), open=True, name=None),
    )
    assert night.elapsed(begin, end) == 5 * HOUR


def test_a_day_that_a_zone_skipped_has_no_opening() -> None:
    # Apia went over the date line: 30 December 2011 never was.
    apia = hours("Pacific/Apia", hours=ALWAYS)
    begin, end = at("2011-12-29T12:00", "Pacific/Apia"), at("2011-12-31T12:00", "Pacific/Apia")
    assert apia.elapsed(begin, end) == 24 * HOUR
    assert apia.close_of_business_day(begin, 1) == at("2012-01-01T00:00", "Pacific/Apia")


def test_the_third_business_day_following_receipt_passes_over_what_is_closed() -> None:
    open_hours = hours(exceptions=HOLIDAYS)
    assert open_hours.close_of_business_day(at("2026-06-22T08:00"), 1) == at("2026-06-25T18:00")
    assert open_hours.close_of_business_day(at("2026-06-22T23:59"), 3) == at("2026-06-27T12:00")
    assert open_hours.close_of_business_day(at("2026-12-30T12:00"), 3) == at("2027-01-04T18:00")


def test_business_days_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="from one"):
        hours().close_of_business_day(at("2026-06-22T08:00"), 0)


def test_segments_name_the_holidays_that_close_and_those_that_open() -> None:
    begin, end = at("2026-06-22T17:00"), at("2026-06-28T00:00")
    told = hours(exceptions=HOLIDAYS).segments(begin, end)
    assert told[:4] == (
        Stretch(begin, at("2026-06-22T18:00"), open=True, name=None),
        Stretch(at("2026-06-22T18:00"), at("2026-06-23T00:00"), open=False, name=None),
        Stretch(at("2026-06-23T00:00"), at("2026-06-24T00:00"), open=False, name="Ligo Day"),
        Stretch(at("2026-06-24T00:00"), at("2026-06-25T00:00"), open=False, name="Midsummer Day"),
    )
    assert told[-3:] == (
        Stretch(at("2026-06-27T00:00"), at("2026-06-27T10:00"), open=False, name="Open Saturday"),
        Stretch(at("2026-06-27T10:00"), at("2026-06-27T12:00"), open=True, name="Open Saturday"),
        Stretch(at("2026-06-27T12:00"), end, open=False, name="Open Saturday"),
    )


def test_segments_of_nothing_are_none() -> None:
    assert hours().segments(at("2026-06-22T17:00"), at("2026-06-22T17:00")) == ()


def test_an_opening_over_the_new_year_is_one_segment() -> None:
    party = hours(hours={}, exceptions=[{"name": "Party", "date": "2026-12-31", "hours": [span("20:00", "04:00")]}])
    begin, end = at("2026-12-31T00:00"), at("2027-01-02T00:00")
    opening, closing = at("2026-12-31T20:00"), at("2027-01-01T04:00")
    assert [one for one in party.segments(begin, end) if one.open] == [
        Stretch(opening, closing, open=True, name="Party")
    ]
    assert party.close_of_business_day(at("2026-12-30T00:00"), 1) == closing
    assert party.add(closing, -8 * HOUR) == opening
    assert party.add(opening, 8 * HOUR) == closing


def test_days_that_touch_at_the_new_year_stay_two_segments() -> None:
    begin, end = at("2026-12-31T00:00"), at("2027-01-02T00:00")
    assert [one.to_at - one.from_at for one in hours(hours=ALWAYS).segments(begin, end)] == [DAY, DAY]


def test_closed_days_of_one_name_are_one_segment_also_over_the_new_year() -> None:
    closed = [{"name": "Works", "from": "2026-12-28", "to": "2027-01-10", "closed": True}]
    told = hours(exceptions=closed).segments(at("2026-12-25T19:00"), at("2027-01-11T09:00"))
    works = Stretch(at("2026-12-28T00:00"), at("2027-01-11T00:00"), open=False, name="Works")
    assert told == (
        Stretch(at("2026-12-25T19:00"), works.from_at, open=False, name=None),
        works,
        Stretch(works.to_at, at("2027-01-11T09:00"), open=False, name=None),
    )


def test_open_time_adds_up_over_decades() -> None:
    always = hours(hours=ALWAYS)
    begin, end = at("1999-06-15T12:00"), at("2026-06-15T12:00")
    assert always.elapsed(begin, end) == end - begin
    assert always.add(begin, 15 * 365 * DAY) == begin + 15 * 365 * DAY
    assert always.add(end, -15 * 365 * DAY) == end - 15 * 365 * DAY


def test_what_twenty_years_do_not_hold_is_never_reached() -> None:
    once = hours(hours={}, exceptions=[{"name": "Opening", "date": "2046-06-16", "hours": [span("10:00", "11:00")]}])
    opening = at("2046-06-16T10:00")
    assert once.next_opening(opening - REACH_MS) == opening
    assert once.next_opening(opening - REACH_MS - 1) == once.next_opening(at("2026-01-01T00:00")) == FAR
    assert once.add(opening - REACH_MS, 1) == FAR
    assert once.add(opening + 1 - REACH_MS, 1) == opening + 1
    assert once.add(opening + REACH_MS, -HOUR) == opening
    assert once.add(opening + REACH_MS + 1, -HOUR) == once.add(opening + 2 * REACH_MS, -HOUR) == -FAR
    closing = opening + HOUR
    assert once.close_of_business_day(closing - REACH_MS, 1) == closing
    assert once.close_of_business_day(closing - REACH_MS - 1, 1) == FAR
    assert once.close_of_business_day(opening, 1) == once.next_opening(closing) == once.add(closing, 1) == FAR


def test_before_and_after_all_known_years_nothing_is_open() -> None:
    always = hours(hours=ALWAYS)
    assert always.is_open(at("2026-06-15T12:00"))
    for far in (FAR, -FAR):
        assert not always.is_open(far)
        assert always.close_of_business_day(far, 1) == FAR
    assert always.next_opening(FAR) == always.add(FAR, 1) == FAR
    assert always.add(-FAR, -1) == -FAR
    assert always.segments(FAR, FAR + 5) == (Stretch(FAR, FAR + 5, open=False, name=None),)
    assert always.segments(-FAR, 5 - FAR) == (Stretch(-FAR, 5 - FAR, open=False, name=None),)


def test_the_year_of_an_instant_is_the_local_one() -> None:
    always = hours(hours=ALWAYS)
    eve, new_year = at("2026-12-31T12:00"), at("2027-01-01T00:00")
    for midnight in (at("2026-01-01T00:00"), new_year):
        assert always.is_open(midnight)
        assert always.is_open(eve)
        assert always.is_open(midnight - 1)
    assert hours(hours=ALWAYS).is_open(new_year)
    west = hours("America/St_Johns", hours=ALWAYS)
    assert west.is_open(at("2026-12-31T22:00", "America/St_Johns"))
    assert west.elapsed(at("2027-01-01T01:00"), at("2027-01-01T03:00")) == 2 * HOUR


def test_a_draft_cannot_be_used() -> None:
    with pytest.raises(ValueError, match="frozen"):
        hours(import_holidays=[{"country": "LV", "years": {"from": 2026, "to": 2026}}])
