"""
What the reader chooses above the panels.
"""

from typing import Final

from grafana_foundation_sdk.models.dashboard import VariableModel, VariableOption, VariableRefresh, VariableType

from dashboards.attainment import HOURS
from dashboards.choices import NO_QUEUE, among, chosen, chosen_one
from dashboards.figures import DAY_PARTS, SHARES_SQL
from dashboards.sources import HISTORY

__all__ = [
    "day_part_choice",
    "grain_choice",
    "least_choice",
    "one_site_choice",
    "queue_choice",
    "region_choice",
    "site_choice",
    "source_choice",
    "standard_choice",
    "team_choice",
    "timed_standard_choice",
    "version_choice",
    "violation_choice",
    "zone_choice",
]

_ALL: Final = "$__all"
_MET: Final = f"SELECT DISTINCT site FROM {HOURS}"
"""Sites at which somebody was counted."""


def standard_choice() -> VariableModel:
    """
    One standard, of those whose figure is a share; the list is of those that have figures in the span.
    """
    return _asked(
        "standard",
        "Standard",
        "One standard, of those that are held to a share.",
        "SELECT DISTINCT id, any(title) FROM standing_standards "
        f"WHERE metric IN ({SHARES_SQL}) AND id IN (SELECT standard FROM {HOURS}) GROUP BY id ORDER BY id",
        several=False,
    )


def version_choice() -> VariableModel:
    return _asked(
        "version",
        "Version",
        "Versions of the standard; each journey is judged by the one in force when it arrived.",
        f"SELECT DISTINCT toString(version) FROM standing_standards WHERE id = {chosen_one('standard')} ORDER BY 1",
    )


def region_choice() -> VariableModel:
    return _asked(
        "region",
        "Region",
        "Sites of these regions.",
        "SELECT DISTINCT arrayJoin(regions) AS region FROM standing_sites ORDER BY region",
    )


def site_choice() -> VariableModel:
    # Those of the register too: who waits where nobody was served yet is told from the first moment on.
    known = f"{_MET} UNION DISTINCT SELECT id FROM standing_sites"
    of_regions = f"$__conditionalAll(hasAny(regions, {chosen('region')}), $region)"
    return _asked("site", "Site", "Where people are served.", _sites(known, of_regions))


def one_site_choice() -> VariableModel:
    """
    One site alone.
    """
    return _asked("site", "Site", "The site that is looked at.", _sites(_MET, "site != ''"), several=False)


def _sites(which: str, where: str) -> str:
    return (
        f"SELECT site, if(title = '', site, title) FROM ({which}) AS some LEFT JOIN standing_sites ON id = site "
        f"WHERE {where} ORDER BY site"
    )


def team_choice() -> VariableModel:
    return _asked(
        "team",
        "Team",
        "Who serves together.",
        f"SELECT DISTINCT team FROM measurements WHERE team IS NOT NULL AND {among('site', 'site')} ORDER BY team",
    )


def timed_standard_choice() -> VariableModel:
    """
    One standard with a clock that ends with somebody who serves.
    """
    return _asked(
        "standard",
        "Standard",
        "One standard that measures times of those who were served.",
        "SELECT DISTINCT id, any(title) FROM standing_standards WHERE id IN "
        "(SELECT standard FROM measurements WHERE kind = 'clock' AND team IS NOT NULL) GROUP BY id ORDER BY id",
        several=False,
    )


def least_choice() -> VariableModel:
    """
    Of how many journeys the figure of a team or an employee must be to be shown by itself.
    """
    return _one_of(
        "least",
        "At least",
        "Teams and employees with fewer journeys than this are shown together, without a name.",
        ("30", "50", "100", "200"),
    )


def queue_choice() -> VariableModel:
    return _asked(
        "queue",
        "Queue",
        "In which line.",
        f"SELECT DISTINCT ifNull(queue, {NO_QUEUE}) AS line, ifNull(queue, 'no queue') FROM {HOURS} "
        f"WHERE {among('site', 'site')} ORDER BY line",
        every=".*",
    )


def source_choice() -> VariableModel:
    return _asked(
        "source",
        "Source",
        "Which systems report.",
        "SELECT DISTINCT source FROM events WHERE $__timeFilter(occurred_at) ORDER BY source LIMIT 1000",
    )


def day_part_choice() -> VariableModel:
    """
    Parts of the day, by the hours of ``figures.DAY_PARTS`` in the reader's zone.
    """
    options = [VariableOption(selected=False, text=name, value=name) for name in DAY_PARTS]
    return VariableModel(
        type_val=VariableType.CUSTOM,
        name="day_part",
        label="Day-part",
        description="; ".join(f"{name} from {hour}:00" for name, hour in DAY_PARTS.items())
        + ", in the time zone chosen.",
        query=",".join(DAY_PARTS),
        options=[VariableOption(selected=True, text="All", value=_ALL), *options],
        current=VariableOption(selected=True, text="All", value=_ALL),
        multi=True,
        include_all=True,
        allow_custom_value=False,
    )


def zone_choice() -> VariableModel:
    """
    The zone in which hours, weekdays and days are told; at first that of most sites.
    """
    return _asked(
        "zone",
        "Time zone",
        "Hours, weekdays and days are told in this time zone.",
        "SELECT zone FROM (SELECT zone, count() AS sites FROM standing_sites GROUP BY zone "
        "UNION ALL SELECT 'UTC', 0 WHERE 'UTC' NOT IN (SELECT zone FROM standing_sites)) ORDER BY sites DESC, zone",
        several=False,
    )


def grain_choice() -> VariableModel:
    return _one_of(
        "grain", "One point is", "How much time one point of a curve is of.", ("day", "hour", "week", "month")
    )


def violation_choice() -> VariableModel:
    """
    The id of one violation, as links give it.
    """
    return VariableModel(
        type_val=VariableType.TEXTBOX,
        name="violation",
        label="Violation",
        description="Id of a violation; links on other dashboards fill it in.",
        query="",
        current=VariableOption(text="", value=""),
    )


def _one_of(name: str, label: str, says: str, values: tuple[str, ...]) -> VariableModel:
    """
    A variable with one of a few values; at first the first of them.
    """
    options = [VariableOption(selected=one == values[0], text=one, value=one) for one in values]
    return VariableModel(
        type_val=VariableType.CUSTOM,
        name=name,
        label=label,
        description=says,
        query=",".join(values),
        options=options,
        current=options[0],
        allow_custom_value=False,
    )


def _asked(
    name: str, label: str, says: str, sql: str, *, several: bool = True, every: str | None = None
) -> VariableModel:
    """
    A variable that history lists the values of: a column of values, or a second one of what they are called. `every`
    is what `All` is to PromQL, if it is not the list of all values.
    """
    return VariableModel(
        type_val=VariableType.QUERY,
        name=name,
        label=label,
        description=says,
        query=sql,
        definition=sql,
        datasource=HISTORY,
        refresh=VariableRefresh.ON_TIME_RANGE_CHANGED,
        multi=several,
        include_all=several,
        all_value=every,
        current=VariableOption(selected=True, text="All", value=_ALL) if several else None,
        allow_custom_value=False,
    )
