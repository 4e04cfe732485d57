"""
The objective of a standard: what many journeys together should reach.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import (
    BeforeValidator,
    Field,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    model_serializer,
    model_validator,
)

from schemas.base import BASIS_POINTS, Contract, misfit, parse_duration, parse_percent
from schemas.burn_alerts import BurnAlert, burn_fault
from schemas.scores import parse_number
from schemas.windows import Scopes, Window

SERVICE_LEVELS: Final = (
    "sl_all_offered",
    "sl_short_excluded",
    "sl_short_credited",
    "sl_late_abandons",
    "sl_abandons_credited",
    "sl_answered_only",
)
PERCENTILES: Final = {"p50": 5_000, "p75": 7_500, "p90": 9_000, "p95": 9_500, "p99": 9_900}
"""Percentiles of a clock's values, each with the share of them, in basis points, that must not exceed its target."""
CLOCK_METRICS: Final = (
    *SERVICE_LEVELS, "goal_met", "abandonment", "abandonment_net", "asa", "aht", *PERCENTILES,
)  # fmt: skip
RATE_METRICS: Final = (
    "rate", "first_contact_resolution", "transfer_rate", "reopen_rate", "per_100", "per_1000", "complaints_per_1000",
    "lost_sales_per_100",
)  # fmt: skip
ANSWER_METRICS: Final = ("csat_top2", "csat_mean", "nps", "ces")
CHECKLIST_METRICS: Final = ("checklist_score", "critical_failures")
DURATION_METRICS: Final = ("asa", "aht", *PERCENTILES)
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
    "complaints_per_1000", "lost_sales_per_100", "critical_failures", *PERCENTILES,
)  # fmt: skip
"""Metrics that keep their target by staying at or below it; all others by staying at or above."""

_LATER: Final = ("windows", "scopes", "no_data", "budget", "burn_alerts")
"""Fields that the first version of this contract did not have."""
_SHORTEST_PERIOD_MS: Final = 7_200_000
"""A shorter budget would need short windows of less than a minute."""

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
    "p50",
    "p75",
    "p90",
    "p95",
    "p99",
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


class Budget(Contract):
    """
    What an error budget is counted in.
    """

    counted_in: Annotated[Literal["events", "time"], Field(alias="in")] = "events"
    """`events`: journeys that went wrong; `time`: minutes whose own figure missed the target, of the open
    time of the calendar that the clock runs in."""


_Conditions = Annotated[tuple[BurnAlert, ...], Field(max_length=8, strict=False)]
_CONDITIONS: Final[TypeAdapter[tuple[BurnAlert, ...]]] = TypeAdapter(_Conditions)


def _read_alerts(value: object) -> object:
    # Read here, so that a fault is told of the condition it lies in and not of every form that was possible.
    return value if value == "auto" else _CONDITIONS.validate_python(value)


BurnAlerts = Annotated[
    tuple[BurnAlert, ...] | Literal["auto"],
    BeforeValidator(_read_alerts, json_schema_input_type=_Conditions | Literal["auto"]),
]


class Objective(Contract):
    """
    What many journeys together should reach: a metric by name, its target, over windows, with enough of them.

    ``window`` is the short form for one; several stand beside one another under ``windows``, each judged by itself.
    """

    metric: MetricName
    """Which figure, by name."""
    target: Annotated[str, Field(max_length=64)]
    """What it should reach: a share like 80%, a duration like 30s, a number like 2.5."""
    minimum_n: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    """With fewer journeys than this the figure says nothing."""
    window: Window = Window.model_validate({"rolling": "1h"})
    """Over which stretch of time."""
    windows: Annotated[tuple[Window, ...], Field(max_length=8, strict=False)] = ()
    """Over which stretches of time, where they are several."""
    scopes: Scopes = ("site",)
    """About whom: each queue, each site, each region that sites belong to, the whole organisation."""
    no_data: Literal["ignore", "good", "bad", "unknown"] = "unknown"
    """
    What a window in which nothing was counted means. `unknown`: nothing; what was missed is no longer said. `ignore`:
    what was said last still stands. `good`: the target is kept. `bad`: it is missed.
    """
    budget: Budget = Budget()
    """What its error budget is counted in."""
    burn_alerts: BurnAlerts = ()
    """When the budget of the longest window is spent too fast: `auto`, or conditions; absent: never said."""

    @model_validator(mode="after")
    def _target_fits_metric(self) -> "Objective":
        try:
            self.target_value  # noqa: B018 - raises where the target cannot be read
        except ValueError as error:
            raise misfit("Objective", "target", self.target, f"for {self.metric}: {error}") from error
        return self

    @model_validator(mode="after")
    def _fits_together(self) -> "Objective":
        if self.windows and "window" in self.model_fields_set:
            raise misfit("Objective", "window", len(self.windows), "write either window or windows")
        if len(set(self.windows)) < len(self.windows):
            raise misfit("Objective", "windows", len(self.windows), "names a window twice")
        if len(set(self.scopes)) < len(self.scopes):
            raise misfit("Objective", "scopes", len(self.scopes), "names a scope twice")
        if not self.has_budget and (self.burn_alerts or "budget" in self.model_fields_set):
            field = "burn_alerts" if self.burn_alerts else "budget"
            raise misfit(
                "Objective", field, self.metric, f"{self.metric} has no error budget: a mean has no bad events"
            )
        if self.burn_alerts and self.good_target == BASIS_POINTS:
            raise misfit(
                "Objective", "burn_alerts", self.target, "a target that allows nothing leaves no budget to burn"
            )
        if self.burn_alerts == "auto" and self.period_ms < _SHORTEST_PERIOD_MS:
            raise misfit("Objective", "burn_alerts", "auto", "needs a window of 2h or longer to derive conditions from")
        conditions = [(alert.long, alert.short) for alert in self.burn_alerts if isinstance(alert, BurnAlert)]
        if len(set(conditions)) < len(conditions):
            raise misfit("Objective", "burn_alerts", len(conditions), "has two conditions with the same windows")
        for place, alert in enumerate(self.burn_alerts if isinstance(self.burn_alerts, tuple) else ()):
            fault = burn_fault(alert, self.good_target, self.period_ms)
            if fault is not None:
                raise misfit("Objective", "burn_alerts", fault[0], f"condition {place + 1}: {fault[0]} {fault[1]}")
        return self

    @model_serializer(mode="wrap")
    def _as_written(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # What says nothing new reads as it did before there was more to say: meanings are compared as they are dumped.
        told: dict[str, Any] = handler(self)
        for name in _LATER:
            if name in told and getattr(self, name) == type(self).model_fields[name].default:
                del told[name]
        if len(self.windows) == 1:
            told["window"] = told.pop("windows")[0]
        elif self.windows:
            told.pop("window", None)
        return told

    @property
    def target_value(self) -> int:
        """
        The target in the steps of the metric's unit: basis points of a share, milliseconds, hundredths of a number.
        """
        if self.metric in NUMBER_METRICS:
            return parse_number(self.target)
        return parse_percent(self.target) if self.metric in SHARE_METRICS else parse_duration(self.target)

    @property
    def has_budget(self) -> bool:
        """
        Whether single journeys are good or bad, so that a number of bad ones can be allowed; a mean has none.
        """
        return self.metric in SHARE_METRICS or self.metric in PERCENTILES

    @property
    def good_target(self) -> int:
        """
        Basis points that must be good; a metric that is better low allows its own target to go wrong, and a percentile
        what lies above it.
        """
        if self.metric in PERCENTILES:
            return PERCENTILES[self.metric]
        return BASIS_POINTS - self.target_value if self.metric in AT_MOST_METRICS else self.target_value

    @property
    def all_windows(self) -> tuple[Window, ...]:
        """
        Every window, however it is written.
        """
        return self.windows or (self.window,)

    @property
    def budget_window(self) -> Window:
        """
        The window whose error budget is watched: the longest, the first of equals.
        """
        return max(self.all_windows, key=lambda window: window.nominal_ms)

    @property
    def period_ms(self) -> int:
        """
        How long the window is whose error budget is watched.
        """
        return self.budget_window.nominal_ms
