"""
Staffing: the figures of the trade, and sums that are done another way.
"""

from fractions import Fraction
from math import exp, factorial, lgamma, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.staffing import (
    MOST_AGENTS,
    CannotForecast,
    Demand,
    Forecast,
    StaffingFault,
    agents_needed,
    erlang_a,
    erlang_b,
    erlang_c,
)

CALL_CENTRE = Demand(calls=100, per_ms=1_800_000, aht_ms=180_000)
"""Ten erlangs."""


@pytest.mark.parametrize(
    ("agents", "waits", "level", "mean_wait", "occupancy"),
    [
        (12, 0.4494, 0.6402, 40.4, 0.833),
        (13, 0.2853, 0.7956, 17.1, 0.769),
        (14, 0.1741, 0.8884, 7.84, 0.714),
    ],
)
def test_erlang_c_gives_the_figures_of_the_trade(
    agents: int, waits: float, level: float, mean_wait: float, occupancy: float
) -> None:
    found = erlang_c(CALL_CENTRE, agents, 20_000)
    assert found.service_level is not None
    assert found.mean_wait_ms is not None
    assert found.waits == pytest.approx(waits, abs=5e-5)
    assert found.service_level == pytest.approx(level, abs=5e-5)
    assert found.mean_wait_ms / 1_000 == pytest.approx(mean_wait, rel=2e-3)
    assert found.occupancy == pytest.approx(occupancy, abs=5e-4)
    assert found.abandonment is None


def test_erlang_a_gives_the_figures_of_the_trade() -> None:
    found = erlang_a(CALL_CENTRE, 12, 20_000, 120_000)
    assert found.mean_wait_ms is not None
    assert found.waits == pytest.approx(0.2798, abs=5e-5)
    assert found.abandonment == pytest.approx(0.0616, abs=5e-5)
    assert found.mean_wait_ms / 1_000 == pytest.approx(7.4, abs=0.05)


@given(st.integers(1, 60), st.integers(1, 40))
def test_erlang_b_is_the_share_of_states_with_all_agents_busy(load: int, agents: int) -> None:
    weights = [Fraction(load**k, factorial(k)) for k in range(agents + 1)]
    assert erlang_b(float(load), agents) == pytest.approx(float(weights[-1] / sum(weights)), rel=1e-9)


@given(st.integers(1, 50), st.integers(1, 50))
def test_erlang_c_is_the_sum_over_its_states(load: int, agents: int) -> None:
    demand = Demand(load, 60_000, 60_000)
    found = erlang_c(demand, agents, 0)
    if load >= agents:
        assert (found.waits, found.service_level, found.mean_wait_ms) == (1.0, None, None)
        return
    free = sum(Fraction(load**k, factorial(k)) for k in range(agents))
    busy = Fraction(load**agents, factorial(agents)) * Fraction(agents, agents - load)
    assert found.waits == pytest.approx(float(busy / (free + busy)), rel=1e-9)
    assert found.service_level == pytest.approx(1 - found.waits)


def summed_up(demand: Demand, agents: int, within_ms: int, patience_ms: int) -> Forecast:
    """
    Erlang A by adding up every state, and by the wait of each: with j waiting, e to the minus the time until one's own
    turn, in units of the patience, is distributed as a beta variable.
    """
    load, hurry = demand.load, demand.aht_ms / patience_ms
    weights = [load**busy / factorial(busy) for busy in range(agents + 1)]
    while weights[-1] > 1e-15 * sum(weights):
        weights.append(weights[-1] * load / (agents + (len(weights) - agents) * hurry))
    whole, waiting = sum(weights), list(enumerate(weights[agents:]))
    queue = sum(place * weight for place, weight in waiting) / whole
    level, first = sum(weights[:agents]) / whole, agents / hurry
    for place, weight in waiting:
        scale = lgamma(first + place + 1) - lgamma(first) - lgamma(place + 1)
        level += weight / whole * beta_above(exp(-within_ms / patience_ms), first, place, scale)
    return Forecast(
        agents,
        sum(weight for _, weight in waiting) / whole,
        level,
        queue * demand.aht_ms / load,
        load * (1 - queue * hurry / load) / agents,
        queue * hurry / load,
    )


def beta_above(begin: float, first: float, place: int, scale: float) -> float:
    pieces = 400
    step = (1 - begin) / pieces
    points = [begin + step * (at + 0.5) for at in range(pieces)] if step else []
    return step * sum(exp(scale + first * log(x) + place * log(1 - x)) for x in points)


@settings(max_examples=25)
@given(st.integers(10, 60), st.integers(1, 12), st.integers(0, 60_000), st.integers(30_000, 600_000))
def test_erlang_a_is_the_sum_over_its_states(calls: int, agents: int, within_ms: int, patience_ms: int) -> None:
    demand = CALL_CENTRE._replace(calls=calls)
    found, slow = (how(demand, agents, within_ms, patience_ms) for how in (erlang_a, summed_up))
    assert found == pytest.approx(slow, abs=2e-4, rel=1e-6)


demands = st.builds(Demand, st.integers(1, 300), st.just(1_800_000), st.integers(1_000, 600_000))


@given(demands, st.integers(1, 150), st.integers(0, 120_000), st.integers(1_000, 1_200_000))
def test_shares_are_shares_and_one_more_agent_never_hurts(
    demand: Demand, agents: int, within_ms: int, patience_ms: int
) -> None:
    one, more = (erlang_a(demand, number, within_ms, patience_ms) for number in (agents, agents + 1))
    assert one.service_level is not None
    assert more.service_level is not None
    assert one.mean_wait_ms is not None
    assert more.mean_wait_ms is not None
    assert one.abandonment is not None
    assert all(0 <= share <= 1 for share in (one.waits, one.service_level, one.occupancy, one.abandonment))
    assert more.service_level >= one.service_level - 1e-7
    assert more.mean_wait_ms <= one.mean_wait_ms + 1e-6


@given(demands, st.integers(1, 100), st.integers(1_000, 1_200_000))
def test_after_all_patience_everybody_is_answered_or_gone(demand: Demand, agents: int, patience_ms: int) -> None:
    found = erlang_a(demand, agents, 100 * patience_ms, patience_ms)
    assert found.service_level is not None
    assert found.abandonment is not None
    assert found.service_level + found.abandonment == pytest.approx(1, abs=2e-7)


@pytest.mark.parametrize("agents", [11, 12, 14, 20])
def test_with_endless_patience_erlang_a_is_erlang_c(agents: int) -> None:
    patient, plain = erlang_a(CALL_CENTRE, agents, 20_000, 10**13), erlang_c(CALL_CENTRE, agents, 20_000)
    assert patient[:5] == pytest.approx(plain[:5], rel=1e-5)
    assert patient.abandonment == pytest.approx(0, abs=1e-6)


def test_a_crowd_that_no_number_could_hold_is_still_counted() -> None:
    found = erlang_a(Demand(1_000, 60_000, 600_000), 10, 20_000, 3_600_000)
    assert found.abandonment == pytest.approx(1 - 10 / 10_000, rel=1e-6)


def test_thousands_of_agents_are_no_trouble() -> None:
    huge = Demand(calls=1_000_000, per_ms=18_000_000, aht_ms=180_000)
    assert agents_needed(huge, 20_000, 8_000) == 10_013
    for patience_ms in (1, 1_000, 120_000, 86_400_000):
        found = [erlang_a(huge, agents, 20_000, patience_ms).service_level for agents in (1, 9_990, 10_100, 20_000)]
        levels = [level for level in found if level is not None]
        assert levels == sorted(levels)
        assert levels[-1] == 1


@pytest.mark.parametrize(
    ("demand", "agents", "within_ms", "patience_ms", "fault"),
    [
        (CALL_CENTRE._replace(calls=0), 12, 20_000, 120_000, StaffingFault.NO_CALLS),
        (CALL_CENTRE._replace(per_ms=0), 12, 20_000, 120_000, StaffingFault.NO_DURATION),
        (CALL_CENTRE._replace(aht_ms=0), 12, 20_000, 120_000, StaffingFault.NO_DURATION),
        (CALL_CENTRE, 12, -1, 120_000, StaffingFault.NO_DURATION),
        (CALL_CENTRE, 12, 20_000, 0, StaffingFault.NO_DURATION),
        (CALL_CENTRE, 0, 20_000, 120_000, StaffingFault.AGENTS_OUT_OF_RANGE),
        (CALL_CENTRE, MOST_AGENTS + 1, 20_000, 120_000, StaffingFault.AGENTS_OUT_OF_RANGE),
        (Demand(10_000_001, 1, 1_000), 12, 20_000, 1_000, StaffingFault.CROWD_TOO_GREAT),
    ],
)
def test_what_is_no_queue_of_customers_is_refused_by_name(
    demand: Demand, agents: int, within_ms: int, patience_ms: int, fault: StaffingFault
) -> None:
    with pytest.raises(CannotForecast) as refused:
        erlang_a(demand, agents, within_ms, patience_ms)
    assert refused.value.fault is fault


def test_erlang_c_refuses_nonsense_as_well() -> None:
    with pytest.raises(CannotForecast, match="without any there is nothing to staff"):
        erlang_c(CALL_CENTRE._replace(calls=0), 12, 20_000)


@pytest.mark.parametrize("target", [0, 10_000])
def test_a_target_that_no_number_of_agents_keeps_is_refused(target: int) -> None:
    with pytest.raises(CannotForecast, match="below 100 %"):
        agents_needed(CALL_CENTRE, 20_000, target)


def test_eighty_in_twenty_take_fourteen_agents_and_twelve_where_customers_leave() -> None:
    assert agents_needed(CALL_CENTRE, 20_000, 8_000) == 14
    assert agents_needed(CALL_CENTRE, 20_000, 8_000, patience_ms=120_000) == 12


@settings(max_examples=40)
@given(demands, st.integers(0, 120_000), st.integers(1, 9_999), st.integers(1_000, 1_200_000))
def test_where_customers_leave_the_agents_needed_reach_the_target_and_one_fewer_do_not(
    demand: Demand, within_ms: int, target: int, patience_ms: int
) -> None:
    needed = agents_needed(demand, within_ms, target, patience_ms)
    assert needed is not None
    levels = [erlang_a(demand, agents, within_ms, patience_ms).service_level for agents in (needed, max(needed - 1, 1))]
    reached = [level is not None and level * 10_000 >= target for level in levels]
    assert reached == [True, needed == 1]


@given(st.integers(1, 200), st.integers(1, 9_900))
def test_the_agents_needed_reach_the_target_and_one_fewer_do_not(load: int, target: int) -> None:
    demand = Demand(load, 60_000, 60_000)
    needed = agents_needed(demand, 20_000, target)
    assert needed is not None
    reached = erlang_c(demand, needed, 20_000).service_level
    assert reached is not None
    assert reached * 10_000 >= target
    fewer = erlang_c(demand, needed - 1, 20_000).service_level if needed > 1 else None
    assert fewer is None or fewer * 10_000 < target


def test_waiting_shrinks_with_every_agent_as_the_law_of_large_queues_says() -> None:
    waits = [erlang_c(CALL_CENTRE, agents, 20_000).waits for agents in range(11, 30)]
    assert waits == sorted(waits, reverse=True)
    assert erlang_c(CALL_CENTRE, 11, 20_000).service_level == pytest.approx(1 - waits[0] * exp(-20 / 180))


def test_a_load_beyond_all_agents_needs_more_than_there_are() -> None:
    assert agents_needed(Demand(MOST_AGENTS + 1, 1_000, 1_000), 1_000, 8_000) is None
