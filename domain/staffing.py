"""
Staffing: what service a number of agents can give at a given load, and how many agents a service level needs.

Erlang C assumes that nobody gives up; Erlang A lets customers leave when their patience ends. Both assume random
arrivals at a steady rate, and customers who do not try again. They plan and predict; no verdict rests on them, so
their figures are floating-point numbers, and no engine keeps them.

Sources: A. K. Erlang (1917) for the loss and delay formulas; C. Palm (1946) and Garnett, Mandelbaum and Reiman,
"Designing a Call Center with Impatient Customers" (2002), for Erlang A.
"""

from math import exp
from typing import Final, NamedTuple

__all__ = ["MOST_AGENTS", "Demand", "Forecast", "agents_needed", "erlang_a", "erlang_b", "erlang_c"]

MOST_AGENTS: Final = 20_000
"""More agents than this are refused: the sums take time, and no single queue has so many."""

_NEGLIGIBLE: Final = 1e-16
_TOO_LARGE: Final = 1e200
_MOST_WAITING: Final = 1_000_000


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
    What is to be expected. Shares are of 1, waits are milliseconds; None where the model has no answer.

    ``service_level`` and ``mean_wait_ms`` are None where more arrives than the agents can do and nobody leaves: the
    queue grows for ever. ``abandonment`` is None where nobody is assumed to leave.
    """

    agents: int
    waits: float
    service_level: float | None
    mean_wait_ms: float | None
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
    """
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


def erlang_a(demand: Demand, agents: int, patience_ms: int) -> Forecast:
    """
    Predict a queue in which a customer waits for ``patience_ms`` on average and then leaves; it is always stable.

    With ``θ = 1/patience`` the states weigh ``A^k/k!`` up to N customers and ``λ/(Nμ + (k−N)θ)`` times the one before
    beyond; of these, ``P_w`` is the share of states with all agents busy, ``E[Q]`` the mean number waiting, and
    ``θ·E[Q]/λ`` the share that leaves. The mean wait is over all customers. No service level is given.

    Raises ValueError where more than a million would arrive while one is patient: no queue is so long.
    """
    load = demand.load
    if demand.calls * patience_ms > _MOST_WAITING * demand.per_ms:
        msg = f"more than {_MOST_WAITING:,} arrive in the time that one is patient"
        raise ValueError(msg)
    arrivals, serves, leaves = demand.calls / demand.per_ms, agents / demand.aht_ms, 1 / patience_ms
    weight = idle = 1.0
    # From the state in which all are busy downwards, so that nothing grows beyond what a number can hold.
    for number in range(agents, 0, -1):
        weight *= number / load
        idle += weight
        if weight < _NEGLIGIBLE * idle:
            break
    weight, busy, queue, waiting, shared = 1.0, 1.0, 0.0, 0, 1.0
    while weight > _NEGLIGIBLE * busy:
        waiting += 1
        weight *= arrivals / (serves + waiting * leaves)
        busy += weight
        queue += waiting * weight
        if busy > _TOO_LARGE:
            # Only the proportions matter.
            weight, busy, queue, idle, shared = (each / _TOO_LARGE for each in (weight, busy, queue, idle, shared))
    total = idle + busy - shared
    mean_queue = queue / total
    abandonment = leaves * mean_queue / arrivals
    return Forecast(agents, busy / total, None, mean_queue / arrivals, load * (1 - abandonment) / agents, abandonment)


def agents_needed(demand: Demand, within_ms: int, target: int) -> int | None:
    """
    Return the fewest agents whose service level by Erlang C reaches a target in basis points.

    None where that takes more than ``MOST_AGENTS``.
    """
    load, blocked = demand.load, 1.0
    for agents in range(1, MOST_AGENTS + 1):
        blocked = load * blocked / (agents + load * blocked)
        if agents > load:
            waits = agents * blocked / (agents - load * (1 - blocked))
            if (1 - waits * exp(-(agents - load) * within_ms / demand.aht_ms)) * 10_000 >= target:
                return agents
    return None
