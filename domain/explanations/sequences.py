"""
What a measurement or a violation of steps says: each fault by the name of its step and its instant, the course taken,
and what would have kept the standard.
"""

from collections.abc import Iterator
from typing import Final

from domain.catalogue import CATALOGUE
from domain.explanations.figures import counted, formula_of, left_out, unfinished
from domain.explanations.journeys import whose
from domain.explanations.statements import Argument, At, Count, Statement, Verbatim, key_of, say
from schemas.outcomes import Measurement, StepFault, Violation
from schemas.standards import Standard

_ENDS: Final = {"expired": "expired", "cancelled": "cancelled", "standard_retired": "retired"}
"""Of the reasons of a violation those that say how it ended without its end."""


def headline(measured: Measurement, _: Standard | None) -> Statement:
    """
    Say in one sentence whether the steps were kept; of several faults the first, and how many more there are.
    """
    if measured.ended_by != "stopped":
        return say(f"ended-{measured.ended_by}", **whose(measured))
    return say("steps-kept", **whose(measured)) if measured.met else say("steps-broken", **_first(measured))


def headline_of_violation(violation: Violation) -> Statement:
    """
    Say in one sentence which step is at fault, and whether it is still going on.
    """
    return say("steps-running" if violation.closed_at is None else "steps-broken", **_first(violation))


def judgement(measured: Measurement, standard: Standard | None) -> tuple[Statement, ...]:
    """
    Say which steps were at fault, the course that was taken, and where it is counted.
    """
    span = say("steps-span", started=At(measured.started_at), ended=At(measured.ended_at))
    return (span, *_taken(measured), _verdict(measured), *_counted(measured, standard))


def judgement_of_violation(violation: Violation) -> Iterator[Statement]:
    """
    Say which steps are at fault, and how it ended where that was not its own end.
    """
    yield from _taken(violation)
    if violation.reason in _ENDS:
        yield unfinished(_ENDS[violation.reason])


def remedies(verdict: Measurement | Violation, _: Standard | None) -> tuple[Statement, ...]:
    """
    Say of each step at fault what had to be done.
    """
    return tuple(_remedy(one) for one in verdict.faults)


def _first(verdict: Measurement | Violation) -> dict[str, Argument]:
    faults = verdict.faults
    first = _fault(faults[0]) if faults else say("fault-unknown")
    return {**whose(verdict), "fault": first, "more": Count(max(len(faults) - 1, 0))}


def _taken(verdict: Measurement | Violation) -> Iterator[Statement]:
    if verdict.course is not None:
        yield say("steps-course", course=Verbatim(verdict.course))
    for one in verdict.faults:
        yield say("judged-reason", reason=_fault(one))


def _fault(one: StepFault) -> Statement:
    return say(key_of("fault", one.fault), step=Verbatim(one.step), at=At(one.at))


def _remedy(one: StepFault) -> Statement:
    key = key_of("keep", one.fault)
    if one.fault in {"missing", "late"}:
        return say(key, step=Verbatim(one.step), due=At(one.at))
    return say(key, step=Verbatim(one.step))


def _verdict(measured: Measurement) -> Statement:
    if measured.ended_by != "stopped":
        return unfinished(measured.ended_by)
    return say("steps-all-taken" if measured.met else "steps-not-kept")


def _counted(measured: Measurement, standard: Standard | None) -> Iterator[Statement]:
    if standard is None:
        return
    metric = CATALOGUE[standard.objective.metric]
    if measured.ended_by == "stopped":
        yield counted(metric, good=bool(measured.met))
    else:
        yield left_out(metric)
    yield formula_of(metric)


__all__ = ["headline", "headline_of_violation", "judgement", "judgement_of_violation", "remedies"]
