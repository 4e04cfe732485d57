"""
What a standard demands, in the same words wherever it is shown: its limit, its objective, its calendar.
"""

from collections.abc import Iterator
from typing import Final

from domain.catalogue import CATALOGUE
from domain.explanations.statements import (
    Argument,
    Choice,
    Count,
    Length,
    Points,
    Share,
    Statement,
    Verbatim,
    key_of,
    say,
)
from schemas.clocks import Clock
from schemas.objectives import AT_MOST_METRICS, NUMBER_METRICS, SHARE_METRICS, Objective
from schemas.outcomes import Measurement, Verdict, Violation
from schemas.sequences import Step
from schemas.standards import Standard
from schemas.windows import Window

FOR_EVERY: Final = {"per_100": "hundred", "per_1000": "thousand"}
"""Of how many a target counts, by the unit of its metric."""


def why_of(standard: Standard | None) -> str | None:
    """
    Return why a standard exists, in its owner's words, as one line; None where its text is not at hand.
    """
    return None if standard is None else " ".join(standard.metadata.why.split())


def demanded_of(verdict: Measurement | Violation, kind: str, standard: Standard | None) -> tuple[Statement, ...]:
    """
    Say which standard a verdict is about; of a clock with the limit that held for this journey.

    The text of the standard adds its title and its objective; the outcome names its calendar and its graded band,
    where it has them.
    """
    graded = tuple(_graded(verdict)) if isinstance(verdict, Measurement) else ()
    if kind != "clock":
        return (*((_untitled(verdict),) if standard is None else demanded_by(standard)), *graded)
    names: dict[str, Argument] = {"id": Verbatim(verdict.standard), "version": Verbatim(str(verdict.version))}
    limit = Length(verdict.limit_ms)
    if standard is None:
        return (say("standard-untitled", limit=limit, **names), *graded)
    held: tuple[Statement, ...]
    if standard.clock is None or isinstance(standard.clock.limit, int):
        held = (say("standard-titled", title=Verbatim(standard.metadata.title), limit=limit, **names),)
    else:
        # Its limit is another one for each journey: what it follows from, and what it came to.
        held = (_held_to(standard, standard.clock), say("standard-here", limit=limit))
    return (*held, *objectives(standard), *graded)


def _untitled(verdict: Verdict) -> Statement:
    return say("standard-bare", id=Verbatim(verdict.standard), version=Verbatim(str(verdict.version)))


def _graded(measured: Measurement) -> Iterator[Statement]:
    if measured.calendar is not None:
        yield say("calendar", calendar=Verbatim(measured.calendar))
    if measured.band is not None:
        yield say("band", band=Verbatim(measured.band))


def demanded_by(standard: Standard) -> tuple[Statement, ...]:
    """
    Say what a standard demands of every journey that no row of its table of limits fits.
    """
    clock = standard.clock
    if clock is None:
        first = say("standard-measured", kind=Choice(standard.kind_of), **_named(standard))
        aim = () if standard.presence is not None else objectives(standard)
        return (first, *_each(standard), *aim)
    hours = [] if clock.calendar is None else [say("calendar", calendar=Verbatim(clock.calendar))]
    return (_held_to(standard, clock), *hours, *objectives(standard))


def _named(standard: Standard) -> dict[str, Argument]:
    meta = standard.metadata
    return {"title": Verbatim(meta.title), "id": Verbatim(meta.id), "version": Verbatim(str(meta.version))}


def _held_to(standard: Standard, clock: Clock) -> Statement:
    """Say what one journey is held to."""
    if isinstance(clock.limit, int):
        return say("standard-titled", limit=Length(clock.limit), **_named(standard))
    if clock.within_business_days:
        days = Verbatim(str(clock.within_business_days))
        return say("standard-business-days", days=days, **_named(standard))
    return say("standard-promised", **_named(standard))


def _each(standard: Standard) -> Iterator[Statement]:
    """Say what a standard without a clock demands of each one."""
    rate, score, sequence, presence = standard.rate, standard.score, standard.sequence, standard.presence
    if rate is not None and rate.within is not None:
        yield say("rate-window", within=Length(rate.within))
    if score is not None and score.minimum_value:
        minimum = score.minimum_value
        yield say("standard-minimum", minimum=Share(minimum) if score.checklists else Points(minimum))
    if sequence is not None:
        for course in sequence.courses:
            yield say("standard-course", course=Verbatim(course.name), steps=Verbatim(_names(course.steps)))
        if sequence.steps:
            yield say("standard-steps", steps=Verbatim(_names(sequence.steps)))
    if presence is not None:
        yield say("standard-every", limit=Length(presence.every + presence.grace))
        if presence.calendar is not None:
            yield say("calendar", calendar=Verbatim(presence.calendar))


def _names(steps: tuple[Step, ...]) -> str:
    return ", ".join(step.name for step in steps)


def _target(aim: Objective) -> Argument:
    unit = CATALOGUE[aim.metric].unit
    if unit in FOR_EVERY:
        return say("target-for-every", number=Verbatim(aim.target), n=Choice(FOR_EVERY[unit]))
    if aim.metric in NUMBER_METRICS:
        return Points(aim.target_value)
    return Share(aim.target_value) if aim.metric in SHARE_METRICS else Length(aim.target_value)


def objectives(standard: Standard) -> tuple[Statement, ...]:
    """
    Say what many journeys should reach, window by window.
    """
    aim = standard.objective
    return tuple(
        say(
            "objective" if standard.clock is not None else "objective-of-cases",
            metric=Verbatim(aim.metric),
            side=Choice("at_most" if aim.metric in AT_MOST_METRICS else "at_least"),
            target=_target(aim),
            window=_over(window),
            least=Count(aim.minimum_n),
        )
        for window in aim.all_windows
    )


def _over(window: Window) -> Statement:
    """Say over which stretch of time an objective is judged."""
    if window.calendar is None:
        return say("window-rolling", length=Length(window.rolling or 0))
    return say(key_of("window", window.calendar))


__all__ = ["FOR_EVERY", "demanded_by", "demanded_of", "objectives", "why_of"]
