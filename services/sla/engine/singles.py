"""
Singles: events that stand for themselves, each with a figure of its own: a complaint, an answer, a visit, a contact.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Final

from domain.sums import Item, marks_of
from schemas.base import BASIS_POINTS
from schemas.scores import HUNDREDTHS, Score
from services.sla.engine.clocks import NEVER, RETIRED, RUNNING, STOPPED, Run
from services.sla.engine.courses import place_at
from services.sla.engine.events import MORE, REVISION, SCORE, Attributes, Fact, decode_items
from services.sla.engine.roles import COUNT, OF
from services.sla.engine.rules import Rule

_BITS: Final = 6
"""Bytes of the number that stands for an event: a double in JSON holds it exactly."""


def turn_of(fact: Fact) -> int:
    """
    Name an event within its journey by a number that is made of its source and id, and of whether it has a revision:
    an event without one is another event.
    """
    ident, mark, _ = fact[3].partition(REVISION)
    return int.from_bytes(blake2b(f"{fact[2]}\n{ident}{mark}".encode(), digest_size=_BITS).digest(), "big")


def single_of(facts: Sequence[Fact], run: Run, turn: int) -> Fact:
    """Find the event that stands for itself in a turn."""
    places = range(place_at(facts, run.started_at), len(facts))
    return next(facts[place] for place in places if turn_of(facts[place]) == turn)


def touched(rule: Rule, facts: Sequence[Fact], fact: Fact) -> Iterator[Fact]:
    """
    Name the events whose figures one more event may change: its own, and those contacts that it is the first to follow.
    """
    yield fact
    rate = rule.standard.rate
    if rate is None or rate.within is None or not rule.role(fact[1], fact[4]) & COUNT:
        return
    for place in range(bisect_left(facts, fact) - 1, -1, -1):
        earlier = facts[place]
        if earlier[0] + rate.within < fact[0]:
            return
        yield earlier
        if rule.role(earlier[1], earlier[4]) & COUNT:
            # Whatever was before that, it has followed already.
            return


def measure_single(rule: Rule, facts: Sequence[Fact], fact: Fact, seen: int, retired: int) -> Run | None:
    """
    Say what one event comes to; None where it has no figure. ``facts`` are all of its journey's or customer's.

    ``seen`` is the instant up to which absence was judged, ``retired`` the one at which the standard ends.
    """
    score, rate = rule.standard.score, rule.standard.rate
    mask = rule.role(fact[1], fact[4])
    if score is not None:
        return _scored(score, fact) if mask & COUNT else None
    if rate is not None and rate.within is not None:
        return _contact(rule, facts, fact, fact[0] + rate.within, seen, retired) if mask & OF else None
    return _done(fact[0], (0, fact[0], NEVER, int(bool(mask & COUNT)), int(bool(mask & OF)))) if mask else None


def measure_share(rule: Rule, facts: Sequence[Fact]) -> Run | None:
    """
    Say whether one cycle of a journey is counted, of those that have what is counted of; None where it has not.
    """
    masks = [(rule.role(fact[1], fact[4]), fact) for fact in facts]
    began = next((fact[0] for mask, fact in masks if mask & OF), None)
    if began is None:
        return None
    # Which event it was decides what is told: the first, whenever it was heard of.
    counted = next((turn_of(fact) for mask, fact in masks if mask & COUNT), 0)
    return _done(began, (0, began, NEVER, int(counted > 0), 1, counted))


def _done(at: int, more: tuple[int, ...], breach_at: int = NEVER) -> Run:
    return Run(at, STOPPED, at, 0, breach_at, False, NEVER, 0, more)  # noqa: FBT003 - a field


def _contact(rule: Rule, facts: Sequence[Fact], fact: Fact, until: int, seen: int, retired: int) -> Run:
    """
    Say whether a contact settled it: good unless the customer comes back in time; open until that is known, or nobody
    asks any more.
    """
    began, last = fact[0], min(until, retired)
    for place in range(bisect_right(facts, fact), len(facts)):
        other = facts[place]
        if other[0] > last:
            break
        if rule.role(other[1], other[4]) & COUNT:
            return Run(began, STOPPED, other[0], 0, NEVER, False, NEVER, 0, (0, until, NEVER, 0, 1))  # noqa: FBT003 - a field
    if retired <= until and seen >= retired:
        return Run(began, RETIRED, retired, 0, NEVER, False, NEVER, 0, (0, until, NEVER, 0, 0))  # noqa: FBT003 - as above
    if seen > until:
        return Run(began, STOPPED, until, 0, NEVER, False, NEVER, 0, (0, until, NEVER, 1, 1))  # noqa: FBT003 - as above
    return Run(began, RUNNING, NEVER, 0, NEVER, False, min(until + 1, retired), 0, (0, until, NEVER, 0, 0))  # noqa: FBT003 - as above


def _scored(score: Score, fact: Fact) -> Run | None:
    at, _, _, _, attributes = fact
    if score.checklists:
        marks = marks_of(items_of(score, attributes))
        if marks is None:
            return None
        value, highest = marks.score, BASIS_POINTS
    else:
        value, highest = answer_of(score, attributes)
        if highest < 0:
            return None
    below = value < score.minimum_value
    return _done(at, (0, at, NEVER, value, highest, score.minimum_value), at if below else NEVER)


def is_elsewhere(rule: Rule, fact: Fact) -> bool:
    """Tell whether an event is an answer that the standard's scale does not have."""
    score, more = rule.standard.score, fact[4][MORE]
    if score is None or score.checklists or more is None or more[SCORE] is None:
        return False
    return answer_of(score, fact[4])[1] < 0


def answer_of(score: Score, attributes: Attributes) -> tuple[int, int]:
    """
    Return an answer and the highest possible, in hundredths; (0, -1) where there is none on the standard's scale.
    """
    more, highest = attributes[MORE], (score.highest or 0) * HUNDREDTHS
    if more is None or more[SCORE] is None:
        return 0, -1
    given, scale = int(more[SCORE]), more[SCORE + 1]
    lowest = score.lowest * HUNDREDTHS
    if not lowest <= given <= highest or (scale is not None and int(scale) != highest):
        return 0, -1
    return (lowest + highest - given if score.reversed else given), highest


def items_of(score: Score, attributes: Attributes) -> list[Item]:
    """
    Return the items of a checklist that the standard looks at.
    """
    more = attributes[MORE]
    raw = None if more is None else more[SCORE + 2]
    return [
        Item(one.weight, None if one.result == "not_applicable" else one.result == "passed", one.critical)
        for one in (() if raw is None else decode_items(raw))
        if not score.categories or one.category in score.categories
    ]
