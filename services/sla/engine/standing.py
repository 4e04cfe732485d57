"""
What ledgers stand at: the figures of their windows with error budgets, for reports, pages and the end of a window.
"""

from domain.aims import found, missed
from domain.budgets import Budget, budget_projected, budget_so_far, exhausted_in
from domain.standings import BudgetLine, Standing
from schemas.base import BASIS_POINTS, MINUTE_MS
from services.sla.engine.buckets import ALL_GOOD, ALL_TOTAL, GOOD, MISSED, TOTAL, Sums
from services.sla.engine.calendar_windows import Calendar, Period
from services.sla.engine.ledgers import Ledger
from services.sla.engine.objective_rules import RECENT_MS
from services.sla.engine.rolling_windows import Rolling


def open_ms(ledger: Ledger, begin: int, end: int) -> int:
    """Say how much of a stretch counts for a budget that is counted in time."""
    return end - begin if ledger.hours is None else ledger.hours.elapsed(begin, end)


def spent(ledger: Ledger, sums: Sums, begin: int, end: int) -> tuple[int, int]:
    """Count (bad, total) of a window as the budget is counted: journeys, or open minutes."""
    if ledger.rule.in_time:
        return sums[MISSED], open_ms(ledger, begin, end) // MINUTE_MS
    return ledger.rule.aim.bad(sums[GOOD], sums[TOTAL]), sums[TOTAL]


def budgets_of(ledger: Ledger, sums: Sums, begin: int, end: int | None, now: int) -> list[tuple[Budget, int, int]]:
    """
    Work out the error budget of a window, with its counts: of the traffic so far, and of a window of the calendar that
    is not over also of the whole, if the rest is like it.
    """
    aim = ledger.rule.aim
    if not aim.has_budget:
        return []
    until = now if end is None else min(now, end)
    bad, total = spent(ledger, sums, begin, until)
    made = [(budget_so_far(bad, total, aim.good_target), bad, total)]
    if end is not None and now < end:
        elapsed, period = open_ms(ledger, begin, until), open_ms(ledger, begin, end)
        projected = budget_projected(bad, total, aim.good_target, elapsed, period)
        if projected is not None:
            made.append((projected, bad, total))
    return made


def exhaustion(ledger: Ledger, budget: Budget, pace: tuple[int, int], pace_ms: int, now: int) -> int | None:
    """Say after how long nothing of a budget is left at a pace, (bad, total) of so many milliseconds up to now."""
    target, hours = ledger.rule.aim.good_target, ledger.hours
    lasts = exhausted_in(budget, target, *pace, open_ms(ledger, now - pace_ms, now))
    if hours is None or not lasts:
        return lasts
    reached = hours.after(now, lasts)
    return None if reached is None else reached - now


def percentile_of(
    ledger: Ledger, window: Rolling | Calendar, period: Period, counted: tuple[int, int], now: int, *, excluded: bool
) -> int | None:
    """
    Say what the percentile of a window comes to, in milliseconds, ``counted`` (good, total); None without one.

    Beyond 64 values it is the upper end of a bucket; where the sums say that the target is kept, it is no more than
    the target.
    """
    aim = ledger.rule.aim
    if not aim.within:
        return None
    found = ledger.shape(window, period, now, excluded=excluded).percentile(aim.within, BASIS_POINTS)
    if found is None or missed(aim, *counted):
        return found and found.value
    return min(found.value, aim.target)


def stand(ledger: Ledger, window: Rolling | Calendar, period: Period, sums: Sums, now: int) -> Standing:
    """Say what a ledger stands at in one window."""
    rule = ledger.rule
    end, zone = (None, ledger.zone) if isinstance(window, Rolling) else (period.end, window.zone)
    pace = (0, 0) if end is not None and end <= now else spent(ledger, ledger.recent(now), now - RECENT_MS, now)
    counted_in = "time" if rule.in_time else "events"
    budgets = [
        BudgetLine(budget, counted_in, bad, total, exhaustion(ledger, budget, pace, RECENT_MS, now))
        for budget, bad, total in budgets_of(ledger, sums, period.begin, end, now)
    ]
    return Standing(
        rule.id, rule.version, ledger.scope.name, window.label, zone, period.begin, end, now, rule.aim,
        found(rule.aim, sums[GOOD], sums[TOTAL]), sums[GOOD], sums[TOTAL], sums[ALL_GOOD], sums[ALL_TOTAL],
        tuple(budgets), percentile_of(ledger, window, period, (sums[GOOD], sums[TOTAL]), now, excluded=False),
        percentile_of(ledger, window, period, (sums[ALL_GOOD], sums[ALL_TOTAL]), now, excluded=True),
    )  # fmt: skip


def stands(ledger: Ledger, now: int) -> list[Standing]:
    """Say what a ledger stands at now, in all of its windows: also in those that are over and may still change."""
    said = [stand(ledger, held.window, Period(held.begin, now), held.sums, now) for held in ledger.rolling]
    for calendar in ledger.calendars:
        closed = [calendar.closed[begin] for begin in sorted(calendar.closed)]
        said += [stand(ledger, calendar.window, *one, now) for one in closed]
        if calendar.period.inside:
            said.append(stand(ledger, calendar.window, calendar.period, calendar.sums, now))
    return said


__all__ = ["budgets_of", "exhaustion", "percentile_of", "spent", "stand", "stands"]
