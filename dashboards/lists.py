"""
Lists that several dashboards show: sites by how they keep a standard, and single violations.
"""

from typing import Final

from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import units

from dashboards import panels
from dashboards.attainment import judged
from dashboards.fields import INSTANT, Column, Frame
from dashboards.figures import WITHIN, share, standing
from dashboards.lately import VIOLATIONS
from dashboards.links import TO_ITS_SITE, TO_SITE, TO_STANDARD, TO_VIOLATION
from dashboards.queries import table

__all__ = ["SHARES", "checklist_categories", "complaints", "violations", "worst_sites"]

SHARES: Final = {
    "Attainment": Column(units.PercentUnit, 1),
    "Likely from": Column(units.PercentUnit, 1),
    "Likely to": Column(units.PercentUnit, 1),
    "Target": Column(units.PercentUnit, 1),
    "Verdict": Column(coloured=True),
}
"""How the columns of a figure, its interval, its target and its verdict are shown."""


def worst_sites(width: int, height: int) -> model.Panel:
    """
    Sites by their attainment of the standard that was chosen.
    """
    return panels.grid(
        Frame(
            "Sites, the worst first",
            "Each site's own figure with its interval (95 %). Ordered by the end of the interval that is nearer to the "
            "target, so that a site is not worst for having had few customers.",
            width,
            height,
        ),
        [
            table(
                f"""
                SELECT if(title = '', site, title) AS "Site", site AS "Id", all_n AS "Journeys", figure AS "Attainment",
                    low AS "Likely from", high AS "Likely to", target AS "Target", verdict AS "Verdict"
                FROM {judged("site")} AS a_figure
                LEFT JOIN standing_sites AS a_site ON a_site.id = a_figure.site
                ORDER BY if(at_most, -ifNull(low, figure), ifNull(high, figure)), site LIMIT 50
                """
            )
        ],
        {
            "Site": Column(link=TO_ITS_SITE),
            "Id": Column(hidden=True),
            "Journeys": Column(units.Number, 0),
            **SHARES,
        },
    )


def violations(width: int, height: int, where: str = standing(*WITHIN)) -> model.Panel:
    """
    Single violations, each with the way to what it rests on.
    """
    return panels.grid(
        Frame(
            "Violations, the latest first",
            "Journeys and objectives that missed a standard, without those at risk or retracted. The reason is that of "
            "the last change: of an objective that is met again, that the target is kept. The id leads to what the "
            "verdict rests on.",
            width,
            height,
            "No violation in this time.",
        ),
        [
            table(
                f"""
                SELECT opened_at AS "Since", site AS "Site", ifNull(queue, '–') AS "Queue", standard AS "Standard",
                    kind AS "Kind", replaceAll(reason, '_', ' ') AS "Reason",
                    if(kind = 'journey', value_ms, NULL) AS "Took", if(kind = 'journey', limit_ms, NULL) AS "Limit",
                    closed_at AS "Until",
                    id AS "Violation"
                FROM {VIOLATIONS}
                WHERE {where} AND kind != 'at_risk' AND $__timeFilter(opened_at)
                ORDER BY opened_at DESC, id LIMIT 100
                """
            )
        ],
        {
            "Since": INSTANT,
            "Site": Column(link=TO_SITE),
            "Standard": Column(link=TO_STANDARD),
            "Until": INSTANT,
            "Took": Column(units.Milliseconds, 1, 100),
            "Limit": Column(units.Milliseconds, 1, 100),
            "Violation": Column(link=TO_VIOLATION),
        },
    )


def checklist_categories(width: int, height: int, where: str) -> model.Panel:
    """
    What observers saw, by category of behaviour.
    """
    return panels.scale(
        Frame(
            "Checklists by category",
            "Points earned of points possible, by kind of behaviour, each item by its weight; what did not apply "
            "counts neither way. Brackets: items that were looked at.",
            width,
            height,
            "Nobody observed with a checklist in this time.",
        ),
        [
            table(
                f"""
                SELECT concat(replaceAll(category, '_', ' '), ' (', toString(countIf(result != 'not_applicable')), ')')
                        AS "Category",
                    {share("sumIf(weight, result = 'passed')", "sumIf(weight, result != 'not_applicable')")} AS "Score"
                FROM checklist_items
                WHERE {where} AND $__timeFilter(occurred_at)
                GROUP BY category HAVING sumIf(weight, result != 'not_applicable') > 0 ORDER BY "Score", category
                """
            )
        ],
        units.PercentUnit,
        high=1,
    )


def complaints(width: int, height: int, where: str) -> model.Panel:
    """
    Single complaints, each with the way to what it missed.
    """
    return panels.grid(
        Frame(
            "Complaints, those that are still open first",
            "Each complaint that was opened in this time, how far it is, how long it took to answer it (or has taken "
            "until the end of the time shown), and the first standard that it missed; the id leads to what that "
            "verdict rests on.",
            width,
            height,
            "Nobody complained in this time.",
        ),
        [
            table(
                f"""
                SELECT opened_at AS "Opened", a_complaint.site AS "Site", ifNull(queue, '–') AS "Queue",
                    ifNull(topic, '–') AS "Cause", ifNull(severity, '–') AS "Severity", state AS "State",
                    dateDiff('second', opened_at, toDateTime(coalesce(responded_at, resolved_at, withdrawn_at,
                        $__toTime)))
                        AS "Answered after",
                    if(missed.standard = '', '–', missed.standard) AS "Missed", missed.violation AS "Violation"
                FROM (SELECT * FROM complaints WHERE {where} AND $__timeFilter(opened_at)) AS a_complaint
                LEFT JOIN (
                    SELECT site, journey, argMin(standard, opened_at) AS standard, argMin(id, opened_at) AS violation
                    FROM standing_violations
                    WHERE kind = 'journey' AND {where}
                        AND journey IN (SELECT journey FROM complaints WHERE {where} AND $__timeFilter(opened_at))
                    GROUP BY site, journey
                ) AS missed ON missed.site = a_complaint.site AND missed.journey = a_complaint.journey
                ORDER BY state IN ('resolved', 'withdrawn'), opened_at DESC, a_complaint.journey LIMIT 100
                """
            )
        ],
        {
            "Opened": INSTANT,
            "Site": Column(link=TO_SITE),
            "Answered after": Column(units.Seconds, 0, 130),
            "Violation": Column(link=TO_VIOLATION),
        },
    )
