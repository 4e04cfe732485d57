"""
Standards beside a sample of events: values that nobody has, events that nobody sends, traffic that never comes.
"""

import difflib
from collections.abc import Iterator, Sequence
from typing import Final

from domain.linting.clocked import Clocked, clocked
from domain.linting.findings import Finding, Papers, Path, some_of
from domain.linting.globs import matches
from domain.linting.objectives import alerts_of, windows_of
from domain.linting.rules import Rule
from domain.linting.samples import AT_ARRIVAL, Arrival, Sample, most_within
from domain.moments import written_duration
from schemas.conditions import AtArrival, Condition
from schemas.events import PREFIX
from schemas.objectives import Objective
from schemas.standards import Standard

_ROLES: Final = ("start", "stop", "abandon", "cancel", "pause", "resume")
_NEVER: Final = {"start": Rule.CLOCK_NEVER_STARTS, "stop": Rule.CLOCK_NEVER_STOPS}


def lint_sampled(papers: Papers) -> Iterator[Finding]:
    """
    Look at every standard beside the sample, if there is one.
    """
    sample = papers.sample
    if sample is None:
        return
    for written, standard in papers.written(Standard):
        covered = sample.covered(standard.applies_to)
        if not covered:
            problem = f"none of the {len(sample.arrivals)} journeys of the sample is covered"
            yield written.finding(Rule.SELECTS_NOBODY, ("applies_to",), problem)
        yield from (
            written.finding(Rule.VALUE_NOT_SEEN, ("applies_to", *path), problem)
            for path, problem in _values(standard.applies_to, sample)
        )
        if covered:
            yield from (written.finding(*said) for said in _traffic(standard.objective, covered))
    for one in clocked(papers):
        yield from _of_clock(one, sample)


def _traffic(aim: Objective, covered: Sequence[Arrival]) -> Iterator[tuple[Rule, Path, str]]:
    """
    Windows in which the sample never has as many journeys as it takes; of several scopes the widest counts.
    """
    everywhere = not {"region", "organisation"}.isdisjoint(aim.scopes)
    where = "everywhere" if everywhere else "at one site"
    for _, window in windows_of(aim):
        most = most_within(covered, window.nominal_ms, everywhere=everywhere)
        if most < aim.minimum_n:
            problem = f"the sample has at most {most} in {written_duration(window.nominal_ms)} {where}"
            yield Rule.MINIMUM_N_OUT_OF_REACH, ("objective", "minimum_n"), problem
    for place, alert in enumerate(alerts_of(aim)):
        most = most_within(covered, alert.long, everywhere=everywhere)
        if most < alert.minimum_bad:
            problem = f"the sample has at most {most}, good and bad, in {written_duration(alert.long)} {where}"
            yield Rule.BURN_OUT_OF_REACH, ("objective", "burn_alerts", place, "minimum_bad"), problem


def _of_clock(one: Clocked, sample: Sample) -> Iterator[Finding]:
    for place, row in enumerate(one.clock.limits):
        for path, problem in _values(row.when, sample):
            yield one.written.finding(Rule.VALUE_NOT_SEEN, ("clock", "limits", place, "when", *path), problem)
    defaults = type(one.clock).model_fields
    for role in _ROLES:
        conditions: tuple[Condition, ...] = getattr(one.clock, role)
        missing = [place for place, condition in enumerate(conditions) if not sample.meets(condition)]
        if role in _NEVER and len(missing) == len(conditions):
            told = some_of(dict.fromkeys(_missing(condition, sample) for condition in conditions), "; ")
            problem = f"no event says when it {role}s: {told}"
            yield one.written.finding(_NEVER[role], ("clock", role), problem)
        elif role in one.clock.model_fields_set or defaults[role].default == ():
            for place in missing:
                path = ("clock", role, place)
                yield one.written.finding(Rule.EVENT_NOT_SEEN, path, _missing(conditions[place], sample))


def _missing(condition: Condition, sample: Sample) -> str:
    if condition.event not in sample.met:
        return f"the sample has no {_short(condition)}"
    named = [] if condition.where is None else [
        (name, values) for name in type(condition.where).model_fields
        if isinstance(values := getattr(condition.where, name), tuple)
    ]  # fmt: skip
    for name, values in named:
        seen = sample.values(condition.event, name)
        if not seen.intersection(values):
            return f"no {_short(condition)} of the sample has {name} {values[0]!r}{_near(values[0], seen)}"
    return f"no {_short(condition)} of the sample has all of it together"


def _values(wanted: AtArrival, sample: Sample) -> Iterator[tuple[tuple[str | int, ...], str]]:
    names = (*AT_ARRIVAL, "site") if hasattr(wanted, "site") else AT_ARRIVAL
    for name in names:
        globs: tuple[str, ...] = getattr(wanted, name) or ()
        seen = sample.seen(name)
        for place, glob in enumerate(globs):
            if not any(matches(value, (glob,)) for value in seen):
                yield (name, place), f"no journey of the sample has {name} {glob!r}{_near(glob, seen)}"


def _near(value: str, seen: frozenset[str]) -> str:
    near = difflib.get_close_matches(value, sorted(seen), n=1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; it has {some_of(sorted(seen))}" if seen else ""


def _short(condition: Condition) -> str:
    return condition.event.removeprefix(PREFIX)


__all__ = ["lint_sampled"]
