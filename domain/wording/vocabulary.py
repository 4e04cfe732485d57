"""
Every key that a catalogue must have, with the arguments that its message takes.
"""

from typing import Final

from domain.explanations import STATEMENTS

FRAME: Final[dict[str, tuple[str, ...]]] = {
    "language": (),
    "label-who": (),
    "label-standard": (),
    "label-why": (),
    "label-zone": (),
    "label-id": (),
    "heading-reported": (),
    "heading-reported-on": ("day",),
    "heading-clock": (),
    "heading-judgement": (),
    "heading-remedies": (),
    "heading-corrections": (),
    "heading-remarks": (),
    "reported": ("what", "effect"),
    "stretch": ("length", "why"),
}
"""What frames the statements: labels, headings, and lines put together from two statements."""

UNITS: Final[dict[str, tuple[str, ...]]] = {
    "unit-days": ("n",),
    "unit-hours": ("n",),
    "unit-minutes": ("n",),
    "unit-seconds": ("n",),
    "unit-tenths": ("n", "tenth"),
    "unit-milliseconds": ("n",),
    "percent": ("n",),
    "percent-decimals": ("n", "decimals"),
    "points": ("n",),
    "points-decimals": ("n", "decimals"),
    "day": ("day", "month", "year"),
    "day-time": ("day", "time"),
    "time-millis": ("time", "millis"),
}
"""Numbers with their units, and instants."""

ALERTS: Final[dict[str, tuple[str, ...]]] = {
    "alert-told": ("reason",),
    "alert-severity": ("severity",),
    "alert-state": ("state",),
    "alert-title": ("severity", "what", "where"),
    "alert-title-over": ("what", "where"),
    "alert-others": ("n",),
    "alert-open": ("n",),
    "alert-seen": ("n",),
    "alert-more": ("n",),
    "alert-held-back": ("n",),
    "alert-since": ("begun", "length"),
    "alert-lasted": ("begun", "ended", "length"),
    "alert-acknowledged": ("owner",),
    "alert-acknowledged-until": ("owner", "until"),
    "alert-flapping": (),
    "alert-acknowledge": (),
    "alert-runbook": (),
    "alert-dashboard": (),
    "alert-label-where": (),
    "alert-label-when": (),
    "alert-label-how-bad": (),
    "alert-label-open": (),
    "alert-label-why": (),
    "alert-label-do": (),
    "alert-label-note": (),
    "alert-step": ("step",),
    "alert-page": ("page",),
    "alert-page-text": ("page",),
}
"""What the messages say that tell people of alerts."""

WORDING: Final[dict[str, tuple[str, ...]]] = {**FRAME, **UNITS, **STATEMENTS, **ALERTS}

__all__ = ["ALERTS", "FRAME", "UNITS", "WORDING"]
