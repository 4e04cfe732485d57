"""
Selectors that cover nobody, rows of limits that never hold, and two standards that measure the same thing.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from domain.linting.clocked import Clocked, clocked, in_force
from domain.linting.findings import Finding, Papers, some_of
from domain.linting.globs import apart, matches, shown_value, swallows
from domain.linting.rules import Rule
from domain.linting.samples import AT_ARRIVAL
from schemas.clocks import LimitRow
from schemas.conditions import AtArrival, Selector
from schemas.register import Site
from schemas.standards import Standard

_EVERYWHERE: Final = ("site", *AT_ARRIVAL)


def lint_selectors(papers: Papers) -> Iterator[Finding]:
    """
    Look at the selectors of all standards, and at the tables of limits of their clocks.
    """
    sites = tuple(site.metadata.id for site in papers.known(Site))
    for written, standard in papers.written(Standard):
        wanted = standard.applies_to.site
        if sites and wanted is not None and not any(matches(site, wanted) for site in sites):
            problem = f"none of the {len(sites)} registered sites matches {some_of(wanted, ' or ')}"
            yield written.finding(Rule.SELECTS_NO_SITE, ("applies_to", "site"), problem)
    for one in clocked(papers):
        yield from _rows(one)
    for first, second in combinations(clocked(papers), 2):
        yield from _twice(first, second)


def common_journey(first: Selector, second: Selector) -> str | None:
    """
    Describe a journey that both selectors cover; None where there can be none.
    """
    told = []
    for name in _EVERYWHERE:
        both = [globs for selector in (first, second) if (globs := getattr(selector, name)) is not None]
        if not both:
            continue
        value = shown_value(both)
        if value is None:
            return None
        told.append(f"{name} {value}")
    return ", ".join(told) or "any journey"


def _twice(first: Clocked, second: Clocked) -> Iterator[Finding]:
    if first.standard.metadata.id == second.standard.metadata.id or not _same_stretch(first, second):
        return
    (begin, end), (other_begin, other_end) = in_force(first.standard), in_force(second.standard)
    if begin >= other_end or other_begin >= end:
        return
    shared = common_journey(first.standard.applies_to, second.standard.applies_to)
    if shared is not None:
        meta = first.standard.metadata
        problem = f"measures the same stretch as {meta.id}@{meta.version} of the same journeys ({shared})"
        yield second.written.finding(Rule.SAME_CLOCK_TWICE, ("applies_to",), problem)


def _same_stretch(first: Clocked, second: Clocked) -> bool:
    return all(set(getattr(first.clock, name)) == set(getattr(second.clock, name)) for name in ("start", "stop"))


def _rows(one: Clocked) -> Iterator[Finding]:
    rows = one.clock.limits
    for place, row in enumerate(rows):
        path = ("clock", "limits", place, "when")
        for name in AT_ARRIVAL:
            wanted, offered = getattr(row.when, name), getattr(one.standard.applies_to, name)
            if wanted is not None and offered is not None and apart(wanted, offered):
                meant, taken = some_of(wanted, " or "), some_of(offered, " or ")
                problem = f"row {place + 1} is for {name} {meant}, and the selector takes {taken} only"
                yield one.written.finding(Rule.ROW_NEVER_FITS, (*path, name), problem)
        earlier = next((n for n in range(place) if _takes_all(rows[n], row)), None)
        if earlier is not None:
            problem = f"row {earlier + 1} takes all that row {place + 1} is for"
            fix = f"put row {place + 1} before row {earlier + 1}, or remove it"
            yield one.written.finding(Rule.ROW_SWALLOWED, path, problem, fix)
    named = {row.when.day_part for row in rows}
    for place, part in enumerate(one.clock.day_parts):
        if part.name not in named:
            path = ("clock", "day_parts", place, "name")
            yield one.written.finding(Rule.DAY_PART_UNUSED, path, f"no row names the day-part {part.name!r}")


def _takes_all(earlier: LimitRow, later: LimitRow) -> bool:
    part = earlier.when.day_part
    return part in (None, later.when.day_part) and all(_wider(earlier.when, later.when, name) for name in AT_ARRIVAL)


def _wider(earlier: AtArrival, later: AtArrival, name: str) -> bool:
    wide, narrow = getattr(earlier, name), getattr(later, name)
    return wide is None or (narrow is not None and swallows(wide, narrow))


__all__ = ["common_journey", "lint_selectors"]
