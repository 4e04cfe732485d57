"""
A large history in the embedded ClickHouse: measurements written straight into the tables, with the minutes, violations
and events that belong to them, and the papers by which they were judged.
"""

# ruff: noqa: S608  (every statement is put together of constants)

import json
import time
from collections.abc import Iterator
from typing import Final

from benchmarks.measuring import Figure, progress
from benchmarks.processes import FailedError
from services.runtime.clickhouse import Database

__all__ = ["DAYS", "FULL", "KEPT", "filled", "made", "sizes"]

FULL: Final = 100_000_000
"""Measurements at full scale."""
DAYS: Final = 90
KEPT: Final = (
    "measurements", "attainment", "violations", "measurement_revisions", "violation_revisions", "events",
    "event_revisions",
)  # fmt: skip
"""Tables whose rows must not go because a lifetime is over before the day on which this is run."""
_AT_ONCE: Final = 2_500_000
_STANDARDS: Final = 5
_SITES: Final = 500


def filled(database: Database, count: int, begin_ms: int) -> Iterator[Figure]:
    """Write so many measurements of `DAYS` days, each of ten hours from an instant on, and all that belongs to them."""
    begin = f"fromUnixTimestamp64Milli({begin_ms}, 'UTC')"
    _publish(database, count, begin)
    began = time.monotonic()
    for first in range(0, count, _AT_ONCE):
        many = min(_AT_ONCE, count - first)
        # Of a hundred one comes again as it was, and one is corrected.
        for numbers, offset, more in (
            (f"numbers({first}, {many})", 0, 0),
            (f"(SELECT number * 100 AS number FROM numbers({first // 100}, {many // 100}))", 0, 0),
            (f"(SELECT number * 100 + 1 AS number FROM numbers({first // 100}, {many // 100}))", 1, 60_000),
        ):
            database.command(_measurements(numbers, count, begin, offset, more))
        progress(f"{first + many:,} measurements, {(first + many) / (time.monotonic() - began):,.0f} a second")
    yield Figure("measurements written", count / (time.monotonic() - began), "rows/s", more_is_better=True)
    began = time.monotonic()
    database.command(_EVENTS)
    events = int(database.rows("SELECT count() AS n FROM events")[0]["n"])
    yield Figure("events written", events / (time.monotonic() - began), "rows/s", more_is_better=True)
    began = time.monotonic()
    for number in range(_STANDARDS):
        database.command(_attainment(f"standard-{number}"))
        database.command(_violations(f"standard-{number}"))
        progress(f"minutes and violations of {number + 1} of {_STANDARDS} standards")
    held = database.rows("SELECT (SELECT count() FROM attainment) AS minutes, (SELECT count() FROM violations) AS v")[0]
    minutes = int(held["minutes"])
    yield Figure("minutes and violations written", minutes / (time.monotonic() - began), "rows/s", more_is_better=True)


def _measurements(numbers: str, count: int, begin: str, revision: int, more_ms: int) -> str:
    journeys = count // _STANDARDS
    sites = _sites(count)
    return f"""
    INSERT INTO measurements (id, standard, version, rev_offset, rev_watermark, site, queue, channel, segment, team,
        employee, journey, cycle, arrived_at, late, state, started_at, ended_at, ended_by, value_ms, paused_ms,
        limit_ms, validity, met, short_abandon, trail, segments, turn, kind, faults, topic_partition, topic_offset,
        recorded_at)
    WITH intDiv(number, {_STANDARDS}) AS nth, cityHash64(nth) AS chance, cityHash64(number, 1) AS luck,
        intDiv(nth * {DAYS}, {journeys}) AS day, (nth * {DAYS} % {journeys}) / {journeys} AS part,
        {begin} + toIntervalDay(day) + toIntervalMillisecond(toUInt64(part * 36000000)) AS arrived,
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


def _sites(count: int) -> int:
    # As busy as with all of them, however few there are.
    return max(1, _SITES * count // FULL)


def _publish(database: Database, count: int, begin: str) -> None:
    metadata: dict[str, object] = {"owner": "Branches", "title": "Called within four minutes"}
    clock = {"start": "journey.arrived", "stop": "journey.called", "limit": "240000ms"}
    objective = {"metric": "sl_all_offered", "target": "80%", "minimum_n": 20}
    judged_by = {"clock": clock, "objective": objective}
    papers: list[tuple[str, str, int | None, dict[str, object]]] = [
        *(("Standard", f"standard-{number}", 1, dict(judged_by)) for number in range(_STANDARDS)),
        *(("Site", f"site-{number:03}", None, {}) for number in range(_sites(count))),
    ]
    rows = []
    for offset, (kind, ident, version, more) in enumerate(papers):
        meta = metadata | {"id": ident, "effective_from": "2026-01-01T00:00:00Z", "region": f"north/r{offset % 5}"}
        meta["labels"] = {"latitude": str(56 + offset % 20 / 10), "longitude": str(24 + offset // 20 / 10)}
        raw = json.dumps({"document": {"apiVersion": "sqm/v1", "kind": kind, "metadata": meta, **more}})
        said = f"{version or 'NULL'}, {begin}, 'quality', '{raw}', 0, {offset}, {begin}"
        rows.append(f"('{kind}/{ident}/{version or ''}', '{kind}', '{ident}', {said})")
    database.command(
        "INSERT INTO standards (key, kind, id, version, published_at, published_by, raw, "
        "topic_partition, topic_offset, recorded_at) "
        f"VALUES {', '.join(rows)}"
    )


_EVENTS: Final = """
    INSERT INTO events (id, source, type, subject, occurred_at, received_at, site, queue, channel, segment, team,
        employee, raw, topic_partition, topic_offset, recorded_at)
    SELECT concat(journey, '-', substring(step, 1, 1)), concat('/tills/', site), concat('sqm.journey.', step), journey,
        if(step = 'arrived', arrived_at, ended_at) AS at, at + toIntervalMillisecond(cityHash64(journey, step) % 4000),
        site, queue, channel, segment, team, employee,
        concat('{"specversion":"1.0","id":"', journey, '","source":"/tills/', site, '","type":"sqm.journey.', step,
            '","subject":"', journey, '","time":"', toString(at), '","data":{"site":"', site, '","queue":"',
            assumeNotNull(queue), '","channel":"walk_in","segment":"', assumeNotNull(segment), '","team":"',
            assumeNotNull(team), '","employee":"', assumeNotNull(employee), '"}}'),
        0, topic_offset * 2 + (step != 'arrived'), at
    FROM measurements FINAL ARRAY JOIN ['arrived', if(ended_by = 'stopped', 'called', 'abandoned')] AS step
    WHERE standard = 'standard-0'
    SETTINGS max_insert_threads = 1
"""
"""Two of each journey, of which a standard has one measurement each."""


def made(database: Database) -> Iterator[Figure]:
    """Make the hours anew, as ClickHouse does from time to time, and check that they count what is there."""
    for view in ("hours_of_attainment", "hours_of_values"):
        progress(f"making {view}")
        began = time.monotonic()
        database.command(f"SYSTEM REFRESH VIEW {view}")
        database.command(f"SYSTEM WAIT VIEW {view}")
        yield Figure(f"{view} made anew", time.monotonic() - began, "s")
    # As on a history whose hours are over: only those of today are read from their minutes.
    database.command("TRUNCATE TABLE attainment_touched")
    held = database.rows(
        "SELECT (SELECT sum(total) FROM standing_attainment_hours) AS hours, (SELECT sum(n) FROM value_hours) AS v, "
        "(SELECT count() FROM standing_measurements) AS m"
    )[0]
    if len({int(one) for one in held.values()}) != 1:
        raise FailedError(f"hours, values and measurements must count the same journeys, and say {held}")


def sizes(database: Database) -> Iterator[Figure]:
    """Say what a row takes on disk."""
    rows = database.rows(
        "SELECT table, sum(rows) AS n, sum(bytes_on_disk) AS size FROM system.parts "
        "WHERE active AND database = currentDatabase() GROUP BY table HAVING n > 1000 ORDER BY size DESC"
    )
    for row in rows:
        n, size = int(row["n"]), int(row["size"])
        yield Figure(f"{row['table']}: {n:,} rows on disk, {size / 1e6:,.0f} MB", size / n, "bytes/row")
