"""
What the engines said of a season, row by row: the truth that figures on dashboards are held against.
"""

from collections.abc import Iterable
from typing import Any

from domain.metrics import Counts
from tests.season import Seeded

__all__ = ["figure", "rows_of", "sums"]

Row = dict[str, Any]

_TABLES = {
    "attainment": "SELECT * EXCEPT (distribution) FROM standing_attainment",
    "measurements": "SELECT *, toUnixTimestamp64Milli(arrived_at) AS arrived_ms FROM standing_measurements",
    "violations": "SELECT * FROM standing_violations",
    "events": "SELECT * EXCEPT (precedence), toUnixTimestamp64Milli(occurred_at) AS at FROM standing_events",
    "answers": "SELECT * EXCEPT (precedence) FROM standing_feedback",
    "complaints": "SELECT * FROM complaints",
    "items": "SELECT * FROM checklist_items",
    "alerts": "SELECT * FROM alert_episodes",
}


def rows_of(season: Seeded, table: str, **wanted: str) -> list[Row]:
    """
    All rows of a table that have these values.
    """
    chosen = " AND ".join(f"{name} = '{value}'" for name, value in wanted.items())
    return season.database.rows(_TABLES[table] + (f" WHERE {chosen}" if chosen else ""))


def sums(rows: Iterable[Row], *names: str) -> tuple[int, ...]:
    found = list(rows)
    return tuple(sum(int(row[name]) for row in found) for name in names)


def figure(rows: Iterable[Row]) -> tuple[int, int]:
    """
    Good of total, as the engine summed them.
    """
    good, total = sums(rows, "good", "total")
    return good, total


def counts(rows: Iterable[Row]) -> Counts:
    return Counts(*sums(rows, *Counts._fields))
