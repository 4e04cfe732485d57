"""
What a measurement or a violation of a score says: the figure with its unit, the minimum, and where it is counted.
"""

from collections.abc import Iterator
from typing import Final

from domain.catalogue import SCORES
from domain.explanations.figures import counted, formula_of, unfinished
from domain.explanations.journeys import whose
from domain.explanations.statements import Argument, Choice, Points, Share, Statement, Verbatim, key_of, say
from domain.sums import ScoreCounts, tally_answer
from schemas.outcomes import Measurement, Violation
from schemas.scores import HUNDREDTHS, OBSERVED, Score
from schemas.standards import Standard

Scored = Measurement | Violation
_WEIGHTS: Final = frozenset({"checklist_score", "critical_failures"})


def headline(verdict: Scored, standard: Standard | None) -> Statement:
    """
    Say the score in one sentence, and on which side of the minimum it lies.
    """
    whom = whose(verdict)
    if isinstance(verdict, Measurement) and verdict.ended_by != "stopped":
        return say(f"ended-{verdict.ended_by}", **whom)
    if verdict.score is None:
        return say("score-unknown", **whom)
    against: dict[str, Argument] = {"score": _figure(verdict, standard, verdict.score)}
    if verdict.minimum is None:
        return say("score-told", **whom, **against)
    against["minimum"] = _figure(verdict, standard, verdict.minimum)
    return say("score-broken" if verdict.score < verdict.minimum else "score-kept", **whom, **against)


def judgement(measured: Measurement, standard: Standard | None) -> tuple[Statement, ...]:
    """
    Say what the answer or the checklist came to, against what it was held, and where it is counted.
    """
    if measured.ended_by != "stopped":
        return (unfinished(measured.ended_by),)
    return (*against(measured, standard), *_counted(measured, standard))


def against(verdict: Scored, standard: Standard | None) -> Iterator[Statement]:
    """
    Say the score and what it was held to.
    """
    if verdict.score is None:
        return
    yield say("score-value", of=_what(verdict, standard), score=_figure(verdict, standard, verdict.score))
    if verdict.minimum is None:
        yield say("score-alone")
        return
    side = "score-below" if verdict.score < verdict.minimum else "score-reached"
    yield say(side, minimum=_figure(verdict, standard, verdict.minimum))


def remedies(verdict: Scored, standard: Standard | None) -> tuple[Statement, ...]:
    """
    Say which score would have kept the standard.
    """
    if verdict.score is None or verdict.minimum is None or verdict.score >= verdict.minimum:
        return ()
    return (say("keep-score", minimum=_figure(verdict, standard, verdict.minimum)),)


def is_a_checklist(verdict: Scored, standard: Standard | None) -> bool:
    """
    Tell a checklist from an answer: by the standard, else by the event that was scored.
    """
    if standard is not None and standard.score is not None:
        return standard.score.checklists
    return any(entry.type == OBSERVED for entry in verdict.trail)


def _what(verdict: Scored, standard: Standard | None) -> Choice:
    if not is_a_checklist(verdict, standard):
        return Choice("answer")
    return Choice("checklist" if verdict.score else "nothing")


def _figure(verdict: Scored, standard: Standard | None, hundredths: int) -> Argument:
    return Share(hundredths) if is_a_checklist(verdict, standard) else Points(hundredths)


def _counted(measured: Measurement, standard: Standard | None) -> Iterator[Statement]:
    if standard is None or standard.score is None or measured.score is None:
        return
    metric = SCORES[standard.objective.metric]
    if metric.name in _WEIGHTS:
        yield say(key_of("counted", metric.name), metric=Verbatim(metric.name))
    else:
        yield _answer_counted(measured.score, standard.score, metric.name)
    yield formula_of(metric)


def _answer_counted(score: int, of: Score, name: str) -> Statement:
    fields = [0] * len(ScoreCounts._fields)
    tally_answer(fields, 1, score, (of.highest or 0) * HUNDREDTHS)
    sums = ScoreCounts(*fields)
    if name == "csat_top2":
        return counted(SCORES[name], good=bool(sums.top2))
    if name == "nps":
        side = "promoter" if sums.promoters else "detractor" if sums.detractors else "neither"
        return say("counted-likely", metric=Verbatim(name), side=Choice(side))
    return say("counted-score", metric=Verbatim(name), score=Points(score))


__all__ = ["against", "headline", "is_a_checklist", "judgement", "remedies"]
