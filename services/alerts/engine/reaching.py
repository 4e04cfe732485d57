"""
Reaching people: who a target stands for at an instant, and through which of their contacts.
"""

from typing import NamedTuple

from schemas.on_call import Contact, Person
from services.alerts.engine.book import Book
from services.alerts.engine.on_call import Stands, on_call
from services.alerts.engine.outcomes import Reason

__all__ = ["Reach", "Reached", "Recipient", "contacts_of", "recipients_of"]


class Recipient(NamedTuple):
    """
    Where a message goes: a receiver, and for a person which contact.
    """

    receiver: str
    person: str | None = None
    contact: str | None = None


class Reach(NamedTuple):
    """
    A recipient, and how long after the person's turn came (milliseconds).
    """

    recipient: Recipient
    after: int


class Reached(NamedTuple):
    """
    Whom a target stands for, and why for fewer than it might: reasons with what they are about.
    """

    reaches: tuple[Reach, ...]
    notes: tuple[tuple[Reason, str], ...] = ()


def recipients_of(book: Book, stands: Stands, target: str, severity: str, at: int) -> Reached:
    """
    Find whom a target stands for at an instant: a receiver, a person, all of a team, or whoever is on call.
    """
    kind, _, name = target.partition(":")
    if kind == "receiver":
        return Reached((Reach(Recipient(name), 0),)) if name in book.receivers else Reached(())
    if kind == "schedule":
        schedule = book.schedules.get(name)
        person = on_call(schedule, at, stands.get(name, ())).person if schedule is not None else None
        if person is None:
            return Reached((), ((Reason.NOBODY_ON_CALL, name),))
        people = [person]
    elif kind == "team":
        people = list(book.teams[name].members) if name in book.teams else []
    else:
        people = [name]
    found: list[Reach] = []
    notes: list[tuple[Reason, str]] = []
    for one in people:
        reaches = contacts_of(book, book.people.get(one), severity, at)
        found += reaches
        if not reaches:
            notes.append((Reason.NO_CONTACT_NOW, one))
    return Reached(tuple(found), tuple(notes))


def contacts_of(book: Book, person: Person | None, severity: str, at: int) -> tuple[Reach, ...]:
    """
    The contacts that a person wants used for a severity at an instant; each once, as soon as any rule says.
    """
    if person is None:
        return ()
    if not person.rules:
        return tuple(_reach(person, contact, 0) for contact in person.contacts)
    soonest: dict[str, int] = {}
    for rule in person.rules:
        if severity in rule.severity and (rule.during is None or book.is_open(rule.during, at)):
            for name in rule.contacts:
                soonest[name] = min(rule.after, soonest.get(name, rule.after))
    return tuple(_reach(person, one, soonest[one.id]) for one in person.contacts if one.id in soonest)


def _reach(person: Person, contact: Contact, after: int) -> Reach:
    return Reach(Recipient(contact.receiver, person.id, contact.id), after)
