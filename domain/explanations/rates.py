"""
What a measurement of something counted says: counted of what, or whether a contact settled what it was about.
"""

from collections.abc import Iterator

from domain.catalogue import CATALOGUE
from domain.explanations.figures import counted, formula_of, left_out, unfinished
from domain.explanations.journeys import happened, whose
from domain.explanations.statements import At, Choice, Statement, Verbatim, say
from schemas.outcomes import Measurement
from schemas.rates import Rate
from schemas.standards import Standard


def is_of_customers(measured: Measurement, standard: Standard | None) -> bool:
    """
    Tell whether a rate looks at customers who come back; of any other rate one event is neither kept nor broken.
    """
    rate = _rate(standard)
    return measured.met is not None if rate is None else rate.per == "customer"


def headline(measured: Measurement, standard: Standard | None) -> Statement:
    """
    Say in one sentence that something was counted, or whether a contact settled it.
    """
    whom = whose(measured)
    if measured.ended_by != "stopped":
        return say(f"ended-{measured.ended_by}", **whom)
    if not is_of_customers(measured, standard):
        what = next((happened(entry.type) for entry in measured.trail if entry.role == "count"), None)
        return say("rate-counted", **whom) if what is None else say("rate-event", **whom, what=what)
    if measured.met:
        return say("rate-settled", **whom, until=At(measured.ended_at))
    return say("rate-returned", **whom, back=At(measured.ended_at))


def judgement(measured: Measurement, standard: Standard | None) -> tuple[Statement, ...]:
    """
    Say of what it is counted and why, or until when nobody was to come back; then what that adds to the objective.
    """
    return (*_judged(measured, standard), *_adds(measured, standard))


def _judged(measured: Measurement, standard: Standard | None) -> Iterator[Statement]:
    rate = _rate(standard)
    if measured.ended_by != "stopped":
        yield unfinished(measured.ended_by)
    elif is_of_customers(measured, standard):
        yield say("rate-contact", at=At(measured.started_at))
        yield say("rate-quiet" if measured.met else "rate-again", at=At(measured.ended_at))
    else:
        yield say("rate-alone")
        yield from () if rate is None else _of(rate)
    if measured.reason is not None:
        yield say("rate-reason", reason=Verbatim(measured.reason))


def _of(rate: Rate) -> Iterator[Statement]:
    """Say of what it is counted: each type of event once, in the order in which the standard names them."""
    for type_ in dict.fromkeys(condition.event for condition in rate.of):
        yield say("rate-of", per=Choice("journey" if rate.per == "journey" else "event"), what=happened(type_))


def _adds(measured: Measurement, standard: Standard | None) -> Iterator[Statement]:
    if standard is None:
        return
    metric = CATALOGUE[standard.objective.metric]
    if measured.ended_by != "stopped":
        yield left_out(metric)
    elif is_of_customers(measured, standard):
        yield counted(metric, good=bool(measured.met))
    else:
        yield say("counted-one", metric=Verbatim(metric.name))
    yield formula_of(metric)


def remedies(measured: Measurement, standard: Standard | None) -> tuple[Statement, ...]:
    """
    Say until when the customer should not have had to come back, where the standard is at hand.
    """
    rate = _rate(standard)
    if rate is None or rate.within is None or measured.met is not False:
        return ()
    return (say("keep-settled", due=At(measured.started_at + rate.within)),)


def _rate(standard: Standard | None) -> Rate | None:
    return None if standard is None else standard.rate


__all__ = ["headline", "is_of_customers", "judgement", "remedies"]
