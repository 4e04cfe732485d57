"""
The topic of configurations of alerts, as the command line writes it.
"""

from schemas.alerting import Alerting
from schemas.topics import ALERTING
from services.runtime.kafka import BatchProducer, Connection, ensure_topics, specs_of

__all__ = ["send_alerting"]


async def send_alerting(connection: Connection, alerting: Alerting) -> None:
    """
    Publish a configuration; returns when it is durable. Makes the topic where it is missing.
    """
    await ensure_topics(connection, specs_of([ALERTING], partitions=1, replication=-1))
    producer, topic = BatchProducer(connection), connection.name(ALERTING.name)
    await producer.start([topic])
    try:
        producer.put(topic, alerting.metadata.id.encode(), alerting.model_dump_json(by_alias=True).encode())
        await producer.flush()
    finally:
        await producer.stop()
