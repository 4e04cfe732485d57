"""
Runs librdkafka's test broker inside this process, for machines on which no Java or no Maven can be had.
"""

from confluent_kafka import Producer

from services.runtime.broker.options import BrokerKind, BrokerOptions

__all__ = ["MemoryBroker"]


class MemoryBroker:
    """
    A broker of the protocol only: it keeps nothing, expires nothing, and ends with the process. Every topic has four
    partitions, whatever is asked for, and comes into being when it is first named.

    Good enough to see the product run; what it shows proves nothing about delivery or recovery.
    """

    kind = BrokerKind.MEMORY

    def __init__(self, options: BrokerOptions) -> None:
        self._options = options
        self._client: Producer | None = None
        self.bootstrap_servers = ""

    def start(self) -> None:
        # The brokers live in the client that asked for them, for as long as it does.
        self._client = Producer(
            {
                "bootstrap.servers": "127.0.0.1:1",
                "test.mock.num.brokers": 1,
                "log_level": 0,
            }
        )
        brokers = self._client.list_topics(timeout=self._options.start_timeout_seconds).brokers
        self.bootstrap_servers = ",".join(f"{one.host}:{one.port}" for one in brokers.values())

    def stop(self) -> None:
        self._client = None

    def close(self) -> None:
        self.stop()
