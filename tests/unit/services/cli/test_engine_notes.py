"""
Whatever the engine notes about events has words for people.
"""

from services.cli.engine_notes import NOTES, told_notes
from services.sla.engine import Reason


def test_every_reason_has_words() -> None:
    assert NOTES.keys() == set(Reason)


def test_notes_are_told_by_name_with_how_often_and_what_they_mean() -> None:
    assert list(told_notes({"no_promise": 1_100, "duplicate": 1})) == [
        "noted: 1 × duplicate (came before, and changes nothing)",
        "noted: 1,100 × no_promise (held to the time that was promised, and nothing was; in no figure)",
    ]
