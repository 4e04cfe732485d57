"""
Where panels ask: the data sources, by variable, so that one dashboard serves every organisation and installation.

A database holds one organisation, and a data source of the ClickHouse plugin has one database; so choosing the data
source is choosing the organisation, and no query names a database.
"""

from typing import Final

from grafana_foundation_sdk.models.common import DataSourceRef
from grafana_foundation_sdk.models.dashboard import VariableModel, VariableOption, VariableType

__all__ = ["HISTORY", "HISTORY_PLUGIN", "METRICS", "METRICS_PLUGIN", "history_choice", "metrics_choice"]

HISTORY_PLUGIN: Final = "grafana-clickhouse-datasource"
METRICS_PLUGIN: Final = "prometheus"
HISTORY: Final = DataSourceRef(type_val=HISTORY_PLUGIN, uid="${clickhouse_datasource}")
"""History in ClickHouse, of the organisation that is looked at."""
METRICS: Final = DataSourceRef(type_val=METRICS_PLUGIN, uid="${prometheus_datasource}")
"""Metrics of the running services."""


def history_choice() -> VariableModel:
    """
    The variable by which the reader chooses the organisation.
    """
    return _choice(
        "clickhouse_datasource", "Organisation", HISTORY_PLUGIN, "sqm-history", "History of which organisation."
    )


def metrics_choice() -> VariableModel:
    """
    The variable by which the reader chooses whose metrics are looked at.
    """
    return _choice("prometheus_datasource", "Metrics", METRICS_PLUGIN, "sqm-metrics", "Metrics of which installation.")


def _choice(name: str, label: str, plugin: str, uid: str, says: str) -> VariableModel:
    # The uid is that of deploy/grafana/provisioning/datasources: what is shown until somebody chooses.
    return VariableModel(
        type_val=VariableType.DATASOURCE,
        name=name,
        label=label,
        description=says,
        query=plugin,
        current=VariableOption(text=uid, value=uid),
        allow_custom_value=False,
    )
