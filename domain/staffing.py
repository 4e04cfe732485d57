"""
Staffing: what service a number of agents can give at a given load, and how many agents a service level needs.

Erlang C assumes that nobody gives up; Erlang A lets customers leave when their patience ends. Both assume random
arrivals at a steady rate, and customers who do not try again. They plan and predict; no verdict rests on them, so
their figures are floating-point numbers, and no engine keeps them.

Sources: A. K. Erlang (1917) for the loss and delay formulas; C. Palm (1946) and Garnett, Mandelbaum and Reiman,
"Designing a Call Center with Impatient Customers" (2002), for Erlang A; F. Baccelli and G. Hebuterne, "On queues with
impatient customers" (1981), for how long its customers wait.
"""

from collections.abc import Callable
from enum import StrEnum
from math import exp, expm1, inf, log
from typing import Final, NamedTuple

from schemas.base import BASIS_POINTS

MOST_AGENTS: Final = 20_000
"""More agents than this are refused: the sums take time, and no single queue has so many."""
GREATEST_CROWD: Final = 10_000_000_000
"""Customers that arrive while one is patient; beyond this a unit was mistaken."""

_NEGLIGIBLE: Final = 1e-20
_FAR: Final = 45.0
"""What is less likely than e to the minus this is left out."""
_HALVINGS: Final = 60
"""Until two ends of a search cannot be told apart."""
_PIECES: Final = 1_000
"""Of each stretch of an integral: an even number, so many that an error is below 1e-7."""


class StaffingFault(StrEnum):
    """
    Why there can be no forecast.
    """

    NO_CALLS = "no_calls"
    NO_DURATION = "no_duration"
    AGENTS_OUT_OF_RANGE = "agents_out_of_range"
    CROWD_TOO_GREAT = "crowd_too_great"
    TARGET_OUT_OF_RANGE = "target_out_of_range"


class CannotForecast(ValueError):
    """
    What was asked makes no sense as a queue of customers; ``fault`` is its name.
    """

    def __init__(self, fault: StaffingFault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


class Demand(NamedTuple):
    """
    What arrives: ``calls`` in ``per_ms`` milliseconds, each of which keeps an agent busy for ``aht_ms`` milliseconds.
    """

    calls: int
    per_ms: int
    aht_ms: int

    @property
    def load(self) -> float:
        """
        Offered load in erlangs: arrivals in the time that one takes.
        """
        return self.calls * self.aht_ms / self.per_ms


class Forecast(NamedTuple):
    """
    What is to be expected. Shares are of 1, of all who come; waits are milliseconds; None where there is no answer.

    ``service_level`` and ``mean_wait_ms`` are None where more arrives than the agents can do and nobody leaves: the
    queue grows for ever. ``abandonment`` is None where nobody is assumed to leave.
    """

    agents: int
    waits: float
    """Share of those who do not get an agent at once."""
    service_level: float | None
    """Share of those who are answered within the limit, as ``sl_all_offered`` counts it."""
    mean_wait_ms: float | None
    """Over all who come, whether they are answered or leave."""
    occupancy: float
    abandonment: float | None


def erlang_b(load: float, agents: int) -> float:
    """
    Share of arrivals that find all agents busy and are lost: ``B_n = A·B_{n−1} / (n + A·B_{n−1})``, ``B_0 = 1``.
    """
    blocked = 1.0
    for number in range(1, agents + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked


def erlang_c(demand: Demand, agents: int, within_ms: int) -> Forecast:
    """
    Predict a queue in which nobody gives up.

    ``P_w = N·B_N / (N − A(1 − B_N))``; ``SL(T) = 1 − P_w·e^(−(N−A)·T/AHT)``; mean wait ``P_w·AHT/(N−A)``.

    Raises ``CannotForecast``.
    """
    _require_sense(demand, agents, within_ms)
    load = demand.load
    if load >= agents:
        return Forecast(agents, 1.0, None, None, 1.0, None)
    blocked = erlang_b(load, agents)
    waits = agents * blocked / (agents - load * (1 - blocked))
    spare = agents - load
    return Forecast(
        agents,
        waits,
        1 - waits * exp(-spare * within_ms / demand.aht_ms),
        waits * demand.aht_ms / spare,
        load / agents,
        None,
    )


def erlang_a(demand: Demand, agents: int, within_ms: int, patience_ms: int) -> Forecast:
    """
    Predict a queue in which a customer waits for ``patience_ms`` on average and then leaves; it is always stable.

    With ``θ = 1/patience`` the states weigh ``A^k/k!`` up to N customers and ``λ/(Nμ + (k−N)θ)`` times the one before
    beyond; of these, ``P_w`` is the share of states with all agents busy, ``E[Q]`` the mean number waiting, and
    ``θ·E[Q]/λ`` the share that leaves. The mean wait is over all customers, and so is the service level.

    Raises ``CannotForecast``.
    """
    _require_sense(demand, agents, within_ms, patience_ms)
    load, hurry = demand.load, demand.aht_ms / patience_ms
    blocked = erlang_b(load, agents)
    waits = queue = 0.0
    if blocked:
        busy, length, first = _line(load, agents, hurry)
        # Below N the states weigh as in Erlang B: all of them together 1/B_N times the one in which all are busy.
        whole = busy + (first * (1 / blocked - 1) if first else 0.0)
        waits, queue = busy / whole, length / whole
    abandonment = queue * hurry / load
    missed = 1 - _served_in_time(load / hurry, agents / hurry, within_ms / patience_ms)
    return Forecast(
        agents,
        waits,
        1 - waits * missed,
        queue * demand.aht_ms / load,
        min(load * (1 - abandonment) / agents, 1.0),
        abandonment,
    )


def agents_needed(demand: Demand, within_ms: int, target: int, patience_ms: int | None = None) -> int | None:
    """
    Return the fewest agents whose service level reaches a target in basis points: by Erlang A if customers have a
    patience, else by Erlang C.

    None where that takes more than ``MOST_AGENTS``. Raises ``CannotForecast``.
    """
    if not 0 < target < BASIS_POINTS:
        msg = "a target lies above 0 % and below 100 %, which no number of agents keeps"
        raise CannotForecast(StaffingFault.TARGET_OUT_OF_RANGE, msg)

    def reaches(agents: int) -> bool:
        found = (
            erlang_c(demand, agents, within_ms)
            if patience_ms is None
            else erlang_a(demand, agents, within_ms, patience_ms)
        )
        return found.service_level is not None and found.service_level * BASIS_POINTS >= target

    # With one more agent the service level is never lower, so the fewest are found by halving.
    too_few, enough = 0, 1
    while not reaches(enough):
        if enough == MOST_AGENTS:
            return None
        too_few, enough = enough, min(2 * enough, MOST_AGENTS)
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        too_few, enough = (too_few, middle) if reaches(middle) else (middle, enough)
    return enough


def _require_sense(demand: Demand, agents: int, within_ms: int, patience_ms: int = 1) -> None:
    if demand.calls < 1:
        raise CannotForecast(StaffingFault.NO_CALLS, f"{demand.calls} calls: without any there is nothing to staff")
    if min(demand.per_ms, demand.aht_ms, patience_ms) < 1 or within_ms < 0:
        msg = "times are longer than nothing, and a limit is not negative"
        raise CannotForecast(StaffingFault.NO_DURATION, msg)
    if not 1 <= agents <= MOST_AGENTS:
        msg = f"{agents} agents: there are between 1 and {MOST_AGENTS:,}"
        raise CannotForecast(StaffingFault.AGENTS_OUT_OF_RANGE, msg)
    if demand.calls * patience_ms > GREATEST_CROWD * demand.per_ms:
        msg = f"more than {GREATEST_CROWD:,} arrive in the time that one is patient"
        raise CannotForecast(StaffingFault.CROWD_TOO_GREAT, msg)


def _line(load: float, agents: int, hurry: float) -> tuple[float, float, float]:
    """
    The weights of 0, 1, 2 … waiting, relative to the likeliest: their sum, that times how many wait, and the first.

    Reckoned outwards from the likeliest, so that no weight is ever too great for a number.
    """
    likeliest = max(int((load - agents) / hurry), 0)
    total, length, first = 1.0, float(likeliest), 0.0
    weight, waiting = 1.0, likeliest
    while waiting and weight > _NEGLIGIBLE:
        weight *= (agents + waiting * hurry) / load
        waiting -= 1
        total += weight
        length += waiting * weight
    if not waiting:
        first = weight
    weight, waiting = 1.0, likeliest
    while weight > _NEGLIGIBLE:
        waiting += 1
        weight *= load / (agents + waiting * hurry)
        total += weight
        length += waiting * weight
    return total, length, first


def _served_in_time(arriving: float, serving: float, within: float) -> float:
    """
    Of those who find no free agent, the share that is answered within a time; all in units of the mean patience.

    How long one of endless patience would wait has a density in proportion to exp(λ(1 - e^{-u}) - Nμu) (Baccelli and
    Hebuterne); a customer is still there with the chance e^{-u}.
    """
    likeliest = max(log(arriving / serving), 0.0)
    scale = min(arriving, serving)

    def exponent(past: float) -> float:
        # Relative to the likeliest wait, so that the difference of two large numbers is never taken.
        return -scale * expm1(-past) - serving * past

    def reach(sign: int, most: float) -> float:
        near, far = 0.0, min(most, 1.0)
        while far < most and exponent(sign * far) > -_FAR:
            near, far = far, min(2 * far, most)
        for _ in range(_HALVINGS):
            middle = (near + far) / 2
            if exponent(sign * middle) > -_FAR:
                near = middle
            else:
                far = middle
        return far

    begin, end = -reach(-1, likeliest), reach(1, inf)
    whole = _integral(lambda past: exp(exponent(past)), begin, end)
    part = _integral(lambda past: exp(exponent(past) - likeliest - past), begin, min(within - likeliest, end))
    return min(part / whole, 1.0)


def _integral(of: Callable[[float], float], begin: float, end: float) -> float:
    """
    Simpson's rule on stretches of 1, 2, 4 … times the patience: what happens early needs the finer steps.
    """
    total, longest = 0.0, 1.0
    while begin < end:
        stop = min(begin + longest, end)
        step = (stop - begin) / _PIECES
        inner = (4 if place % 2 else 2 for place in range(1, _PIECES))
        between = sum(weight * of(begin + step * place) for place, weight in enumerate(inner, 1))
        total += step / 3 * (of(begin) + between + of(stop))
        begin, longest = stop, 2 * longest
    return total


__all__ = [
    "GREATEST_CROWD",
    "MOST_AGENTS",
    "CannotForecast",
    "Demand",
    "Forecast",
    "StaffingFault",
    "agents_needed",
    "erlang_a",
    "erlang_b",
    "erlang_c",
]
