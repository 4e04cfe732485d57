"""
Silences that commands give: one that can never hold is told to whoever gave it, instead of being kept.
"""

from typing import Any

from schemas.alert_commands import AlertCommand
from schemas.alerting import ALERTINGS
from services.alerts.engine import Book, Desk, DeskState, Given, Reason

AT = 1_772_445_600_000
BOOK = Book(
    ALERTINGS.validate_python(
        {
            "apiVersion": "sqm/v1",
            "kind": "Alerting",
            "metadata": {"id": "floor", "owner": "tests"},
            "rules": [{"id": "waits", "severity": "page"}],
            "route": {"receivers": ["room"]},
            "receivers": [{"id": "room", "title": "Room", "chat": {"url": "ROOM"}}],
        }
    )
)


def command(rule: str) -> Given:
    said: dict[str, Any] = {
        "id": "fair",
        "match": {"site": "riga"},
        "from": "2026-03-01T00:00:00Z",
        "author": "q",
        "reason": "fair",
        "again": {"rule": rule, "zone": "Europe/Riga", "duration": "8h"},
    }
    return Given(
        AT, AlertCommand.model_validate({"id": "c", "at": AT, "by": "q", "action": "silence", "silence": said})
    )


def test_a_silence_that_never_comes_is_not_kept_and_the_reason_is_noted() -> None:
    state = DeskState()
    told = Desk(BOOK, state).take([command("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30")], AT)
    assert [(note.reason, note.about) for note in told.notes] == [(Reason.SILENCE_NEVER_COMES, "fair")]
    assert not state.rest.silences


def test_a_silence_that_comes_is_kept() -> None:
    state = DeskState()
    told = Desk(BOOK, state).take([command("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=29")], AT)
    assert not told.notes
    assert list(state.rest.silences) == ["fair"]


def test_a_silence_that_is_written_later_under_the_id_of_an_ended_one_holds() -> None:
    state, given = DeskState(), command("FREQ=DAILY")
    ending = AlertCommand.model_validate({"id": "e", "at": AT, "by": "q", "action": "unsilence", "ends": "fair"})
    written = BOOK.said.model_copy(update={"silences": (given.command.silence,)})
    desk = Desk(BOOK, state)
    desk.take([given], AT)
    desk.take([Given(AT + 1, ending)], AT + 1)
    assert not desk.orders.silences()
    later = Desk(Book(written), state)
    assert list(later.orders.silences()) == ["fair"]
    later.take([Given(AT + 2, ending.model_copy(update={"id": "f"}))], AT + 2)
    assert not later.orders.silences()
    assert not Desk(Book(written), state).orders.silences()
