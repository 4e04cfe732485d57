"""
Standing orders: the silences and stand-ins that hold, those of the configuration and those that commands have given.
"""

from datetime import datetime, timedelta
from heapq import heappush
from typing import Final

from schemas.alert_commands import AlertCommand
from schemas.alert_routes import Silence
from schemas.base import from_millis
from schemas.on_call import Override
from services.alerts.engine.book import Book
from services.alerts.engine.desk_state import DeskState
from services.alerts.engine.outcomes import Reason
from services.alerts.engine.quiet import Quiet, recurrence_fault
from services.alerts.engine.rules import NEVER
from services.alerts.engine.telling import Teller

__all__ = ["QUIET", "Orders"]

QUIET: Final = ("quiet", "")
"""Stands in the heap for the next change of a silence."""


class Orders:
    """
    What commands have said, kept in the state, with what the book says.
    """

    def __init__(self, book: Book, state: DeskState) -> None:
        self._book = book
        self._state = state
        self.quiet = Quiet(())
        self.stands: dict[str, list[Override]] = {}
        self._compile()

    def obey(self, command: AlertCommand, teller: Teller) -> bool:
        """
        Obey a command that is about silences or stand-ins; tells whether silences have changed.
        """
        if command.silence is not None and recurrence_fault(command.silence) is not None:
            teller.note(command.at, Reason.SILENCE_NEVER_COMES, command.silence.id)
            return False
        if command.silence is not None:
            self._state.rest.silences[command.silence.id] = _text(command.silence)
            self._state.rest.ended_silences.discard(command.silence.id)
        elif command.ends is not None:
            if command.ends not in self.silences():
                teller.note(command.at, Reason.NO_SUCH_SILENCE, command.ends)
                return False
            self._state.rest.silences.pop(command.ends, None)
            self._state.rest.ended_silences.add(command.ends)
        elif command.schedule is not None and command.override is not None:
            self._stand_in(command.schedule, command.override, command, teller)
            return False
        else:
            return False
        self._compile()
        return True

    def put_down(self) -> None:
        """
        Put down when a silence begins or ends next.
        """
        change = self.quiet.next_change(self._state.rest.now)
        if change < NEVER:
            heappush(self._state.waiting, (change, QUIET))

    def _stand_in(self, schedule: str, override: Override, command: AlertCommand, teller: Teller) -> None:
        if schedule not in self._book.schedules:
            teller.note(command.at, Reason.NO_SUCH_SCHEDULE, schedule)
        elif override.person is not None and override.person not in self._book.people:
            teller.note(command.at, Reason.NO_SUCH_PERSON, override.person)
        else:
            self._state.rest.stands.setdefault(schedule, []).append(_text(override))
            self._compile()

    def silences(self) -> dict[str, Silence]:
        """
        All silences by id, of the configuration those that are over too.
        """
        given = {name: Silence.model_validate_json(text) for name, text in self._state.rest.silences.items()}
        written = {one.id: one for one in self._book.said.silences if one.id not in self._state.rest.ended_silences}
        return written | given

    def _compile(self) -> None:
        """
        Make anew what holds, and forget what commands said about times that are over.
        """
        rest, now = self._state.rest, from_millis(self._state.rest.now)
        # One that somebody writes later under the id of an ended one is another.
        rest.ended_silences &= {one.id for one in self._book.said.silences}
        for name, text in list(rest.silences.items()):
            if _is_past(Silence.model_validate_json(text), now):
                del rest.silences[name]
        for schedule, texts in rest.stands.items():
            rest.stands[schedule] = [text for text in texts if Override.model_validate_json(text).until > now]
        self.quiet = Quiet(self.silences().values())
        self.stands.clear()
        for schedule, texts in self._state.rest.stands.items():
            self.stands[schedule] = [Override.model_validate_json(text) for text in texts]
        self.put_down()


def _is_past(silence: Silence, now: datetime) -> bool:
    lasts = timedelta(milliseconds=silence.again.duration) if silence.again is not None else timedelta(0)
    return silence.until is not None and silence.until + lasts <= now


def _text(said: Silence | Override) -> bytes:
    return said.model_dump_json(by_alias=True).encode()
