"""
Axes hold all values between round numbers, whatever the values are.
"""

import json
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.cli.report.axes import axis_of, drawn, named, spread

UNITS = st.sampled_from(["share", "milliseconds", "hundredths", "points", "per_1000", "count"])


@given(unit=UNITS, values=st.lists(st.integers(0, 10**9), max_size=5))
@example(unit="milliseconds", values=[1])
def test_every_value_lies_on_the_axis_and_a_few_round_places_are_named(unit: str, values: list[int]) -> None:
    held = [value % 101 if unit == "share" else value for value in values]
    axis = axis_of(unit, held, lambda at: f"{at:g}")
    assert axis.low < axis.high
    assert all(axis.low <= value <= axis.high for value in held)
    assert 1 <= len(axis.labels) <= 9
    assert all(axis.low - 1e-6 <= at <= axis.high + 1e-6 for at in axis.labels)
    if unit == "share":
        assert (axis.low >= -1, axis.high <= 101) == (True, True)


def test_times_are_named_at_whole_seconds_minutes_and_hours() -> None:
    axis = axis_of("milliseconds", [0, 5_400_000], lambda at: str(at // 60_000))
    assert list(axis.labels)[:3] == [0, 900_000, 1_800_000]


@pytest.mark.parametrize(("unit", "value", "at"), [("share", 0.5, 50), ("hundredths", 430, 4.3), ("points", 30, 30)])
def test_a_value_is_drawn_as_it_is_read(unit: str, value: float, at: float) -> None:
    assert drawn(unit, value) == at


def test_places_are_named_evenly_and_not_more_than_there_is_room_for() -> None:
    chosen = spread([float(n) for n in range(31)], [f"d{n}" for n in range(31)], 9)
    assert len(chosen) <= 9
    assert {b - a for a, b in pairwise(chosen)} == {4}
    assert json.loads(named(chosen).partition("[")[0])["4"] == "d4"
    assert spread([], [], 4) == {}
