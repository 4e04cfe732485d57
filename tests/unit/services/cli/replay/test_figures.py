"""
Figures add measurements up by standard and group, attributed to local time of arrival.
"""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.base import to_millis
from services.cli.replay.figures import Figure, Figures
from services.sla.engine import Measurement
from tests.properties.drawing import standard

ARRIVED = 915_148_800_000
"""Midnight of 1 January 1999, UTC: two o'clock in Jerusalem."""


def measurement(place: int = 0, **fields: object) -> Measurement:
    told = {
        "id": f"m:{place}", "standard": "wait", "version": 1, "rev_offset": 0, "rev_watermark": 0, "site": "bank",
        "journey": f"j{place}", "arrived_at": ARRIVED, "state": "standing", "started_at": ARRIVED, "ended_at": ARRIVED,
        "ended_by": "stopped", "value_ms": 10_000, "paused_ms": 0, "limit_ms": 20_000, "validity": "plausible",
        "met": True, "short_abandon": False, "trail": (), "segments": (),
    }  # fmt: skip
    return Measurement(**(told | fields))  # type: ignore[arg-type] # the fields are those of the struct


def told(figures: Figures, metric: str = "sl_all_offered") -> dict[tuple[object, ...], tuple[int, int]]:
    return {
        tuple(value for _, value in one.group.by): (one.good, one.total)
        for one in figures.figures()
        if one.metric == metric
    }


def figures_by(*by: str, zone: str = "Asia/Jerusalem", **objective: str) -> Figures:
    return Figures(zone, by, [standard("wait", clock={"short_abandon": "5s"}, objective=objective)])


@pytest.mark.parametrize(
    ("field", "value"),
    [("hour", 2), ("date", "1999-01-01"), ("weekday", "Fri"), ("service", "PS"), ("queue", None), ("site", "bank")],
)
def test_a_group_is_named_by_its_value(field: str, value: object) -> None:
    figures = figures_by(field)
    figures.add(measurement(service="PS"))
    assert told(figures) == {(): (1, 1), (value,): (1, 1)}


def test_several_fields_make_one_group_for_each_combination() -> None:
    figures = figures_by("service", "priority")
    for place, (service, priority) in enumerate([("PS", "2"), ("PS", "0"), ("NW", "0"), ("PS", "2")]):
        figures.add(measurement(place, service=service, priority=priority))
    assert told(figures) == {(): (4, 4), ("NW", "0"): (1, 1), ("PS", "0"): (1, 1), ("PS", "2"): (2, 2)}


def test_a_standard_without_measurements_has_no_values() -> None:
    assert {(one.good, one.total, one.value, one.n) for one in figures_by().figures()} == {(0, 0, None, 0)}


def test_a_mean_is_told_in_seconds_and_its_sum_in_milliseconds() -> None:
    figures = figures_by()
    figures.add(measurement(1, value_ms=10_000))
    figures.add(measurement(2, value_ms=15_000))
    (asa,) = [one for one in figures.figures() if one.metric == "asa"]
    assert asa == Figure(asa.group, "asa", 25_000, 2, 12.5, "seconds", 2)


def test_a_percentile_is_told_exactly_with_how_many_were_within_its_target() -> None:
    figures = figures_by("team", metric="p90", target="15s")
    for place, value in enumerate((10_000, 15_000, 15_001, 70_000)):
        figures.add(measurement(place, value_ms=value, team="red" if value > 15_000 else "blue"))
    for ended_by, validity in (("abandoned", "plausible"), ("stopped", "too_long"), ("expired", "plausible")):
        figures.add(measurement(ended_by=ended_by, validity=validity, value_ms=500_000))
    told_of = {one.group.by: one for one in figures.figures() if one.metric == "p90"}
    (whole, blue, red, nobody) = (
        told_of[by] for by in ((), (("team", "blue"),), (("team", "red"),), (("team", None),))
    )
    assert (whole.good, whole.total, whole.value, whole.unit, whole.n) == (2, 4, 70.0, "seconds", 5)
    assert (blue.good, blue.total, blue.value) == (2, 2, 15.0)
    assert (red.good, red.total, red.value) == (0, 2, 70.0)
    assert (nobody.good, nobody.total, nobody.value) == (0, 0, None)
    ((date, hour, by_hour),) = figures.hours(("wait", 1))
    assert (date, hour, by_hour.value, by_hour.total) == ("1999-01-01", 2, 70.0, 4)


def test_handling_times_are_told_where_a_standard_is_held_to_them() -> None:
    figures = figures_by(metric="aht", target="3m")
    figures.add(measurement())
    assert [(one.value, one.unit) for one in figures.figures() if one.metric == "aht"] == [(10.0, "seconds")]


def test_the_overrun_is_the_mean_time_beyond_the_limit_of_what_was_not_kept() -> None:
    figures = figures_by("team")
    for place, (team, value, ended_by) in enumerate(
        [
            ("red", 20_000, "stopped"),
            ("red", 21_000, "stopped"),
            ("red", 24_001, "stopped"),
            ("blue", 30_000, "stopped"),
            ("blue", 90_000, "abandoned"),
            ("green", 1_000, "stopped"),
        ]
    ):
        met = value <= 20_000 if ended_by == "stopped" else None
        figures.add(measurement(place, team=team, value_ms=value, ended_by=ended_by, met=met))
    assert told(figures, "overrun") == {
        (): (15_001, 3),
        ("red",): (5_001, 2),
        ("blue",): (10_000, 1),
        ("green",): (0, 0),
    }
    means = {one.group.by: (one.value, one.unit, one.n) for one in figures.figures() if one.metric == "overrun"}
    assert means[("team", "red"),] == (2.5005, "seconds", 3)
    assert means[("team", "green"),] == (None, "seconds", 1)


def test_an_hour_that_clocks_skip_or_repeat_keeps_its_local_name() -> None:
    figures = figures_by("hour", zone="Europe/Berlin")
    # 25 October 2026: 0:30 and 1:30 UTC are both half past two on the wall.
    for place, at in enumerate((1_792_888_200_000, 1_792_891_800_000)):
        figures.add(measurement(place, arrived_at=at))
    assert told(figures) == {(): (2, 2), (2,): (2, 2)}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["PS", "NW", None]),
            st.sampled_from(["stopped", "abandoned", "cancelled", "expired"]),
            st.integers(min_value=0, max_value=60_000),
            st.sampled_from(["plausible", "too_long"]),
        ),
        max_size=30,
    )
)
def test_groups_add_up_to_the_whole(drawn: list[tuple[str | None, str, int, str]]) -> None:
    figures = figures_by("service")
    for place, (service, ended_by, value, validity) in enumerate(drawn):
        met = value <= 20_000 if ended_by == "stopped" and validity == "plausible" else None
        figures.add(measurement(place, service=service, ended_by=ended_by, value_ms=value, validity=validity, met=met))
    for metric in ("sl_all_offered", "sl_short_credited", "asa", "abandonment", "overrun"):
        pairs = told(figures, metric)
        whole = pairs.pop(())
        assert (sum(good for good, _ in pairs.values()), sum(total for _, total in pairs.values())) == whole


def test_the_constant_is_the_instant_that_it_says() -> None:
    assert to_millis(datetime(1999, 1, 1, tzinfo=UTC)) == ARRIVED
