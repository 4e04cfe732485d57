"""
The objective of a standard: what many journeys together should reach.
"""

from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from schemas.base import Contract, PositiveDuration, misfit, parse_duration, parse_percent
from schemas.foreseen import refuse_foreseen
from schemas.scores import parse_number

_FORESEEN_OBJECTIVE: Final = ("windows", "burn_alerts", "no_data", "exclusions", "budget")

SERVICE_LEVELS: Final = (
    "sl_all_offered",
    "sl_short_excluded",
    "sl_short_credited",
    "sl_late_abandons",
    "sl_abandons_credited",
    "sl_answered_only",
)
CLOCK_METRICS: Final = (*SERVICE_LEVELS, "goal_met", "abandonment", "abandonment_net", "asa", "aht")
RATE_METRICS: Final = (
    "rate", "first_contact_resolution", "transfer_rate", "reopen_rate", "per_100", "per_1000", "complaints_per_1000",
    "lost_sales_per_100",
)  # fmt: skip
ANSWER_METRICS: Final = ("csat_top2", "csat_mean", "nps", "ces")
CHECKLIST_METRICS: Final = ("checklist_score", "critical_failures")
DURATION_METRICS: Final = ("asa", "aht")
"""Metrics whose target is a duration."""
NUMBER_METRICS: Final = (
    "per_100", "per_1000", "complaints_per_1000", "lost_sales_per_100", "csat_mean", "nps", "ces",
)  # fmt: skip
"""Metrics whose target is a number: a count per n, or a score."""
SHARE_METRICS: Final = tuple(
    name
    for name in (*CLOCK_METRICS, *RATE_METRICS, *ANSWER_METRICS, *CHECKLIST_METRICS)
    if name not in (*DURATION_METRICS, *NUMBER_METRICS)
)
"""Metrics whose target is a share."""
AT_MOST_METRICS: Final = (
    "abandonment", "abandonment_net", "asa", "aht", "transfer_rate", "reopen_rate", "per_100", "per_1000",
    "complaints_per_1000", "lost_sales_per_100", "critical_failures",
)  # fmt: skip
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
    "aht",
    "rate",
    "first_contact_resolution",
    "transfer_rate",
    "reopen_rate",
    "per_100",
    "per_1000",
    "complaints_per_1000",
    "lost_sales_per_100",
    "csat_top2",
    "csat_mean",
    "nps",
    "ces",
    "checklist_score",
    "critical_failures",
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
    """What it should reach: a share like 80%, a duration like 30s, a number like 2.5."""
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
        The target in the steps of the metric's unit: basis points of a share, milliseconds, hundredths of a number.
        """
        if self.metric in NUMBER_METRICS:
            return parse_number(self.target)
        return parse_percent(self.target) if self.metric in SHARE_METRICS else parse_duration(self.target)
