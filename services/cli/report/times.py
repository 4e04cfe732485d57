"""
Which steps a report walks through time in, and where each lies on an axis.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, Protocol, TypeVar

from schemas.base import DAY_MS
from services.cli.report.wording import Words
from services.history.engine import By

__all__ = ["place_of", "span_of_days", "step_for", "step_name", "walked"]

_STEPS: Final = ((3, By.HOUR), (100, By.DAY), (730, By.WEEK))
"""Up to so many days are walked through in such steps; more by months."""


def step_for(span_ms: int | None) -> By:
    """
    Return the step for a span; for one that is open, months.
    """
    if span_ms is None:
        return By.MONTH
    return next((step for days, step in _STEPS if span_ms <= days * DAY_MS), By.MONTH)


class Dated(Protocol):
    """
    What is counted together, by the value of each thing that it is split by.
    """

    @property
    def by(self) -> Mapping[Any, Any]: ...


D = TypeVar("D", bound=Dated)


def walked(ask: Callable[[By], Sequence[D]], span_ms: int | None) -> tuple[By, Sequence[D]]:
    """
    Ask in the steps that suit a span. How long one is that is open is seen from the days in the answer.
    """
    if span_ms is not None:
        return step_for(span_ms), ask(step_for(span_ms))
    days = ask(By.DAY)
    step = step_for(span_of_days(str(one.by[By.DAY]) for one in days if one.by[By.DAY] is not None))
    return step, days if step is By.DAY else ask(step)


def span_of_days(days: Iterable[str]) -> int | None:
    """
    How long the time is, in milliseconds, from the first of some days to the end of the last; None where there is none.
    """
    told = sorted(days)
    return None if not told else (date.fromisoformat(told[-1]) - date.fromisoformat(told[0])).days * DAY_MS + DAY_MS


def place_of(step: By, value: str | int) -> float:
    """
    Return where a step lies: days since 1970, of hours with their parts.
    """
    if step is By.HOUR:
        return int(value) / DAY_MS
    return float((_first_day(step, str(value)) - date(1970, 1, 1)).days)


def step_name(step: By, value: str | int, words: Words) -> str:
    """
    Name a step as an axis has room for it.
    """
    if step is By.HOUR:
        return words.instant(int(value))[5:]
    day = _first_day(step, str(value))
    if step is By.DAY:
        return words("day-short", day=day.day, month=day.month)
    return str(value)


def _first_day(step: By, value: str) -> date:
    if step is By.WEEK:
        year, week = value.split("-W")
        return date.fromisocalendar(int(year), int(week), 1)
    return date.fromisoformat(f"{value}-01" if step is By.MONTH else value)
