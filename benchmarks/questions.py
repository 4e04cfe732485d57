"""
Questions to a large history: a hundred million measurements in the embedded ClickHouse, how long everything that
dashboards ask takes and how many rows it reads, beside the same without what is kept ready.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.large_history import DAYS, FULL, KEPT, filled, made, sizes
from benchmarks.line import now_ms
from benchmarks.measuring import Figure, progress
from dashboards.__main__ import written
from dashboards.asking import Choice, Span, expanded, offered
from schemas.base import DAY_MS, HOUR_MS
from services.history.shell.migrating import migrate, read_migrations
from services.runtime.clickhouse import ClickHouseSettings, Database, open_database

TITLE: Final = "what dashboards ask of a large history in the embedded ClickHouse"
_BYTES_EACH: Final = 300
"""What one measurement takes on disk at most, with all that is made of it, while parts are merged."""
_OPENS_MS: Final = 8 * HOUR_MS
_LOOKS_MS: Final = 17 * HOUR_MS
"""After midnight of the last day: the present of those who look, an hour before it closes."""
_POINTS: Final = 200
"""A curve has about so many points: Grafana asks for no more than it can draw."""


def run(scale: float) -> Iterator[Figure]:
    """Fill the tables, make the hours, then ask."""
    count = int(FULL * scale)
    folder = Path(tempfile.mkdtemp(prefix="sqm-questions-"))
    room = shutil.disk_usage(folder).free // 2 // _BYTES_EACH
    if room < count:
        progress(f"the disk has room for {room:,} of {count:,} measurements")
        count = room
    # The last day is today, for what is kept of the last days alone.
    today_ms = now_ms() // DAY_MS * DAY_MS
    database = open_database(ClickHouseSettings(folder=folder))
    try:
        migrate(database, read_migrations(), dict.fromkeys(KEPT, 0))
        yield from filled(database, count, today_ms - (DAYS - 1) * DAY_MS + _OPENS_MS)
        yield from made(database)
        yield from sizes(database)
        for question in _questions(database, today_ms + _LOOKS_MS):
            yield from _asked(database, question)
    finally:
        database.close()
        shutil.rmtree(folder, ignore_errors=True)


class _Question(NamedTuple):
    name: str
    sql: str


def _questions(database: Database, end_ms: int) -> Iterator[_Question]:
    for text in written().values():
        yield from _of_dashboard(database, json.loads(text), end_ms)
    yield _Question(
        "one journey's verdicts, by its id alone",
        "SELECT standard, value_ms, met FROM standing_measurements WHERE journey = 'J4242' "
        "AND (standard, version, site, id) IN (SELECT standard, version, site, id FROM measurements "
        "WHERE journey = 'J4242')",
    )


def _of_dashboard(database: Database, dashboard: Mapping[str, Any], end_ms: int) -> Iterator[_Question]:
    """Everything that ClickHouse is asked by one who opens the dashboard and has chosen nothing."""
    span = _span(dashboard["time"]["from"], end_ms)
    options: dict[str, Choice] = {}
    chosen: dict[str, Choice] = {}
    for variable in dashboard["templating"]["list"]:
        name = variable["name"]
        if variable["type"] == "query":
            yield _Question(f"{dashboard['title']}, ${name}", expanded(variable["query"], span, chosen, options))
        options[name], chosen[name] = offered(variable, lambda sql: database.rows(expanded(sql, span, chosen, options)))
        if name == "violation":
            chosen[name] = [database.rows(_A_VIOLATION)[0]["id"]]
    for asker, target in _targets(dashboard):
        yield _Question(f"{dashboard['title']}, {asker}", expanded(target["rawSql"], span, chosen, options))


_A_VIOLATION: Final = "SELECT id FROM standing_violations WHERE site = 'site-000' ORDER BY opened_at LIMIT 1"


def _targets(dashboard: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    marks: Sequence[Mapping[str, Any]] = dashboard["annotations"]["list"]
    yield from ((mark["name"].lower(), mark["target"]) for mark in marks if "rawSql" in mark.get("target", ()))
    for panel in dashboard["panels"]:
        yield from ((panel["title"], target) for target in panel.get("targets", ()) if "rawSql" in target)


def _span(begins: str, end_ms: int) -> Span:
    found = re.fullmatch(r"now-(\d+)([hd])", begins)
    assert found is not None, f"a dashboard begins at {begins}, which is not understood here"
    long_ms = int(found[1]) * HOUR_MS * {"h": 1, "d": 24}[found[2]]
    return Span(end_ms - long_ms, end_ms, max(60, long_ms // 1_000 // _POINTS))


_MINUTES: Final = "(SELECT *, toStartOfHour(minute) AS hour FROM standing_attainment)"
_AS_IF_NEW: Final = "SETTINGS use_query_condition_cache = 0"
"""So that what is asked again is not answered from what was found out before."""
_NOTHING_READY: Final = f"{_AS_IF_NEW}, use_skip_indexes = 0, optimize_use_projections = 0"


def _asked(database: Database, question: _Question) -> Iterator[Figure]:
    took, read = _cost(database, f"{question.sql}\n{_AS_IF_NEW}")
    minutes = question.sql.replace("standing_attainment_hours", _MINUTES)
    beside, rows = _cost(database, f"{minutes}\n{_NOTHING_READY}")
    yield Figure(question.name, took, "ms", beside, "from minutes, without indexes, ms")
    yield Figure(f"{question.name}: rows read", read, "rows", rows, "likewise, rows")


def _cost(database: Database, sql: str) -> tuple[float, int]:
    """Return milliseconds, the least of three, and the rows that ClickHouse read."""
    answers = [json.loads(database.answer(sql)) for _ in range(3)]
    best = min(answer["statistics"]["elapsed"] for answer in answers)
    return best * 1_000, int(answers[0]["statistics"]["rows_read"])
