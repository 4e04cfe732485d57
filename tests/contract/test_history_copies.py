"""
The law of history: whatever comes twice, in whatever order, and however often it was corrected, no figure changes; not
those that are summed up when they are asked for, and not those that are kept ready by the hour.
"""

import random
from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.histogram import bounds, bucket_of
from domain.metrics import Counts, tally
from schemas.derived_tables import DERIVED
from schemas.tables import TABLES
from services.history.engine import Basis, By, Question, copy_of, figures, sql_of
from services.history.shell.storing import store
from services.runtime.clickhouse import Database
from tests.fakes.topic_records import NOON, TopicRecord, as_json, attainment, measurement

HOUR = 3_600_000
ENDINGS = st.tuples(
    st.sampled_from(["stopped", "abandoned", "cancelled", "expired", "retired"]),
    st.sampled_from(["plausible", "plausible", "too_short", "too_long"]),
    st.sampled_from([0, 4_999, 5_000, 5_001, 19_999, 20_000, 20_001, 90_000]),
    st.sampled_from(["north", "south"]),
    st.sampled_from([None, "counter", "desk"]),
    st.integers(0, 150),
    st.booleans(),
)


def outcomes(journeys: Sequence[tuple[Any, ...]]) -> tuple[list[bytes], list[bytes], dict[tuple[Any, ...], Counts]]:
    """
    The two topics that these journeys leave behind, with revisions that do not stand, and the figures by hand.
    """
    measured: list[bytes] = []
    rows: dict[tuple[str, str | None, int], Counts] = {}
    summed: list[bytes] = []
    for number, (ended_by, validity, value, site, queue, minute, stands) in enumerate(journeys):
        at = NOON + minute * 60_000
        common = {"queue": queue, "arrived_at": at + 17, "ended_by": ended_by, "validity": validity, "value_ms": value}
        short = ended_by == "abandoned" and validity == "plausible" and value <= 5_000
        measured.append(
            as_json(measurement(number, site=site, rev_offset=1, value_ms=1, ended_by="stopped", queue=queue))
        )
        state = "standing" if stands else "withdrawn"
        measured.append(
            as_json(measurement(number, site=site, rev_offset=2, state=state, short_abandon=short, **common))
        )
        if stands:
            place = (site, queue, at)
            counts = list(rows.get(place, Counts()))
            tally(counts, 1, ended_by, validity == "plausible", value, 20_000, 5_000)
            rows[place] = Counts(*counts)
            summed.append(minute_row(place, rows[place], number))
    by: dict[tuple[Any, ...], Counts] = {}
    for (site, queue, at), total in rows.items():
        group = (site, queue, at - at % HOUR)
        by[group] = Counts.total([by.get(group, Counts()), total])
    return measured, summed, by


def minute_row(place: tuple[str, str | None, int], counts: Counts, revision: int) -> bytes:
    site, queue, at = place
    return as_json(attainment(site=site, queue=queue, minute=at, rev_offset=revision, **counts._asdict()))


def deliver(
    database: Database, topic: str, values: Sequence[bytes], spans: Sequence[tuple[int, int]], seed: int
) -> None:
    """
    Ranges that overlap, in any order, some twice; and in the end everything once, as a log would.
    """
    records = [TopicRecord(at, value) for at, value in enumerate(values)]
    ranges = [records[min(span) : max(span) + 1] for span in spans if records[min(span) : max(span) + 1]]
    if records:
        ranges.append(records)
    random.Random(seed).shuffle(ranges)
    for some in ranges:
        assert store(database, copy_of(topic), some) == []


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    journeys=st.lists(ENDINGS, max_size=25),
    spans=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=3),
    seed=st.integers(),
)
def test_copies_of_any_range_of_any_topic_in_any_order_change_no_figure(
    database: Database, journeys: list[tuple[Any, ...]], spans: list[tuple[int, int]], seed: int
) -> None:
    for table in (*TABLES, *DERIVED):
        database.command(f"TRUNCATE TABLE {table.name}")
    measured, summed, expected = outcomes(journeys)
    deliver(database, "sqm.measurements.v1", measured[: len(measured) // 2], spans, seed)
    deliver(database, "sqm.attainment.v1", summed[: len(summed) // 2], spans, seed)
    make_hours(database)
    deliver(database, "sqm.measurements.v1", measured, spans, seed)
    deliver(database, "sqm.attainment.v1", summed, spans, seed)
    assert hours(database) == {group: counts for group, counts in expected.items() if any(counts)}
    make_hours(database)
    assert hours(database) == {group: counts for group, counts in expected.items() if any(counts)}
    assert values(database) == values_of(journeys)
    for basis in Basis:
        question = Question("wait", (By.SITE, By.QUEUE, By.HOUR), basis=basis)
        sql, parameters = sql_of(question)
        found = {
            tuple(one.by.values()): one.sums
            for one in figures(question, database.rows(sql, parameters), ["goal_met"])
            if any(one.sums)
        }
        assert found == {group: counts for group, counts in expected.items() if any(counts)}, basis
        question = Question("wait", basis=basis)
        whole = {
            (one.version, one.metric): (one.good, one.total)
            for one in figures(question, database.rows(*sql_of(question)), ["abandonment"])
        }
        total = Counts.total(expected.values())
        if any(total):
            assert whole == {(1, "abandonment"): (total.abandoned, total.answered + total.abandoned)}


def make_hours(database: Database) -> None:
    for view in ("hours_of_attainment", "hours_of_values"):
        database.command(f"SYSTEM REFRESH VIEW {view}")
        database.command(f"SYSTEM WAIT VIEW {view}")
    # As if all that was written so far had been written long ago: from here on only what is touched again is read live.
    database.command("TRUNCATE TABLE attainment_touched")


def hours(database: Database) -> dict[tuple[Any, ...], Counts]:
    sums = ", ".join(f"toInt64({name}) AS {name}" for name in Counts._fields)
    rows = database.rows(
        f"SELECT site, queue, toUnixTimestamp(hour) * 1000 AS at, {sums} FROM standing_attainment_hours"  # noqa: S608  (of constants)
    )
    found = {(one["site"], one["queue"], one["at"]): Counts(*(one[name] for name in Counts._fields)) for one in rows}
    assert len(found) == len(rows)
    return {group: counts for group, counts in found.items() if any(counts)}


def values(database: Database) -> dict[tuple[Any, ...], tuple[int, int]]:
    rows = database.rows(
        "SELECT site, queue, toUnixTimestamp(hour) * 1000 AS at, ended_by, up_to_ms, sum(n) AS n, "
        "sum(within_limit) AS within FROM value_hours GROUP BY ALL"
    )
    return {
        (one["site"], one["queue"], one["at"], one["ended_by"], one["up_to_ms"]): (one["n"], one["within"])
        for one in rows
    }


def values_of(journeys: Sequence[tuple[Any, ...]]) -> dict[tuple[Any, ...], tuple[int, int]]:
    found: dict[tuple[Any, ...], tuple[int, int]] = {}
    for ended_by, validity, value, site, queue, minute, stands in journeys:
        if stands and validity == "plausible" and ended_by in {"stopped", "abandoned"}:
            at = NOON + minute * 60_000
            group = (site, queue, at - at % HOUR, ended_by, bounds(bucket_of(value))[1])
            n, within = found.get(group, (0, 0))
            found[group] = (n + 1, within + (value <= 20_000))
    return found
