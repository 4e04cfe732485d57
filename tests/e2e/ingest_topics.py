"""
What is on the topics of ingest, read and written as any other Kafka client would.
"""

import json
from collections.abc import Sequence
from typing import Any

from confluent_kafka import Consumer, Producer, TopicPartition

from schemas.topics import EVENTS

QUIET = {"log_level": 0}


class Topics:
    """
    The topics of one deployment, told apart by its prefix.
    """

    def __init__(self, servers: str, prefix: str) -> None:
        self._servers = servers
        self._prefix = prefix

    def write(self, topic: str, *records: tuple[bytes | None, bytes | None, Sequence[tuple[str, bytes]]]) -> None:
        producer = Producer({"bootstrap.servers": self._servers, "acks": "all", **QUIET})
        for key, value, headers in records:
            producer.produce(self._prefix + topic, value, key, headers=list[tuple[str, str | bytes | None]](headers))
        assert producer.flush(30) == 0

    def read(self, topic: str) -> list[Any]:
        """
        All records that are there now (confluent-kafka's), partition by partition.
        """
        consumer = Consumer({"bootstrap.servers": self._servers, "group.id": "reader", **QUIET})
        try:
            name = self._prefix + topic
            partitions = consumer.list_topics(name, timeout=30).topics[name].partitions
            found = []
            for number in partitions:
                low, high = consumer.get_watermark_offsets(TopicPartition(name, number), timeout=30)
                if high > low:
                    consumer.assign([TopicPartition(name, number, low)])
                    found += consumer.consume(high - low, timeout=30)
            return found
        finally:
            consumer.close()

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(record.value()) for record in self.read(EVENTS.name)]

    def ids(self) -> list[str]:
        return sorted(one["id"] for one in self.events())
