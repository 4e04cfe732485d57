"""
What the one that works can tell of its desk, in words for programs.
"""

from collections.abc import Callable, Mapping
from typing import Any

from services.alerts.engine import Alert, Desk, on_call

__all__ = ["Seen"]


class Seen:
    """
    Looks at the desk, if there is one here.
    """

    def __init__(self, desk: Callable[[], Desk | None]) -> None:
        self._desk = desk

    def alerts(self) -> Mapping[str, Alert] | None:
        """
        The alerts that are not over, by key; None where this process stands by.
        """
        desk = self._desk()
        return None if desk is None else {key: case.alert for key, case in desk.state.cases.items()}

    def muted(self, key: str) -> str | None:
        """
        Why nobody is told of an alert: a silence or an inhibition.
        """
        desk = self._desk()
        return None if desk is None or key not in desk.state.cases else desk.state.cases[key].muted

    def silences(self) -> list[dict[str, Any]]:
        """
        All silences, and whether each holds now.
        """
        desk = self._desk()
        if desk is None:
            return []
        holding = desk.orders.quiet.holding(desk.state.rest.now)
        return [
            one.model_dump(mode="json", by_alias=True, exclude_none=True) | {"holds": name in holding}
            for name, one in sorted(desk.orders.silences().items())
        ]

    def on_call(self, at: int) -> dict[str, dict[str, Any]]:
        """
        Who is on call at an instant, by schedule.
        """
        desk = self._desk()
        if desk is None:
            return {}
        return {
            name: on_call(schedule, at, desk.orders.stands.get(name, ()))._asdict()
            for name, schedule in desk.book.schedules.items()
        }
