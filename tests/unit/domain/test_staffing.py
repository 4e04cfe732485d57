"""
Staffing: the figures of the trade, and sums that are done another way.
"""

from fractions import Fraction
from math import exp, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.staffing import MOST_AGENTS, Demand, agents_needed, erlang_a, erlang_b, erlang_c

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
    found = erlang_a(CALL_CENTRE, 12, 120_000)
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


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 40))
def test_erlang_a_is_the_sum_over_its_states(load: int, agents: int, patience: int) -> None:
    demand = Demand(load, 60_000, 60_000)
    found = erlang_a(demand, agents, patience * 10_000)
    weights = [1.0]
    for k in range(1, 1_000):
        leaving = max(k - agents, 0) * 6 / patience
        weights.append(weights[-1] * load / (min(k, agents) + leaving))
    total = sum(weights)
    queue = sum((k - agents) * weights[k] for k in range(agents, 1_000)) / total
    assert found.waits == pytest.approx(sum(weights[agents:]) / total, rel=1e-6)
    assert found.mean_wait_ms == pytest.approx(queue / load * 60_000, rel=1e-6, abs=1e-6)
    assert found.abandonment == pytest.approx(queue * 6 / patience / load, rel=1e-6, abs=1e-9)


def test_without_leaving_erlang_a_is_erlang_c() -> None:
    patient, plain = erlang_a(CALL_CENTRE, 14, 3_600_000_000), erlang_c(CALL_CENTRE, 14, 0)
    assert patient.waits == pytest.approx(plain.waits, rel=1e-3)
    assert patient.mean_wait_ms == pytest.approx(plain.mean_wait_ms, rel=1e-2)


def test_a_crowd_that_no_number_could_hold_is_still_counted() -> None:
    found = erlang_a(Demand(1_000, 60_000, 600_000), 10, 3_600_000)
    assert found.abandonment == pytest.approx(1 - 10 / 10_000, rel=1e-6)


def test_a_crowd_beyond_all_queues_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 1,000,000 arrive"):
        erlang_a(Demand(1_000_001, 1_000, 1_000), 10, 1_000)


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
