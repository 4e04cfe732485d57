"""
Laws of silences that come again: they agree with a slow walk along the wall clock, and no change of them is missed.
"""

import re
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.alert_routes import RULE_PARTS, Recurrence
from schemas.base import to_millis
from services.alerts.engine import Quiet
from services.alerts.engine.recurring import Recurring
from tests.properties.calendar_oracle import DAY, MINUTE
from tests.properties.silence_oracle import RULES, World, silences, walked_spans

LABELS = {"site": "a"}


@given(world=silences(), begin=st.integers(-3 * 1_440, 1_440), length=st.integers(1, 3 * 1_440))
def test_silences_agree_with_a_walk_along_the_wall_clock(world: World, begin: int, length: int) -> None:
    start = world.near + begin * MINUTE
    end = start + length * MINUTE
    spans = walked_spans(world.silence, start, end)
    edges = sorted({edge for span in spans for edge in span if start < edge < end})
    quiet = Quiet([world.silence])
    seen = [start]
    while (change := quiet.next_change(seen[-1])) < end:
        seen.append(change)
    assert seen == [start, *edges]
    for at, following in pairwise([*seen, end]):
        silent = any(span.begin <= at < span.end for span in spans)
        for instant in (at, (at + following) // 2, following - 1):
            assert (Quiet([world.silence]).silencing(LABELS, instant) is not None) == silent


@given(rule=st.sampled_from(RULES), minutes=st.integers(0, 15_000_000), days=st.integers(0, 9_999))
def test_times_are_found_from_any_day_on_as_if_counted_from_the_first(rule: str, minutes: int, days: int) -> None:
    begin = datetime.fromisoformat("2000-01-03") + timedelta(minutes=minutes)
    after = begin + timedelta(days=days)
    first = begin - timedelta(days=begin.weekday()) if "WEEKLY" in rule and "BYSETPOS" in rule else begin
    counted = islice((one for one in rrulestr(rule, dtstart=first) if one >= after), 30)
    found = Recurring(again(rule), utc(begin)).since(utc(after))
    assert list(islice(found, 30)) == [utc(one) for one in counted]


def again(rule: str) -> Recurrence:
    return Recurrence.model_validate({"rule": rule, "zone": "UTC", "duration": "1h"})


def utc(local: datetime) -> int:
    return to_millis(local.replace(tzinfo=UTC))


@st.composite
def hostile_rules(draw: st.DrawFn) -> str:
    """
    Draw whatever the form of a rule lets through, sensible or not.
    """
    names = draw(st.lists(st.sampled_from(sorted(RULE_PARTS)), unique=True))
    values = [draw(st.from_regex(re.compile(RULE_PARTS[name][0], re.ASCII), fullmatch=True)) for name in names]
    often = draw(st.sampled_from(("HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    return ";".join([f"FREQ={often}", *(f"{name}={value}" for name, value in zip(names, values, strict=True))])


@settings(max_examples=settings().max_examples // 4)
@given(rule=hostile_rules(), begin=st.integers(0, 10_000_000_000_000), later=st.integers(0, 9_999))
def test_every_rule_that_is_taken_can_be_worked_out(rule: str, begin: int, later: int) -> None:
    try:
        times = Recurring(again(rule), begin)
    except ValidationError as refused:
        assert [fault["loc"] for fault in refused.errors()] == [("rule",)]  # noqa: PT017 - most are taken
        return
    found = next(times.since(begin + later * DAY), None)
    assert found is None or found >= begin - begin % 1_000 + later * DAY


@given(world=silences(), offsets=st.lists(st.integers(-40 * DAY, 40 * DAY), min_size=2, max_size=6))
def test_answers_do_not_depend_on_what_was_asked_before(world: World, offsets: list[int]) -> None:
    used = Quiet([world.silence])
    for offset in offsets:
        at = world.near + offset
        fresh = Quiet([world.silence])
        assert used.silencing(LABELS, at) == fresh.silencing(LABELS, at)
        assert used.next_change(at) == fresh.next_change(at) > at


@given(world=silences(), at=st.integers(0, 10_000_000_000_000))
def test_a_silence_stays_as_it_is_up_to_its_next_change(world: World, at: int) -> None:
    quiet = Quiet([world.silence])
    held = quiet.silencing(LABELS, at)
    change = quiet.next_change(at)
    assert change > at
    assert Quiet([world.silence]).silencing(LABELS, min(change, at + 400 * DAY) - 1) == held
