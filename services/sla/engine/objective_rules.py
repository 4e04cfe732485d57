"""
Objectives compiled for the engine: the aim, the scopes and windows that it is judged in, and how long what is kept.
"""

from fractions import Fraction
from typing import Final, NamedTuple

from domain.aims import Aim
from domain.burning import URGENT, Condition, Tier, condition_of, usual_tiers
from domain.moments import written_duration
from schemas.base import DAY_MS, HOUR_MS, MINUTE_MS
from schemas.clocks import DayPart
from schemas.objectives import Objective
from schemas.windows import Window
from services.sla.engine.book import Book
from services.sla.engine.calendar_windows import Calendar
from services.sla.engine.rolling_windows import Rolling
from services.sla.engine.rules import Rule

_MOST_CORRECTABLE_MS: Final = 35 * DAY_MS
"""A promise that may be open for years would otherwise keep every minute of them; history has its corrections."""
RECENT_MS: Final = HOUR_MS
"""What a budget is spent at now is the pace of so long."""


class Burn(NamedTuple):
    """A burn condition, ready to be judged."""

    name: str
    severity: str
    condition: Condition


class ObjectiveRule(NamedTuple):
    """The objective of one version of one standard, ready to be judged. Durations are milliseconds."""

    key: str
    id: str
    version: int
    aim: Aim
    scopes: tuple[str, ...]
    no_data: str
    in_time: bool
    """Its budget is counted in minutes that missed the target, not in journeys."""
    calendar: str | None
    """The calendar that its clocks run in, by id, or that of each site."""
    budget_window: Window
    """The window whose budget is watched."""
    period_ms: int
    rolling: tuple[Rolling, ...]
    windows: tuple[Window, ...]
    parts: tuple[DayPart, ...]
    burns: tuple[Burn, ...]
    correctable_ms: int
    """How old a minute may be that is still corrected; what comes later is in history only."""

    @property
    def burn_windows(self) -> tuple[Rolling, ...]:
        """The windows of its burn conditions, each length once, rising."""
        tiers = [burn.condition.tier for burn in self.burns]
        lengths = {tier.long_ms for tier in tiers} | {tier.short_ms for tier in tiers}
        return tuple(Rolling("", length) for length in sorted(lengths))

    @property
    def kept(self) -> dict[int, int]:
        """How long the buckets of each size are needed."""
        longest = {MINUTE_MS: max(self.correctable_ms, RECENT_MS)}
        for window in (*self.rolling, *self.burn_windows):
            size = window.step_ms
            longest[size] = max(longest.get(size, 0), window.length_ms + size)
        return longest

    def calendars(self, zone: str) -> list[Calendar]:
        """Its calendar windows; those that say no zone are by the clock of this one."""
        found: list[Calendar] = []
        for window in self.windows:
            if window.calendar is None:
                continue
            of = window.zone or zone
            parts = self.parts if window.calendar == "day_part" else (None,)
            found += [Calendar(label_of(window, part), window.calendar, of, part) for part in parts]
        return found


def compile_objective(rule: Rule, horizon_ms: int) -> ObjectiveRule:
    """Turn the objective of a rule into what is judged; ``horizon_ms`` is the lateness horizon of its rows."""
    said = rule.standard.objective
    windows = said.all_windows
    rolling = tuple(Rolling(label_of(window), window.rolling) for window in windows if window.rolling is not None)
    clock = rule.standard.clock
    # What is counted or scored is known when it happened; a contact or a sequence may be open for as long as a clock.
    correctable = min(_MOST_CORRECTABLE_MS if clock is None else clock.expiry, _MOST_CORRECTABLE_MS) + 2 * horizon_ms
    if len(rolling) == len(windows):
        correctable = min(correctable, max(window.length_ms + window.step_ms for window in rolling))
    return ObjectiveRule(
        rule.key, rule.id, rule.version, Aim.of(said.metric, said.target_value, said.minimum_n), said.scopes,
        said.no_data, said.budget.counted_in == "time", None if clock is None else clock.calendar,
        said.budget_window, said.period_ms, rolling, windows,
        () if clock is None else clock.day_parts, _burns(said), correctable,
    )  # fmt: skip


def label_of(window: Window, part: DayPart | None = None) -> str:
    """Name a window as outcomes do: `rolling:1h`, `calendar:month@Europe/Riga`, `calendar:day_part:lunch`."""
    if window.rolling is not None:
        return f"rolling:{written_duration(window.rolling)}"
    zone = "" if window.zone is None else f"@{window.zone}"
    return f"calendar:{window.calendar}" + ("" if part is None else f":{part.name}") + zone


def _burns(said: Objective) -> tuple[Burn, ...]:
    target, period = said.good_target, said.period_ms
    if said.burn_alerts == "auto":
        tiers = [(tier, "page" if tier.name in URGENT else "ticket") for tier in usual_tiers(target, period)]
    else:
        tiers = [
            (Tier("", one.share_of_budget, one.long, one.short, one.minimum_bad, one.always_at), one.severity)
            for one in said.burn_alerts
        ]
    burns = [Burn(_tier_name(tier), severity, condition_of(tier, target, period)) for tier, severity in tiers]
    # The fastest stands first, for it inhibits those behind it; of equal factors the one that is seen sooner.
    return tuple(sorted(burns, key=lambda one: (-Fraction(*one.condition.factor), one.condition.tier.long_ms)))


def _tier_name(tier: Tier) -> str:
    return f"{written_duration(tier.long_ms)}/{written_duration(tier.short_ms)}"


def in_force_until(book: Book, rule: Rule) -> int:
    """Say up to which arrival a version is in force: to its own end, or where a newer one of its standard begins."""
    later = [
        other.effective_from
        for other in book.rules.values()
        if other.id == rule.id and (other.effective_from, other.version) > (rule.effective_from, rule.version)
    ]
    return min([rule.effective_until, book.retired_at(rule), *later])


__all__ = ["RECENT_MS", "Burn", "ObjectiveRule", "compile_objective", "in_force_until", "label_of"]
