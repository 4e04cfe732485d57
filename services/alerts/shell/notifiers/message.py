"""
A message as every channel gets it: what was decided, the alerts it tells of, and its text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from domain.explanations import Statement
from schemas.alerts import Alert, Notification
from schemas.receivers import Receiver

__all__ = ["Channel", "Message", "Particulars", "Texts"]


@dataclass(frozen=True, slots=True)
class Particulars:
    """
    What people want to know of an alert and the alert itself does not say. All of it may be unknown.
    """

    standard: str | None = None
    """Title of the standard; else its id is shown."""
    site: str | None = None
    """Title of the site."""
    why: tuple[Statement, ...] = ()
    """Why it is so: the headline and the judgement of the explanation."""
    do: str | None = None
    """What to do about it, in the words of its standard, or else of its rule."""
    runbook: str | None = None
    """Address where that is written at length."""
    dashboard: str | None = None
    """Address of the dashboard that shows what it rests on."""


@dataclass(frozen=True, slots=True)
class Texts:
    """
    What a message says, in the reader's language: a title of one line, the same in a few lines (for what is paid by the
    word), at length, and at length as HTML.
    """

    title: str
    short: str
    long: str
    html: str
    faults: tuple[str, ...] = ()
    """What was wrong with templates of the user's own, for which the shipped ones stood in."""


@dataclass(frozen=True, slots=True)
class Message:
    """
    One message for one receiver.
    """

    notification: Notification
    receiver: Receiver
    alerts: tuple[Alert, ...]
    """All that it tells of, in the order of the notification, which lists the first ones."""
    particulars: Mapping[str, Particulars]
    """By the alert's key."""
    acknowledge: Mapping[str, str]
    """Addresses of the links that acknowledge, by the alert's key; of those that wait for somebody."""
    texts: Texts
    words: Mapping[str, str]
    """Words of the reader's language for links: `acknowledge`, `runbook`, `dashboard`."""

    def about(self, alert: Alert) -> Particulars:
        return self.particulars.get(alert.key, Particulars())


class Channel(Protocol):
    """
    One way in which messages leave.
    """

    async def send(self, message: Message, reached: set[str]) -> str | None:
        """
        Deliver a message; return None, or a remark where not everything arrived that ever will.

        `reached` is empty at the first attempt and the same set at each further one: a channel that delivers in parts
        writes there which have arrived, so that they do not arrive twice. Raises Transient (again later), Rejected
        (never), or Misconfigured (somebody has to do something first).
        """
        ...
