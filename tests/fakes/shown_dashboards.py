"""
Dashboards as a reader sees them: on some hours of the simulator, with the truth known from the engine beside.
"""

import json
from typing import Any, NamedTuple

from dashboards.__main__ import written
from schemas.standards import DOCUMENTS
from services.runtime.clickhouse import Database
from tests.fakes.grafana import Grafana, Span
from tests.fakes.simulated_history import BEGINS, HOUR, Told, put, stored, told
from tests.fakes.topic_records import as_json

__all__ = ["BOARDS", "CHOSEN", "SPAN", "Rows", "Seen", "filled", "seen_truth"]

_HOURS = 10
SPAN = Span(BEGINS - 24 * HOUR, BEGINS + 24 * HOUR)
BOARDS = {name: json.loads(text) for name, text in written().items()}
"""Every dashboard as Grafana reads it, by the name of its file."""

CHOSEN = {"standard": {"standard": "counter-wait", "grain": "hour"}}
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


class Seen(NamedTuple):
    """
    One dashboard as a reader sees it, and the truth beside it.
    """

    dashboard: dict[str, Any]
    grafana: Grafana
    truth: Told

    def questions(self) -> list[tuple[str, str]]:
        """
        What its panels ask history: the panel's title and the SQL.
        """
        return [
            (panel["title"], target["rawSql"])
            for panel in self.dashboard["panels"]
            for target in panel.get("targets", ())
            if "rawSql" in target
        ]

    def rows(self, title: str, place: int = 0) -> Rows:
        """
        What a panel's question is answered with.
        """
        (panel,) = [one for one in self.dashboard["panels"] if one.get("title") == title and one["type"] != "row"]
        return self.grafana.rows(panel["targets"][place]["rawSql"])


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
    return told(_HOURS, *(DOCUMENTS.validate_json(text) for text in (_STRICTER, _OUTAGE)))


def filled(database: Database, truth: Told) -> None:
    """
    Store it, with an alert and what somebody did about it.
    """
    stored(database, truth)
    put(database, "sqm.alerts.v1", [as_json(_ALERT)])
    put(database, "sqm.alerts.commands.v1", [as_json(_NOTE)])
