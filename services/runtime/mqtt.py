"""
Takes messages from an MQTT broker, and acknowledges each only when it is told to: the one home of the client library.

MQTT 5, quality of service 1, and a session that the broker keeps while nobody listens: what is not acknowledged comes
again.
"""

import ssl
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from services.runtime.errors import Misconfigured

__all__ = ["Broker", "Message", "Subscription", "read_broker"]

_SESSION_SECONDS: Final = 7 * 86_400
"""So long the broker keeps messages for a subscriber that is away."""
_UNACKNOWLEDGED: Final = 500
_LONGEST_PAUSE_SECONDS: Final = 60
_IF_NEW: Final = 1
"""Retained messages come with a new subscription, not with every connection."""
_WILL_NOT_DO: Final = frozenset({
    "Not authorized", "Bad user name or password", "Client identifier not valid", "Unsupported protocol version",
    "Banned", "Bad authentication method",
})  # fmt: skip
"""Refusals that stay refusals, in the words of the protocol."""


class Broker(NamedTuple):
    """
    Where the broker is, and as whom one comes. ``tls`` None: in the clear.
    """

    host: str
    port: int
    user: str | None = None
    password: str | None = None
    tls: ssl.SSLContext | None = None


class Message(NamedTuple):
    """
    One message; ``number`` and ``connection`` are the library's, to acknowledge it by.
    """

    topic: str
    payload: bytes
    number: int
    connection: int


def read_broker(url: str, password: str | None, ca_file: Path | None) -> Broker:
    """
    Read ``mqtt://host:1883`` or ``mqtts://user@host:8883``. Raises Misconfigured.
    """
    problem = f"--broker {url[:80]!r}: write it like mqtt://host:1883 or mqtts://user@host:8883"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Misconfigured(problem) from error
    if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise Misconfigured(problem)
    if parts.password is not None:
        raise Misconfigured("--broker: a password in an address is seen by everybody; put it into --password-file")
    secure = parts.scheme == "mqtts"
    try:
        tls = ssl.create_default_context(cafile=ca_file) if secure else None
    except (OSError, ssl.SSLError) as error:
        raise Misconfigured(f"--ca-file {ca_file}: cannot be used: {error}") from error
    return Broker(parts.hostname, port or (8_883 if secure else 1_883), parts.username, password, tls)


class Subscription:
    """
    Keeps connected and collects messages in a thread of its own; the methods may be called from any one thread.

    ``client_id`` is the name of the session: who comes back under it finds what came meanwhile, and of two that use it
    at once each throws the other out. `tell` hears, in that thread, of connections that come and go.
    """

    def __init__(
        self,
        broker: Broker,
        client_id: str,
        topics: Sequence[str],
        tell: Callable[[str], object] = lambda _text: None,
    ) -> None:
        self._broker = broker
        self._place = f"{broker.host}:{broker.port}"
        self._tell = tell
        self._told_away = False
        self._is_subscribed = False
        self._topics = topics
        self._messages: SimpleQueue[Message | None] = SimpleQueue()
        self._refusal: str | None = None
        self._connection = 0
        self._lock = threading.Lock()
        self._client = client = Client(
            CallbackAPIVersion.VERSION2, client_id, protocol=MQTTProtocolVersion.MQTTv5, manual_ack=True
        )
        client.reconnect_delay_set(1, _LONGEST_PAUSE_SECONDS)
        if broker.user is not None:
            client.username_pw_set(broker.user, broker.password)
        if broker.tls is not None:
            client.tls_set_context(broker.tls)
        client.on_connect = self._connected
        client.on_connect_fail = self._not_connected
        client.on_message = self._received
        client.on_disconnect = self._disconnected
        client.on_subscribe = self._subscribed

    @property
    def is_subscribed(self) -> bool:
        """
        Whether what is published now comes to us: the broker has said that it took the subscription.
        """
        return self._is_subscribed

    def start(self) -> None:
        """
        Begin to connect, for as long as it takes.
        """
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = _SESSION_SECONDS
        properties.ReceiveMaximum = _UNACKNOWLEDGED
        self._client.connect_async(self._broker.host, self._broker.port, clean_start=False, properties=properties)
        self._client.loop_start()

    def stop(self) -> None:
        """
        Leave; the broker keeps what comes from now on.
        """
        self._client.disconnect()
        self._client.loop_stop()

    def take(self, most: int, seconds: float) -> list[Message]:
        """
        Wait for messages so long at most, and return those that are there, `most` at once. Raises Misconfigured where
        the broker refuses us for good.
        """
        found: list[Message] = []
        try:
            one = self._messages.get(timeout=seconds)
            while one is not None:
                found.append(one)
                if len(found) >= most:
                    break
                one = self._messages.get_nowait()
        except Empty:
            pass
        if self._refusal is not None:
            raise Misconfigured(f"the broker at {self._place} refuses us: {self._refusal}")
        return found

    def wake(self) -> None:
        """
        Let `take` return at once.
        """
        self._messages.put(None)

    def acknowledge(self, messages: Sequence[Message]) -> None:
        """
        Tell the broker that these need not come again. Those of a connection that was lost will come again anyhow.
        """
        with self._lock:
            for message in messages:
                if message.number and message.connection == self._connection:
                    self._client.ack(message.number, 1)

    def _connected(self, client: Client, _: Any, _flags: ConnectFlags, code: ReasonCode, _p: Properties | None) -> None:  # noqa: ANN401
        if code.is_failure:
            if str(code) in _WILL_NOT_DO:
                self._refuse(str(code))
            return
        options = SubscribeOptions(qos=1, retainHandling=_IF_NEW)
        client.subscribe([(topic, options) for topic in self._topics])
        self._told_away = False

    def _subscribed(self, _c: Client, _: Any, _mid: int, codes: list[ReasonCode], _p: Properties | None) -> None:  # noqa: ANN401
        for topic, code in zip(self._topics, codes, strict=True):
            if code.is_failure:
                self._refuse(f"topic {topic}: {code}")
                return
        # Not told before: what is published until the broker has taken the subscription, a new session never sees.
        self._is_subscribed = True
        self._tell(f"connected to {self._place}")

    def _received(self, _client: Client, _: Any, message: MQTTMessage) -> None:  # noqa: ANN401
        self._messages.put(Message(message.topic, bytes(message.payload), message.mid, self._connection))

    def _disconnected(
        self,
        _c: Client,
        _: Any,  # noqa: ANN401
        _flags: DisconnectFlags,
        _code: ReasonCode,
        _p: Properties | None,
    ) -> None:
        self._is_subscribed = False
        with self._lock:
            self._connection += 1
        self._tell(f"the connection to {self._place} ended")

    def _not_connected(self, _client: Client, _: Any) -> None:  # noqa: ANN401
        if not self._told_away:
            self._told_away = True
            self._tell(f"no connection to {self._place} (nobody answers, or not by its certificate); trying again")

    def _refuse(self, why: str) -> None:
        self._refusal = why
        self.wake()
