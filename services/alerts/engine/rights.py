"""
Rights: which role may do what about alerts. Everything that anybody is refused for their role is decided here.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from schemas.alert_commands import Action, AlertCommand
from schemas.alert_routes import Silence
from schemas.alerting import Alerting
from schemas.base import WEEK_MS, to_millis

__all__ = ["Role", "may", "needed_to_obey", "needed_to_publish"]


class Role(StrEnum):
    """
    What somebody may do; each role may also do what those before it may.
    """

    VIEWER = "viewer"
    """See alerts, schedules and silences, and say what they think of them."""
    OPERATOR = "operator"
    """Acknowledge, hand over, stand in, silence a place for some days: whoever is on duty."""
    OWNER = "owner"
    """Say what counts as an alert: the rules, and silences of a standard or a region."""
    ADMINISTRATOR = "administrator"
    """Everything, also for others."""


_RANK: Final = {role: rank for rank, role in enumerate(Role)}
_VIEWING: Final[frozenset[Action]] = frozenset({"feedback", "comment"})
"""Whoever may see an alert may say what they think of it."""
_OWNED: Final = ("standard", "site", "region", "scope", "rule", "owner", "agreement")
"""A silence of one of these is somebody's; one of the others alone (a severity, a line's name) is of all sites."""


def may(role: str | None, needed: Role) -> bool:
    """
    Tell whether somebody of a role, as their token has it, may do what needs another one.
    """
    return role in _RANK and _RANK[Role(role)] >= _RANK[needed]


def needed_to_obey(command: AlertCommand, silences: Mapping[str, Silence]) -> Role:
    """
    Return the least role that may give a command, where there are these silences by id.
    """
    if command.action in _VIEWING:
        return Role.VIEWER
    if command.silence is not None:
        replaced = _needed_to_end(command.by, silences.get(command.silence.id))
        return max(_needed_to_silence(command.silence, command.at), replaced, key=_RANK.__getitem__)
    if command.ends is not None:
        return _needed_to_end(command.by, silences.get(command.ends))
    return Role.OPERATOR


def needed_to_publish(before: Alerting | None, after: Alerting) -> Role:
    """
    Return the least role that may put one configuration in the place of another: what counts as an alert is its owner's
    to say; who is told, where and by which secret is not.
    """
    if before is not None and before.model_copy(update={"rules": after.rules}) == after:
        return Role.OWNER
    return Role.ADMINISTRATOR


def _needed_to_silence(silence: Silence, at: int) -> Role:
    named = {label for label, globs in silence.match.asked.items() if all(one.strip("*?") for one in globs)}
    if not named.intersection(_OWNED):
        return Role.ADMINISTRATOR
    ends_soon = silence.again is None and silence.until is not None and to_millis(silence.until) - at <= WEEK_MS
    return Role.OPERATOR if "site" in named and ends_soon else Role.OWNER


def _needed_to_end(by: str, silence: Silence | None) -> Role:
    return Role.OPERATOR if silence is None or silence.author == by else Role.ADMINISTRATOR
