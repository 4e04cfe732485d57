"""
The same season again: the same rows, and none of them twice.
"""

from datetime import date
from pathlib import Path

import pytest

from schemas.tables import TABLES
from services.cli.filling import fill, season_papers
from services.cli.season import SITES, Season, SeasonTruth
from services.runtime.clickhouse import Database
from tests.fakes.databases import FOR_EVER, opened, settings_for

SMALL = Season(seed=5, until=date(2026, 11, 21), days=1, sites=(SITES[0], SITES[3], SITES[9]))


def filled(database: Database, season: Season) -> dict[str, tuple[int, int]]:
    """
    Fill it, and return of each table how many rows stand, and a sum over all they say.
    """
    fill(database, season, season_papers(), SeasonTruth(season.planted, season.begins), lambda _days, _events: None)
    return {table.name: standing(database, table.name) for table in TABLES}


def standing(database: Database, table: str) -> tuple[int, int]:
    row = database.rows(f"SELECT count() AS rows, sum(cityHash64(toString(tuple(*)))) AS said FROM {table} FINAL")[0]  # noqa: S608  (as above)
    return int(row["rows"]), int(row["said"])


def test_the_same_seed_gives_the_same_rows_and_again_none_twice(tmp_path_factory: pytest.TempPathFactory) -> None:
    base: Path = tmp_path_factory.getbasetemp()
    first, second = (settings_for("folder", base) for _ in range(2))
    for one in opened(first, keep_days=FOR_EVER):
        once = filled(one, SMALL)
        assert filled(one, SMALL) == once
        assert once["events"][0] > 1_000
        for other in opened(second, keep_days=FOR_EVER):
            assert filled(other, SMALL) == once


def test_another_seed_plays_other_customers() -> None:
    def played(seed: int) -> list[str]:
        season = Season(seed, SMALL.until, 1, SMALL.sites)
        truth = SeasonTruth(season.planted, season.begins)
        return [told.event["time"] for _, day in season.played(truth) for told in day]

    assert played(5) == played(5)
    assert played(5) != played(6)
