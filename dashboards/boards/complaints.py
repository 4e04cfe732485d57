"""
**Complaints and feedback**: what customers, observers and staff say, and what becomes of it.
"""

from typing import Final

from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import units

from dashboards import lists, panels, surveys, variables
from dashboards.attainment import HOURS, counted, grain, judged
from dashboards.fields import BAD, BAND, INSTANT, Column, Frame, Line
from dashboards.figures import bounds, share, standing
from dashboards.layout import WIDE, Board, Row
from dashboards.links import TO_SITE, TO_STANDARD
from dashboards.queries import over_time, table
from dashboards.scores import COMPLAINTS_SQL, PER_VISIT
from dashboards.sources import history_choice

__all__ = ["complaints"]

_PLACES: Final = standing("region", "site", "queue")
_HOURS: Final = f"{_PLACES} AND $__timeFilter(hour)"
_OPENED: Final = f"(SELECT * FROM complaints WHERE {_PLACES} AND $__timeFilter(opened_at))"
_OVER: Final = "state IN ('resolved', 'withdrawn')"
_NOBODY: Final = "Nobody complained in this time."
_LOW, _HIGH = bounds("complained", "visits")
_PER_1000: Final = f"""
    1000 * {share("complained", "visits")} AS "Per 1,000 visits",
    1000 * if(complained > visits, NULL, {_LOW}) AS "Likely from",
    1000 * if(complained > visits, NULL, {_HIGH}) AS "Likely to"
"""
"""Complaints for every 1,000 visits with the interval of a share, for few complain and nobody does so often."""


def complaints() -> Board:
    return Board(
        uid="sqm-complaints",
        title="Complaints and feedback",
        says="What customers, observers and staff say: how many complain and of what, how soon they are answered, how "
        "content those are who answer surveys, and what was seen and suggested.",
        variables=[
            history_choice(),
            variables.region_choice(),
            variables.site_choice(),
            variables.queue_choice(),
            variables.grain_choice(),
            variables.zone_choice(),
        ],
        begins="now-28d",
        rows=[
            Row("Complaints", [_rate(), _counts(), _through_time(), _causes(), _sites()]),
            Row("Are they answered in time?", [_answered(), lists.complaints(WIDE, 9, _PLACES)]),
            Row(
                "Surveys", [surveys.scored(), surveys.satisfaction(), surveys.recommendation(), surveys.distribution()]
            ),
            Row("What observers see, and what staff say", [_checklists(), _items(), _voices()]),
        ],
    )


def _rate() -> model.Panel:
    return panels.figures(
        Frame(
            "Complaints for every 1,000 visits",
            "Complaints opened by visits begun in this time, as the standard with complaints_per_1000 counts them, "
            "with the interval in which that lies with 95 % confidence (Wilson's, of the share of visits) "
            "and the target.",
            13,
            4,
            "No standard counts complaints by visits, or nobody came.",
        ),
        [
            table(
                f"""
                SELECT {_PER_1000}, target AS "Target at most"
                FROM (
                    SELECT good_n / 1000 AS complained, all_n AS visits, target
                    FROM {counted("", f"{PER_VISIT} AND {_HOURS}")} AS some
                )
                """
            )
        ],
        units.Number,
        decimals=2,
    )


def _counts() -> model.Panel:
    return panels.figures(
        Frame(
            "Complaints by how far they are",
            "Complaints opened in this time; of those the ones that are neither resolved nor withdrawn; and the ones "
            "that missed one of their standards and are still open.",
            11,
            4,
            _NOBODY,
        ),
        [
            table(
                f"""
                SELECT count() AS "Opened", countIf(NOT {_OVER}) AS "Still open",
                    countIf(NOT {_OVER} AND (site, journey) IN (
                        SELECT site, journey FROM standing_violations WHERE kind = 'journey' AND {COMPLAINTS_SQL}
                    )) AS "Overdue", countIf(reopened > 0) AS "Reopened"
                FROM {_OPENED} HAVING count() > 0
                """
            )
        ],
        units.Number,
        {"Overdue": Column(steps=((None, "text"), (1, BAD)))},
        decimals=0,
    )


def _through_time() -> model.Panel:
    return panels.curves(
        Frame(
            "Complaints for every 1,000 visits, through time",
            "By when the complaints were opened and the visits begun; the band is where the figure lies with 95 % "
            "confidence, the dashed line the target in force; no point where fewer came than the standard asks for "
            "(minimum_n). Complaints come days after the visits.",
            WIDE,
            8,
            "No standard counts complaints by visits, or nobody came.",
        ),
        [
            over_time(
                f"""
                SELECT time, {_PER_1000}, target AS "Target"
                FROM (
                    SELECT {grain("hour")} AS time, sum(good) / 1000 AS complained, sum(total) AS visits,
                        argMax(a_promise.target, version) AS target
                    FROM (SELECT * EXCEPT (metric) FROM {HOURS} WHERE {PER_VISIT} AND {_HOURS}) AS a_row
                    INNER JOIN (SELECT id AS standard, version, target, minimum_n FROM standing_standards)
                        AS a_promise USING (standard, version)
                    GROUP BY time HAVING visits >= max(a_promise.minimum_n)
                )
                ORDER BY time
                """
            )
        ],
        units.Number,
        {
            "Per 1,000 visits": Line("blue"),
            **BAND,
            "Target": Line("red", 1, dashed=True, stepped=True),
        },
    )


def _causes() -> model.Panel:
    return panels.scale(
        Frame(
            "Complaints by cause",
            "Complaints opened in this time by what they are about, as the office that takes them says.",
            10,
            10,
            _NOBODY,
        ),
        [
            table(
                f"""
                SELECT ifNull(topic, 'not said') AS "Cause", count() AS "Complaints"
                FROM {_OPENED} GROUP BY topic ORDER BY "Complaints" DESC, "Cause" LIMIT 12
                """
            )
        ],
        units.Number,
    )


def _answered() -> model.Panel:
    return panels.grid(
        Frame(
            "Time to answer against its standard",
            "Standards whose clock starts when a complaint is opened: share within the limit of those that ended, its "
            "interval (95 %, Wilson's), the target, and how long half and nine of ten of them took, of complaints "
            "opened in this time. Those that wait still are not in it.",
            WIDE,
            5,
            "No standard says how soon complaints are answered, or none was opened.",
        ),
        [
            table(
                f"""
                SELECT a_figure.standard AS "Standard", all_n AS "Ended", figure AS "Attainment", low AS "Likely from",
                    high AS "Likely to", target AS "Target", verdict AS "Verdict", limit_ms AS "Limit",
                    half AS "Half within", most AS "Nine of ten within"
                FROM {judged("standard", f"{COMPLAINTS_SQL} AND {_HOURS}")} AS a_figure
                LEFT JOIN (
                    SELECT standard, max(limit_ms) AS limit_ms, quantileExactLow(0.5)(value_ms) AS half,
                        quantileExactHigh(0.9)(value_ms) AS most
                    FROM standing_measurements
                    WHERE kind = 'clock' AND ended_by = 'stopped' AND {COMPLAINTS_SQL} AND {_PLACES}
                        AND $__timeFilter(arrived_at)
                    GROUP BY standard
                ) AS a_time ON a_time.standard = a_figure.standard
                ORDER BY a_figure.standard
                """
            )
        ],
        {
            "Standard": Column(link=TO_STANDARD),
            "Ended": Column(units.Number, 0),
            **lists.SHARES,
            **{name: Column(units.Milliseconds, 0) for name in ("Limit", "Half within", "Nine of ten within")},
        },
    )


def _sites() -> model.Panel:
    return panels.grid(
        Frame(
            "By site",
            "Complaints for every 1,000 visits at each site with the interval (95 %), those first where it surely is "
            "high. Sites whose intervals overlap may differ by chance alone.",
            14,
            10,
            "No standard counts complaints by visits, or nobody came.",
        ),
        [
            table(
                f"""
                SELECT site AS "Site", complained AS "Complaints", {_PER_1000}
                FROM (
                    SELECT site, good_n / 1000 AS complained, all_n AS visits
                    FROM {counted("site", f"{PER_VISIT} AND {_HOURS}")} AS some
                )
                ORDER BY "Likely from" DESC, site LIMIT 50
                """
            )
        ],
        {
            "Site": Column(link=TO_SITE),
            "Complaints": Column(units.Number, 0),
            **{name: Column(units.Number, 1) for name in ("Per 1,000 visits", "Likely from", "Likely to")},
        },
    )


def _checklists() -> model.Panel:
    return lists.checklist_categories(8, 9, standing("region", "site"))


def _items() -> model.Panel:
    low, high = bounds("passed", "seen")
    return panels.grid(
        Frame(
            "Items of checklists, the worst first",
            "How often each item was passed of how often it applied, with the interval (95 %, Wilson's); ordered by "
            "its upper end, so that an item is not worst for having been looked at twice.",
            16,
            9,
            "Nobody observed with a checklist in this time.",
        ),
        [
            table(
                f"""
                SELECT checklist AS "Checklist", item AS "Item", replaceAll(category, '_', ' ') AS "Category",
                    seen AS "Seen", {share("passed", "seen")} AS "Passed", {low} AS "Likely from", {high}
                        AS "Likely to",
                    critical_failed AS "Critical and failed"
                FROM (
                    SELECT checklist, item, category, countIf(result = 'passed') AS passed,
                        countIf(result != 'not_applicable') AS seen, countIf(critical AND result = 'failed')
                            AS critical_failed
                    FROM checklist_items
                    WHERE {standing("region", "site")} AND $__timeFilter(occurred_at)
                    GROUP BY checklist, item, category HAVING seen > 0
                )
                ORDER BY "Likely to", item LIMIT 50
                """
            )
        ],
        {
            "Seen": Column(units.Number, 0),
            "Passed": Column(units.PercentUnit, 1),
            "Likely from": Column(units.PercentUnit, 1),
            "Likely to": Column(units.PercentUnit, 1),
            "Critical and failed": Column(units.Number, 0),
        },
    )


def _voices() -> model.Panel:
    return panels.grid(
        Frame(
            "What staff suggest and report",
            "Suggestions, incidents and surveys of staff in this time, by what they are about and by site; nobody is "
            "named, and of surveys the mean is shown from five answers on.",
            WIDE,
            8,
            "Staff said nothing in this time.",
        ),
        [
            table(
                f"""
                SELECT transform(type, ['sqm.suggestion.submitted', 'sqm.incident.reported'],
                        ['suggestion', 'incident'], 'survey of staff') AS "What",
                    coalesce(topic, instrument, '–') AS "About", site AS "Site", count() AS "Times",
                    if(countIf(score IS NOT NULL) < 5, NULL, avg(score)) AS "Mean answer", max(occurred_at) AS "Last"
                FROM standing_feedback
                WHERE type IN ('sqm.suggestion.submitted', 'sqm.incident.reported', 'sqm.staff_survey.answered')
                    AND {standing("region", "site")} AND $__timeFilter(occurred_at)
                GROUP BY "What", "About", site ORDER BY "What" = 'survey of staff', "What" DESC, "Times" DESC,
                    "About", site LIMIT 100
                """
            )
        ],
        {
            "Site": Column(link=TO_SITE),
            "Times": Column(units.Number, 0),
            "Mean answer": Column(units.Number, 2),
            "Last": INSTANT,
        },
    )
