"""
From a notification to a message in the queue: finds its words and its links, and hands it over.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from typing import Final

from domain.wording import Catalogue
from schemas.alerts import Alert, Notification
from schemas.base import DAY_MS, Millis
from schemas.receivers import Receiver
from services.alerts.engine.ack_links import AckLinks
from services.alerts.shell.notifiers.message import Message, Particulars
from services.alerts.shell.notifiers.texts import TextWriter

__all__ = ["LINK_HOLDS_MS", "Composer"]

LINK_HOLDS_MS: Final = DAY_MS
"""How long after a message its links acknowledge."""


class Composer:
    """
    Puts messages together.
    """

    def __init__(self, catalogues: Mapping[str, Catalogue], writer: TextWriter, ack_links: AckLinks) -> None:
        self._catalogues = catalogues
        self._writer = writer
        self._ack_links = ack_links

    def compose(
        self,
        notification: Notification,
        alerts: Sequence[Alert],
        receiver: Receiver,
        particulars: Mapping[str, Particulars],
        zone: tzinfo = UTC,
    ) -> Message:
        """
        Put the message together that tells a receiver of these alerts, with times in a zone. The same notification
        gives the same message, so that a copy is one.
        """
        by = f"person:{notification.person}" if notification.person else f"receiver:{notification.receiver}"
        until: Millis = notification.at + LINK_HOLDS_MS
        made = {one.key: self._ack_links(one.key, by, until) for one in alerts if one.state == "firing"}
        links = {key: link for key, link in made.items() if link}
        catalogue = self._catalogues[notification.language]
        return Message(
            notification=notification,
            receiver=receiver,
            alerts=tuple(alerts),
            particulars=particulars,
            acknowledge=links,
            texts=self._writer.write(notification, alerts, particulars, links, zone),
            words={word: catalogue.say(f"alert-{word}", {}) for word in ("acknowledge", "runbook", "dashboard")},
        )
