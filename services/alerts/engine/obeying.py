"""
What a command does to one alert: the reason of the transition, or why there is none.
"""

from collections.abc import Callable
from typing import Final

from schemas.alert_commands import AlertCommand
from services.alerts.engine.life import Life, end
from services.alerts.engine.outcomes import Reason

__all__ = ["OBEY"]


def _own(life: Life, owner: str | None, command: AlertCommand, reason: str) -> str | Reason:
    if life.is_over:
        return Reason.ALREADY_OVER
    if life.state == "pending":
        return Reason.NOT_FIRING_YET
    life.state, life.owner, life.ack_until, life.note = "acknowledged", owner, command.until, command.note
    return reason


def _acknowledge(life: Life, command: AlertCommand) -> str | Reason:
    return _own(life, command.by, command, "acknowledged")


def _unacknowledge(life: Life, command: AlertCommand) -> str | Reason:
    if life.state != "acknowledged":
        return Reason.NOT_ACKNOWLEDGED
    life.state, life.owner, life.ack_until, life.note = "firing", None, None, command.note
    return "unacknowledged"


def _resolve(life: Life, command: AlertCommand) -> str | Reason:
    if life.is_over:
        return Reason.ALREADY_OVER
    life.dismissed.update(life.open)
    life.opened.clear()
    life.note = command.note
    end(life, command.at, "resolved")
    return "resolved_by_hand"


def _comment(life: Life, command: AlertCommand) -> str | Reason:
    life.note = command.note
    return "commented"


def _hand_over(life: Life, command: AlertCommand) -> str | Reason:
    return _own(life, command.to, command, "handed_over")


def _feedback(life: Life, command: AlertCommand) -> str | Reason:
    life.note = command.note
    return "feedback"


OBEY: Final[dict[str, Callable[[Life, AlertCommand], str | Reason]]] = {
    "acknowledge": _acknowledge,
    "unacknowledge": _unacknowledge,
    "resolve": _resolve,
    "comment": _comment,
    "hand_over": _hand_over,
    "feedback": _feedback,
}
"""By action. Escalating is not among them: it is about who is told next, not about the alert."""
