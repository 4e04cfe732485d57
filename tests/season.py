"""
A short season in a history of its own, for whoever asks history questions: eleven sites, eight days, two Mondays.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from services.cli.filling import Filled, fill, season_papers
from services.cli.season import PLANTED, Season, SeasonTruth
from services.runtime.clickhouse import ClickHouseSettings, Database
from tests.fakes.databases import FOR_EVER, opened, settings_for

# In so few days a decay must be steep to be seen beside what a day differs from another.
_STEEP = replace(PLANTED, decay=replace(PLANTED.decay, to_percent=165))
SEASON = Season(seed=3, until=date(2026, 11, 24), days=8, planted=_STEEP)


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
    for database in opened(settings, keep_days=FOR_EVER):
        truth = SeasonTruth(season.planted, season.begins)
        filled = fill(database, season, season_papers(), truth, lambda _days, _events: None)
        yield Seeded(settings, database, season, truth, filled)
