"""
What happened beside the figures, as marks on every curve: new versions of a standard, agreed outages, corrective
actions, and what people noted on alerts.
"""

from typing import Final

from grafana_foundation_sdk.models.dashboard import AnnotationQuery

from dashboards.choices import chosen_one
from dashboards.figures import standing
from dashboards.queries import table
from dashboards.sources import HISTORY

__all__ = ["CORRECTIONS", "NOTES", "OUTAGES", "VERSIONS"]


def _marks(name: str, colour: str, kind: str, title: str, standard: str) -> AnnotationQuery:
    sql = f"""
        SELECT at AS time, until AS timeEnd, {title} AS title, text, kind AS tags
        FROM annotations
        WHERE kind = '{kind}' AND $__timeFilter(at) AND {standard}
        ORDER BY time
    """
    return AnnotationQuery(
        name=name, datasource=HISTORY, enable=True, icon_color=colour, target=table(sql, ref_id="Marks")
    )


_OF_IT: Final = standing("standard")
VERSIONS: Final = _marks("Versions", "blue", "version", "concat('Version ', toString(version), ': ', title)", _OF_IT)
"""When a version of the standard came into force, and why."""

CORRECTIONS: Final = _marks("Corrective actions", "purple", "correction", "concat(title, ' (', by, ')')", _OF_IT)
"""Since when an action about the standard is in effect, whose it is, what was done and whether it worked."""

NOTES: Final = _marks("Notes on alerts", "yellow", "action", "concat(title, ' by ', by)", f"{_OF_IT} AND text != ''")
"""What people wrote that they did about alerts of the standard."""

OUTAGES: Final = _marks(
    "Agreed outages",
    "gray",
    "outage",
    "concat('Agreed outage ', site)",
    f"(standard = '' OR arrayExists(one -> match({chosen_one('standard')}, "
    "concat('^', replaceAll(one, '*', '.*'), '$')), splitByString(', ', standard)))",
)
"""Times that agreements leave out of the figures, with the reason; panels show the figures with them."""
