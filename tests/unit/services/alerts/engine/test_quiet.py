"""
Silences: when they hold, over changes of the clock, and rules that must neither crash nor keep anybody busy.
"""

from datetime import datetime
from itertools import islice
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.alert_routes import Recurrence, Silence
from schemas.base import format_instant, to_millis
from services.alerts.engine import Quiet
from services.alerts.engine.quiet import recurrence_fault
from services.alerts.engine.recurring import Recurring
from services.alerts.engine.rules import NEVER

SILENCES = TypeAdapter(Silence)
LABELS = {"site": "riga"}
MINUTE = 60_000


def silence(rule: str | None = None, duration: str = "1h", zone: str = "Europe/Riga", **said: object) -> Silence:
    again = {"again": {"rule": rule, "zone": zone, "duration": duration}} if rule is not None else {}
    usual = {"id": "s", "match": {"site": "riga"}, "from": "2026-01-01T00:00:00Z", "author": "q", "reason": "tests"}
    return SILENCES.validate_python(usual | again | said)


def instant(text: str) -> int:
    return to_millis(datetime.fromisoformat(text))


def changes(of: Silence, begin: str, count: int) -> list[str]:
    quiet, found = Quiet([of]), [instant(begin)]
    for _ in range(count):
        found.append(quiet.next_change(found[-1]))
    return [format_instant(at)[:16] for at in found[1:]]


def holds(of: Silence, at: str) -> bool:
    return Quiet([of]).silencing(LABELS, instant(at)) is not None


def test_a_silence_holds_once_from_its_beginning_up_to_its_end() -> None:
    once = silence(until="2026-01-02T00:00:00Z")
    quiet = Quiet([once])
    begin, end = instant("2026-01-01T00:00:00Z"), instant("2026-01-02T00:00:00Z")
    assert [quiet.silencing(LABELS, at) for at in (begin - 1, begin, end - 1, end)] == [None, "s", "s", None]
    assert [quiet.next_change(at) for at in (begin - 1, begin, end)] == [begin, end, NEVER]
    assert quiet.silencing({"site": "tallinn"}, begin) is None


def test_whoever_asks_is_told_which_silences_hold() -> None:
    over, again = silence(until="2026-01-02T00:00:00Z"), silence("FREQ=DAILY", id="nightly")
    quiet = Quiet([over, again])
    assert quiet.holding(instant("2026-01-01T00:30:00Z")) == {"s", "nightly"}
    assert quiet.holding(instant("2026-01-05T00:30:00Z")) == {"nightly"}
    assert quiet.holding(instant("2026-01-05T12:00:00Z")) == frozenset()


def test_a_later_silence_of_the_same_id_replaces_the_earlier_one() -> None:
    quiet = Quiet([silence(until="2026-01-02T00:00:00Z"), silence(until="2026-01-01T01:00:00Z")])
    assert quiet.silencing(LABELS, instant("2026-01-01T12:00:00Z")) is None
    assert Quiet([]).next_change(0) == NEVER


def test_it_comes_again_by_the_clock_on_the_wall_over_summer_time() -> None:
    weekly = silence("FREQ=WEEKLY;BYDAY=SU;BYHOUR=8;BYMINUTE=0")
    assert changes(weekly, "2026-03-20T00:00:00Z", 4) == [
        "2026-03-22T06:00", "2026-03-22T07:00", "2026-03-29T05:00", "2026-03-29T06:00",
    ]  # fmt: skip


def test_a_beginning_in_the_hour_that_is_skipped_is_the_change_and_one_that_comes_twice_is_the_first() -> None:
    daily = silence("FREQ=DAILY;BYHOUR=3;BYMINUTE=30")
    assert changes(daily, "2026-03-28T12:00:00Z", 2) == ["2026-03-29T01:00", "2026-03-29T02:00"]
    assert changes(daily, "2026-10-24T12:00:00Z", 3) == ["2026-10-25T00:30", "2026-10-25T01:30", "2026-10-26T01:30"]
    # Asked anew in its last moment, which is an hour after a time that no clock has shown.
    assert holds(daily, "2026-03-29T01:59:59.999Z")
    assert not holds(daily, "2026-03-29T02:00:00Z")


def test_one_that_lasts_longer_than_its_interval_is_silent_throughout() -> None:
    always = silence("FREQ=HOURLY", duration="3h")
    quiet = Quiet([always])
    assert all(quiet.silencing(LABELS, instant("2026-01-02T00:00:00Z") + minute * MINUTE) for minute in range(1_440))
    assert all(holds(always, f"2026-01-02T{hour:02d}:{minute}:00Z") for hour in range(24) for minute in ("00", "59"))


def test_no_time_begins_after_the_end_and_the_last_one_is_cut_off() -> None:
    daily = silence("FREQ=DAILY", duration="2h", until="2026-01-03T01:00:00Z")
    assert changes(daily, "2026-01-02T12:00:00Z", 2) == ["2026-01-03T00:00", "2026-01-03T01:00"]
    assert Quiet([daily]).next_change(instant("2026-01-03T01:00:00Z")) == NEVER
    assert Quiet([daily]).next_change(instant("2026-01-02T23:59:59Z")) == instant("2026-01-03T00:00:00Z")


def test_the_first_time_is_the_beginning_also_within_a_second() -> None:
    assert holds(silence("FREQ=DAILY", **{"from": "2026-01-01T10:00:00.700Z"}), "2026-01-01T10:00:00.700Z")
    assert not holds(silence("FREQ=DAILY", **{"from": "2026-01-01T10:00:00Z"}), "2025-12-31T10:00:00Z")


@pytest.mark.parametrize(
    ("rule", "begin", "days"),
    [
        ("FREQ=YEARLY", "2024-02-29T10:00:00Z", ["2024-02-29", "2028-02-29", "2032-02-29"]),
        ("FREQ=YEARLY;BYMONTH=6", "2026-01-15T10:00:00Z", ["2026-06-15", "2027-06-15", "2028-06-15"]),
        ("FREQ=MONTHLY", "2026-01-31T10:00:00Z", ["2026-01-31", "2026-03-31", "2026-05-31"]),
        (
            "FREQ=DAILY;BYHOUR=08,10;BYMONTH=06",
            "2026-05-31T10:00:00Z",
            ["2026-06-01T08", "2026-06-01", "2026-06-02T08"],
        ),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-01-01T10:00:00Z", ["2026-01-30", "2026-02-27", "2026-03-27"]),
        ("FREQ=WEEKLY;INTERVAL=2", "2026-01-01T10:00:00Z", ["2026-01-01", "2026-01-15", "2026-01-29"]),
        ("FREQ=WEEKLY;BYMONTHDAY=13;BYDAY=FR", "2026-01-01T10:00:00Z", ["2026-02-13", "2026-03-13", "2026-11-13"]),
    ],
)
def test_what_a_rule_does_not_say_it_has_from_the_first_time(rule: str, begin: str, days: list[str]) -> None:
    again = Recurrence.model_validate({"rule": rule, "zone": "UTC", "duration": "1h"})
    found = islice(Recurring(again, instant(begin)).since(0), 3)
    assert [format_instant(at)[:13] for at in found] == [day if "T" in day else f"{day}T10" for day in days]


def test_an_hourly_rule_of_twenty_years_ago_is_not_counted_from_its_beginning() -> None:
    old = Recurring(Recurrence.model_validate({"rule": "FREQ=HOURLY;INTERVAL=7", "zone": "UTC", "duration": "1h"}), 0)
    at = instant("2299-12-30T00:00:00Z")
    found = next(old.since(at))
    assert (found % (7 * 60 * MINUTE), found - at < 7 * 60 * MINUTE) == (0, True)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;BYMONTH=4;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=50",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=3",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2",
        "FREQ=YEARLY;INTERVAL=999;BYMONTH=2;BYMONTHDAY=-30",
    ],
)
def test_a_rule_that_no_day_fulfils_is_refused_and_does_no_harm(rule: str) -> None:
    never = silence(rule)
    assert "FREQ=WEEKLY;BYDAY=SU" in (recurrence_fault(never) or "")
    assert Quiet([never]).next_change(instant("2026-06-01T00:00:00Z")) == NEVER
    assert not holds(never, "2026-06-01T00:00:00Z")


def test_a_rule_whose_first_time_lies_behind_its_end_is_refused_and_others_are_not() -> None:
    assert recurrence_fault(silence("FREQ=YEARLY;BYMONTH=6", until="2026-05-01T00:00:00Z")) is not None
    assert recurrence_fault(silence("FREQ=YEARLY;BYMONTH=6", until="2026-07-01T00:00:00Z")) is None
    assert recurrence_fault(silence("FREQ=YEARLY;INTERVAL=999")) is None
    assert recurrence_fault(silence(until="2026-07-01T00:00:00Z")) is None


@pytest.mark.parametrize(
    ("rule", "fix"),
    [
        ("weekly", "like FREQ=WEEKLY;BYDAY=SU"),
        ("FREQ=MINUTELY", "FREQ is HOURLY"),
        ("FREQ=DAILY;COUNT=3", "the silence's own `until`"),
        ("FREQ=DAILY;UNTIL=20270101T000000Z", "the silence's own `until`"),
        ("FREQ=DAILY;BYSECOND=1,2", "any of INTERVAL"),
        ("FREQ=DAILY;FREQ=HOURLY", "any of INTERVAL"),
        ("FREQ=WEEKLY;BYDAY=MO;BYDAY=TU", "in one list"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL=2"),
        ("FREQ=DAILY;INTERVAL=1000", "INTERVAL=2"),
        ("FREQ=DAILY;BYHOUR=24", "BYHOUR=8,20"),
        ("FREQ=DAILY;BYMINUTE=0,30", "finer than hourly"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY=1,-1"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY=1,-1"),
        ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY=MO,WE"),
        ("FREQ=MONTHLY;BYDAY=8MO", "BYDAY=MO,WE"),
        ("FREQ=WEEKLY;BYDAY=1MO", "FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYSETPOS=0;BYDAY=MO", "BYSETPOS=-1"),
        ("FREQ=YEARLY;BYSETPOS=367;BYDAY=MO", "BYSETPOS=-1"),
        ("FREQ=YEARLY;BYMONTH=13", "BYMONTH=6,7"),
        ("FREQ=WEEKLY;WKST=XX", "WKST=SU"),
        ("FREQ=HOURLY;BYHOUR=5", "FREQ=DAILY"),
        ("FREQ=HOURLY;BYSETPOS=2", "FREQ=DAILY"),
    ],
)
def test_a_rule_that_asks_too_much_is_refused_with_the_fix(rule: str, fix: str) -> None:
    with pytest.raises(ValidationError) as refused:
        silence(rule)
    faults = refused.value.errors()
    assert [fault["loc"] for fault in faults] == [("again", "rule")]
    assert fix in faults[0]["msg"]


def test_no_time_lasts_longer_than_a_week() -> None:
    with pytest.raises(ValidationError, match="at most a week"):
        silence("FREQ=MONTHLY", duration="8d")


def test_every_rule_that_is_taken_can_be_worked_out() -> None:
    days = ",".join(str(day) for day in range(1, 32))
    hours = ",".join(str(hour) for hour in range(24))
    for often in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        said: dict[str, Any] = {"duration": "7d"}
        busy = silence(f"FREQ={often};BYHOUR={hours};BYMONTHDAY={days};BYMINUTE=59;BYSETPOS=-1,1", **said)
        at = instant("2046-01-01T00:00:00Z")
        assert at < Quiet([busy]).next_change(at) < NEVER
