"""
Laws of being on call: it agrees with a slow walk along the wall clock, in the oddest zones and over ten years.
"""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.base import to_millis
from services.alerts.engine import OnCall, on_call, shifts
from tests.properties.calendar_oracle import CHANGES, DAY, MINUTE, ZONES
from tests.properties.on_call_oracle import World, ten_years_of, walked_shifts, worlds

FULL = 2_000
DECADE = to_millis(datetime(2010, 1, 1, tzinfo=UTC))
"""Its beginning: in Apia a day will be skipped, and St John's still changes its clocks at a minute past midnight."""


def stretches(zone: str) -> list[tuple[int, int]]:
    """
    What is walked of the decade: all of it in full (`make bench`), else days around the changes of the first two years.
    """
    if settings().max_examples >= FULL:
        return [(DECADE, DECADE + 3_652 * DAY)]
    early = [at // MINUTE * MINUTE for at in CHANGES[zone] if DECADE <= at < DECADE + 730 * DAY]
    return [(at - 2 * DAY, at + 2 * DAY) for at in early or [DECADE]]


@given(world=worlds(), begin=st.integers(-2 * 1_440, 1_440), length=st.integers(1, 4 * 1_440))
def test_shifts_agree_with_a_walk_along_the_wall_clock(world: World, begin: int, length: int) -> None:
    start = world.near + begin * MINUTE
    end = start + length * MINUTE
    assert list(shifts(world.schedule, start, end, world.stands)) == walked_shifts(world, start, end)


@given(world=worlds(), offsets=st.lists(st.integers(-3 * DAY, 3 * DAY), min_size=2, max_size=20, unique=True))
def test_shifts_say_without_a_gap_what_is_said_of_each_instant(world: World, offsets: list[int]) -> None:
    asked = sorted(world.near + offset for offset in offsets)
    told = shifts(world.schedule, asked[0], asked[-1], world.stands)
    assert (told[0].from_at, told[-1].to_at) == (asked[0], asked[-1])
    for one, following in pairwise(told):
        assert one.to_at == following.from_at
        assert one[2:] != following[2:]
    for shift in told:
        inside = [at for at in asked if shift.from_at <= at < shift.to_at]
        for at in (shift.from_at, *inside, shift.to_at - 1):
            assert on_call(world.schedule, at, world.stands) == OnCall(shift.person, shift.by)


@given(world=worlds(), offsets=st.tuples(*[st.integers(-3 * DAY, 3 * DAY)] * 3))
def test_shifts_do_not_depend_on_where_one_begins_to_ask(world: World, offsets: tuple[int, int, int]) -> None:
    begin, middle, end = sorted(world.near + offset for offset in offsets)
    whole = shifts(world.schedule, begin, end, world.stands)
    parts = [*shifts(world.schedule, begin, middle, world.stands), *shifts(world.schedule, middle, end, world.stands)]
    cut = {one.from_at for one in parts} - {one.from_at for one in whole}
    assert cut <= {middle}
    assert sum(one.to_at - one.from_at for one in parts) == end - begin


@pytest.mark.parametrize("zone", ZONES)
def test_ten_years_of_a_schedule_agree_with_a_walk_along_the_wall_clock(zone: str) -> None:
    schedule = ten_years_of(zone)
    for begin, end in stretches(zone):
        walked = walked_shifts(World(schedule, (), begin), begin, end)
        assert list(shifts(schedule, begin, end)) == walked
        for one in walked:
            for at in (one.from_at, (one.from_at + one.to_at) // 2, one.to_at - 1):
                assert on_call(schedule, at) == OnCall(one.person, one.by)
