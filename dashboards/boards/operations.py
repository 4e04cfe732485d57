"""
**Operations live**: who waits now, where a promise is about to be broken, and what somebody must look at.
"""

from typing import Final

from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import units

from dashboards import lists, panels, variables
from dashboards.attainment import OF_SHARES, WORST_FIRST, judged
from dashboards.fields import BAD, GOOD, INSTANT, Column, Frame, Line
from dashboards.figures import standing
from dashboards.lately import MINUTES, VIOLATIONS
from dashboards.layout import WIDE, Board, Row
from dashboards.links import TO_ITS_SITE, TO_SITE, TO_STANDARD, TO_VIOLATION
from dashboards.live import lines
from dashboards.queries import instant, now, over_time, table
from dashboards.sources import history_choice, metrics_choice

__all__ = ["operations"]

_HERE: Final = "{site=~`${site:regex}`, queue=~`${queue:regex}|`}"
_PLACES: Final = standing("region", "site", "queue")
_NOBODY: Final = "0 * sum(sqm_sla_partitions)"
"""Nobody waits, as long as there is a worker that would say so."""
_LATELY: Final = f"{_PLACES} AND $__timeFilter(minute) AND {OF_SHARES}"


def operations() -> Board:
    return Board(
        uid="sqm-operations",
        title="Operations live",
        says="What is going on now: who waits, where targets are missed, what is at risk and which alerts are open.",
        variables=[
            history_choice(),
            metrics_choice(),
            variables.region_choice(),
            variables.site_choice(),
            variables.queue_choice(),
        ],
        begins="now-1h",
        refresh="10s",
        rows=[
            Row("Now", [_now(), _lines()]),
            Row("Where", [_map(), _attainment()]),
            Row("About to go wrong, and going wrong", [_at_risk(), _opening(), lists.violations(WIDE, 8, _PLACES)]),
            Row("Alerts", [_alerts()]),
        ],
    )


def _now() -> model.Panel:
    beyond = [(None, GOOD), (1, BAD)]
    return panels.figures(
        Frame(
            "Waiting now",
            "Journeys whose clock runs now (of every standard with a clock: who is covered by two is counted twice), "
            "those of them whose limit has passed, and how long the one has waited who has waited longest. From the "
            "workers.",
            8,
            7,
            "No worker says who waits.",
        ),
        [
            now(f"sum(sqm_sla_waiting_journeys{_HERE}) or {_NOBODY}", "Waiting", "A"),
            now(f"sum(sqm_sla_waiting_beyond_limit_journeys{_HERE}) or {_NOBODY}", "Beyond the limit", "B"),
            now(f"max(sqm_sla_oldest_waiting_seconds{_HERE}) or {_NOBODY}", "Longest wait", "C"),
        ],
        units.Number,
        {"Beyond the limit": Column(steps=beyond), "Longest wait": Column(unit=units.Seconds, decimals=0)},
        decimals=0,
    )


def _lines() -> model.Panel:
    by = "by (standard, site, queue)"
    return panels.joined(
        Frame(
            "Lines",
            "Each line (standard, site, queue): who waits, beyond the limit, longest wait, service level of the last "
            "hour with those beyond the limit counted as missed, and how long the next one will wait. From the "
            "workers.",
            16,
            7,
            "No line had anybody in it within the last hour.",
        ),
        {
            **lines(by, _HERE),
            "Next one waits": instant(f"max {by} (sqm_sla_expected_wait_seconds{_HERE})", "E"),
        },
        {
            "Beyond the limit": Column(steps=((None, "transparent"), (1, BAD))),
            "Longest wait": Column(units.Seconds, 0),
            "Level now": Column(units.PercentUnit, 0),
            "Next one waits": Column(units.Seconds, 0),
            "Site": Column(link=TO_SITE),
            "Standard": Column(link=TO_STANDARD),
        },
        labels=("site", "queue", "standard"),
        most_first="Longest wait",
    )


def _map() -> model.Panel:
    return panels.site_map(
        Frame(
            "Sites by state",
            "Each site where its labels latitude and longitude put it, coloured by the worst verdict on its standards "
            "in the time shown: missed where the whole interval lies on the wrong side of the target.",
            10,
            11,
            "No site has the labels latitude and longitude.",
        ),
        [
            table(
                f"""
                SELECT if(a_site.title = '', a_site.id, a_site.title) AS "Site", a_site.id AS "Id",
                    a_site.latitude AS "Latitude", a_site.longitude AS "Longitude",
                    arrayElement({WORST_FIRST}, min(indexOf({WORST_FIRST}, verdict))) AS "Verdict"
                FROM {judged("standard, site", _LATELY, MINUTES)} AS a_figure
                INNER JOIN standing_sites AS a_site ON a_site.id = a_figure.site
                WHERE a_site.latitude IS NOT NULL AND a_site.longitude IS NOT NULL
                GROUP BY a_site.id, a_site.title, a_site.latitude, a_site.longitude ORDER BY "Site"
                """
            )
        ],
        latitude="Latitude",
        longitude="Longitude",
        state="Verdict",
        link=("Site", TO_ITS_SITE),
    )


def _attainment() -> model.Panel:
    return panels.grid(
        Frame(
            "Attainment against target, by site and queue",
            "Good of all journeys that arrived in the time shown, with the interval (95 %) and the target of the "
            "latest version; what is surely missed comes first.",
            14,
            11,
        ),
        [
            table(
                f"""
                SELECT standard AS "Standard", site AS "Site", ifNull(queue, '–') AS "Queue", all_n AS "Journeys",
                    figure AS "Attainment", low AS "Likely from", high AS "Likely to", target AS "Target",
                    verdict AS "Verdict"
                FROM {judged("standard, site, queue", _LATELY, MINUTES)} AS a_figure
                ORDER BY indexOf({WORST_FIRST}, verdict), abs(figure - target) DESC, standard, site, queue LIMIT 100
                """
            )
        ],
        {
            "Standard": Column(link=TO_STANDARD),
            "Site": Column(link=TO_SITE),
            "Journeys": Column(units.Number, 0),
            **lists.SHARES,
        },
    )


def _at_risk() -> model.Panel:
    return panels.grid(
        Frame(
            "At risk",
            "Clocks that have used a stated share of their limit (warn_at) and still run, the one that has run "
            "longest first.",
            12,
            8,
            "No clock is about to pass its limit.",
        ),
        [
            table(
                f"""
                SELECT opened_at AS "Warned", site AS "Site", ifNull(queue, '–') AS "Queue", standard AS "Standard",
                    limit_ms AS "Limit", journey AS "Journey", id AS "Violation"
                FROM {VIOLATIONS}
                WHERE kind = 'at_risk' AND closed_at IS NULL AND state != 'closed' AND {_PLACES}
                    AND $__timeFilter(opened_at)
                ORDER BY opened_at, id LIMIT 100
                """
            )
        ],
        {
            "Warned": INSTANT,
            "Site": Column(link=TO_SITE),
            "Standard": Column(link=TO_STANDARD),
            "Limit": Column(units.Milliseconds, 0, 90),
            "Violation": Column(link=TO_VIOLATION),
        },
    )


def _opening() -> model.Panel:
    return panels.curves(
        Frame(
            "Violations opening",
            "How many limits passed and objectives were missed in each interval, by when that was; without what was "
            "retracted.",
            12,
            8,
            "No violation opened in this time.",
        ),
        [
            over_time(
                f"""
                SELECT $__timeInterval(opened_at) AS time, countIf(kind = 'journey') AS "Journeys",
                    countIf(kind IN ('objective', 'burn')) AS "Objectives"
                FROM {VIOLATIONS}
                WHERE kind != 'at_risk' AND {_PLACES} AND $__timeFilter(opened_at)
                GROUP BY time ORDER BY time
                """
            )
        ],
        units.Number,
        {"Journeys": Line("orange", 1, bars=True), "Objectives": Line("red", 1, bars=True)},
        least_step="1m",
    )


def _alerts() -> model.Panel:
    return panels.grid(
        Frame(
            "Open alerts",
            "Alerts of the sites chosen, and of no single site, whose last transition leaves them pending, firing or "
            "acknowledged, whenever they began; pages first.",
            WIDE,
            8,
            "No alert is open.",
        ),
        [
            table(
                f"""
                SELECT last_state AS "State", severity AS "Severity", standard AS "Standard", site AS "Site",
                    begun_at AS "Since", open AS "Violations", owner AS "Taken on by", note AS "Note", key AS "Alert"
                FROM (
                    SELECT id, any(key) AS key, argMax(state, seq) AS last_state, argMax(severity, seq) AS severity,
                        any(standard) AS standard, any(site) AS site, min(begun_at) AS begun_at,
                        argMax(open, seq) AS open, argMax(ifNull(owner, '–'), seq) AS owner,
                        argMax(ifNull(note, ''), seq) AS note
                    FROM standing_alerts GROUP BY id
                )
                WHERE last_state IN ('pending', 'firing', 'acknowledged')
                    AND (site = '' OR {standing("site")})
                ORDER BY indexOf(['page', 'ticket', 'info'], severity), begun_at DESC LIMIT 100
                """
            )
        ],
        {
            "State": Column(coloured=True),
            "Since": INSTANT,
            "Violations": Column(units.Number, 0),
            "Standard": Column(link=TO_STANDARD),
            "Site": Column(link=TO_SITE),
        },
    )
