"""
What happened beside the figures, as marks on every curve: new versions of a standard, agreed outages, and what people
did about it.
"""

from typing import Final

from grafana_foundation_sdk.models.dashboard import AnnotationQuery

from dashboards.queries import table
from dashboards.sources import HISTORY

__all__ = ["ACTIONS", "OUTAGES", "VERSIONS"]


def _marks(name: str, colour: str, sql: str) -> AnnotationQuery:
    return AnnotationQuery(
        name=name, datasource=HISTORY, enable=True, icon_color=colour, target=table(sql, ref_id="Marks")
    )


VERSIONS: Final = _marks(
    "Versions",
    "blue",
    """
    SELECT effective_from AS time, concat('Version ', toString(version), ' in force') AS title, why AS text,
        owner AS tags
    FROM standing_standards
    WHERE id = ${standard:singlequote} AND $__timeFilter(effective_from)
    ORDER BY time
    """,
)
"""When a version of the standard came into force, and why."""

ACTIONS: Final = _marks(
    "Corrective actions",
    "purple",
    """
    SELECT at AS time, concat(action, ' by ', by) AS title, ifNull(note, '') AS text, action AS tags
    FROM standing_alert_commands
    WHERE $__timeFilter(at) AND note != '' AND action IN ('acknowledge', 'resolve', 'comment')
        AND alert IN (SELECT key FROM standing_alerts WHERE standard = ${standard:singlequote})
    ORDER BY time
    """,
)
"""What people wrote that they did about alerts of the standard."""

OUTAGES: Final = _marks(
    "Agreed outages",
    "gray",
    """
    SELECT
        parseDateTime64BestEffortOrNull(JSONExtractString(raw, 'document', 'from'), 3, 'UTC') AS time,
        parseDateTime64BestEffortOrNull(JSONExtractString(raw, 'document', 'until'), 3, 'UTC') AS timeEnd,
        concat('Agreed outage ', id) AS title,
        JSONExtractString(raw, 'document', 'metadata', 'reason') AS text,
        'outage' AS tags
    FROM standards FINAL
    WHERE kind = 'Exclusion' AND $__timeFilter(time)
    ORDER BY time
    """,
)
"""Times that agreements leave out of the figures, with the reason; panels show the figures with them."""
