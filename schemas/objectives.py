"""
The objective of a standard: what many journeys together should reach.
"""

from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from schemas.base import Contract, PositiveDuration, misfit, parse_duration, parse_percent
from schemas.foreseen import refuse_foreseen

_FORESEEN_OBJECTIVE: Final = ("windows", "burn_alerts", "no_data", "exclusions", "budget")

SERVICE_LEVELS: Final = (
    "sl_all_offered",
    "sl_short_excluded",
    "sl_short_credited",
    "sl_late_abandons",
    "sl_abandons_credited",
    "sl_answered_only",
)
SHARE_METRICS: Final = (*SERVICE_LEVELS, "goal_met", "abandonment", "abandonment_net")
"""Metrics whose target is a share; ``asa`` alone has a duration as its target."""
AT_MOST_METRICS: Final = ("abandonment", "abandonment_net", "asa")
"""Metrics that keep their target by staying at or below it; all others by staying at or above."""

MetricName = Literal[
    "sl_all_offered",
    "sl_short_excluded",
    "sl_short_credited",
    "sl_late_abandons",
    "sl_abandons_credited",
    "sl_answered_only",
    "goal_met",
    "abandonment",
    "abandonment_net",
    "asa",
]


class Window(Contract):
    """
    The stretch of time over which an objective is judged: the last so-and-so long, counted back from now.
    """

    rolling: PositiveDuration
    """How far it reaches back from now."""

    @model_validator(mode="before")
    @classmethod
    def _foreseen(cls, value: object) -> object:
        return refuse_foreseen(value, ("calendar",), "Window")


class Objective(Contract):
    """
    What many journeys together should reach: a metric by name, its target, over a window, with enough of them.
    """

    metric: MetricName
    """Which figure, by name."""
    target: Annotated[str, Field(max_length=64)]
    """What it should reach: a share like 80%, or for asa a duration like 30s."""
    minimum_n: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    """With fewer journeys than this the figure says nothing."""
    window: Window = Window.model_validate({"rolling": "1h"})
    """Over which stretch of time."""

    @model_validator(mode="before")
    @classmethod
    def _foreseen(cls, value: object) -> object:
        return refuse_foreseen(value, _FORESEEN_OBJECTIVE, "Objective")

    @model_validator(mode="after")
    def _target_fits_metric(self) -> "Objective":
        try:
            self.target_value  # noqa: B018 - raises where the target cannot be read
        except ValueError as error:
            raise misfit("Objective", "target", self.target, f"for {self.metric}: {error}") from error
        return self

    @property
    def target_value(self) -> int:
        """
        The target in the metric's own unit: basis points of a share, or milliseconds.
        """
        return parse_percent(self.target) if self.metric in SHARE_METRICS else parse_duration(self.target)
