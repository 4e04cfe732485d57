"""
Forecasts of a line's service level from what it had to do lately and who is on duty now, by the formulas of
``domain.staffing``; each may say that it does not know.

They say where the line is heading if nothing changes. No verdict rests on them.
"""

from enum import StrEnum
from typing import NamedTuple

from domain.expected_waits import LEAST, NoFigure
from domain.staffing import MOST_AGENTS, Demand, erlang_a, erlang_c


class ForecastMethod(StrEnum):
    """
    By which formula a service level is forecast.
    """

    ERLANG_C = "erlang_c"
    """Nobody gives up."""
    ERLANG_A = "erlang_a"
    """Customers leave when their patience ends."""


class Load(NamedTuple):
    """
    What a line had to do in ``per_ms`` milliseconds, and who is there to do it. Durations are milliseconds.
    """

    arrived: int
    per_ms: int
    waited_ms: int
    """How long all who arrived have waited together, answered or not."""
    left: int
    """How many of them gave up."""
    handled: int
    """How many services ended of which it is known how long they took."""
    handled_ms: int
    """How long they took together."""
    agents: int
    within_ms: int | None
    """The limit of the service level; None where not all have the same."""

    @property
    def aht_ms(self) -> int | None:
        """
        How long one customer keeps an agent busy, on average; None where too few were handled.
        """
        return self.handled_ms // self.handled or None if self.handled >= LEAST else None

    @property
    def patience_ms(self) -> int | None:
        """
        How long customers wait on average before they leave: all that was waited, by the number of those who left.
        None where too few left.
        """
        return self.waited_ms // self.left or None if self.left >= LEAST else None


class LevelForecast(NamedTuple):
    """
    A service level to be expected, as a share of 1 of all who come; without a value the reason why there is none.
    """

    method: ForecastMethod
    level: float | None
    missing: NoFigure | None = None


def forecast_levels(load: Load) -> tuple[LevelForecast, LevelForecast]:
    """
    Forecast the service level by Erlang C and by Erlang A.
    """
    by_c, by_a = ForecastMethod.ERLANG_C, ForecastMethod.ERLANG_A
    aht_ms, within_ms = load.aht_ms, load.within_ms
    if load.agents < 1 or aht_ms is None or within_ms is None or load.arrived < LEAST:
        missing = (
            NoFigure.NO_AGENTS if load.agents < 1
            else NoFigure.NO_HANDLING_TIME if aht_ms is None
            else NoFigure.NO_SINGLE_LIMIT if within_ms is None
            else NoFigure.TOO_FEW_ARRIVED
        )  # fmt: skip
        return LevelForecast(by_c, None, missing), LevelForecast(by_a, None, missing)
    demand, agents = Demand(load.arrived, load.per_ms, aht_ms), min(load.agents, MOST_AGENTS)
    level = erlang_c(demand, agents, within_ms).service_level
    patience_ms = load.patience_ms
    return (
        LevelForecast(by_c, level, NoFigure.QUEUE_GROWS if level is None else None),
        LevelForecast(by_a, None, NoFigure.TOO_FEW_LEFT)
        if patience_ms is None
        else LevelForecast(by_a, erlang_a(demand, agents, within_ms, patience_ms).service_level),
    )


__all__ = ["ForecastMethod", "LevelForecast", "Load", "forecast_levels"]
