"""
Standards beside a sample of events: values that nobody has, events that nobody sends, traffic that never comes.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from domain.linting.findings import Finding, Papers, Path, some_of
from domain.linting.globs import matches
from domain.linting.measures import Role, roles_of
from domain.linting.objectives import alerts_of, windows_of
from domain.linting.rules import Rule
from domain.linting.samples import AT_ARRIVAL, Arrival, Sample, most_within
from domain.moments import written_duration
from schemas.conditions import AtArrival, Condition
from schemas.events import PREFIX
from schemas.objectives import Objective
from schemas.spelling import meant
from schemas.standards import Standard

_OF_JOURNEYS: Final = ("clock", "sequence")
"""Kinds that are judged journey by journey."""
_NOTHING: Final = {Rule.NEVER_BEGINS: "nothing begins it", Rule.NEVER_ENDS: "nothing ends it"}


def lint_sampled(papers: Papers) -> Iterator[Finding]:
    """
    Look at every standard beside the sample, if there is one.
    """
    sample = papers.sample
    if sample is None:
        return
    for written, standard in papers.written(Standard):
        yield from (written.finding(*said) for said in _of_one(standard, sample))


def _of_one(standard: Standard, sample: Sample) -> Iterator[tuple[Rule, Path, str]]:
    of_journeys = standard.kind_of in _OF_JOURNEYS
    covered = sample.covered(standard.applies_to)
    if not covered and (of_journeys or not sample.covers_any(standard.applies_to)):
        what = f"{len(sample.arrivals)} journeys" if of_journeys else "events"
        yield Rule.SELECTS_NOBODY, ("applies_to",), f"none of the {what} of the sample is covered"
    for path, problem in _values(standard.applies_to, sample, anywhere=not of_journeys):
        yield Rule.VALUE_NOT_SEEN, ("applies_to", *path), problem
    if covered and of_journeys:
        yield from _traffic(standard.objective, covered)
    for place, row in enumerate(standard.clock.limits if standard.clock is not None else ()):
        for path, problem in _values(row.when, sample):
            yield Rule.VALUE_NOT_SEEN, ("clock", "limits", place, "when", *path), problem
    for role in roles_of(standard):
        yield from _events(role, sample)


def _events(role: Role, sample: Sample) -> Iterator[tuple[Rule, Path, str]]:
    missing = [place for place, condition in enumerate(role.conditions) if not sample.meets(condition)]
    if role.never is not None and len(missing) == len(role.conditions):
        told = some_of(dict.fromkeys(_missing(condition, sample) for condition in role.conditions), "; ")
        yield role.never, role.path, f"{_NOTHING[role.never]}: {told}"
        return
    for place in missing:
        yield Rule.EVENT_NOT_SEEN, (*role.path, place), _missing(role.conditions[place], sample)


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


def _values(
    wanted: AtArrival, sample: Sample, *, anywhere: bool = False
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    names = (*AT_ARRIVAL, "site") if hasattr(wanted, "site") else AT_ARRIVAL
    for name in names:
        globs: tuple[str, ...] = getattr(wanted, name) or ()
        seen = sample.seen(name, anywhere=anywhere)
        for place, glob in enumerate(globs):
            if not any(matches(value, (glob,)) for value in seen):
                yield (name, place), f"no journey of the sample has {name} {glob!r}{_near(glob, seen)}"


def _near(value: str, seen: frozenset[str]) -> str:
    return f"; {meant(value, seen, f'it has {some_of(sorted(seen))}')}" if seen else ""


def _short(condition: Condition) -> str:
    return condition.event.removeprefix(PREFIX)


__all__ = ["lint_sampled"]
