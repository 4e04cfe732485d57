"""
Ways from one dashboard to another, with the organisation and what is looked at taken along.
"""

from typing import Final

from grafana_foundation_sdk.models.dashboard import DashboardLink, DashboardLinkType

__all__ = ["OTHERS", "TAG", "TO_ITS_SITE", "TO_SITE", "TO_SOURCE", "TO_STANDARD", "TO_VIOLATION", "to_dashboard"]

TAG: Final = "sqm"
"""What all our dashboards are found by."""

OTHERS: Final = DashboardLink(
    title="Other dashboards",
    type_val=DashboardLinkType.DASHBOARDS,
    tooltip="Goes to another dashboard with the same organisation, time and choices.",
    tags=[TAG],
    as_dropdown=True,
    include_vars=True,
    keep_time=True,
)
_KEPT: Final = "${__url_time_range}&${clickhouse_datasource:queryparam}"


def to_dashboard(uid: str, **variables: str) -> str:
    """
    The address of another dashboard about the same organisation and time, with variables set to what Grafana knows of
    the row (``__value.raw``, ``__data.fields.Id`` …).
    """
    # Encoded whole: by itself Grafana would let an ampersand in a name end the value.
    chosen = "".join(f"&var-{name}=${{{value}:percentencode}}" for name, value in variables.items())
    return f"/d/{uid}?{_KEPT}{chosen}"


TO_SITE: Final = ("This site", to_dashboard("sqm-site", site="__value.raw"))
TO_STANDARD: Final = ("This standard", to_dashboard("sqm-standard", standard="__value.raw"))
TO_VIOLATION: Final = ("What it rests on", to_dashboard("sqm-violation", violation="__value.raw"))
TO_SOURCE: Final = ("Its data", to_dashboard("sqm-quality", source="__value.raw"))
"""Where a column of ids leads, with what the link says."""
TO_ITS_SITE: Final = ("This site", to_dashboard("sqm-site", site="__data.fields.Id"))
"""Where a column of titles of sites leads, whose ids are in the column `Id`."""
