"""
What a standard demands, in the same words wherever it is shown: its limit, its objective, its calendar.
"""

from collections.abc import Iterator

from domain.explanations.statements import Argument, Choice, Count, Length, Share, Statement, Verbatim, say
from schemas.objectives import AT_MOST_METRICS, NUMBER_METRICS, SHARE_METRICS, Objective
from schemas.outcomes import Measurement, Verdict
from schemas.standards import Standard
from schemas.windows import Window


def demanded_of(verdict: Verdict, limit_ms: int, standard: Standard | None) -> tuple[Statement, ...]:
    """
    Say which standard a verdict is about, with the limit that held for this journey.

    The text of the standard adds its title and its objective; the outcome names its calendar and its graded band,
    where it has them.
    """
    names: dict[str, Argument] = {
        "id": Verbatim(verdict.standard),
        "version": Verbatim(str(verdict.version)),
        "limit": Length(limit_ms),
    }
    if standard is None:
        first = [say("standard-untitled", **names)]
    else:
        first = [say("standard-titled", title=Verbatim(standard.metadata.title), **names), *objectives(standard)]
    return (*first, *_graded(verdict)) if isinstance(verdict, Measurement) else tuple(first)


def _graded(measured: Measurement) -> Iterator[Statement]:
    if measured.calendar is not None:
        yield say("calendar", calendar=Verbatim(measured.calendar))
    if measured.band is not None:
        yield say("band", band=Verbatim(measured.band))


def demanded_by(standard: Standard) -> tuple[Statement, ...]:
    """
    Say what a standard demands of every journey that no row of its table of limits fits.
    """
    meta, clock = standard.metadata, standard.clock
    names: dict[str, Argument] = {
        "title": Verbatim(meta.title),
        "id": Verbatim(meta.id),
        "version": Verbatim(str(meta.version)),
    }
    if clock is None:
        return (say("standard-measured", kind=Choice(standard.kind_of), **names), *objectives(standard))
    if isinstance(clock.limit, int):
        first = say("standard-titled", limit=Length(clock.limit), **names)
    elif clock.within_business_days:
        first = say("standard-business-days", days=Verbatim(str(clock.within_business_days)), **names)
    else:
        first = say("standard-promised", **names)
    hours = [] if clock.calendar is None else [say("calendar", calendar=Verbatim(clock.calendar))]
    return (first, *hours, *objectives(standard))


def _target(aim: Objective) -> Argument:
    if aim.metric in NUMBER_METRICS:
        return Verbatim(aim.target)
    return Share(aim.target_value) if aim.metric in SHARE_METRICS else Length(aim.target_value)


def objectives(standard: Standard) -> tuple[Statement, ...]:
    """
    Say what many journeys should reach, window by window.
    """
    aim = standard.objective
    return tuple(
        say(
            "objective",
            metric=Verbatim(aim.metric),
            side=Choice("at_most" if aim.metric in AT_MOST_METRICS else "at_least"),
            target=_target(aim),
            window=objective_in(window),
            least=Count(aim.minimum_n),
        )
        for window in aim.all_windows
    )


def objective_in(window: Window) -> Statement:
    """
    Say over which stretch of time an objective is judged.
    """
    if window.calendar is None:
        return say("window-rolling", length=Length(window.rolling or 0))
    return say(f"window-{window.calendar.replace('_', '-')}")


__all__ = ["demanded_by", "demanded_of", "objective_in", "objectives"]
