"""
Selectors that cover nobody, rows of limits that never hold, and two standards that measure the same thing.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from typing import Final

from domain.linting.clocked import Clocked, clocked, stretches
from domain.linting.findings import Finding, Papers, Path, Written, some_of
from domain.linting.globs import Search, matches
from domain.linting.measures import measured
from domain.linting.rules import Rule
from domain.linting.samples import AT_ARRIVAL
from schemas.clocks import LimitRow
from schemas.conditions import AtArrival, Selector
from schemas.events import CHANNELS, PREFIX
from schemas.register import Site
from schemas.spelling import meant
from schemas.standards import Standard, document_key

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
        yield from _channels(papers, written, ("applies_to", "channel"), standard.applies_to)
    search = Search()
    for one in clocked(papers):
        before = search.undecided
        yield from _ends(one)
        for place, row in enumerate(one.clock.limits):
            yield from _channels(papers, one.written, ("clock", "limits", place, "when", "channel"), row.when)
        yield from _rows(one, search)
        yield from _undecided(one.written, search.undecided - before)
    yield from _overlaps(papers, search)


def _channels(papers: Papers, written: Written, path: Path, wanted: AtArrival) -> Iterator[Finding]:
    """
    Channels that are nearly a usual word; a sample knows better which there are.
    """
    for place, glob in enumerate(wanted.channel or () if papers.sample is None else ()):
        hint = "" if any(matches(word, (glob,)) for word in CHANNELS) else meant(glob, CHANNELS)
        if hint:
            yield written.finding(Rule.CHANNEL_MISSPELT, (*path, place), f"{glob!r} is no usual channel", hint)


def _ends(one: Clocked) -> Iterator[Finding]:
    both = [each for each in one.clock.stop if each in one.clock.start]
    if both and not one.clock.repeats:
        problem = f"{both[0].event.removeprefix(PREFIX)} begins it as well"
        yield one.written.finding(Rule.ENDS_AS_IT_BEGINS, ("clock", "stop"), problem)


def _common_journey(first: Selector, second: Selector, search: Search) -> str | None:
    """
    Describe a journey that both selectors cover; None where there is none, or none was found.
    """
    told = []
    for name in _EVERYWHERE:
        both = [globs for selector in (first, second) if (globs := getattr(selector, name)) is not None]
        if not both:
            continue
        value = search.shown_value(both)
        if value is None:
            return None
        told.append(f"{name} {value}")
    return ", ".join(told) or "any journey"


def _overlaps(papers: Papers, search: Search) -> Iterator[Finding]:
    """
    Standards that measure the same of the same journeys, each beside those before it and those published.
    """
    ours = {document_key(one) for one in papers.documents}
    held = stretches(papers)
    alike: defaultdict[Hashable, list[Standard]] = defaultdict(list)
    published = (one for one in papers.published if isinstance(one, Standard) and document_key(one) not in ours)
    for standard in published:
        alike[measured(standard)].append(standard)
    for written, standard in papers.written(Standard):
        others = alike[measured(standard)]
        before = search.undecided
        for other in others:
            if other.metadata.id != standard.metadata.id and _together(held, other, standard):
                shared = _common_journey(other.applies_to, standard.applies_to, search)
                if shared is not None:
                    told = f"{other.metadata.id}@{other.metadata.version}"
                    problem = f"measures the same as {told} of the same journeys ({shared})"
                    yield written.finding(Rule.MEASURED_TWICE, ("applies_to",), problem)
        yield from _undecided(written, search.undecided - before)
        others.append(standard)


def _together(held: Mapping[str, tuple[int, int]], first: Standard, second: Standard) -> bool:
    (begin, end), (other_begin, other_end) = held[document_key(first)], held[document_key(second)]
    return begin < other_end and other_begin < end


def _undecided(written: Written, questions: int) -> Iterator[Finding]:
    if questions:
        problem = f"{questions} question(s) about its globs were given up"
        yield written.finding(Rule.GLOBS_UNDECIDED, ("applies_to",), problem)


def _rows(one: Clocked, search: Search) -> Iterator[Finding]:
    rows = one.clock.limits
    for place, row in enumerate(rows):
        path = ("clock", "limits", place, "when")
        for name in AT_ARRIVAL:
            wanted, offered = getattr(row.when, name), getattr(one.standard.applies_to, name)
            if wanted is not None and offered is not None and search.apart(wanted, offered):
                meant, taken = some_of(wanted, " or "), some_of(offered, " or ")
                problem = f"row {place + 1} is for {name} {meant}, and the selector takes {taken} only"
                yield one.written.finding(Rule.ROW_NEVER_FITS, (*path, name), problem)
        earlier = next((n for n in range(place) if _takes_all(rows[n], row, search)), None)
        if earlier is not None:
            problem = f"row {earlier + 1} takes all that row {place + 1} is for"
            fix = f"put row {place + 1} before row {earlier + 1}, or remove it"
            yield one.written.finding(Rule.ROW_SWALLOWED, path, problem, fix)
    named = {row.when.day_part for row in rows}
    for place, part in enumerate(one.clock.day_parts):
        if part.name not in named:
            path = ("clock", "day_parts", place, "name")
            yield one.written.finding(Rule.DAY_PART_UNUSED, path, f"no row names the day-part {part.name!r}")


def _takes_all(earlier: LimitRow, later: LimitRow, search: Search) -> bool:
    part = earlier.when.day_part
    return part in (None, later.when.day_part) and all(
        _wider(earlier.when, later.when, name, search) for name in AT_ARRIVAL
    )


def _wider(earlier: AtArrival, later: AtArrival, name: str, search: Search) -> bool:
    wide, narrow = getattr(earlier, name), getattr(later, name)
    return wide is None or (narrow is not None and search.swallows(wide, narrow))


__all__ = ["lint_selectors"]
