"""
The pieces of SQL that panels share say what the catalogue says.
"""

import pytest

from dashboards.figures import DAY_PARTS, VARIANTS, bounds, day_part
from domain.metrics import METRICS, Counts
from domain.statistics import share_interval
from services.runtime.clickhouse import Database
from tests.fakes.simulated_history import Told


def test_the_interval_is_that_of_the_product(history: Database) -> None:
    low, high = bounds("good", "total")
    rows = history.rows(
        f"SELECT total, good, {low} AS low, {high} AS high FROM (SELECT arrayJoin([0, 1, 2, 7, 40, 1000]) AS total, "
        "arrayJoin(arrayFilter(one -> one <= total, [0, 1, 2, 6, 7, 33, 40, 999, 1000])) AS good)"
    )
    assert len(rows) > 20
    for row in rows:
        expected = share_interval(row["good"], row["total"])
        if expected is None:
            assert row["low"] is None
            assert row["high"] is None
        else:
            assert row["low"] == pytest.approx(expected.low, abs=1e-12)
            assert row["high"] == pytest.approx(expected.high, abs=1e-12)


def test_every_service_level_is_that_of_the_catalogue(history: Database, truth: Told) -> None:
    for name, (good, total) in VARIANTS.items():
        rows = history.rows(
            f"SELECT standard, version, {good} AS good_n, {total} AS all_n FROM standing_attainment GROUP BY ALL"
        )
        assert len(rows) > 4
        for row in rows:
            counts = Counts.total(
                Counts(*(getattr(one, field) for field in Counts._fields))
                for one in truth.attainment
                if (one.standard, one.version) == (row["standard"], row["version"])
            )
            assert METRICS[f"sl_{name.replace(' ', '_')}"].pair(counts) == (row["good_n"], row["all_n"])


def test_a_part_of_the_day_begins_at_its_hour(history: Database) -> None:
    expression = day_part("at").replace("${zone:percentencode}", "UTC")
    hours = "SELECT number AS hour, toDateTime(number * 3600, 'UTC') AS at FROM numbers(24)"
    rows = history.rows(f"SELECT hour, {expression} AS part FROM ({hours})")
    for row in rows:
        begun = {name: begins for name, begins in DAY_PARTS.items() if begins <= int(row["hour"])}
        assert row["part"] == max(begun, key=lambda name: begun[name])
