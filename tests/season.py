"""
A short season in a history of its own, for whoever asks history questions: eleven sites, eight days, two Mondays.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from schemas.tables import TABLES
from services.cli.filling import Filled, fill, season_documents
from services.cli.season import Season, SeasonTruth
from services.history.shell.migrating import migrate, read_migrations
from services.runtime.clickhouse import ClickHouseSettings, Database, open_database
from tests.fakes.databases import settings_for

SEASON = Season(seed=3, until=date(2026, 11, 24), days=8)


@dataclass(frozen=True)
class Seeded:
    """
    A filled history: where it is, the open database, what was played and what really happened.
    """

    settings: ClickHouseSettings
    database: Database
    season: Season
    truth: SeasonTruth
    filled: Filled


def seeded(base: Path, season: Season = SEASON) -> Iterator[Seeded]:
    """
    Fill a database of its own, and drop it in the end. Rows are kept whatever the date is.
    """
    settings = settings_for("folder", base)
    with ExitStack() as after:
        database = open_database(settings)
        after.callback(database.close)
        after.callback(database.command, f"DROP DATABASE {settings.database}")
        migrate(database, read_migrations(), dict.fromkeys((table.name for table in TABLES), 0))
        truth = SeasonTruth(season.planted, season.begins, season.days)
        filled = fill(database, season, season_documents(), truth, lambda _days, _events: None)
        yield Seeded(settings, database, season, truth, filled)
