"""
Rows of a span that begins within a day, from the few that are kept apart for those who watch, and of others from all.
"""

from typing import Final

__all__ = ["MINUTES", "VIOLATIONS"]


def _lately(table: str, columns: str) -> str:
    # Which of both reads nothing is plain before a row is read.
    return f"""(
            SELECT {columns}
            FROM standing_{table}_lately WHERE $__fromTime >= now() - toIntervalDay(1)
            UNION ALL
            SELECT {columns}
            FROM standing_{table} WHERE $__fromTime < now() - toIntervalDay(1)
        )"""


VIOLATIONS: Final = _lately(
    "violations",
    """id, standard, version, site, queue, journey, kind, state, reason, opened_at, closed_at,
                value_ms, limit_ms""",
)
"""Violations as they stand."""
MINUTES: Final = _lately("attainment", "standard, version, site, queue, minute, metric, good, total")
"""Attainment minute by minute: for the present."""
