"""
What the one that works can tell of its desk, in words for programs.
"""

from collections.abc import Collection, Container, Mapping
from typing import Any, Protocol

from schemas.alert_commands import AlertCommand
from schemas.alert_routes import Silence
from services.alerts.engine import Alert, Desk, on_call

__all__ = ["DeskView", "Working"]


class Working(Protocol):
    """
    Whoever works here: its desk, None where this process stands by, and what it remembers.
    """

    @property
    def desk(self) -> Desk | None: ...

    @property
    def remembered(self) -> Container[str]: ...

    def has_taken(self, command: str) -> bool: ...


class DeskView:
    """
    Looks at the desk, if there is one here, and at which alerts are remembered, those that are over too.
    """

    def __init__(self, working: Working) -> None:
        self._working = working

    def alerts(self) -> Mapping[str, Alert] | None:
        """
        The alerts that are not over, by key; None where this process stands by.
        """
        desk = self._working.desk
        return None if desk is None else {key: case.alert for key, case in desk.state.cases.items()}

    def muted(self, key: str) -> str | None:
        """
        Why nobody is told of an alert: a silence or an inhibition.
        """
        desk = self._working.desk
        return None if desk is None or key not in desk.state.cases else desk.state.cases[key].muted

    def has_taken(self, command: str) -> bool:
        """
        Whether a command was given before, as far back as is remembered.
        """
        return self._working.has_taken(command)

    def lacks(self, command: AlertCommand) -> tuple[str, str] | None:
        """
        What a command names that is not there: a kind of thing and its id. None where all is, or this stands by.
        """
        desk = self._working.desk
        if desk is None:
            return None
        override = command.override.person if command.override is not None else None
        # What somebody thinks of an alert, they often know only when it is over.
        alerts = self._working.remembered if command.action in {"feedback", "comment"} else desk.state.cases
        named: tuple[tuple[str, str | None, Container[str]], ...] = (
            ("alert", command.alert, alerts),
            ("person", command.to or override, desk.book.people),
            ("schedule", command.schedule, desk.book.schedules),
            ("silence", command.ends, desk.orders.silences()),
        )
        return next(((kind, name) for kind, name, there in named if name is not None and name not in there), None)

    def silences(self) -> Mapping[str, Silence] | None:
        """
        All silences by id; None where this process stands by.
        """
        desk = self._working.desk
        return None if desk is None else desk.orders.silences()

    def holding(self) -> Container[str]:
        """
        The ids of the silences that hold now.
        """
        desk = self._working.desk
        return () if desk is None else desk.orders.quiet.holding(desk.state.rest.now)

    def schedules(self) -> Collection[str] | None:
        """
        The ids of all schedules; None where this process stands by.
        """
        desk = self._working.desk
        return None if desk is None else desk.book.schedules

    def on_call(self, schedule: str, at: int) -> dict[str, Any] | None:
        """
        Who is on call by a schedule at an instant; None where there is no such schedule, or none any more.
        """
        desk = self._working.desk
        there = None if desk is None else desk.book.schedules.get(schedule)
        if desk is None or there is None:
            return None
        return {"schedule": schedule, **on_call(there, at, desk.orders.stands.get(schedule, ()))._asdict()}
