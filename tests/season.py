"""
A short season in a history of its own, for whoever asks history questions: eleven sites, eight days, two Mondays.
"""

import fcntl
import gc
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from services.cli.filling import Filled, fill, season_papers
from services.cli.season import PLANTED, Season, SeasonTruth
from services.runtime.clickhouse import ClickHouseSettings, Database
from tests.fakes.databases import FOR_EVER, opened, settings_for
from tests.fakes.recorded_inserts import RecordedInserts

# In so few days a decay must be steep to be seen beside what a day differs from another.
_STEEP = replace(PLANTED, decay=replace(PLANTED.decay, to_percent=165))
SEASON = Season(seed=3, until=date(2026, 11, 24), days=8, planted=_STEEP)


@dataclass(frozen=True)
class Played:
    """
    What really happened in a season, what came of it, and its rows.
    """

    truth: SeasonTruth
    filled: Filled
    rows: RecordedInserts


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


def seeded(base: Path, shared: Path, season: Season = SEASON) -> Iterator[Seeded]:
    """
    Fill a database of its own, and drop it in the end. Rows are kept whatever the date is; of the processes that test
    side by side one plays, and the others find in the shared folder what it played.
    """
    played = _played(shared / "season.pickle", season)
    settings = settings_for("folder", base)
    for database in opened(settings, keep_days=FOR_EVER):
        played.rows.into(database)
        yield Seeded(settings, database, season, played.truth, played.filled)


def _played(file: Path, season: Season) -> Played:
    with file.open("a+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.seek(0)
        if written := stream.read():
            found: Played = pickle.loads(written)  # noqa: S301  (written by another process of this run)
            return found
        played = _play(season)
        stream.write(pickle.dumps(played))
        return played


def _play(season: Season) -> Played:
    truth, rows = SeasonTruth(season.planted, season.begins), RecordedInserts()
    # Walking all that the tests hold again and again would take longer than playing.
    gc.disable()
    try:
        filled = fill(rows, season, season_papers(), truth, lambda _days, _events: None)
    finally:
        gc.enable()
    return Played(truth, filled, rows)
