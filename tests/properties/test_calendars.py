"""
Laws of open time: it agrees with a slow walk along the wall clock, adds up, and can be counted forwards and back.
"""

from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendars import FAR, OpenHours, compile_hours
from schemas.base import from_millis
from tests.properties.calendar_oracle import DAY, HOUR, MINUTE, Minute, World, walk, worlds

FULL = 2_000
CASES = settings(max_examples=settings().max_examples * (5 if settings().max_examples >= FULL else 1))
"""Ten thousand cases in full (`make bench`)."""

WALKED = 7 * DAY


def compiled(world: World) -> OpenHours:
    return compile_hours(world.calendar, world.zone)


def counted(minutes: list[Minute], begin: int, end: int) -> int:
    """
    Open milliseconds among minutes that were walked.
    """
    return sum(
        min(one.at + MINUTE, end) - max(one.at, begin)
        for one in minutes
        if one.begun and begin < one.at + MINUTE and one.at < end
    )


@CASES
@given(
    world=worlds(),
    begin=st.integers(0, 3 * DAY),
    length=st.one_of(st.integers(0, 4 * DAY), st.integers(0, 96).map(lambda hours: hours * HOUR)),
    wanted=st.one_of(st.integers(1, 2 * DAY), st.integers(1, 96).map(lambda halves: halves * HOUR // 2)),
    number=st.integers(1, 3),
)
def test_open_hours_agree_with_a_walk_along_the_wall_clock(
    world: World, begin: int, length: int, wanted: int, number: int
) -> None:
    hours = compiled(world)
    start = (world.near - 2 * DAY) // MINUTE * MINUTE
    minutes = walk(world.calendar, world.zone, start, start + WALKED)
    end_of_walk = start + WALKED
    begin, end = start + begin, start + begin + length

    assert hours.elapsed(begin, end) == counted(minutes, begin, end)
    at_begin = minutes[(begin - start) // MINUTE]
    assert hours.is_open(begin) == bool(at_begin.begun)

    opening = next((max(one.at, begin) for one in minutes if one.begun and begin < one.at + MINUTE), end_of_walk)
    assert min(hours.next_opening(begin), end_of_walk) == opening

    assert min(hours.add(begin, wanted), end_of_walk) == reached(minutes, begin, wanted, end_of_walk)
    assert max(hours.add(end, -wanted), start) == left(minutes, end, wanted, start)

    closings = last_closings(minutes, world.zone, begin)
    if len(closings) > number:
        # The last of them may go on behind what was walked.
        assert hours.close_of_business_day(begin, number) == closings[number - 1]

    told = hours.segments(begin, end)
    assert [one.from_at for one in told[1:]] == [one.to_at for one in told[:-1]]
    assert not told or (told[0].from_at, told[-1].to_at) == (begin, end)
    for stretch in told:
        inside = minutes[(stretch.from_at - start) // MINUTE : -((start - stretch.to_at) // MINUTE)]
        assert {bool(one.begun) for one in inside} == {stretch.open}
        assert {one.name for one in inside} == {stretch.name}
        assert not stretch.open or len({one.begun[0] for one in inside}) == 1


def reached(minutes: list[Minute], begin: int, wanted: int, end: int) -> int:
    """
    The earliest instant by which so much has been counted, or the end of the walk.
    """
    for one in minutes:
        if not one.begun or one.at + MINUTE <= begin:
            continue
        first = max(one.at, begin)
        if wanted <= one.at + MINUTE - first:
            return first + wanted
        wanted -= one.at + MINUTE - first
    return end


def left(minutes: list[Minute], end: int, wanted: int, start: int) -> int:
    """
    The latest instant since which so much has been counted, or the start of the walk.
    """
    for one in reversed(minutes):
        if not one.begun or one.at >= end:
            continue
        last = min(one.at + MINUTE, end)
        if wanted <= last - one.at:
            return last - wanted
        wanted -= last - one.at
    return start


def last_closings(minutes: list[Minute], zone: str, begin: int) -> list[int]:
    """
    The last closing of each business day after the local date of an instant.
    """
    today = from_millis(begin).astimezone(ZoneInfo(zone)).date()
    closings = {day: one.at + MINUTE for one in minutes for day in one.begun if day > today}
    return [closings[day] for day in sorted(closings)]


instants = st.integers(0, 2_500_000_000_000)


@given(world=worlds(), at=instants, wanted=st.integers(1, 40 * DAY))
def test_what_was_added_has_passed_and_not_a_moment_sooner(world: World, at: int, wanted: int) -> None:
    hours = compiled(world)
    due = hours.add(at, wanted)
    if due == FAR:
        assert hours.elapsed(at, at + 7_300 * DAY) < wanted
        return
    assert hours.elapsed(at, due) == wanted
    assert hours.elapsed(at, due - 1) == wanted - 1
    back = hours.add(due, -wanted)
    assert back == hours.next_opening(at)
    assert hours.elapsed(back, due) == wanted


@given(world=worlds(), at=instants, wanted=st.integers(1, 40 * DAY))
def test_what_was_taken_back_has_passed_since_and_not_a_moment_later(world: World, at: int, wanted: int) -> None:
    hours = compiled(world)
    since = hours.add(at, -wanted)
    if since == -FAR:
        assert hours.elapsed(at - 7_300 * DAY, at) < wanted
        return
    assert hours.elapsed(since, at) == wanted
    assert hours.elapsed(since + 1, at) == wanted - 1
    assert hours.is_open(since)
    again = hours.add(since, wanted)
    assert again <= at
    assert hours.elapsed(again, at) == 0


@given(world=worlds(), drawn=st.lists(instants, min_size=2, max_size=5))
def test_open_time_adds_up_and_never_exceeds_real_time(world: World, drawn: list[int]) -> None:
    hours = compiled(world)
    points = sorted(drawn)
    parts = [hours.elapsed(begin, end) for begin, end in pairwise(points)]
    assert sum(parts) == hours.elapsed(points[0], points[-1])
    assert all(0 <= part <= end - begin for part, (begin, end) in zip(parts, pairwise(points), strict=True))


@given(world=worlds(), at=instants, first=st.integers(-9 * DAY, 9 * DAY), second=st.integers(-9 * DAY, 9 * DAY))
def test_more_open_time_is_never_reached_earlier(world: World, at: int, first: int, second: int) -> None:
    hours = compiled(world)
    less, more = sorted((first, second))
    assert hours.add(at, less) <= hours.add(at, more)
    assert hours.add(at, less) <= hours.add(at + HOUR, less)


@given(world=worlds(), at=instants, length=st.integers(1, 500 * DAY))
def test_segments_are_all_of_the_time_and_their_open_ones_the_open_time(world: World, at: int, length: int) -> None:
    hours = compiled(world)
    told = hours.segments(at, at + length)
    assert sum(one.to_at - one.from_at for one in told) == length
    assert sum(one.to_at - one.from_at for one in told if one.open) == hours.elapsed(at, at + length)
    assert all(hours.is_open(one.from_at) is hours.is_open(one.to_at - 1) is one.open for one in told)


@given(world=worlds(), drawn=st.lists(instants, min_size=2, max_size=6))
def test_answers_do_not_depend_on_what_was_asked_before(world: World, drawn: list[int]) -> None:
    used = compiled(world)
    for at in drawn:
        fresh = compiled(world)
        assert used.is_open(at) == fresh.is_open(at)
        assert used.add(at, HOUR) == fresh.add(at, HOUR)
        assert used.close_of_business_day(at, 2) == fresh.close_of_business_day(at, 2)
