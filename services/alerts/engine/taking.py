"""
What a violation does to the alert that it belongs to.
"""

from bisect import insort
from typing import Final, NamedTuple, Protocol

import msgspec

from services.alerts.engine.book import Book
from services.alerts.engine.inputs import Violation
from services.alerts.engine.labels import alert_key
from services.alerts.engine.life import Known, Life
from services.alerts.engine.outcomes import Note, Reason
from services.alerts.engine.rules import OpenViolation, labels_of, labels_of_alert

__all__ = ["Indexed", "Taken", "in_order", "take_violation"]

MOST_MEMBERS: Final = 1_000
"""Openings that are known one by one for each alert; of one that had more, older ones cannot be retracted any more."""
FUTURE_MS: Final = 300_000
"""So far ahead at most a violation may lie: the clocks of machines differ a little."""
_NONE: Final = ""


class Taken(NamedTuple):
    """
    The key of the alert that a violation changed, empty for none, and why it did less than it might.
    """

    key: str
    notes: tuple[Note, ...] = ()


def in_order(one: Violation) -> tuple[str, int, int]:
    """
    The order in which violations of one instant are taken.
    """
    return one.id, *one.revision


class Indexed(Protocol):
    """
    Alerts by key, and by violation the key of its alert.
    """

    lives: dict[str, Life]
    keys: dict[str, str]


def take_violation(state: Indexed, book: Book, at: int, one: Violation) -> Taken:
    """
    Let one violation change the facts of its alert; what follows from them is for `settle`.
    """
    life, notes = _alert_of(state, book, at, one)
    if life is None:
        return Taken(_NONE, notes)
    before = life.known.get(one.id)
    if before is not None and one.revision <= (before.rev_offset, before.rev_watermark):
        return Taken(_NONE, (Note(at, Reason.OLD_REVISION, one.id),))
    if one.opened_at > at + FUTURE_MS:
        # Counted and graded by that time it would be wrong for years; of one that is open what was taken first holds.
        opened_at = life.open[one.id].opened_at if one.id in life.open else at + FUTURE_MS
        notes = (*notes, Note(at, Reason.IN_THE_FUTURE, one.id))
        one = msgspec.structs.replace(one, opened_at=opened_at)
    over = at if one.is_over else None
    state.keys[one.id] = life.key
    life.known[one.id] = Known(*one.revision, over)
    life.version = one.version
    if one.state == "retracted":
        life.members.discard(one.id)
        life.fresh.discard(one.id)
        life.opened = [each for each in life.opened if each[1] != one.id]
    elif before is None:
        _open(life, one, counted=book.counts(life.rule))
    if over is None:
        life.open[one.id] = OpenViolation(one.opened_at, one.limit_ms, one.standard_key, one.severity)
    else:
        life.open.pop(one.id, None)
        life.dismissed.discard(one.id)
    return Taken(life.key, notes)


def _alert_of(state: Indexed, book: Book, at: int, one: Violation) -> tuple[Life | None, tuple[Note, ...]]:
    """
    The alert of a violation: the one that it belongs to since it was first seen, else by the first rule that takes it.
    """
    if one.id in state.keys:
        return state.lives[state.keys[one.id]], ()
    facts = book.standards.get(one.standard_key)
    known = facts is not None or one.kind == "external"
    notes = () if known else (Note(at, Reason.UNKNOWN_STANDARD, one.standard_key),)
    labels = labels_of(one, facts, book.region_of(one.site))
    rule = book.rule_for(labels)
    if rule is None:
        return None, (*notes, Note(at, Reason.NO_RULE, one.id))
    if one.late and not rule.said.late:
        return None, (*notes, Note(at, Reason.LATE, one.id))
    key = alert_key(one, rule.said.by)
    life = state.lives.get(key)
    if life is None:
        life = state.lives[key] = Life(key, rule.id, {}, one.version)
    if life.is_over:
        life.rule, life.labels = rule.id, labels_of_alert(labels, rule.said)
    return life, notes


def _open(life: Life, one: Violation, *, counted: bool) -> None:
    """
    Note a violation that nobody has seen before; where its rule counts openings, also when it was.
    """
    life.fresh.add(one.id)
    if counted:
        insort(life.opened, (one.opened_at, one.id))
        del life.opened[:-MOST_MEMBERS]
    if not life.is_over:
        life.seen += 1
        if len(life.members) < MOST_MEMBERS:
            life.members.add(one.id)
