"""
Questions that panels ask: SQL of the ClickHouse plugin and PromQL.
"""

import re
from textwrap import dedent
from typing import Final

from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models import prometheus
from grafana_foundation_sdk.models.common import DataSourceRef

from dashboards.sources import HISTORY, METRICS

__all__ = ["SqlQuery", "instant", "now", "over_time", "ranged", "shown_columns", "table"]

_TIME_SERIES: Final = 0
_TABLE: Final = 1
"""Numbers by which the ClickHouse plugin knows the shape of an answer."""


class SqlQuery(Dataquery):
    """
    One question in SQL as the ClickHouse plugin keeps it, for which the SDK has no type.
    """

    def __init__(self, sql: str, *, time_series: bool, ref_id: str) -> None:
        self.sql = sql
        self.ref_id = ref_id
        self.datasource: DataSourceRef = HISTORY
        self._time_series = time_series

    def to_json(self) -> dict[str, object]:
        return {
            "refId": self.ref_id,
            "datasource": self.datasource,
            "editorType": "sql",
            "queryType": "timeseries" if self._time_series else "table",
            "format": _TIME_SERIES if self._time_series else _TABLE,
            "rawSql": self.sql,
        }


def shown_columns(sql: str) -> list[str]:
    """
    What the columns of an answer are called, from left to right; names in double quotes are for readers alone.
    """
    return re.findall(r' AS "([^"]+)"', sql)


def table(sql: str, ref_id: str = "A") -> SqlQuery:
    """
    A question whose answer is a table, as it comes.
    """
    return SqlQuery(dedent(sql).strip(), time_series=False, ref_id=ref_id)


def over_time(sql: str, ref_id: str = "A") -> SqlQuery:
    """
    A question whose answer has a column `time`, and a series in every other column of numbers, or one for each value
    of a column of words.
    """
    return SqlQuery(dedent(sql).strip(), time_series=True, ref_id=ref_id)


def ranged(expr: str, legend: str, ref_id: str = "A") -> prometheus.Dataquery:
    """
    A PromQL question over the whole span that is shown.
    """
    return prometheus.Dataquery(
        expr=expr, legend_format=legend, ref_id=ref_id, datasource=METRICS, range_val=True, instant=False
    )


def now(expr: str, legend: str, ref_id: str = "A") -> prometheus.Dataquery:
    """
    A PromQL question about the end of the span that is shown, answered with a figure for each series.
    """
    return prometheus.Dataquery(
        expr=expr, legend_format=legend, ref_id=ref_id, datasource=METRICS, range_val=False, instant=True
    )


def instant(expr: str, ref_id: str = "A") -> prometheus.Dataquery:
    """
    The same, answered with a table: a row for each series, its labels as columns.
    """
    return prometheus.Dataquery(
        expr=expr,
        ref_id=ref_id,
        datasource=METRICS,
        range_val=False,
        instant=True,
        format_val=prometheus.PromQueryFormat.TABLE,
    )
