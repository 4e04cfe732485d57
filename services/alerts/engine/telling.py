"""
Telling: messages to recipients, within what a person can bear.
"""

from collections import Counter
from collections.abc import Iterable, MutableMapping, Sequence
from typing import NamedTuple

import msgspec

from schemas.on_call import Contact
from services.alerts.engine.bearing import Burden
from services.alerts.engine.book import Book
from services.alerts.engine.groups import Group, News, gravest_first, message, news_of, note_told
from services.alerts.engine.outcomes import Alert, Note, Notification, Reason
from services.alerts.engine.reaching import Recipient

__all__ = ["Sent", "Teller", "reason_of", "recipient_key", "recipient_of"]

DIGEST = "digest"


class Sent(NamedTuple):
    """
    A message, and all alerts that it tells of as they are then, in its order.
    """

    notification: Notification
    alerts: tuple[Alert, ...]


def recipient_key(recipient: Recipient) -> str:
    """
    A recipient as text, for what it has been told.
    """
    return "/".join(part for part in recipient if part is not None)


def recipient_of(key: str) -> Recipient:
    """
    The recipient that a text stands for.
    """
    return Recipient(*key.split("/"))


class Teller:
    """
    Makes messages and keeps account of who was told what. `causes` counts the alerts of each that are not over.
    """

    def __init__(self, book: Book, burdens: MutableMapping[str, Burden], causes: Counter[str]) -> None:
        self._book = book
        self._burdens = burdens
        self._causes = causes
        self._latest: dict[tuple[str, Recipient], int] = {}
        self.messages: list[Sent] = []
        self.held: set[str] = set()
        """People of whom something was held back."""
        self.notes: list[Note] = []

    def tell(
        self, at: int, group: Group, recipient: Recipient, alerts: Sequence[Alert], reason: str, step: int | None = None
    ) -> bool:
        """
        Tell a recipient of alerts of a group; false where it is held back.
        """
        told = group.told.setdefault(recipient_key(recipient), {})
        if not self._wants(recipient, alerts):
            note_told(told, alerts)
            return True
        if recipient.person is not None and not self._bear(at, group.key, recipient, recipient.person):
            return False
        self._latest[group.key, recipient] = at
        group.sent += 1
        draft = Notification(at, reason, recipient.receiver, group.key, person=recipient.person, step=step)
        self._send(draft, recipient, alerts, group.sent)
        note_told(told, alerts)
        return True

    def has_just_told(self, at: int, group: Group, recipient: Recipient, alerts: Iterable[Alert]) -> bool:
        """
        Whether a recipient was told at this instant, and knows all of these alerts of the group as they are.
        """
        if self._latest.get((group.key, recipient)) != at:
            return False
        told = group.told[recipient_key(recipient)]
        return all(alert.id in told and told[alert.id].seq == alert.seq for alert in alerts)

    def digest(self, at: int, person: str, groups: Iterable[tuple[Group, Sequence[Alert]]]) -> None:
        """
        Tell a person together what was held back, as far as it still is news: of each group what fires there.
        """
        burden = self._burdens[person]
        news: dict[Recipient, list[Alert]] = {}
        for group, firing in groups:
            for recipient in burden.groups[group.key]:
                told = group.told.setdefault(recipient_key(recipient), {})
                found = news_of(group, told, firing).alerts
                news.setdefault(recipient, []).extend(found)
                note_told(told, found)
        held, burden.groups = burden.held, {}
        for recipient, alerts in sorted(news.items(), key=lambda one: recipient_key(one[0])):
            if alerts and self._wants(recipient, alerts):
                burden.sent.append(at)
                burden.digests += 1
                draft = Notification(
                    at, DIGEST, recipient.receiver, f"{DIGEST}:{person}", person=person, held_back=held
                )
                self._send(draft, recipient, alerts, burden.digests)

    def note(self, at: int, reason: Reason, about: str) -> None:
        """
        Note what should be counted and logged.
        """
        self.notes.append(Note(at, reason, about))

    def _wants(self, recipient: Recipient, alerts: Iterable[Alert]) -> bool:
        """
        Whether a recipient is there still, and cares for what is over where it all is.
        """
        receiver = self._book.receivers.get(recipient.receiver)
        if receiver is None or (recipient.person is not None and self._contact_of(recipient) is None):
            return False
        return receiver.resolved or any(not alert.is_over for alert in alerts)

    def _contact_of(self, recipient: Recipient) -> Contact | None:
        person = self._book.people.get(recipient.person or "")
        contacts = person.contacts if person is not None else ()
        return next((one for one in contacts if one.id == recipient.contact), None)

    def _bear(self, at: int, group: str, recipient: Recipient, person: str) -> bool:
        burden = self._burdens.setdefault(person, Burden())
        if burden.has_room(self._book.people[person].limit, at):
            burden.sent.append(at)
            return True
        if burden.hold(group, recipient):
            self.held.add(person)
            self.note(at, Reason.HELD_BACK, person)
        return False

    def _send(self, draft: Notification, recipient: Recipient, alerts: Sequence[Alert], number: int) -> None:
        person, contact = self._book.people.get(recipient.person or ""), self._contact_of(recipient)
        causes = Counter(alert.correlation for alert in alerts if alert.correlation and not alert.is_over)
        draft = msgspec.structs.replace(
            draft,
            to=contact.to if contact is not None else None,
            language=person.language if person is not None else "en",
            related=sum(self._causes[cause] - listed for cause, listed in causes.items()),
        )
        ordered = tuple(sorted(alerts, key=gravest_first))
        self.messages.append(Sent(message(draft, ordered, number), ordered))


def reason_of(group: Group, news: News, *, told_before: bool) -> str:
    """
    Why a message about news is sent: the gravest reason.
    """
    if news.graver:
        return "more_severe"
    if news.new:
        usual = "added" if told_before else "new"
        return next((group.again[alert.key] for alert in news.new if alert.key in group.again), usual)
    if news.again:
        return group.again[news.again[0].key]
    return "retracted" if all(alert.state == "retracted" for alert in news.over) else "resolved"
