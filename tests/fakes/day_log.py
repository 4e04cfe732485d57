"""
A day's log of a shop: visits that are greeted and paid, complaints and answers, with the mapping that
reads it and drafts of standards of every kind that can be backtested on it.
"""

from collections.abc import Iterator
from typing import Final

MAPPING: Final = """
apiVersion: sqm/v1
kind: Mapping
metadata: {id: log, title: A log, owner: Shop}
source: urn:sqm:files:log
zone: Europe/Riga
columns:
  at: {name: At, type: instant, required: true}
  what: {name: What, required: true}
  visit: {name: Visit, required: true}
  site: {name: Site, required: true}
  score: {name: Score, type: decimal}
journey: {site: site, subject: "{visit}"}
events:
  - {type: journey.arrived, when: 'what == "came"', time: at, data: {queue: {text: till}}}
  - {type: milestone.reached, role: greeted, when: 'what == "greeted"', time: at, data: {milestone: {text: greeted}}}
  - {type: service.completed, when: 'what == "done"', time: at, data: {customer: visit}}
  - {type: complaint.opened, when: 'what == "complained"', time: at, data: {customer: visit}}
  - {type: feedback.received, when: 'what == "answered"', time: at, data: {instrument: {text: csat}, score: score}}
"""

_DOCUMENT: Final = """
apiVersion: sqm/v1
kind: Standard
metadata: {{id: {id}, version: {version}, title: T, owner: Shop, why: w, effective_from: 2020-01-01T00:00:00Z}}
{said}
"""

CLOCK: Final = (
    "clock: {start: journey.arrived, stop: service.completed, limit: 5m}\n"
    "objective: {metric: goal_met, target: 80%}"
)  # fmt: skip
RATE: Final = (
    "rate: {count: complaint.opened, of: journey.arrived}\n"
    "objective: {metric: complaints_per_1000, target: '100', window: {calendar: day}, minimum_n: 2, "
    "scopes: [site, organisation]}"
)  # fmt: skip
SETTLED: Final = (
    "rate: {of: service.completed, unless: complaint.opened, per: customer, within: 1h}\n"
    "objective: {metric: first_contact_resolution, target: 75%}"
)  # fmt: skip
SCORE: Final = (
    "score: {of: feedback.received, highest: 5, lowest: 1, minimum: '2'}\n"
    "objective: {metric: csat_mean, target: '4', minimum_n: 2}"
)  # fmt: skip
SEQUENCE: Final = (
    "sequence: {start: journey.arrived, end: service.completed, steps: "
    "[{name: greeted, shown_by: {event: milestone.reached, where: {milestone: greeted}}, within: 30s}]}\n"
    "objective: {metric: rate, target: 60%}"
)  # fmt: skip
PRESENCE: Final = "presence: {of: queue, signs: journey.arrived, every: 5m}"


def document(ident: str, said: str, version: int = 1) -> str:
    """
    Write a standard as its owner would.
    """
    return _DOCUMENT.format(id=ident, version=version, said=said)


def log() -> str:
    """
    Six visits in the morning of 2 March 2026, every ten minutes from 8 in Riga: one is greeted late, one never, and one
    complains; four give 5, 4, 3 and 1.
    """
    return "At,What,Visit,Site,Score\n" + "".join(_rows())


def _rows() -> Iterator[str]:
    greeted = (10, 20, 40, 25, None, 29)
    answers = (5, 4, 3, 1, None, None)
    for number, (after, score) in enumerate(zip(greeted, answers, strict=True)):
        minute = number * 10
        site = "shop" if number < 4 else "kiosk"
        told = [("came", 0, "")]
        told += [] if after is None else [("greeted", after, "")]
        told += [("done", 240 + 20 * number, "")]
        told += [("complained", 400, "")] if number == 1 else []
        told += [] if score is None else [("answered", 420, str(score))]
        for what, seconds, value in told:
            at = f"2026-03-02T06:{minute + seconds // 60:02}:{seconds % 60:02}Z"
            yield f"{at},{what},v{number},{site},{value}\n"
