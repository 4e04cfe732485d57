"""
Burn alerts: when an error budget is spent so fast that somebody should be called before it is gone.

A condition states which share of the budget its long window may spend at most. The factor follows from that, from the
length of the budget's window and from the target; one that no traffic could ever reach is refused here, with the
greatest burn that is possible, because it would be silence that looks like watchfulness.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from schemas.base import BASIS_POINTS, MINUTE_MS, Contract, Percent, PositiveDuration, misfit

Severity = Literal["page", "ticket"]


class BurnAlert(Contract):
    """
    One condition: the share of the budget, and the long and the short window that must both spend it too fast.
    """

    share_of_budget: Percent
    """Which share of the whole budget the long window may spend at most."""
    long: PositiveDuration
    """The long window: whole minutes."""
    short: PositiveDuration
    """The short window, so that what is over calls nobody: whole minutes, shorter than the long one."""
    severity: Severity = "page"
    """Whether somebody is called, or finds it in the morning."""
    minimum_bad: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    """With fewer that went wrong in the long window nothing fires: one of two is no trend."""
    always_at: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """With so many that went wrong in the long window it fires though the short one is quiet."""

    @model_validator(mode="after")
    def _sensible(self) -> "BurnAlert":
        if self.short >= self.long:
            raise misfit("BurnAlert", "short", f"{self.short}ms", "must be shorter than long")
        for name, length in (("long", self.long), ("short", self.short)):
            if length % MINUTE_MS:
                raise misfit("BurnAlert", name, f"{length}ms", "must be whole minutes")
        if self.share_of_budget == 0:
            raise misfit("BurnAlert", "share_of_budget", "0%", "must be more than nothing")
        if self.always_at is not None and self.always_at < self.minimum_bad:
            raise misfit("BurnAlert", "always_at", self.always_at, "must not be less than minimum_bad")
        return self


def burn_fault(alert: BurnAlert, good_target: int, period_ms: int) -> tuple[str, str] | None:
    """
    Say what is wrong with a condition for a target (basis points that must be good) and a period, as field and
    sentence; None if it is sound.
    """
    if alert.long > period_ms:
        return "long", "must not be longer than the window whose budget it watches"
    spent, whole = alert.share_of_budget * period_ms, BASIS_POINTS * alert.long
    if spent < whole:
        return "share_of_budget", (
            f"fires at a burn of {_times(spent, whole)}, though below 1 the budget lasts; "
            f"write at least {_percent(-(-whole // period_ms))}"
        )
    allowed = BASIS_POINTS - good_target
    if spent * allowed > whole * BASIS_POINTS:
        return "share_of_budget", (
            f"can never fire: it needs a burn of {_times(spent, whole)}, and with {_percent(allowed)} allowed the "
            f"greatest possible is {_times(BASIS_POINTS, allowed)}; write at most "
            f"{_percent(whole * BASIS_POINTS // (allowed * period_ms))}, a longer long window, or `burn_alerts: auto`"
        )
    return None


def _times(numerator: int, denominator: int) -> str:
    tenths = numerator * 10 // denominator
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)


def _percent(points: int) -> str:
    return f"{points // 100}.{points % 100:02d}%" if points % 100 else f"{points // 100}%"


__all__ = ["BurnAlert", "Severity", "burn_fault"]
