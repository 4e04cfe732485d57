"""
Lists that several dashboards show: sites by how they keep a standard, and single violations.
"""

from typing import Final

from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import units

from dashboards import panels
from dashboards.attainment import judged
from dashboards.fields import Column, Frame
from dashboards.figures import WITHIN, standing
from dashboards.links import to_dashboard
from dashboards.queries import table

__all__ = ["SHARES", "violations", "worst_sites"]

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
            "Journeys and objectives that missed a standard, without those at risk or retracted. The id leads to what "
            "the verdict rests on.",
            width,
            height,
            "No violation in this time.",
        ),
        [
            table(
                f"""
                SELECT opened_at AS "Since", site AS "Site", ifNull(queue, '–') AS "Queue", standard AS "Standard",
                    kind AS "Kind", reason AS "Reason",
                    if(kind = 'journey', value_ms, NULL) AS "Took", if(kind = 'journey', limit_ms, NULL) AS "Limit",
                    closed_at AS "Until",
                    id AS "Violation"
                FROM standing_violations
                WHERE {where} AND kind != 'at_risk' AND $__timeFilter(opened_at)
                ORDER BY opened_at DESC, id LIMIT 100
                """
            )
        ],
        {
            "Since": Column(units.DatetimeLocal, width=170),
            "Until": Column(units.DatetimeLocal, width=170),
            "Took": Column(units.Milliseconds, 1, 100),
            "Limit": Column(units.Milliseconds, 1, 100),
            "Violation": Column(link=("What it rests on", to_dashboard("sqm-violation", violation="${__value.raw}"))),
        },
    )
