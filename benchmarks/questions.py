"""
Questions to a large history: a hundred million measurements in the embedded ClickHouse, how long what dashboards ask
takes and how many rows it reads, from the hours that are kept ready, beside the same from minutes and measurements.
"""

# ruff: noqa: S608  (every statement is put together of constants)

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.measuring import Figure, progress
from benchmarks.processes import FailedError
from services.history.shell.migrating import migrate, read_migrations
from services.runtime.clickhouse import ClickHouseSettings, Database, open_database

TITLE: Final = "questions to a large history in the embedded ClickHouse"
_MEASUREMENTS: Final = 100_000_000
_AT_ONCE: Final = 2_500_000
_DAYS: Final = 90
_STANDARDS: Final = 5
_BEGIN: Final = "toDateTime64('2026-06-01 08:00:00', 3, 'UTC')"
_SITES: Final = 500
_KEPT: Final = ("measurements", "attainment", "violations", "measurement_revisions", "violation_revisions")
_BYTES_EACH: Final = 250
"""What one measurement takes on disk at most, with all that is made of it, while parts are merged."""


def run(scale: float) -> Iterator[Figure]:
    """Fill the tables, make the hours, then ask."""
    count = int(_MEASUREMENTS * scale)
    folder = Path(tempfile.mkdtemp(prefix="sqm-questions-"))
    room = shutil.disk_usage(folder).free // 2 // _BYTES_EACH
    if room < count:
        progress(f"the disk has room for {room:,} of {count:,} measurements")
        count = room
    database = open_database(ClickHouseSettings(folder=folder))
    try:
        migrate(database, read_migrations(), dict.fromkeys(_KEPT, 0))
        yield from _filled(database, count)
        yield from _made(database)
        yield from _sizes(database)
        for question in _QUESTIONS:
            yield from _asked(database, question)
    finally:
        database.close()
        shutil.rmtree(folder, ignore_errors=True)


def _filled(database: Database, count: int) -> Iterator[Figure]:
    began = time.monotonic()
    for first in range(0, count, _AT_ONCE):
        many = min(_AT_ONCE, count - first)
        # Of a hundred one comes again as it was, and one is corrected.
        for numbers, offset, more in (
            (f"numbers({first}, {many})", 0, 0),
            (f"(SELECT number * 100 AS number FROM numbers({first // 100}, {many // 100}))", 0, 0),
            (f"(SELECT number * 100 + 1 AS number FROM numbers({first // 100}, {many // 100}))", 1, 60_000),
        ):
            database.command(_measurements(numbers, count, offset, more))
        progress(f"{first + many:,} measurements, {(first + many) / (time.monotonic() - began):,.0f} a second")
    yield Figure("measurements written", count / (time.monotonic() - began), "rows/s", more_is_better=True)
    began = time.monotonic()
    for number in range(_STANDARDS):
        database.command(_attainment(f"standard-{number}"))
        database.command(_violations(f"standard-{number}"))
        progress(f"minutes and violations of {number + 1} of {_STANDARDS} standards")
    held = database.rows("SELECT (SELECT count() FROM attainment) AS minutes, (SELECT count() FROM violations) AS v")[0]
    minutes = int(held["minutes"])
    yield Figure("minutes and violations written", minutes / (time.monotonic() - began), "rows/s", more_is_better=True)


def _measurements(numbers: str, count: int, revision: int, more_ms: int) -> str:
    journeys = count // _STANDARDS
    # As busy as with all of them, however few there are.
    sites = max(1, _SITES * count // _MEASUREMENTS)
    return f"""
    INSERT INTO measurements (id, standard, version, rev_offset, rev_watermark, site, queue, channel, segment, team,
        employee, journey, cycle, arrived_at, late, state, started_at, ended_at, ended_by, value_ms, paused_ms,
        limit_ms, validity, met, short_abandon, trail, segments, turn, kind, faults, topic_partition, topic_offset,
        recorded_at)
    WITH intDiv(number, {_STANDARDS}) AS nth, cityHash64(nth) AS chance, cityHash64(number, 1) AS luck,
        intDiv(nth * {_DAYS}, {journeys}) AS day, (nth * {_DAYS} % {journeys}) / {journeys} AS part,
        {_BEGIN} + toIntervalDay(day) + toIntervalMillisecond(toUInt64(part * 36000000)) AS arrived,
        concat('site-', leftPad(toString(chance % {sites}), 3, '0')) AS at_site,
        concat('J', toString(nth)) AS of_journey,
        concat('standard-', toString(number % {_STANDARDS})) AS of_standard,
        -log(1 - (luck % 1000000) / 1000001) * 90000 * (1 + (chance % 7) / 7) AS drawn,
        toUInt64(least(drawn, 3000000)) + {more_ms} AS took,
        luck % 20 = 0 AS gave_up, arrived + toIntervalMillisecond(took) AS ended
    SELECT concat('m:', of_standard, '@1:0:', at_site, ':', of_journey), of_standard, 1, number + {revision},
        toUnixTimestamp64Milli(ended), at_site, concat('queue-', toString(intDiv(chance, 1000) % 3)), 'walk_in',
        concat('segment-', toString(chance % 4)), concat('team-', toString(chance % 50)),
        concat('e', lower(hex(cityHash64(chance % 5000)))), of_journey, 0, arrived, false, 'standing', arrived, ended,
        if(gave_up, 'abandoned', 'stopped'), took, 0, 240000, 'plausible', if(gave_up, NULL, took <= 240000), false,
        concat('[{{"at":', toString(toUnixTimestamp64Milli(arrived)), ',"type":"sqm.journey.arrived","source":"/tills/',
            at_site, '","id":"', of_journey, '-a","role":"start"}},{{"at":', toString(toUnixTimestamp64Milli(ended)),
            ',"type":"sqm.journey.called","source":"/tills/', at_site, '","id":"', of_journey, '-c","role":"stop"}}]'),
        concat('[{{"from_at":', toString(toUnixTimestamp64Milli(arrived)), ',"to_at":',
            toString(toUnixTimestamp64Milli(ended)), ',"counts":true}}]'),
        0, 'clock', '[]', chance % 4, number, ended
    FROM {numbers}
    SETTINGS max_insert_threads = 1, max_block_size = 500000, min_insert_block_size_rows = 500000
    """


def _attainment(standard: str) -> str:
    return f"""
    INSERT INTO attainment (id, standard, version, rev_offset, rev_watermark, site, queue, minute, metric, good, total,
        answered, answered_within, abandoned, abandoned_within, abandoned_short, answered_wait_ms, distribution,
        topic_partition, topic_offset, recorded_at)
    SELECT concat('a:{standard}@1:', toString(toUnixTimestamp(at)), ':', site, ':', assumeNotNull(queue)),
        '{standard}', 1, max(rev_offset), max(rev_watermark), site, queue, toStartOfMinute(arrived_at) AS at,
        'sl_all_offered',
        countIf(ended_by = 'stopped' AND value_ms <= limit_ms), count(), countIf(ended_by = 'stopped'),
        countIf(ended_by = 'stopped' AND value_ms <= limit_ms), countIf(ended_by = 'abandoned'),
        countIf(ended_by = 'abandoned' AND value_ms <= limit_ms), 0, sumIf(value_ms, ended_by = 'stopped'), '[]', 0,
        max(topic_offset), max(recorded_at)
    FROM measurements FINAL WHERE standard = '{standard}' GROUP BY site, queue, at
    SETTINGS optimize_aggregation_in_order = 1, max_insert_threads = 1, max_partitions_per_insert_block = 0
    """


def _violations(standard: str) -> str:
    return f"""
    INSERT INTO violations (id, standard, version, rev_offset, rev_watermark, site, queue, channel, journey, cycle,
        arrived_at, late, kind, state, reason, opened_at, closed_at, detected_at, as_of, value_ms, limit_ms, trail,
        turn, faults, topic_partition, topic_offset, recorded_at)
    SELECT replaceOne(id, 'm:', 'v:'), standard, version, rev_offset, rev_watermark, site, queue, channel, journey,
        cycle, arrived_at, false, 'journey', 'closed', 'ended_late', arrived_at + toIntervalMillisecond(limit_ms),
        ended_at, ended_at, ended_at, value_ms, limit_ms, trail, 0, '[]', topic_partition, topic_offset, recorded_at
    FROM measurements FINAL WHERE standard = '{standard}' AND value_ms > limit_ms
    SETTINGS max_insert_threads = 1
    """


def _made(database: Database) -> Iterator[Figure]:
    for view in ("hours_of_attainment", "hours_of_values"):
        progress(f"making {view}")
        began = time.monotonic()
        database.command(f"SYSTEM REFRESH VIEW {view}")
        database.command(f"SYSTEM WAIT VIEW {view}")
        yield Figure(f"{view} made anew, once an hour", time.monotonic() - began, "s")
    # As on a history whose hours are over: only those of today are read from their minutes.
    database.command("TRUNCATE TABLE attainment_touched")
    held = database.rows(
        "SELECT (SELECT sum(total) FROM standing_attainment_hours) AS hours, (SELECT sum(n) FROM value_hours) AS v, "
        "(SELECT count() FROM standing_measurements) AS m"
    )[0]
    if len({int(one) for one in held.values()}) != 1:
        raise FailedError(f"hours, values and measurements must count the same journeys, and say {held}")


def _sizes(database: Database) -> Iterator[Figure]:
    rows = database.rows(
        "SELECT table, sum(rows) AS n, sum(bytes_on_disk) AS size FROM system.parts "
        "WHERE active AND database = currentDatabase() GROUP BY table HAVING n > 1000 ORDER BY size DESC"
    )
    for row in rows:
        n, size = int(row["n"]), int(row["size"])
        yield Figure(f"{row['table']}: {n:,} rows on disk, {size / 1e6:,.0f} MB", size / n, "bytes/row")


class _Question(NamedTuple):
    name: str
    sql: str
    beside: str = ""
    """The same without what is kept ready."""


_ONE: Final = "standard = 'standard-1'"
_SITE: Final = f"{_ONE} AND site = 'site-000'"
_WEEK: Final = ">= toDateTime('2026-08-23 00:00:00', 'UTC')"
_SHARE: Final = "sum(good) AS kept, sum(total) AS of_all, kept / nullIf(of_all, 0) AS share"
_HOURS: Final = f"{_SHARE} FROM standing_attainment_hours WHERE {_ONE}"
_MINUTES: Final = f"{_SHARE} FROM standing_attainment WHERE {_ONE}"
_TOOK: Final = "standing_measurements WHERE kind = 'clock' AND validity = 'plausible' AND ended_by = 'stopped'"
_QUESTIONS: Final = (
    _Question(
        "attainment by site and hour, 90 days",
        f"SELECT site, hour, {_HOURS} GROUP BY site, hour",
        f"SELECT site, toStartOfHour(minute) AS hour, {_MINUTES} GROUP BY site, hour",
    ),
    _Question(
        "worst sites, 90 days",
        f"SELECT site, {_HOURS} GROUP BY site ORDER BY share LIMIT 10",
        f"SELECT site, {_MINUTES} GROUP BY site ORDER BY share LIMIT 10",
    ),
    _Question(
        "heat map by weekday and hour, 90 days",
        f"SELECT toDayOfWeek(hour) AS d, toHour(hour) AS h, {_HOURS} GROUP BY d, h",
        f"SELECT toDayOfWeek(minute) AS d, toHour(minute) AS h, {_MINUTES} GROUP BY d, h",
    ),
    _Question(
        "attainment of one site by day, 90 days",
        f"SELECT toDate(hour) AS d, {_HOURS} AND site = 'site-000' GROUP BY d",
        f"SELECT toDate(minute) AS d, {_MINUTES} AND site = 'site-000' GROUP BY d",
    ),
    _Question(
        "attainment of all sites by hour, the last 7 days",
        f"SELECT hour, {_HOURS} AND hour {_WEEK} GROUP BY hour",
        f"SELECT toStartOfHour(minute) AS hour, {_MINUTES} AND minute {_WEEK} GROUP BY hour",
    ),
    _Question(
        "p50, p90 and p99 of waits by day, 90 days",
        "SELECT toDate(hour) AS d, quantilesExactWeighted(0.5, 0.9, 0.99)(up_to_ms, n) AS p FROM (SELECT hour, "
        f"up_to_ms, sum(n) AS n FROM value_hours WHERE {_ONE} AND ended_by = 'stopped' GROUP BY hour, up_to_ms) "
        "GROUP BY d",
        f"SELECT toDate(arrived_at) AS d, quantilesExact(0.5, 0.9, 0.99)(value_ms) AS p FROM {_TOOK} AND {_ONE} "
        "GROUP BY d",
    ),
    _Question(
        "p90 of waits of one site by hour, 90 days",
        "SELECT hour, quantileExactWeighted(0.9)(up_to_ms, n) AS p FROM value_hours "
        f"WHERE {_SITE} AND ended_by = 'stopped' GROUP BY hour",
        f"SELECT toStartOfHour(arrived_at) AS hour, quantileExact(0.9)(value_ms) AS p FROM {_TOOK} AND {_SITE} "
        "GROUP BY hour",
    ),
    _Question(
        "the latest violations of one standard",
        f"SELECT opened_at, site, journey FROM standing_violations WHERE {_ONE} ORDER BY opened_at DESC LIMIT 100",
    ),
    _Question(
        "one journey's verdicts, by its id alone",
        "SELECT standard, value_ms, met FROM standing_measurements WHERE journey = 'J4242'",
    ),
    _Question("corrections at one site", f"SELECT * FROM corrections WHERE {_SITE}"),
)


def _asked(database: Database, question: _Question) -> Iterator[Figure]:
    took, read = _cost(database, question.sql)
    if question.beside:
        beside, rows = _cost(database, question.beside)
        yield Figure(question.name, took, "ms", beside, "without what is kept ready, ms")
        yield Figure(f"{question.name}: rows read", read, "rows", rows, "without, rows")
    else:
        yield Figure(question.name, took, "ms")
        yield Figure(f"{question.name}: rows read", read, "rows")


def _cost(database: Database, sql: str) -> tuple[float, int]:
    """Return milliseconds, the least of three, and the rows that ClickHouse read."""
    answers = [json.loads(database.answer(sql)) for _ in range(3)]
    best = min(answer["statistics"]["elapsed"] for answer in answers)
    return best * 1_000, int(answers[0]["statistics"]["rows_read"])
