"""
Who waits now in each line, as the workers say it.
"""

from grafana_foundation_sdk.models.prometheus import Dataquery

from dashboards.queries import instant

__all__ = ["lines"]


def lines(by: str, here: str) -> dict[str, Dataquery]:
    """
    Questions about lines, by what they are called: of lines with the labels `here`, summed `by` labels. A line to which
    somebody came within the last hour and in which nobody waits has nobody, not nothing.
    """
    level = f"max {by} (sqm_sla_live_service_level_ratio{here})"
    return {
        "Waiting": instant(f"sum {by} (sqm_sla_waiting_journeys{here}) or 0 * {level}", "A"),
        "Beyond the limit": instant(f"sum {by} (sqm_sla_waiting_beyond_limit_journeys{here}) or 0 * {level}", "B"),
        "Longest wait": instant(f"max {by} (sqm_sla_oldest_waiting_seconds{here}) or 0 * {level}", "C"),
        "Level now": instant(level, "D"),
    }
