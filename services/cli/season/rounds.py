"""
What happens at a site besides customers: who is on duty, what observers see, what staff say, and that systems live.
"""

from collections.abc import Iterator
from random import Random
from typing import Any, Final

from schemas.base import HOUR_MS, MINUTE_MS
from services.cli.simulator.sites import Line, SimulatedSite

__all__ = ["duty", "heartbeats", "observations", "voices_of_staff"]

_FRIENDLINESS: Final = (
    ("eye contact", "expression_and_gesture", 2), ("smile", "expression_and_gesture", 2), ("name", "courtesy", 1),
    ("prompt answer", "speed_and_time", 2), ("attention", "expression_and_gesture", 2),
    ("explaining", "vocabulary_and_speech", 2), ("listening", "vocabulary_and_speech", 2),
    ("offer of help", "courtesy", 2), ("warm farewell", "courtesy", 1),
)  # fmt: skip
_NOT_APPLICABLE: Final = 0.06
_OBSERVED: Final = 0.35
"""How often an observer comes on a day."""
_BEATS_MS: Final = 2 * HOUR_MS
_SURVEY_DAY: Final = 5
"""Of the month: then staff are asked."""

Happening = tuple[int, str, dict[str, Any], str]
"""When, what, with which facts, and which system reports it."""


def duty(site: SimulatedSite, begins_at: int) -> Iterator[Happening]:
    """
    When those who serve come, go on their break and leave; who is away all day says nothing.
    """
    source = f"{site.arrival_source}/duty"
    for line in site.lines:
        opens, closes = _hours(line)
        for place in range(line.places):
            facts = {"queue": line.queue, "employee": f"{line.queue}-{place + 1}", "team": site.team}
            # Where it is open around the clock, whoever comes at midnight comes after the one before has left.
            comes = max(opens * HOUR_MS - 5 * MINUTE_MS, MINUTE_MS)
            states = [(comes, "available"), (closes * HOUR_MS, "off")]
            for away in line.breaks:
                if place in away.places:
                    states += [(away.begins_ms, "break"), (away.begins_ms + away.lasts_ms, "available")]
            for after_ms, state in sorted(states):
                yield begins_at + after_ms, "staff.state_changed", facts | {"state": state}, source


def _hours(line: Line) -> tuple[int, int]:
    busy = [hour for hour, rate in enumerate(line.arrivals_per_hour) if rate]
    return busy[0], busy[-1] + 1


def observations(site: SimulatedSite, begins_at: int, pass_share: float, chance: Random) -> Iterator[Happening]:
    """
    What somebody who watches with a checklist sees on a day, if anybody comes.
    """
    if chance.random() >= _OBSERVED:
        return
    line = site.lines[0]
    opens, closes = _hours(line)
    items = [
        {"id": name, "category": category, "result": _result(pass_share, chance), "weight": weight}
        for name, category, weight in _FRIENDLINESS
    ]
    facts = {
        "queue": line.queue, "employee": f"{line.queue}-{chance.randint(1, line.places)}", "team": site.team,
        "observer": chance.choice(("mystery_shopper", "supervisor", "supervisor")), "checklist": "friendliness",
        "items": items,
    }  # fmt: skip
    at = begins_at + chance.randint((opens + 1) * HOUR_MS, (closes - 1) * HOUR_MS)
    yield at, "observation.recorded", facts, "/demo/observers/forms"


def _result(pass_share: float, chance: Random) -> str:
    if chance.random() < _NOT_APPLICABLE:
        return "not_applicable"
    return "passed" if chance.random() < pass_share else "failed"


def voices_of_staff(site: SimulatedSite, begins_at: int, day_of_month: int, chance: Random) -> Iterator[Happening]:
    """
    What staff suggest and answer, and what they report of incidents.
    """
    at = begins_at + chance.randint(10 * HOUR_MS, 16 * HOUR_MS)
    if chance.random() < 0.03:  # noqa: PLR2004  (about once a month)
        topic = chance.choice(("rota", "signs", "forms", "tools"))
        yield at, "suggestion.submitted", {"team": site.team, "topic": topic}, "/demo/staff/box"
    if chance.random() < 0.02:  # noqa: PLR2004  (less than once a month)
        kind = chance.choices(("objection", "aggression", "safety"), (6, 3, 1))[0]
        facts = {"kind": kind, "severity": chance.choice(("low", "medium")), "team": site.team}
        yield at + HOUR_MS, "incident.reported", facts, "/demo/staff/box"
    if day_of_month == _SURVEY_DAY:
        for number in range(sum(line.places for line in site.lines)):
            score = chance.choices((1, 2, 3, 4, 5), (1, 2, 5, 7, 4))[0]
            answered = {"team": site.team, "survey": "how was your month", "score": score, "scale": 5}
            yield at + number * 3 * MINUTE_MS, "staff_survey.answered", answered, "/demo/staff/box"


def heartbeats(site: SimulatedSite, begins_at: int, skews: dict[str, int], chance: Random) -> Iterator[Happening]:
    """
    Every two hours each system says that it lives, and how wrong it holds its clock to be (milliseconds).
    """
    sources = {site.arrival_source: None}
    if site.place_source != site.arrival_source:
        places = range(1, max(line.places for line in site.lines) + 1)
        sources |= {f"{site.place_source}-{place}": None for place in places}
    for source in sources:
        for at in range(begins_at + HOUR_MS, begins_at + 24 * HOUR_MS, _BEATS_MS):
            skew_ms = skews.get(source, 0) + chance.randint(-900, 900)
            yield at + chance.randint(0, MINUTE_MS), "source.heartbeat", {"backlog": 0, "skew_ms": skew_ms}, source
