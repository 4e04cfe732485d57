"""
Delivering: puts messages together and hands them to the notifiers, by the configuration that holds then.
"""

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from domain.backoff import Draw
from domain.wording import Catalogue
from schemas.alerts import ALERTS, NOTIFICATIONS, Delivery
from schemas.base import Millis
from services.alerts.engine import Sent
from services.alerts.engine.ack_links import AckLink, signed
from services.alerts.shell.books import Books
from services.alerts.shell.notifiers import (
    Channels,
    Composer,
    Deliveries,
    Secrets,
    Surroundings,
    TextWriter,
    system_resolve,
)
from services.alerts.shell.origins import Origins
from services.alerts.shell.particulars import Evidence, particulars_of
from services.runtime.clock import Clock
from services.runtime.logs import Logger
from services.runtime.tracing import UNTRACED, Tracing

__all__ = ["Delivering", "Made"]

LOOK_SECONDS: Final = 0.5
_ENDS: Final = frozenset({"delivered", "given_up"})


class Said(StrEnum):
    """
    The log events of this module.
    """

    GONE = "receiver_gone_and_its_message_is_given_up"
    FAILED = "message_not_delivered"
    TEMPLATE = "template_faulty_and_the_shipped_one_stands_in"


@dataclass(frozen=True, slots=True)
class Made:
    """
    What messages are made of: languages, templates of the user's own, secrets, and how links are signed.

    Without `public_url` or `keys` messages have no links.
    """

    catalogues: Mapping[str, Catalogue]
    templates: Path | None
    environment: Mapping[str, str]
    public_url: str | None
    dashboards_url: str | None
    keys: tuple[bytes, ...]


class Delivering:
    """
    Takes messages from `start` on. Who is named to `report_to` hears of every outcome, and of what needs nobody any
    more.
    """

    def __init__(
        self,
        books: Books,
        made: Made,
        *,
        clock: Clock,
        draw: Draw,
        tls: ssl.SSLContext,
        log: Logger,
        tracing: Tracing = UNTRACED,
    ) -> None:
        self._books = books
        self._made = made
        self._clock = clock
        self._draw = draw
        self._tls = tls
        self._log = log
        self._tracing = tracing
        self._causes: dict[str, tuple[bytes, ...]] = {}
        self._secrets = Secrets(made.environment)
        writer = TextWriter(made.catalogues, made.templates)
        for fault in writer.faults:
            log.warning(Said.TEMPLATE, problem=fault)
        self._composer = Composer(made.catalogues, writer, self._link)
        self._deliveries: Deliveries | None = None
        self._channels: Channels | None = None
        self._hear: Sequence[Callable[[Delivery], None]] = ()
        self._done: Callable[[str], None] = _nowhere
        self.evidence = Evidence()
        self.origins = Origins(active=tracing.active)
        self.delivered_at: Millis | None = None
        """When a message last arrived, by the clock that never runs backwards."""
        self.failures: Counter[tuple[str, str]] = Counter()
        """Attempts that failed, by receiver and reason, since somebody last took them."""

    def report_to(self, hear: Sequence[Callable[[Delivery], None]], done: Callable[[str], None]) -> None:
        """
        Say who are told of each outcome, and who of the messages that are delivered or given up.
        """
        self._hear, self._done = hear, done

    def start(self) -> None:
        """
        Begin to deliver: inside a running loop.
        """
        self._channels = Channels(secrets=self._secrets, clock=self._clock, resolve=system_resolve, context=self._tls)
        around = Surroundings(
            record=self._ended,
            clock=self._clock,
            draw=self._draw,
            pause=_pause,
            redacted=self._secrets.redacted,
            failed=self._failed,
        )
        self._deliveries = Deliveries(self._channels.of, around)

    def put(self, message: Sent) -> None:
        """
        Put a message together and queue it.
        """
        book, deliveries = self._books.book, self._deliveries
        if book is None or deliveries is None:
            raise AssertionError("messages are decided by a book, after the start")
        notification = NOTIFICATIONS.validate_json(msgspec.json.encode(message.notification))
        receiver = book.receivers.get(notification.receiver)
        if receiver is None:
            self._log.warning(Said.GONE, receiver=notification.receiver, message=notification.id)
            self._done(notification.id)
            return
        alerts = [ALERTS.validate_json(msgspec.json.encode(alert)) for alert in message.alerts]
        about = particulars_of(
            message.alerts, book.said, self._books.documents, self.evidence, self._made.dashboards_url
        )
        person = book.people.get(notification.person or "")
        zone = ZoneInfo(person.zone if person is not None else "UTC")
        composed = self._composer.compose(notification, alerts, receiver, about, zone)
        for fault in composed.texts.faults:
            self._log.warning(Said.TEMPLATE, problem=fault)
        causes = self.origins.of(message.alerts)
        if causes:
            self._causes[notification.id] = causes
        deliveries.submit(composed)

    async def watch(self) -> None:
        """
        Keep to the configuration as it changes; never returns, and raises what a bug raised.
        """
        deliveries = self._deliveries
        if deliveries is None:
            raise AssertionError("it is watched after the start")
        seen = 0
        crash = asyncio.create_task(deliveries.watch())
        try:
            while not crash.done():
                if self._books.changes != seen and self._books.book is not None:
                    seen = self._books.changes
                    deliveries.configure(self._books.book.receivers.values())
                await asyncio.wait([crash], timeout=LOOK_SECONDS)
            await crash
        finally:
            crash.cancel()

    @property
    def waiting(self) -> int:
        """
        How many messages wait to be delivered.
        """
        return 0 if self._deliveries is None else len(self._deliveries)

    async def forget(self) -> None:
        """
        End all attempts; what was not delivered is delivered by whoever comes next.
        """
        if self._deliveries is not None:
            await self._deliveries.forget()
        self._causes.clear()
        if self._channels is not None:
            await self._channels.close()

    def _failed(self, receiver: str, reason: str) -> None:
        self.failures[receiver, reason] += 1

    def _ended(self, delivery: Delivery) -> None:
        causes = self._causes.pop(delivery.notification, ()) if delivery.outcome in _ENDS else ()
        # The span is of all that was tried, from the decision to send on; it names nobody.
        facts = {"sqm.delivery.outcome": delivery.outcome, "sqm.delivery.attempts": delivery.attempts}
        with self._tracing.batch("send message", causes, facts, began_ms=delivery.at - delivery.took_ms):
            self._tell(delivery)

    def _tell(self, delivery: Delivery) -> None:
        for hear in self._hear:
            hear(delivery)
        if delivery.outcome == "delivered":
            self.delivered_at = self._clock.monotonic_ms()
        else:
            self._log.warning(Said.FAILED, **delivery.model_dump(exclude_none=True))
        if delivery.outcome in _ENDS:
            self._done(delivery.notification)

    def _link(self, alert: str, by: str, expires_at: Millis) -> str:
        if self._made.public_url is None or not self._made.keys:
            return ""
        return f"{self._made.public_url}/a/{signed(AckLink(alert, by, expires_at), self._made.keys[0])}"


async def _pause(milliseconds: Millis) -> None:
    await asyncio.sleep(milliseconds / 1000)


def _nowhere(_: object) -> None:
    raise AssertionError("it was not said who is told of outcomes")
