"""
Periods are read as people say them, in their zone, and each knows the one before.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from schemas.base import from_millis, to_millis
from services.cli.report.periods import Period, read_period
from services.runtime.errors import Misconfigured

RIGA = ZoneInfo("Europe/Riga")
# A Thursday, half past midnight there, and still Wednesday in UTC.
NOW = to_millis(datetime(2026, 3, 5, 0, 30, tzinfo=RIGA))


def days(period: Period | None) -> tuple[str, str]:
    assert period is not None
    ends = (period.from_ms, period.until_ms)
    first, last = (from_millis(at or 0).astimezone(RIGA).strftime("%Y-%m-%d %H:%M") for at in ends)
    return first.removesuffix(" 00:00"), last.removesuffix(" 00:00")


@pytest.mark.parametrize(
    ("text", "first", "end", "before"),
    [
        ("2026", "2026-01-01", "2027-01-01", "2025-01-01"),
        ("2026-Q1", "2026-01-01", "2026-04-01", "2025-10-01"),
        ("2026-03", "2026-03-01", "2026-04-01", "2026-02-01"),
        ("2026-01", "2026-01-01", "2026-02-01", "2025-12-01"),
        ("2026-W01", "2025-12-29", "2026-01-05", "2025-12-22"),
        ("2026-03-29", "2026-03-29", "2026-03-30", "2026-03-28"),
        ("today", "2026-03-05", "2026-03-06", "2026-03-04"),
        ("yesterday", "2026-03-04", "2026-03-05", "2026-03-03"),
        ("this-week", "2026-03-02", "2026-03-09", "2026-02-23"),
        ("last-week", "2026-02-23", "2026-03-02", "2026-02-16"),
        ("this-month", "2026-03-01", "2026-04-01", "2026-02-01"),
        ("last-month", "2026-02-01", "2026-03-01", "2026-01-01"),
        ("last-quarter", "2025-10-01", "2026-01-01", "2025-07-01"),
        ("last-year", "2025-01-01", "2026-01-01", "2024-01-01"),
        ("last-30-days", "2026-02-03", "2026-03-05", "2026-01-04"),
    ],
)
def test_a_name_is_a_stretch_of_whole_days_and_has_one_before(text: str, first: str, end: str, before: str) -> None:
    period = read_period(text, RIGA, NOW)
    assert days(period) == (first, end)
    assert days(period.before()) == (before, first)


def test_a_day_is_as_long_as_the_clocks_make_it() -> None:
    assert read_period("2026-03-29", RIGA, NOW).length_ms == 23 * 3_600_000
    assert read_period("2026-10-25", RIGA, NOW).length_ms == 25 * 3_600_000


def test_all_is_open_and_nothing_is_before_it() -> None:
    period = read_period("all", RIGA, NOW)
    assert (period.from_ms, period.until_ms, period.length_ms, period.before()) == (None, None, None, None)


def test_before_a_span_of_ones_own_is_one_as_long() -> None:
    before = Period("", 5_000, 7_000, RIGA).before()
    assert before is not None
    assert before[:3] == ("", 3_000, 5_000)


@pytest.mark.parametrize(
    "text",
    ["", "March", "2026-13", "2026-00", "2026-W54", "2026-02-30", "2026-Q5", "last-0-days", "last-day",
     "1969", "2300", "9999", "last-9999-days", "2026-3"],
)  # fmt: skip
def test_what_is_no_period_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(Misconfigured, match="write it like 2026, 2026-Q1, 2026-03"):
        read_period(text, RIGA, to_millis(datetime(1980, 1, 1, tzinfo=RIGA)))
