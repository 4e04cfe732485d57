"""
Dashboards as a reader sees them: on some hours of the simulator, with the truth known from the engine beside.
"""

import json
from typing import Any, NamedTuple

from dashboards.__main__ import written
from dashboards.asking import Span
from schemas.base import format_instant
from schemas.standards import DOCUMENTS
from services.runtime.clickhouse import Database
from tests.fakes.grafana import Grafana
from tests.fakes.prometheus_past import Past
from tests.fakes.simulated_history import BEGINS, HOUR, Told, stored, told
from tests.fakes.stored_replay import put
from tests.fakes.topic_records import as_json

__all__ = ["BOARDS", "CHOSEN", "END", "OF_WEEKS", "Rows", "Seen", "filled", "look", "seen_truth", "silenced", "titles"]

OF_WEEKS = frozenset({"site", "team", "complaints", "alerts"})
"""Dashboards about weeks of many sites: a season has what they show."""
_HOURS = 10
END = BEGINS + _HOURS * HOUR
"""The present of those who look: the simulator has just stopped."""
BOARDS = {name: json.loads(text) for name, text in written().items()}
"""Every dashboard as Grafana reads it, by the name of its file."""

CHOSEN = {
    "standard": {"standard": "counter-wait"},
    "site": {"site": "branch-07", "standard": "counter-wait"},
    "team": {"standard": "counter-wait"},
}
"""What is chosen on a dashboard where its defaults would show little, by its name."""

Rows = list[dict[str, Any]]

_STRICTER = """
{"apiVersion": "sqm/v1", "kind": "Standard",
 "metadata": {"id": "counter-wait", "version": 2, "title": "Called to the counter within three minutes",
   "owner": "Branch operations", "effective_from": "2026-09-01T08:00:00Z", "why": "Four minutes were too long."},
 "applies_to": {"channel": "walk_in", "queue": "counter"},
 "clock": {"start": "journey.arrived", "stop": "journey.called", "limit": "3m", "warn_at": "75%",
   "short_abandon": "20s", "expires_after": "1h"},
 "objective": {"metric": "sl_all_offered", "target": "75%", "minimum_n": 20, "window": {"rolling": "1h"}}}
"""
_OUTAGE = """
{"apiVersion": "sqm/v1", "kind": "Exclusion",
 "metadata": {"id": "power-cut", "reason": "No electricity in the district.", "author": "m.berzina",
   "entered_at": "2026-09-01T09:00:00Z"},
 "applies_to": {"site": "branch-07"}, "from": "2026-09-01T07:00:00Z", "until": "2026-09-01T07:20:00Z"}
"""
_CORRECTION = """
{"apiVersion": "sqm/v1", "kind": "CorrectiveAction",
 "metadata": {"id": "shorter-form", "title": "A shorter form", "owner": "Branch operations",
   "due": "2026-09-01T10:00:00Z"},
 "applies_to": {"standard": "counter-wait", "site": ["branch-07"]},
 "root_cause": "The form is long.", "similar_cases": "None.", "action": "The form has one page.",
 "taken_at": "2026-09-01T08:30:00Z", "review": {"planned_at": "2026-09-08T08:00:00Z"}}
"""

_OPENS_TODAY = """
{"apiVersion": "sqm/v1", "kind": "Site",
 "metadata": {"id": "branch-40", "title": "Branch that opens today", "region": "north", "zone": "Europe/Berlin"}}
"""


def silenced(database: Database, site: str, at: int) -> None:
    """
    Let somebody silence a site for a day.
    """
    put(database, "sqm.alerts.commands.v1", [as_json(_silence(site, at))])


def _silence(site: str, at: int) -> dict[str, Any]:
    silence = {
        "id": "painters", "match": {"site": [site]}, "from": format_instant(at),
        "until": format_instant(at + 24 * HOUR), "author": "anna", "reason": "The counter is being painted.",
    }  # fmt: skip
    return {"id": "c2", "at": at, "by": "anna", "action": "silence", "silence": silence}


def look(name: str, database: Database, past: Past, begins_ms: int = BEGINS - 24 * HOUR, end_ms: int = END) -> Grafana:
    """
    Open a dashboard, with what is chosen where its defaults would show little: the last hour of one about the present.
    """
    live = name in {"operations", "platform"}
    step = 600 if end_ms - begins_ms < 7 * 24 * HOUR else 10_800
    span = Span(end_ms - HOUR, end_ms, 60) if live else Span(begins_ms, end_ms, step)
    chosen = dict(CHOSEN.get(name, {}))
    if name == "violation":
        chosen["violation"] = database.rows(_FIRST_VIOLATION)[0]["id"]
    return Grafana(BOARDS[name], database, past, span).choosing(**chosen)


_FIRST_VIOLATION = (
    "SELECT id FROM standing_violations WHERE kind = 'journey' AND closed_at IS NOT NULL ORDER BY opened_at, id LIMIT 1"
)


def titles(name: str) -> list[str]:
    """
    The panels of a dashboard, by what they are called.
    """
    return [one["title"] for one in _panels(BOARDS[name])]


def _panels(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in dashboard["panels"] if one["type"] != "row"]


class Seen(NamedTuple):
    """
    One dashboard as a reader sees it, and the truth beside it.
    """

    dashboard: dict[str, Any]
    grafana: Grafana
    truth: Told

    @property
    def panels(self) -> list[dict[str, Any]]:
        return _panels(self.dashboard)

    def rows(self, title: str) -> Rows:
        """
        What a panel shows.
        """
        (panel,) = [one for one in self.panels if one["title"] == title]
        return self.grafana.panel(panel)


_ALERT = {
    "id": "counter-wait|site:branch-07#1", "key": "counter-wait|site:branch-07", "seq": 1, "at": BEGINS + 7 * HOUR,
    "state": "firing", "reason": "violated", "severity": "page", "rule": "branch", "version": 1, "open": 1, "seen": 1,
    "labels": {"standard": "counter-wait", "site": "branch-07"}, "begun_at": BEGINS + 7 * HOUR,
    "fired_at": BEGINS + 7 * HOUR,
}  # fmt: skip
_NOTE = {
    "id": "c1", "at": BEGINS + 8 * HOUR, "by": "anna", "action": "resolve", "alert": "counter-wait|site:branch-07",
    "note": "Opened a third counter.",
}  # fmt: skip


def seen_truth() -> Told:
    """
    What the engine makes of those hours.
    """
    return told(_HOURS, *(DOCUMENTS.validate_json(text) for text in (_STRICTER, _OUTAGE, _CORRECTION, _OPENS_TODAY)))


def filled(database: Database, truth: Told) -> None:
    """
    Store it, with an alert, what somebody did about it, and a silence.
    """
    stored(database, truth)
    put(database, "sqm.alerts.v1", [as_json(_ALERT)])
    put(database, "sqm.alerts.commands.v1", [as_json(_NOTE), as_json(_silence("branch-07", BEGINS + 6 * HOUR))])
