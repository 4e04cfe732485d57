"""
Objectives as they are written: short forms mean what they meant before, and burn alerts that make no sense are refused
as the arithmetic of burn rates says.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.burning import Tier, TierFault, burns, faults_of, usual_tiers
from schemas.burn_alerts import BurnAlert, burn_fault
from schemas.objectives import Objective

HOUR, DAY = 3_600_000, 86_400_000
SHORT: dict[str, Any] = {"metric": "sl_all_offered", "target": "80%"}


def read(**more: Any) -> Objective:  # noqa: ANN401 - parts of a document
    return Objective.model_validate(SHORT | more)


def test_what_says_nothing_new_is_dumped_as_it_was_before_there_was_more_to_say() -> None:
    """Meanings are compared as they are dumped: a standard that was published must not mean something else now."""
    before = {"metric": "sl_all_offered", "target": "80%", "minimum_n": 1, "window": {"rolling": "3600000ms"}}
    assert read().model_dump(mode="json", by_alias=True) == before
    spelt_out = read(windows=[{"rolling": "1h"}], scopes=["site"], no_data="unknown", budget={}, burn_alerts=[])
    assert spelt_out.model_dump(mode="json", by_alias=True) == before


def test_what_says_something_new_is_dumped_with_it() -> None:
    new = {"windows": [{"rolling": "3600000ms"}, {"calendar": "day", "zone": "UTC"}], "no_data": "good"}
    dumped = read(windows=[{"rolling": "1h"}, {"calendar": "day", "zone": "UTC"}], no_data="good").model_dump(
        mode="json"
    )
    assert dumped == {**SHORT, "minimum_n": 1, **new}
    assert Objective.model_validate(dumped).model_dump(mode="json") == dumped
    assert read(windows=[{"calendar": "day"}]).model_dump(mode="json", exclude_defaults=True) == {
        **SHORT, "window": {"calendar": "day"},
    }  # fmt: skip
    two = read(windows=[{"calendar": "day"}, {"calendar": "week"}]).model_dump(mode="json", exclude_defaults=True)
    assert two == {**SHORT, "windows": [{"calendar": "day"}, {"calendar": "week"}]}


def test_the_budget_is_that_of_the_longest_window() -> None:
    found = read(windows=[{"rolling": "1h"}, {"calendar": "month"}, {"rolling": "7d"}])
    assert (found.period_ms, found.budget_window.calendar) == (30 * DAY, "month")
    assert (read(window={"calendar": "hour"}).period_ms, read().period_ms) == (HOUR, HOUR)


def test_what_can_never_fire_is_refused_with_the_greatest_possible_burn() -> None:
    alert = {"share_of_budget": "2%", "long": "1h", "short": "5m"}
    with pytest.raises(
        ValidationError, match=r"needs a burn of 14\.4, and with 20% allowed the greatest possible is 5;"
    ) as caught:
        read(windows=[{"calendar": "month"}], burn_alerts=[alert])
    assert "write at most 0.69%" in str(caught.value)
    held = read(windows=[{"calendar": "month"}], burn_alerts=[{**alert, "share_of_budget": "0.69%"}])
    assert isinstance(held.burn_alerts, tuple)


@given(
    share=st.integers(1, 10_000), long=st.integers(2, 50_000), part=st.integers(1, 49_999),
    target=st.integers(0, 9_999), period=st.integers(1, 60_000),
)  # fmt: skip
def test_a_condition_is_refused_exactly_where_it_makes_no_sense(
    share: int, long: int, part: int, target: int, period: int
) -> None:
    minute = 60_000
    short = max(part % long, 1)
    alert = BurnAlert.model_validate(
        {"share_of_budget": f"{share // 100}.{share % 100:02d}%", "long": f"{long}m", "short": f"{short}m"}
    )
    tier = Tier("any", share, long * minute, short * minute)
    senseless = bool(faults_of(tier, target, period * minute))
    silent = not burns(1, 1, target, (share * period, 10_000 * long))
    assert (burn_fault(alert, target, period * minute) is not None) == (senseless or silent)


@given(target=st.integers(0, 9_999), hours=st.integers(2, 24 * 400))
def test_of_every_period_of_two_hours_and_more_sensible_conditions_are_derived(target: int, hours: int) -> None:
    found = usual_tiers(target, hours * HOUR)
    assert found
    assert not any(faults_of(tier, target, hours * HOUR) for tier in found)
    assert all(tier.short_ms % 60_000 == 0 and tier.long_ms % 60_000 == 0 for tier in found)


def test_the_usual_conditions_stay_as_they_are_where_they_make_sense() -> None:
    assert [tier.name for tier in usual_tiers(9_000, 30 * DAY)] == ["hour", "six_hours", "day", "three_days"]
    assert [(tier.name, tier.long_ms) for tier in usual_tiers(9_000, 7 * DAY)] == [
        ("hour", HOUR),
        ("six_hours", 6 * HOUR),
    ]
    assert faults_of(usual_tiers(9_000, DAY)[0], 10_000, DAY) == (TierFault.NO_BUDGET,)
