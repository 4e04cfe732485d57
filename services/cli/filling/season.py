"""
Plays a season into history.
"""

from collections.abc import Callable, Sequence
from typing import Final

from schemas.standards import AnyDocument, Published
from services.cli.filling.filling import Filled, Filling
from services.cli.filling.storing import Storing
from services.cli.filling.topics import Log
from services.cli.season import Season, SeasonTruth
from services.cli.shipped import shipped_folder
from services.runtime.clickhouse import Database
from services.runtime.errors import Rejected
from services.sla.shell.documents import read_documents_of, require

__all__ = ["fill", "require_room", "season_documents"]

_BEFORE_MS: Final = 3_600_000
"""How long before the first day all documents are published."""
PUBLISHER: Final = "sqm simulate"


def season_documents() -> list[AnyDocument]:
    """
    Return what is in force in a season: the documents of the demo and those of the further sites.
    """
    found = require(read_documents_of([shipped_folder("demo"), shipped_folder("demo-history")]))
    return [one.document for one in found]


def name_of(season: Season) -> str:
    """
    Name a season so that another one is told from it.
    """
    return f"{PUBLISHER} --to-history --days {season.days} --seed {season.seed} --until {season.until.isoformat()}"


def require_room(database: Database, season: Season) -> None:
    """
    Raise Rejected where history holds rows of other sites, or of another season: figures of both would be mixed.
    """
    known = ", ".join(f"'{one.site.id}'" for one in season.sites)
    sql = (
        f"SELECT site, count() AS rows FROM events WHERE site NOT IN ({known}) GROUP BY site ORDER BY rows DESC LIMIT 1"  # noqa: S608  (names of the season's own sites)
    )
    for row in database.rows(sql):
        raise Rejected(
            "not_a_demo",
            f"history holds {int(row['rows']):,} events of {row['site']}, which is no site of the season; name another "
            "folder with --folder, or say --beside-others to put it there all the same",
        )
    held = database.rows(
        "SELECT DISTINCT published_by FROM standards WHERE startsWith(published_by, {by:String})", {"by": PUBLISHER}
    )
    for row in held:
        if row["published_by"] != name_of(season):
            raise Rejected(
                "another_season",
                f"history holds another season already, of `{row['published_by']}`; name another folder with --folder",
            )


def fill(
    database: Database,
    season: Season,
    documents: Sequence[AnyDocument],
    truth: SeasonTruth,
    tell: Callable[[int, int], None],
) -> Filled:
    """
    Play a season, judge it and store it; `truth` hears of what really happened, and `tell` after each day how many days
    and events are done.
    """
    log = Log()
    filling, storing = Filling(log), Storing(database)
    published_at = season.begins_at - _BEFORE_MS
    filling.publish(
        Published(document=one, published_at=published_at, published_by=name_of(season)) for one in documents
    )
    for number, told in enumerate(season.played(truth)):
        filling.take(told)
        storing.take(log)
        tell(number, filling.accepted)
    filled = filling.finish(season.ends_at)
    storing.take(log)
    storing.finish()
    return filled
