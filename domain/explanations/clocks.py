"""
What a measurement of a running time says: how the clock ran, what it was judged, and where it is counted.
"""

from typing import Any, Final

from domain.catalogue import CATALOGUE
from domain.explanations.explanation import Stretch
from domain.explanations.figures import counted, formula_of, left_out
from domain.explanations.journeys import margin, measure, side, whose
from domain.explanations.statements import Argument, At, Choice, Length, Statement, Verbatim, say
from domain.metrics import Counts, Metric, tally
from schemas.objectives import PERCENTILES
from schemas.outcomes import Measurement, Segment
from schemas.standards import Standard

_NAMED: Final = {"closed": "stretch-closed-for", "holiday": "stretch-holiday-named"}
"""What is said of a stretch whose reason has a name."""
_UNENDED: Final = {"cancelled": "judged-unended", "expired": "judged-unended", "retired": "judged-retired"}
"""What is said of a clock that nobody stopped, by what ended it."""


def headline(measured: Measurement, standard: Standard | None) -> Statement:
    """
    Say the verdict in one sentence.
    """
    verdict, value, limit = _verdict_of(measured), Length(measured.value_ms), Length(measured.limit_ms)
    key, whom = f"measured-{verdict}", whose(measured)
    against: dict[str, Argument] = {
        "value": value,
        "limit": limit,
        "margin": margin(measured.value_ms, measured.limit_ms),
    }
    if verdict in {"kept", "broken"}:
        return say(key, **whom, **against, measure=measure(standard))
    if verdict == "abandoned":
        return say(key, **whom, **against)
    if verdict == "implausible":
        return say(key, **whom, value=value, too=Choice("short" if measured.validity == "too_short" else "long"))
    return say(key, **whom) if verdict == "withdrawn" else say(key, **whom, value=value)


def _verdict_of(measured: Measurement) -> str:
    if measured.state == "withdrawn":
        return "withdrawn"
    if measured.ended_by != "stopped":
        return measured.ended_by
    if measured.met is None:
        return "implausible"
    return "kept" if measured.met else "broken"


def stretches(measured: Measurement) -> tuple[Stretch, ...]:
    """
    Say of each stretch of the clock whether it counted, and why.
    """
    if measured.state == "withdrawn":
        return ()
    return tuple(Stretch(one.from_at, one.to_at, one.counts, _why(one)) for one in measured.segments)


def _why(piece: Segment) -> Statement:
    """Say why a stretch counts or not; where the outcome does not give the reason it was a pause."""
    if piece.counts:
        return say("stretch-counts")
    if piece.name and piece.why in _NAMED:
        return say(_NAMED[piece.why], name=Verbatim(piece.name))
    return say(f"stretch-{piece.why or 'paused'}")


def judgement(measured: Measurement, standard: Standard | None) -> tuple[Statement, ...]:
    """
    Say how the value came about, against what it was held, and where it is counted.
    """
    return (*_judged(measured), *_counted(measured, standard))


def _judged(measured: Measurement) -> tuple[Statement, ...]:
    if measured.state == "withdrawn":
        return (say("judged-withdrawn"),)
    limit, on = Length(measured.limit_ms), side(measured.value_ms, measured.limit_ms)
    value, by = _value(measured), measured.ended_by
    if by == "abandoned":
        return (value, say("judged-abandoned", side=on, limit=limit))
    if by in _UNENDED:
        return (value, say(_UNENDED[by]))
    if measured.met is None:
        return (value, say("judged-implausible"))
    return (value, say("judged-against", limit=limit, verdict=Choice("kept" if measured.met else "broken")))


def _value(measured: Measurement) -> Statement:
    """Say how the value came about: end less start less what did not count."""
    left_out = measured.ended_at - measured.started_at - measured.value_ms
    ended, started, value = At(measured.ended_at), At(measured.started_at), Length(measured.value_ms, "not")
    if left_out > 0:
        return say("value-formula-less", ended=ended, started=started, left_out=Length(left_out, "not"), value=value)
    return say("value-formula", ended=ended, started=started, value=value)


def _counted(measured: Measurement, standard: Standard | None) -> tuple[Statement, ...]:
    """Say what the clock adds to the figures: among which counts it is, and what that does to the objective."""
    if measured.state == "withdrawn":
        return (say("counted-nowhere"),)
    fields = [0] * len(Counts._fields)
    plausible, short = measured.validity == "plausible", measured.value_ms if measured.short_abandon else -1
    tally(fields, 1, measured.ended_by, plausible, measured.value_ms, measured.limit_ms, short)
    counts = Counts(*fields)
    said = [_where(counts, measured)]
    if counts.abandoned_short:
        said.append(say("counted-short-abandon"))
    if standard is not None:
        metric = CATALOGUE[standard.objective.metric]
        said += [_adds(metric, counts), formula_of(metric)]
    return tuple(said)


def _where(counts: Counts, measured: Measurement) -> Statement:
    on = side(measured.value_ms, measured.limit_ms)
    if counts.answered or counts.abandoned:
        return say("counted-answered" if counts.answered else "counted-abandoned", side=on)
    apart = next(field for field in ("implausible", "cancelled", "expired", "retired") if getattr(counts, field))
    return say(f"counted-{apart}")


def _adds(metric: Metric[Any], counts: Counts) -> Statement:
    if metric.name in PERCENTILES:
        if not counts.answered:
            return left_out(metric)
        return say("counted-percentile", metric=Verbatim(metric.name), value=Length(counts.answered_wait_ms))
    above, below = metric.pair(counts)
    if not below:
        return left_out(metric)
    if metric.unit == "milliseconds":
        return say("counted-mean", metric=Verbatim(metric.name), value=Length(above))
    return counted(metric, good=bool(above))


__all__ = ["headline", "judgement", "stretches"]
