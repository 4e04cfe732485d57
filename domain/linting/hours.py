"""
Clocks in open time: whether their calendar is there, holds as long as they do, and is ever open long enough.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from domain.calendars import FAR, OpenHours, compile_hours
from domain.linting.clocked import FOR_EVER, in_force, stretches
from domain.linting.findings import Finding, Papers, Path, Written, some_of
from domain.linting.globs import matches
from domain.linting.rules import Rule
from domain.moments import written_duration
from schemas.base import DAY_MS, LONGEST_DURATION_MS, format_instant
from schemas.calendars import Calendar
from schemas.clocks import SITE_CALENDAR
from schemas.register import Site
from schemas.standards import Standard, document_key

_AHEAD_MS: Final = 5 * 366 * DAY_MS
"""A calendar without an end is looked at once more so much later."""
Calendars = Mapping[str, Sequence[Calendar]]


class _Timed(NamedTuple):
    """
    A standard that runs in open time, and the field that says whose.
    """

    written: Written
    standard: Standard
    path: Path
    calendar: str


def lint_hours(papers: Papers) -> Iterator[Finding]:
    """
    Look at the calendars that clocks and sites name.
    """
    calendars: defaultdict[str, list[Calendar]] = defaultdict(list)
    for calendar in papers.known(Calendar):
        calendars[calendar.metadata.id].append(calendar)
    for written, site in papers.written(Site):
        named = site.metadata.calendar
        if named is not None and named not in calendars:
            yield written.finding(Rule.UNKNOWN_CALENDAR, ("metadata", "calendar"), f"no calendar is called {named!r}")
    sites = tuple(papers.known(Site))
    held = stretches(papers)
    for written, standard in papers.written(Standard):
        measure = standard.clock or standard.presence
        if measure is not None and measure.calendar is not None:
            one = _Timed(written, standard, (standard.kind_of, "calendar"), measure.calendar)
            yield from _of_standard(one, held[document_key(standard)], calendars, sites)


def _of_standard(one: _Timed, held: tuple[int, int], calendars: Calendars, sites: Sequence[Site]) -> Iterator[Finding]:
    wanted = one.calendar
    if wanted != SITE_CALENDAR:
        if wanted not in calendars:
            yield one.written.finding(Rule.UNKNOWN_CALENDAR, one.path, f"no calendar is called {wanted!r}")
        else:
            yield from _within(one, held, wanted, calendars[wanted])
        return
    chosen = one.standard.applies_to.site
    mine = [site.metadata for site in sites if chosen is None or matches(site.metadata.id, chosen)]
    without = [meta.id for meta in mine if meta.calendar is None]
    if without:
        problem = f"{some_of(without)} has no calendar" if len(without) == 1 else f"{some_of(without)} have no calendar"
        yield one.written.finding(Rule.SITE_WITHOUT_CALENDAR, one.path, problem)
    for named in sorted({meta.calendar for meta in mine if meta.calendar is not None} & calendars.keys()):
        yield from _within(one, held, named, calendars[named])


def _within(one: _Timed, held: tuple[int, int], name: str, versions: Sequence[Calendar]) -> Iterator[Finding]:
    begin, end = held
    gap = uncovered(versions, begin, end)
    if gap is not None:
        problem = f"no version of the calendar {name!r} is in force at {format_instant(gap)}, when the standard is"
        yield one.written.finding(Rule.CALENDAR_NOT_IN_FORCE, one.path, problem)
    for calendar in sorted(versions, key=lambda version: version.metadata.version):
        since, until = in_force(calendar)
        first, last = max(begin, since), min(end, until, max(begin, since) + _AHEAD_MS)
        if first < last:
            yield from _reach(one, compile_hours(calendar), first, last - 1)


def _reach(one: _Timed, hours: OpenHours, first: int, last: int) -> Iterator[Finding]:
    for path, length, days, told in _lengths(one.standard):
        for at in (first, last):
            due = hours.add(at, length) if length else hours.close_of_business_day(at, days)
            begins = hours.next_opening(at)
            if FAR in (due, begins):
                problem = f"{told} of open time never pass in {hours.key} from {format_instant(at)} on"
                yield one.written.finding(Rule.LIMIT_BEYOND_CALENDAR, path, problem)
                break
            if due - begins > LONGEST_DURATION_MS:
                problem = (
                    f"{told} of open time in {hours.key} from {format_instant(at)} on pass at {format_instant(due)}"
                )
                yield one.written.finding(Rule.LIMIT_TAKES_YEARS, path, problem)
                break


def _lengths(standard: Standard) -> Iterator[tuple[Path, int, int, str]]:
    """
    The open time that the clock holds journeys to: its field, milliseconds or else business days, and words for it.
    """
    clock = standard.clock
    if clock is None:
        return
    if isinstance(clock.limit, int):
        yield ("clock", "limit"), clock.limit, 0, written_duration(clock.limit)
    if clock.within_business_days is not None:
        told = f"{clock.within_business_days} business day(s)"
        yield ("clock", "within_business_days"), 0, clock.within_business_days, told
    for place, row in enumerate(clock.limits):
        yield ("clock", "limits", place, "limit"), row.limit, 0, written_duration(row.limit)


def uncovered(versions: Sequence[Calendar], begin: int, end: int) -> int | None:
    """
    Find the first instant in a stretch at which no version is in force; None where one always is.

    As the engine chooses: the version that began last holds, until its own end.
    """
    ordered = sorted(versions, key=lambda one: (one.metadata.effective_from, one.metadata.version))
    starts = [in_force(one)[0] for one in ordered]
    at = begin
    while at < end:
        held = [place for place, since in enumerate(starts) if since <= at]
        if not held:
            return at
        place = held[-1]
        following = starts[place + 1] if place + 1 < len(starts) else FOR_EVER
        until = in_force(ordered[place])[1]
        if until <= at:
            return at
        at = min(until, following)
    return None


__all__ = ["lint_hours", "uncovered"]
