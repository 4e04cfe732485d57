"""
Explains a measurement: something that came to its end, what it was judged, and where it is counted.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from domain.explanations import clocks, rates, scores, sequences
from domain.explanations.corrections import corrections, remarks
from domain.explanations.explanation import Explanation, Stretch
from domain.explanations.journeys import about, whose
from domain.explanations.promises import demanded_of, why_of
from domain.explanations.remedies import remedies
from domain.explanations.statements import Statement, say
from domain.explanations.trails import steps
from schemas.outcomes import Measurement
from schemas.standards import Standard

_Sentences = tuple[Statement, ...]


class _Teller(NamedTuple):
    """What is said of measurements of one kind."""

    headline: Callable[[Measurement, Standard | None], Statement]
    judgement: Callable[[Measurement, Standard | None], _Sentences]
    remedies: Callable[[Measurement, Standard | None], _Sentences]


_TELLERS: Final = {
    "clock": _Teller(clocks.headline, clocks.judgement, remedies),
    "rate": _Teller(rates.headline, rates.judgement, rates.remedies),
    "score": _Teller(scores.headline, scores.judgement, scores.remedies),
    "sequence": _Teller(sequences.headline, sequences.judgement, sequences.remedies),
}


def explain_measurement(
    measured: Measurement, standard: Standard | None, earlier: Sequence[Measurement] = ()
) -> Explanation:
    """
    Explain what came to its end.

    The standard, if it is at hand, adds its title, its reason and its objective; ``earlier`` are the revisions of the
    same outcome that this one corrected, as far as the caller has them.
    """
    teller = _TELLERS[measured.kind]
    gone = measured.state == "withdrawn" and measured.kind != "clock"
    return Explanation(
        id=measured.id,
        headline=headline(measured, standard),
        about=about(measured, measured.kind),
        standard=demanded_of(measured, measured.kind, standard),
        why=why_of(standard),
        steps=steps(measured, measured.kind, standard),
        stretches=_stretches(measured),
        judgement=(say("judged-taken-back"), say("counted-nowhere")) if gone else teller.judgement(measured, standard),
        remedies=() if gone else teller.remedies(measured, standard),
        corrections=corrections([(one.rev_watermark, headline(one, standard)) for one in earlier]),
        remarks=remarks(measured, standard),
    )


def headline(measured: Measurement, standard: Standard | None) -> Statement:
    """
    Say the verdict in one sentence.
    """
    if measured.state == "withdrawn" and measured.kind != "clock":
        return say("measured-taken-back", **whose(measured))
    return _TELLERS[measured.kind].headline(measured, standard)


def _stretches(measured: Measurement) -> tuple[Stretch, ...]:
    return clocks.stretches(measured) if measured.kind == "clock" else ()


__all__ = ["explain_measurement", "headline"]
