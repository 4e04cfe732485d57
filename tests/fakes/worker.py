"""
A worker without Kafka and without a loop: what a partition brings goes in, what is sent and saved is kept.
"""

import json
from collections.abc import Sequence

from schemas.standards import DOCUMENTS, Published
from services.runtime.errors import Unreachable
from services.runtime.kafka import BlobName, Lease
from services.runtime.stopping import StopRule
from services.runtime.tracing import UNTRACED, Tracing
from services.sla.engine import Book, Partition, Policy
from services.sla.shell.checkpoints import Checkpoints, Saved
from services.sla.shell.envelope import Kind
from services.sla.shell.folding import Folding
from services.sla.shell.outputs import Outputs
from services.sla.shell.partitions import Owned
from services.sla.shell.refusals import Refusals
from tests.e2e.sla_line import event, standard
from tests.fakes.clock import ManualClock
from tests.fakes.records import FakeRecord
from tests.fakes.sending import FakeProducer, FakeStore, Journal

TOPICS = {Kind.MEASUREMENT: "measurements", Kind.VIOLATION: "violations", Kind.ATTAINMENT: "attainment"}
NOON = 1_793_000_000_000


class Bench:
    """
    A partition with everything around it but Kafka.
    """

    def __init__(
        self,
        error: Unreachable | None = None,
        rule: StopRule = StopRule(in_a_row=10),  # noqa: B008  it is frozen
        clock: ManualClock | None = None,
        tracing: Tracing = UNTRACED,
    ) -> None:
        self.journal: Journal = []
        self.producer = FakeProducer(self.journal)
        self.store = FakeStore(self.journal, error)
        self.saved: list[Saved] = []
        clock = clock or ManualClock(NOON)
        document = DOCUMENTS.validate_python(standard(limit="20s"))
        self.clock = clock
        self.book = book = Book.of([Published(document=document, published_at=0, published_by="test")])
        self.refusals = Refusals(topic="dead", group="g", clock=clock)
        self.outputs = Outputs(self.producer, TOPICS, self.refusals, tracing)
        self.folding = Folding(self.outputs, book=lambda: book, rule=rule, clock=clock)
        self.checkpoints = Checkpoints(
            self.store, self.outputs, book=lambda: book, clock=clock, saved=self.saved.append, tracing=tracing
        )
        self.owned = self.assigned({})

    def assigned(self, blobs: dict[BlobName, bytes]) -> Owned:
        owned = Owned(0, 1, Partition(Policy()))
        owned.install(Lease(0, 7, blobs), 0, self.outputs.pending)
        return owned

    def fold(self, *values: bytes) -> None:
        start = self.owned.next_offset
        self.folding.records(
            self.owned, [FakeRecord(start + at, value, timestamp=NOON + at) for at, value in enumerate(values)]
        )

    def states(self, topic: str) -> Sequence[str]:
        return [json.loads(value or b"{}")["state"] for value in self.producer.on(topic)]


def arrived(journey: str = "j1", at: int = NOON) -> bytes:
    return event("journey.arrived", journey, at)


def called(journey: str = "j1", at: int = NOON + 30_000) -> bytes:
    return event("journey.called", journey, at)
