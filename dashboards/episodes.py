"""
Alerts in SQL: those that were raised in the time shown, whom they were told, and the figures of how they were dealt
with, as `sqm history alerts` has them.
"""

from typing import Final

from grafana_foundation_sdk.models import units

from dashboards.fields import Column
from dashboards.figures import share, standing

__all__ = ["DURATIONS", "MTTA", "MTTR", "ON_TIME", "PLACES", "QUIET", "RAISED", "SHARES", "TOLD", "WENT_ON"]

PLACES: Final = standing("region", "site")
RAISED: Final = f"(SELECT * FROM alert_episodes WHERE fired_at IS NOT NULL AND $__timeFilter(fired_at) AND {PLACES})"
"""Alerts that were raised in this time; who was only pending told nobody."""
TOLD: Final = f"(SELECT * FROM told_alerts WHERE alert IN (SELECT id FROM {RAISED}))"
QUIET: Final = "No alert was raised in this time."
MTTA: Final = "dateDiff('millisecond', fired_at, acknowledged_at)"
MTTR: Final = "dateDiff('millisecond', fired_at, ended_at)"
_IN_TIME: Final = "countIf(asked_at IS NOT NULL AND acknowledged_at <= ifNull(passed_on_at, acknowledged_at))"
WENT_ON: Final = "countIf(passed_on_at < ifNull(acknowledged_at, toDateTime64('2299-12-31 00:00:00', 3, 'UTC')))"
"""How many went on to a later step of their escalation before anybody took them on."""
ON_TIME: Final = share(_IN_TIME, f"{_IN_TIME} + {WENT_ON}")
"""Of those whose escalation asked somebody: taken on before it went on to a later step."""
DURATIONS: Final = {name: Column(units.Milliseconds, 0) for name in ("MTTA", "MTTR", "Half within", "99 % within")}
SHARES: Final = {name: Column(units.PercentUnit, 0) for name in ("In time", "Useful", "Retracted")}
