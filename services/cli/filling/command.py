"""
What `sqm simulate --to-history` does and says.
"""

import json
import sys
from datetime import date
from pathlib import Path

from schemas.base import from_millis
from services.cli.filling.papers import season_papers
from services.cli.filling.season import fill, require_room
from services.cli.history_door import history_settings
from services.cli.progress import DayProgress
from services.cli.season import Season, SeasonTruth
from services.history.shell.migrating import migrate, read_migrations
from services.runtime.clickhouse import open_database
from services.runtime.clock import Clock
from services.runtime.errors import Misconfigured
from services.runtime.process import calm_garbage_collector

__all__ = ["fill_history"]


def fill_history(
    clock: Clock, seed: int, days: int, until: str | None, folder: Path | None, truth: Path | None, *,
    beside_others: bool,
) -> None:  # fmt: skip
    """
    Play a season that ends before a date, and tell what is to be found in it.
    """
    season = Season(seed, _date(until, clock), days)
    settings = history_settings()
    place = settings.clickhouse
    if folder is not None:
        place = place.model_copy(update={"url": None, "folder": folder})
    papers = season_papers()
    found = SeasonTruth(season.planted, season.begins)
    database = open_database(place)
    try:
        migrate(database, read_migrations(), settings.history_keep_days)
        require_room(database, season, beside_others=beside_others)
        calm_garbage_collector()
        began = clock.monotonic_ms()
        with DayProgress("filling history", days, clock) as progress:
            filled = fill(database, season, papers, found, progress.at)
    finally:
        database.close()
    seconds = max(1, clock.monotonic_ms() - began) / 1_000
    rows = sum(filled.written.values())
    sys.stdout.write(
        f"{days} days of {len(season.sites)} sites until {season.until}: {filled.accepted:,} events, {rows:,} rows in "
        f"{place.url or place.folder}, {seconds:.0f} s ({filled.accepted / seconds:,.0f} events a second)\n"
        "what is planted in it:\n"
    )
    for sentence in found.sentences():
        sys.stdout.write(f"  {sentence}\n")
    if truth is not None:
        told = found.told() | {"accepted": filled.accepted, "refused": dict(sorted(filled.refused.items()))}
        truth.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _date(text: str | None, clock: Clock) -> date:
    if text is None:
        return from_millis(clock.now_ms()).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Misconfigured(f"--until {text[:40]}: a date, like 2026-11-26") from error
