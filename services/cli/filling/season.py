"""
Plays a season into history.
"""

from collections.abc import Callable, Iterable
from typing import Final

from schemas.base import HOUR_MS
from schemas.standards import AnyDocument, Published
from services.cli.filling.alarms import Alarms
from services.cli.filling.filling import Filled, Filling
from services.cli.filling.papers import Papers, published_later
from services.cli.filling.storing import Storing
from services.cli.filling.topics import Log
from services.cli.season import People, Season, SeasonTruth
from services.runtime.clickhouse import Database
from services.runtime.errors import Rejected

__all__ = ["fill", "require_room"]

_PUBLISHER: Final = "sqm simulate"
_BEFORE_MS: Final = HOUR_MS
"""How long before the first day all documents are published."""


def name_of(season: Season) -> str:
    """
    Name a season so that another one is told from it.
    """
    return f"{_PUBLISHER} --to-history --days {season.days} --seed {season.seed} --until {season.until.isoformat()}"


def require_room(database: Database, season: Season, *, beside_others: bool) -> None:
    """
    Raise Rejected where history holds another season, or events of sites that are not of this one: figures would be of
    both.
    """
    known = ", ".join(f"'{one.site.id}'" for one in season.sites)
    sql = (
        f"SELECT site, count() AS rows FROM events WHERE site NOT IN ({known}) "  # noqa: S608  (the season's own names)
        "GROUP BY site ORDER BY rows DESC LIMIT 1"
    )
    for row in () if beside_others else database.rows(sql):
        raise Rejected(
            "not_a_demo",
            f"history holds {int(row['rows']):,} events of {row['site']}, which is no site of the season; name another "
            "folder with --folder, or say --beside-others to put it there all the same",
        )
    held = database.rows(
        "SELECT DISTINCT published_by FROM standards WHERE startsWith(published_by, {by:String})", {"by": _PUBLISHER}
    )
    for row in held:
        if row["published_by"] != name_of(season):
            raise Rejected(
                "another_season",
                f"history holds another season already, of `{row['published_by']}`; name another folder with --folder, "
                "or remove the one that is there",
            )


def fill(
    database: Database, season: Season, papers: Papers, truth: SeasonTruth, tell: Callable[[int, int], None]
) -> Filled:
    """
    Play a season, judge it and store it; `truth` hears of what really happened, and `tell` after each day how many days
    and events are done.
    """
    log = Log()
    alarms = Alarms(log, papers.alerting, People(season.seed, season.planted), season.seed)
    filling, storing = Filling(log, alarms), Storing(database)
    later = published_later(season, papers.documents)
    now = season.begins_at - _BEFORE_MS
    _publish(filling, season, now, papers.documents)
    for number, (ends_at, told) in enumerate(season.played(truth)):
        if number in later:
            _publish(filling, season, now, later[number])
        filling.take(told)
        storing.take(log)
        tell(number + 1, filling.accepted)
        now = ends_at
    filled = filling.finish(season.ends_at)
    storing.take(log)
    storing.finish()
    return filled


def _publish(filling: Filling, season: Season, at: int, documents: Iterable[AnyDocument]) -> None:
    filling.publish(Published(document=one, published_at=at, published_by=name_of(season)) for one in documents)
