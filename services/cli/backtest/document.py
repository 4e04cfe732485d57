"""
The report of a backtest as one JSON object, for programs.
"""

import json
from itertools import zip_longest
from typing import Any

from domain.catalogue import CATALOGUE
from domain.moments import spoken_instant
from schemas.base import format_instant
from services.cli.backtest.changes import change_row
from services.cli.backtest.comparing import Change
from services.cli.backtest.proposals import Pair, Side
from services.cli.backtest.results import SideResult, days_of, named_swings, results_of
from services.cli.backtest.run import Found
from services.cli.replay.reading import Rejections
from services.history.engine import Period

__all__ = ["as_json", "label_of"]


def label_of(pair: Pair, found: Found, period: Period) -> str:
    """
    Say by name what is done: which proposal is taken to have been in force since when, and what it stands beside.
    """
    since = found.first_at if period.from_ms is None else period.from_ms
    all_along = "all along" if since is None else f"from {spoken_instant(since, found.local.zone)} on"
    written = pair.new.latest.metadata.effective_from
    said = f"backtest: {pair.new.label} as if in force {all_along} (its effective_from is {written:%Y-%m-%d})"
    return said + (f", against {pair.old.label} as it was in force" if pair.old else "")


def as_json(
    found: Found, period: Period, first: list[list[Change]], rejections: Rejections, zone: str, elapsed_ms: int
) -> str:
    """
    Write everything, but of the changes only the first ones.
    """
    days = days_of(found, period)
    document = {
        "period": {
            "from": _instant(period.from_ms),
            "to": _instant(period.until_ms),
            "first_arrival": _instant(found.first_at),
            "last_arrival": _instant(found.last_at),
            "days": days,
            "zone": zone,
        },
        "events": found.events,
        "journeys": found.journeys,
        "rejected": dict(sorted(rejections.counts.items())),
        "notes": dict(sorted(found.notes.items())),
        "not_compared": list(found.trial.left_out),
        "comparisons": [
            {
                "label": label_of(pair, found, period),
                "new": _side(pair.new, found, days),
                "old": None if pair.old is None else _side(pair.old, found, days),
                "changes": None if pair.old is None else named_swings(swings.items()),
                "first_changes": [change_row(found.trial, change) for change in some],
            }
            for pair, swings, some in zip_longest(found.trial.pairs, found.swings, first)
        ],
        "elapsed_seconds": elapsed_ms / 1_000,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _side(side: Side, found: Found, days: int) -> dict[str, Any]:
    whole, *sites = (_result(one, days, side.latest.metadata.owner) for one in results_of(found, side))
    aim = side.latest.objective
    return {
        "standard": side.latest.metadata.id,
        "name": side.label,
        "versions": [one.metadata.version for one in side.standards],
        "owner": side.latest.metadata.owner,
        "metric": aim.metric,
        "target": aim.target,
        "minimum_n": aim.minimum_n,
        "whole": whole,
        "sites": sites,
    }


def _result(result: SideResult, days: int, owner: str) -> dict[str, Any]:
    mean = CATALOGUE[result.metric].unit == "milliseconds"
    value = result.value
    return {
        **({} if result.site is None else {"site": result.site}),
        "n": result.n,
        "good": result.good,
        "total": result.total,
        "value": value / 1_000 if mean and value is not None else value,
        "unit": "seconds" if mean else "share",
        "objective": result.held.value,
        "violations": result.violations,
        "violations_a_day": round(result.violations / days, 2) if days else None,
        "alerts": len(result.notices),
        "alerts_a_day": round(len(result.notices) / days, 2) if days else None,
        "violations_by_hour": list(result.hours),
        **(
            {}
            if result.site is None
            else {
                "told": [
                    {
                        "date": one.date,
                        "who": owner,
                        "queue": one.queue,
                        "first_at": format_instant(one.first_at),
                        "violations": one.violations,
                    }
                    for one in result.notices
                ]
            }
        ),
    }


def _instant(at: int | None) -> str | None:
    return None if at is None else format_instant(at)
