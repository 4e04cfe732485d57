"""
Faults of a configuration that its contract cannot see, since they take a library to find.
"""

from schemas.alerting import Alerting
from services.alerts.engine.quiet import recurrence_fault

__all__ = ["alerting_faults"]

Path = tuple[str | int, ...]


def alerting_faults(alerting: Alerting) -> list[tuple[Path, str]]:
    """
    List each fault with the field.
    """
    return [
        (("silences", place, "again", "rule"), fault)
        for place, silence in enumerate(alerting.silences)
        if (fault := recurrence_fault(silence)) is not None
    ]
