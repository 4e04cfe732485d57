"""
Rights: which role may do what about alerts.
"""

from enum import StrEnum
from typing import Final

from schemas.alert_commands import Action

__all__ = ["Role", "may"]


class Role(StrEnum):
    """
    What somebody may do; each role may also do what those before it may.
    """

    VIEWER = "viewer"
    """See alerts, schedules and silences."""
    OPERATOR = "operator"
    """Acknowledge, hand over, silence, stand in: whoever is on duty."""
    OWNER = "owner"
    """Change the configuration, and with it what counts as an alert."""
    ADMINISTRATOR = "administrator"
    """Everything, also for others."""


_RANK: Final = {role: rank for rank, role in enumerate(Role)}
_VIEWING: Final[frozenset[Action]] = frozenset({"feedback", "comment"})
"""Whoever may see an alert may say what they think of it."""


def may(role: Role, action: Action | None) -> bool:
    """
    Tell whether a role may take an action; None is changing the configuration.
    """
    if action is None:
        return _RANK[role] >= _RANK[Role.OWNER]
    return _RANK[role] >= _RANK[Role.VIEWER if action in _VIEWING else Role.OPERATOR]
