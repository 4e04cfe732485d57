"""
What a starter of an embedded broker may choose, and the names of what it gets.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

__all__ = ["BrokerKind", "BrokerOptions", "ChoiceReason", "default_jars"]


class BrokerKind(StrEnum):
    """
    The brokers that can be embedded, best first.
    """

    KAFKA = "kafka"
    """A real Apache Kafka: one KRaft node, its records on disk."""
    MEMORY = "memory"
    """librdkafka's test broker, in this process's memory: speaks the protocol, keeps nothing."""


class ChoiceReason(StrEnum):
    """
    Why a kind of broker runs.
    """

    ASKED_FOR = "asked_for"
    COMPLETE = "java_and_jars_found"
    NO_JAVA = "no_java"
    NO_JARS = "no_jars"


def default_jars() -> Path:
    """
    Where `make setup` puts the jars of the broker: `.tools/kafka/jars` of the checkout.
    """
    return Path(__file__).resolve().parents[3] / ".tools" / "kafka" / "jars"


@dataclass(frozen=True)
class BrokerOptions:
    """
    How an embedded broker is to be started; the defaults suit a test or the demo.
    """

    kind: BrokerKind | None = None
    """Which broker; None takes the best that this machine can run."""
    folder: Path | None = None
    """Where data, configuration and log go; None makes a temporary folder that goes away with the broker."""
    port: int = 0
    """The clients' port on 127.0.0.1; 0 takes a free one."""
    jars: Path = field(default_factory=default_jars)
    """The folder with Kafka's jars."""
    heap_megabytes: int = 512
    """Greatest heap of the Java process; Kafka keeps records in the page cache, not in the heap."""
    java_flags: tuple[str, ...] = ()
    """Further flags of the Java that the broker runs on."""
    partitions: int = 4
    """Partitions of a topic that is created without saying how many."""
    start_timeout_seconds: float = 120.0
    """How long to wait until the broker answers; 4 s is usual, a loaded machine may need ten times that."""
    users: Mapping[str, str] = field(default_factory=dict)
    """Names and passwords; where there are any, clients must log in with SASL PLAIN."""
    properties: Mapping[str, str] = field(default_factory=dict)
    """Further lines of server.properties; they win over ours."""
