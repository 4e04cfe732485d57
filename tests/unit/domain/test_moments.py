"""
Durations and instants as people say them.
"""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.moments import spoken_duration, spoken_instant, spoken_time, written_duration
from schemas.base import parse_duration


@pytest.mark.parametrize(
    ("millis", "said"),
    [
        (0, "0 s"),
        (412, "412 ms"),
        (1_000, "1 s"),
        (2_430, "2.4 s"),
        (2_030, "2 s"),
        (22_400, "22.4 s"),
        (59_999, "59.9 s"),
        (60_000, "1 min"),
        (153_000, "2 min 33 s"),
        (3_600_000, "1 h"),
        (3_600_000 + 59_999, "1 h"),
        (5_400_000, "1 h 30 min"),
        (90_000_000, "1 d 1 h"),
        (86_400_000 + 60_000, "1 d"),
        (-2_000, "minus 2 s"),
    ],
)
def test_a_duration_is_said_in_its_two_largest_units(millis: int, said: str) -> None:
    assert spoken_duration(millis) == said


@given(st.integers(0, 10**11))
def test_what_is_said_is_never_longer_than_what_was(millis: int) -> None:
    units = {"d": 86_400_000, "h": 3_600_000, "min": 60_000, "s": 1_000, "ms": 1}
    words = spoken_duration(millis).split()
    said = sum(float(count) * units[unit] for count, unit in zip(words[::2], words[1::2], strict=True))
    assert said <= millis + 1e-6


def test_instants_are_said_in_the_zone_of_the_site() -> None:
    summer = 1_790_000_000_000
    assert spoken_instant(summer, ZoneInfo("Europe/Berlin")) == "2026-09-21 16:13:20"
    assert spoken_time(summer, ZoneInfo("Asia/Jerusalem")) == "17:13:20"


@given(st.integers(0, 400 * 86_400_000))
def test_a_duration_that_is_written_reads_back_the_same(millis: int) -> None:
    assert parse_duration(written_duration(millis)) == millis


def test_a_duration_is_written_as_people_write_it() -> None:
    assert written_duration(5_400_000) == "1h30m"
    assert written_duration(0) == "0s"
