"""
Makes the topics that a service needs, from plain descriptions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import for_code

from services.runtime.errors import Misconfigured
from services.runtime.kafka.connection import Connection
from services.runtime.kafka.faults import KafkaFault, translated

__all__ = ["TopicContract", "TopicSpec", "ensure_topics", "specs_of"]

ALREADY_EXISTS = 36


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """
    One topic to make sure of: its logical name (the connection's prefix is put in front), how many partitions and
    the broker's settings for it. `replication` -1 leaves the number of copies to the broker.
    """

    name: str
    partitions: int
    config: Mapping[str, str] = field(default_factory=dict)
    replication: int = -1


class TopicContract(Protocol):
    """
    A topic as its contract describes it; `partitions` None means as many as the deployment says.
    """

    @property
    def name(self) -> str: ...
    @property
    def partitions(self) -> int | None: ...
    @property
    def retention_ms(self) -> int: ...
    @property
    def cleanup(self) -> str: ...
    @property
    def timestamps(self) -> str: ...
    @property
    def max_message_bytes(self) -> int: ...


def specs_of(contracts: Iterable[TopicContract], *, partitions: int, replication: int = -1) -> list[TopicSpec]:
    """
    What to make for topics described by contract.
    """
    return [
        TopicSpec(
            one.name,
            one.partitions or partitions,
            {
                "cleanup.policy": one.cleanup,
                "retention.ms": str(one.retention_ms),
                "message.timestamp.type": one.timestamps,
                "max.message.bytes": str(one.max_message_bytes),
            },
            replication,
        )
        for one in contracts
    ]


async def ensure_topics(connection: Connection, specs: Iterable[TopicSpec]) -> None:
    """
    Create the topics that are missing and leave the others as they are.

    Safe to call by several processes at once. A topic that exists with another number of partitions is refused, since
    keys would no longer find their state.
    """
    wanted = list(specs)
    admin = AIOKafkaAdminClient(**connection.client_options())
    try:
        await admin.start()
        if admin._client.cluster.controller is None:  # noqa: SLF001  nothing public tells
            # librdkafka's broker in memory has no controller; it makes a topic when it is first asked about it.
            await admin.describe_topics([connection.name(spec.name) for spec in wanted])
            return
        response = await admin.create_topics(
            [_new_topic(connection, spec) for spec in wanted],
            timeout_ms=30_000,
        )
        existing = set()
        for name, code, *rest in response.topic_errors:
            if code == ALREADY_EXISTS:
                existing.add(name)
            elif code:
                raise for_code(code)(f"cannot create topic {name}: {rest[0] if rest else code}")
        if existing:
            for description in await admin.describe_topics(sorted(existing)):
                _check(connection, wanted, description)
    except KafkaFault as error:
        raise translated(error, f"create the topics on {connection.bootstrap_servers}") from error
    finally:
        await admin.close()


def _new_topic(connection: Connection, spec: TopicSpec) -> NewTopic:
    topic = NewTopic(connection.name(spec.name), spec.partitions, 1, topic_configs=dict(spec.config))
    # Its constructor refuses -1, though the protocol has long had it for "as many as the broker's default".
    topic.replication_factor = spec.replication
    return topic


def _check(connection: Connection, wanted: list[TopicSpec], description: Mapping[str, object]) -> None:
    partitions = description["partitions"]
    if not isinstance(partitions, list):
        raise TypeError(f"describe_topics returned {type(partitions)!r} for partitions")
    for spec in wanted:
        if connection.name(spec.name) == description["topic"] and len(partitions) != spec.partitions:
            raise Misconfigured(
                f"Kafka: topic {description['topic']} has {len(partitions)} partitions, not {spec.partitions}; "
                "set the expected number, or create the topic anew: keys would not find their state"
            )
