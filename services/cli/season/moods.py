"""
What customers make of how they were served: answers to surveys, and complaints with what becomes of them.
"""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, Final

from schemas.base import HOUR_MS, MINUTE_MS, SECOND_MS

__all__ = ["ACCEPTABLE_MS", "COMPLAINTS_SOURCE", "answer", "complaint"]

ACCEPTABLE_MS: Final[Mapping[str, int]] = {
    "counter": 4 * MINUTE_MS, "advice": 10 * MINUTE_MS, "everyday": 20 * SECOND_MS, "priority": 20 * SECOND_MS,
    "lane": 90 * SECOND_MS, "tills": 4 * MINUTE_MS, "registration": 15 * MINUTE_MS, "permits": 15 * MINUTE_MS,
    "reception": 4 * MINUTE_MS, "support": 2 * MINUTE_MS,
}  # fmt: skip
"""By queue how long customers find it right to wait."""

COMPLAINTS_SOURCE: Final = "/demo/complaints/office"
_ANSWERS: Final = 0.06
_CSAT: Final = {True: (2, 3, 9, 34, 52), False: (13, 19, 25, 26, 17)}
_NPS: Final = {True: (1, 0, 1, 1, 1, 3, 4, 11, 19, 28, 31), False: (5, 3, 5, 7, 7, 12, 12, 17, 16, 9, 7)}
"""Weights of the answers from the lowest to the highest, by whether the wait was right."""
_COMPLAINS: Final = {True: 0.0015, False: 0.022}
_OTHER_TOPICS: Final = ("conduct", "information", "product", "billing", "premises")
_OTHER_WEIGHTS: Final = (5, 4, 3, 3, 1)
_SEVERITIES: Final = ("low", "medium", "high")
_WITHDRAWN: Final = 0.05
_REOPENED: Final = 0.06

Happening = tuple[int, str, str, dict[str, Any]]
"""When, what, about which journey or complaint, and with which facts."""


def answer(at: int, journey: str, instrument: str, chance: Random, *, right: bool) -> Iterator[Happening]:
    """
    Whether a customer who was served answers the survey, and what; `right` says whether the wait was.
    """
    if chance.random() >= _ANSWERS:
        return
    weights = (_CSAT if instrument == "csat" else _NPS)[right]
    score = chance.choices(range(len(weights)), weights)[0] + (instrument == "csat")
    said = {"instrument": instrument, "score": score, "scale": 5 if instrument == "csat" else 10}
    yield at + chance.randint(MINUTE_MS, 40 * MINUTE_MS), "feedback.received", journey, said


def complaint(at: int, journey: str, chance: Random, *, right: bool) -> Iterator[Happening]:
    """
    Whether a customer complains, of what, and what the office makes of it in the days after.
    """
    if chance.random() >= _COMPLAINS[right]:
        return
    waited = not right and chance.random() < 0.75  # noqa: PLR2004  (most of those complain of the wait)
    topic = "waiting time" if waited else chance.choices(_OTHER_TOPICS, _OTHER_WEIGHTS)[0]
    about = f"complaint-{journey}"
    opened_at = at + chance.randint(5 * MINUTE_MS, 30 * HOUR_MS)
    facts = {"topic": topic, "severity": chance.choices(_SEVERITIES, (5, 4, 1))[0], "related": journey}
    yield opened_at, "complaint.opened", about, facts
    if chance.random() < _WITHDRAWN:
        yield opened_at + chance.randint(HOUR_MS, 40 * HOUR_MS), "complaint.withdrawn", about, {"topic": topic}
        return
    acknowledged_at = opened_at + _about(7 * HOUR_MS, 0.9, chance)
    responded_at = acknowledged_at + _about(52 * HOUR_MS, 0.7, chance)
    settled_at = responded_at + _about(18 * HOUR_MS, 0.8, chance)
    yield acknowledged_at, "complaint.acknowledged", about, {"topic": topic}
    yield responded_at, "complaint.responded", about, {"topic": topic}
    outcome = {"topic": topic, "outcome": chance.choice(("explained", "apologised", "compensated"))}
    yield settled_at, "complaint.resolved", about, outcome
    if chance.random() < _REOPENED:
        reopened_at = settled_at + _about(30 * HOUR_MS, 0.6, chance)
        yield reopened_at, "complaint.reopened", about, {"topic": topic}
        yield reopened_at + _about(60 * HOUR_MS, 0.6, chance), "complaint.resolved", about, outcome


def _about(usual_ms: int, spread: float, chance: Random) -> int:
    return max(MINUTE_MS, round(usual_ms * chance.lognormvariate(0.0, spread)))
