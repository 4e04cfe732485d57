"""
Reads service events back in the order of time, a page after the other, for whoever judges the past anew.

The order within one instant is that of source and id, so that pages fit together. A page is found by its instant and by
how many of that instant came before: values of events never stand in a question.
"""

from typing import Final, NamedTuple

__all__ = ["REPORTED_SQL", "Period", "happened_sql", "size_sql"]

REPORTED_SQL: Final = (
    "SELECT id, raw FROM standing_events WHERE source = {source:String} AND id > {after:String} "
    "AND occurred_at >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC') "
    "AND occurred_at < fromUnixTimestamp64Milli({until_ms:Int64}, 'UTC') ORDER BY id LIMIT {most:UInt32}"
)
"""What a source reported of a span, in pages by id: each begins `after` the last of the one before."""

_OF_JOURNEYS: Final = (
    "(site, ifNull(subject, '')) IN (SELECT site, ifNull(subject, '') FROM standing_events WHERE subject IS NOT NULL "
    "GROUP BY ALL HAVING {having})"
)


class Period(NamedTuple):
    """
    Journeys that arrived in it are asked for, with all of their events, whenever those were. Milliseconds; the end is
    not part of it; None: open.
    """

    from_ms: int | None = None
    until_ms: int | None = None

    def holds(self, arrived_at: int) -> bool:
        """
        Tell whether a journey arrived in it.
        """
        return (self.from_ms is None or self.from_ms <= arrived_at) and (
            self.until_ms is None or arrived_at < self.until_ms
        )


def happened_sql(period: Period) -> tuple[str, dict[str, str | int | None]]:
    """
    Return the SQL of one page and its parameters, to which `at`, `seen` and `most` must be added: the instant where it
    begins, how many events of that instant to pass over, and how many rows it has at most.
    """
    where, parameters = _where(period)
    sql = (
        "SELECT toUnixTimestamp64Milli(occurred_at) AS at, raw FROM standing_events "  # noqa: S608  (of constants; values are parameters)
        f"WHERE occurred_at >= fromUnixTimestamp64Milli({{at:Int64}}, 'UTC'){where} "
        "ORDER BY occurred_at, source, id LIMIT {most:UInt32} OFFSET {seen:UInt32}"
    )
    return sql, parameters


def size_sql(period: Period) -> tuple[str, dict[str, str | int | None]]:
    """
    Return the SQL for how many events there are and how many bytes they have, and its parameters.
    """
    where, parameters = _where(period)
    sql = f"SELECT count() AS events, sum(length(raw)) AS bytes FROM standing_events WHERE 1{where}"  # noqa: S608  (as above)
    return sql, parameters


def _where(period: Period) -> tuple[str, dict[str, str | int | None]]:
    # A journey's arrival is not always its first event, so more may come than asked for; the caller looks at arrivals.
    having = []
    if period.from_ms is not None:
        having.append("max(occurred_at) >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC')")
    if period.until_ms is not None:
        having.append("min(occurred_at) < fromUnixTimestamp64Milli({until_ms:Int64}, 'UTC')")
    if not having:
        return "", {}
    return " AND " + _OF_JOURNEYS.format(having=" AND ".join(having)), {
        name: value for name, value in period._asdict().items() if value is not None
    }
