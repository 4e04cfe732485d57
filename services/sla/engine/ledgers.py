"""
Ledgers: what one version of a standard counted in one scope, and which of its violations are open.
"""

from typing import Any, NamedTuple

from domain.distributions import Distribution
from schemas.base import MINUTE_MS
from services.sla.engine.buckets import Buckets, Sums, add, nothing
from services.sla.engine.calendar_windows import Calendar, CalendarState, Period
from services.sla.engine.objective_rules import RECENT_MS, ObjectiveRule
from services.sla.engine.open_time import OpenTime
from services.sla.engine.rolling_windows import Rolling, RollingState
from services.sla.engine.scopes import Scope
from services.sla.engine.shapes import Shapes, Values

Counts = tuple[int, int, int, int]
"""[good, total] of what decides, and the same with what is excluded."""


class Open(NamedTuple):
    """A violation that was opened and not closed yet."""

    opened_at: int
    begin: int
    """Where its window began then."""


class Ledger:
    """The sums and windows of one version of a standard in one scope; mutated by ``Objectives`` only."""

    __slots__ = ("_kept", "buckets", "burning", "calendars", "hours", "open", "rolling", "rule", "scope", "shapes",
                 "windows", "zone")  # fmt: skip

    def __init__(self, rule: ObjectiveRule, scope: Scope, zone: str, now: int) -> None:
        """Begin empty at an instant; ``zone`` is that of its calendar windows."""
        self.rule = rule
        self.scope = scope
        self.zone = zone
        self._kept = rule.kept
        self.buckets = Buckets(self._kept)
        self.hours: OpenTime | None = None
        """Where its budget is counted in open time: whose. Follows from the book, which its owner reads."""
        self.shapes: tuple[Shapes, ...] = (Shapes(self._kept), Shapes(self._kept)) if rule.aim.within else ()
        """Where it is held to a percentile: the values of what decides, and of what is excluded."""
        self.rolling = [RollingState(window, now) for window in rule.rolling]
        self.burning = {window.length_ms: RollingState(window, now) for window in rule.burn_windows}
        self.calendars = [CalendarState(window, now) for window in rule.calendars(zone)]
        self.windows: tuple[RollingState | CalendarState, ...] = (
            *self.rolling, *self.burning.values(), *self.calendars,
        )  # fmt: skip
        """All that moves with time."""
        self.open: dict[str, Open] = {}

    def count(self, minute: int, change: Counts, now: int) -> None:
        """Take a change of a minute; windows that have reached it change at once, others when they do."""
        is_open = self.hours is None or self.hours.is_open(minute)
        delta = self.buckets.count(minute, self.rule.aim, *change, is_open=is_open)
        if minute < now:
            for window in self.windows:
                window.correct(minute, delta)

    def spread(self, minute: int, values: Values, *, left_out: bool, sign: int = 1) -> None:
        """Count the values of a row, or with ``sign`` -1 take them out again."""
        if self.shapes:
            self.shapes[left_out].count(minute, values, sign)

    def shape(self, window: Rolling | Calendar, period: Period, now: int, *, excluded: bool = False) -> Distribution:
        """Add up the values that a window holds; ``excluded``: with what exclusions leave out."""
        held = [
            shapes.rolling(period.begin, now, window.step_ms)
            if isinstance(window, Rolling)
            else shapes.of_calendar((window.label, period.begin, period.end), now)
            for shapes in self.shapes[: 1 + excluded]
        ]
        return Distribution.total(held).settled()

    def move(self, now: int) -> None:
        """Move all windows on to the next minute boundary."""
        for window in self.windows:
            window.move(now, self.buckets)

    def recent(self, now: int) -> Sums:
        """Sum up the last hour."""
        whole = nothing()
        for minute in range(now - RECENT_MS, now, MINUTE_MS):
            sums = self.buckets.minutes.get(minute)
            if sums is not None:
                add(whole, sums)
        return whole

    def trim(self, now: int) -> None:
        """Forget the buckets that no window and no correction can ask for."""
        kept = {size: now - kept for size, kept in self._kept.items()}
        self.buckets.trim(kept)
        stretches = [
            (calendar.window.label, period.begin, period.end)
            for calendar in self.calendars
            for period in (calendar.period, *(closed.period for closed in calendar.closed.values()))
        ]
        for shapes in self.shapes:
            shapes.trim(kept, now - self.rule.correctable_ms, stretches)

    def idle(self) -> bool:
        """Tell whether nothing would be lost if it were forgotten."""
        return (
            not self.open
            and self.rule.no_data != "bad"
            and self.buckets.empty()
            and all(window.empty() for window in self.windows)
        )

    def written(self) -> list[Any]:
        """Return all that is remembered."""
        opened = [[name, *self.open[name]] for name in sorted(self.open)]
        states = [window.written() for window in self.windows]
        shapes = [one.written() for one in self.shapes]
        return [list(self.scope), self.zone, self.buckets.written(), states, opened, shapes]

    @classmethod
    def restored(cls, rule: ObjectiveRule, written: list[Any], now: int) -> "Ledger":
        """Take back what was written."""
        scope, zone, buckets, states, opened, shapes = written
        ledger = cls(rule, Scope(*scope), zone, now)
        ledger.buckets.restore(buckets)
        for window, state in zip(ledger.windows, states, strict=True):
            window.restore(state)
        for shape, held in zip(ledger.shapes, shapes, strict=True):
            shape.restore(held)
        ledger.open = {name: Open(*rest) for name, *rest in opened}
        return ledger


__all__ = ["Counts", "Ledger", "Open"]
