"""
**Sources and data quality**: what systems report, how late, how often twice, and what could not be taken.
"""

from typing import Final

from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import units

from dashboards import panels, variables
from dashboards.attainment import HOURS
from dashboards.fields import BAD, INSTANT, UNSURE, Column, Frame
from dashboards.figures import standing
from dashboards.layout import WIDE, Board, Row
from dashboards.links import TO_SITE, TO_SOURCE, TO_STANDARD
from dashboards.queries import over_time, ranged, table
from dashboards.sources import history_choice, metrics_choice

__all__ = ["quality"]

_HERE: Final = f"{standing('region', 'site', 'source')} AND $__timeFilter(occurred_at)"
_DELAY: Final = "dateDiff('millisecond', occurred_at, assumeNotNull(received_at))"
_CALLED: Final = (
    "arrayFirst(one -> startsWith(source, one.1), "
    "(SELECT groupArray((id, title)) FROM (SELECT id, title FROM standing_sources ORDER BY length(id) DESC))).2"
)
"""What a source is called by the register's entry whose id is the longest beginning of it."""
_NONE: Final = "No event came in this time."


def quality() -> Board:
    return Board(
        uid="sqm-quality",
        title="Sources and data quality",
        says="What systems report: how much, how late, by wrong clocks, twice or not at all, and what was not taken.",
        variables=[
            history_choice(),
            metrics_choice(),
            variables.region_choice(),
            variables.site_choice(),
            variables.source_choice(),
        ],
        begins="now-24h",
        refresh="1m",
        rows=[
            Row("How much can be relied on", [_counts(), _late_now(), _rejected()]),
            Row("Sources", [_sources(), _volume(), _skew()]),
            Row("What was not taken", [_reasons(), _refused(), _twice()]),
            Row("Journeys without an end", [_endings()]),
        ],
    )


def _counts() -> model.Panel:
    return panels.figures(
        Frame(
            "Events",
            "Service events that happened in this time, each once, the sources they came from, and journeys they are "
            "about.",
            8,
            5,
            _NONE,
        ),
        [
            table(
                f"""
                SELECT count() AS "Events", uniqExact(source) AS "Sources",
                    uniqExactIf((site, subject), subject != '') AS "Journeys"
                FROM standing_events WHERE {_HERE} HAVING count() > 0
                """
            )
        ],
        units.Number,
        decimals=0,
    )


def _late_now() -> model.Panel:
    return panels.figures(
        Frame(
            "Late and ahead",
            "Of these events, those received more than five minutes after they happened (as the source says), and "
            "those received more than two seconds before: a clock that runs ahead.",
            8,
            5,
            _NONE,
        ),
        [
            table(
                f"""
                SELECT countIf({_DELAY} > 300000) / count() AS "Late",
                    countIf({_DELAY} < -2000) / count() AS "Ahead of time"
                FROM standing_events WHERE {_HERE} AND received_at IS NOT NULL HAVING count() > 0
                """
            )
        ],
        units.PercentUnit,
        decimals=2,
    )


def _rejected() -> model.Panel:
    return panels.figures(
        Frame(
            "Put aside",
            "Records in the dead letters that were recorded in this time, and how many reasons there were.",
            8,
            5,
            "Nothing was put aside.",
        ),
        [
            table(
                """
                SELECT count() AS "Dead letters", uniqExact(reason) AS "Reasons"
                FROM dead_letters FINAL WHERE $__timeFilter(recorded_at) HAVING count() > 0
                """
            )
        ],
        units.Number,
        decimals=0,
    )


def _sources() -> model.Panel:
    return panels.grid(
        Frame(
            "Sources",
            "Each source: when it was last heard of and how long ago that was at the end of the time shown, how late "
            "it usually reports (half of its events are faster) and how late at worst, and by how much its clock runs "
            "ahead at most. Ahead: by more than a minute; silent: not heard of for an hour; late: half of its events "
            "come after more than a minute.",
            WIDE,
            9,
            _NONE,
        ),
        [
            table(
                f"""
                SELECT source AS "Source", {_CALLED} AS "Called", count() AS "Events",
                    max(occurred_at) AS "Last heard",
                    greatest(dateDiff('second', max(occurred_at), $__toTime), 0) AS "Ago",
                    medianExact({_DELAY}) AS "Usually after", max({_DELAY}) AS "At worst",
                    greatest(-min({_DELAY}), 0) AS "Ahead by",
                    multiIf("Ahead by" > 60000, 'ahead', "Ago" > 3600, 'silent',
                        "Usually after" > 60000, 'late', 'heard') AS "State"
                FROM standing_events WHERE {_HERE} AND received_at IS NOT NULL
                GROUP BY source
                ORDER BY indexOf(['ahead', 'silent', 'late', 'heard'], "State"), "Ago" DESC, source LIMIT 200
                """
            )
        ],
        {
            "Source": Column(link=TO_SOURCE),
            "Last heard": INSTANT,
            "Events": Column(units.Number, 0),
            "Ago": Column(units.Seconds, 0),
            "Usually after": Column(units.Milliseconds, 0),
            "At worst": Column(units.Milliseconds, 0),
            "Ahead by": Column(units.Milliseconds, 0, steps=((None, "transparent"), (2000, UNSURE), (60000, BAD))),
            "State": Column(coloured=True),
        },
    )


def _volume() -> model.Panel:
    return panels.curves(
        Frame(
            "Events by source",
            "How many happened in each interval; a curve that stops is a source that fell silent.",
            12,
            8,
            _NONE,
        ),
        [
            over_time(
                f"""
                SELECT $__timeInterval(occurred_at) AS time, source, count() AS events
                FROM standing_events WHERE {_HERE} GROUP BY time, source ORDER BY time, source
                """
            )
        ],
        units.Number,
        least_step="5m",
    )


def _skew() -> model.Panel:
    return panels.curves(
        Frame(
            "Receipt less occurrence",
            "Of the latest event of each source that ingest knows, in seconds: large is late, below zero is a clock "
            "that runs ahead. From ingest, as it was then.",
            12,
            8,
            "Ingest has heard of no source.",
        ),
        [ranged("max by (source) (sqm_ingest_skew_seconds)", "{{source}}")],
        units.Seconds,
        low=None,
    )


def _reasons() -> model.Panel:
    return panels.grid(
        Frame(
            "Dead letters by reason",
            "Records that were put aside in this time, by who did it and why.",
            8,
            9,
            "Nothing was put aside.",
        ),
        [
            table(
                """
                SELECT stage AS "By", reason AS "Reason", count() AS "Records", max(recorded_at) AS "Last"
                FROM dead_letters FINAL WHERE $__timeFilter(recorded_at)
                GROUP BY stage, reason ORDER BY "Records" DESC, stage, reason
                """
            )
        ],
        {"Records": Column(units.Number, 0), "Last": INSTANT},
    )


def _refused() -> model.Panel:
    return panels.curves(
        Frame(
            "Refused at the door",
            "Events a minute whose senders were told at once, by reason.",
            8,
            9,
            "Nothing was refused.",
        ),
        [ranged("sum by (reason) (rate(sqm_ingest_events_refused_total[$__rate_interval])) * 60 > 0", "{{reason}}")],
        units.CountsPerMinute,
    )


def _twice() -> model.Panel:
    return panels.curves(
        Frame(
            "Twice, out of order, too late",
            "What the engine decided about events that were not simply next, a minute, by named reason; a duplicate "
            "is counted and changes nothing.",
            8,
            9,
            "Every event came once and in order.",
        ),
        [ranged("sum by (reason) (rate(sqm_sla_decisions_total[$__rate_interval])) * 60 > 0", "{{reason}}")],
        units.CountsPerMinute,
    )


def _endings() -> model.Panel:
    return panels.grid(
        Frame(
            "Clocks that say nothing, by standard",
            "Clocks that nobody ended (expired), that were cancelled, or whose value is not plausible: they are in no "
            "figure, and many of them mean that a source does not report an ending. Of hours that begin in this time.",
            WIDE,
            8,
            "Every clock of this time was ended.",
        ),
        [
            table(
                f"""
                SELECT standard AS "Standard", site AS "Site", sum(answered + abandoned) AS "Ended",
                    sum(expired) AS "Expired",
                    sum(cancelled) AS "Cancelled", sum(implausible) AS "Not plausible",
                    sum(expired + cancelled + implausible)
                        / nullIf(sum(answered + abandoned + expired + cancelled + implausible), 0) AS "Share"
                FROM {HOURS} WHERE {standing("region", "site")} AND $__timeFilter(hour)
                GROUP BY standard, site HAVING sum(answered + abandoned + expired + cancelled + implausible) > 0
                ORDER BY "Share" DESC, standard, site LIMIT 100
                """
            )
        ],
        {
            "Standard": Column(link=TO_STANDARD),
            "Site": Column(link=TO_SITE),
            "Share": Column(units.PercentUnit, 1, steps=((None, "transparent"), (0.05, UNSURE), (0.2, BAD))),
            **{name: Column(units.Number, 0) for name in ("Ended", "Expired", "Cancelled", "Not plausible")},
        },
    )
