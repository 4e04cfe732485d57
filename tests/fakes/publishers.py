"""
A broker's place taken by a list: what was published, and the ways in which a broker fails.
"""

from collections.abc import Iterable, Sequence

from services.runtime.errors import Overloaded, ServiceError, Unreachable
from services.runtime.kafka.acknowledging import Outgoing


class FakePublisher:
    """
    Keeps what it is given. `fault` is raised by `check` and `publish` while it is set; `fault_on_publish` by `publish`
    only, as when a broker goes away while a request is read.
    """

    def __init__(self) -> None:
        self.records: list[Outgoing] = []
        self.fault: ServiceError | None = None
        self.fault_on_publish: ServiceError | None = None
        self.in_flight = 0

    def away(self) -> None:
        self.fault = Unreachable("Kafka: not connected")

    def behind(self) -> None:
        self.fault = Overloaded("Kafka: too much waits", retry_after_ms=1_500)

    def check(self) -> None:
        if self.fault is not None:
            raise self.fault

    async def publish(self, records: Iterable[Outgoing]) -> None:
        self.check()
        if self.fault_on_publish is not None:
            raise self.fault_on_publish
        self.records += records

    def of(self, topic: str) -> list[Outgoing]:
        return [record for record in self.records if record.topic == topic]


class FakeProducer(FakePublisher):
    """
    A publisher with a connection that can be refused and can fall silent.
    """

    def __init__(self, *, refuses: ServiceError | None = None) -> None:
        super().__init__()
        self.refuses = refuses
        self.silent_ms = 0
        self.broken: ServiceError | None = None
        self.stopped = False

    async def start(self, topics: Sequence[str]) -> None:
        if self.refuses is not None:
            raise self.refuses

    async def stop(self) -> None:
        self.stopped = True

    def waiting_ms(self) -> int:
        return self.silent_ms
