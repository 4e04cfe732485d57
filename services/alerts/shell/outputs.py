"""
The only way out of the office: transitions, messages and deliveries to their topics, messages to the notifiers.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec

from schemas.alerts import Delivery
from services.alerts.engine import Alert, DeskState, Notification, Sent
from services.alerts.shell.answers import Answers
from services.runtime.kafka import Headers
from services.runtime.tracing import UNTRACED, Tracing

__all__ = ["Delivering", "OutTopics", "Outputs", "Producing"]


class Producing(Protocol):
    """
    Sends records in batches.
    """

    def put(self, topic: str, key: bytes | None, value: bytes | None, *, headers: Headers = ()) -> None: ...

    async def flush(self) -> None: ...


class Delivering(Protocol):
    """
    Takes messages to deliver, in the order of their groups.
    """

    def put(self, message: Sent) -> None: ...

    async def forget(self) -> None: ...


TURN: Final = 10
"""Messages to put together before others get a turn."""


@dataclass(frozen=True, slots=True)
class OutTopics:
    """
    Cluster names.
    """

    alerts: str
    notifications: str
    deliveries: str


class Outputs:
    """
    Sends what the office lets out; counts it by state, reason and outcome.
    """

    def __init__(
        self, producer: Producing, topics: OutTopics, delivering: Delivering, tracing: Tracing = UNTRACED
    ) -> None:
        self._producer = producer
        self._topics = topics
        self._delivering = delivering
        self._tracing = tracing
        self._encode = msgspec.json.Encoder().encode
        self.transitions_by_state: Counter[tuple[str, str]] = Counter()
        self.messages_by_reason: Counter[tuple[str, str]] = Counter()
        self.answers = Answers()

    def take_over(self, state: DeskState, alerts: Iterable[Alert], messages: Iterable[Notification]) -> None:
        """
        Send again what the one before said last, and may not have got to send; it is counted where it was decided.
        """
        self.answers.take_over(state)
        for alert in alerts:
            self._send_alert(alert)
        for one in messages:
            self._send_message(one)

    def transitions(self, alerts: Iterable[Alert]) -> None:
        """
        Send transitions of alerts, in their order.
        """
        for alert in alerts:
            self._send_alert(alert)
            self.transitions_by_state[alert.state, alert.severity] += 1
            self.answers.changed(alert)

    def decided(self, messages: Iterable[Sent]) -> None:
        """
        Send messages to their topic, as a record of what was decided.
        """
        for one in messages:
            said = one.notification
            self._send_message(said)
            self.messages_by_reason[said.receiver, said.reason] += 1
            self.answers.decided(one)

    async def deliver(self, messages: Iterable[Sent]) -> None:
        """
        Hand messages to the notifiers. Putting one together takes a while, so the first ones go meanwhile.
        """
        for place, one in enumerate(messages, 1):
            self._delivering.put(one)
            if place % TURN == 0:
                await asyncio.sleep(0)

    def delivered(self, delivery: Delivery) -> None:
        """
        Send what became of a message.
        """
        key, value = delivery.receiver.encode(), delivery.model_dump_json().encode()
        self._producer.put(self._topics.deliveries, key, value, headers=self._tracing.carried())

    async def forget(self) -> None:
        """
        Deliver nothing more of what waits.
        """
        await self._delivering.forget()

    async def settle(self) -> None:
        """
        Wait until all of it is acknowledged.
        """
        await self._producer.flush()

    def _send_alert(self, alert: Alert) -> None:
        self._producer.put(self._topics.alerts, alert.key.encode(), self._encode(alert))

    def _send_message(self, message: Notification) -> None:
        self._producer.put(self._topics.notifications, message.receiver.encode(), self._encode(message))
