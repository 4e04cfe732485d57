"""
What leaves for Kafka arrives after the brokers were away, too: the next call connects anew and sends all of it.
"""

import asyncio
from collections.abc import Sequence

import pytest

from services.cli.loading import Summary
from services.cli.outlets import KafkaOutlet
from services.ingest.engine.rows import RejectedRow, RowReason
from services.runtime.errors import Unreachable
from services.runtime.kafka import BatchProducer, Connection
from tests.fakes.clock import ManualClock
from tests.fakes.sending import FakeProducer, Journal

ROW = RejectedRow("log", 3, "", "x", RowReason.WRONG_FIELD_COUNT, "shifted", "x\n")


class Moody(FakeProducer, BatchProducer):
    """
    A producer that acknowledges, or finds nobody.
    """

    def __init__(self, journal: Journal, *, away: bool) -> None:
        super().__init__(journal)
        self._away = away
        self._told = journal

    async def start(self, topics: Sequence[str] = ()) -> None:
        self._told.append(("started", *topics))

    async def stop(self) -> None:
        self._told.append(("stopped",))
        await self.flush()

    async def flush(self) -> None:
        if self._away:
            raise Unreachable("no broker")
        await super().flush()


def test_after_a_failure_the_next_call_connects_anew_and_sends_everything_again() -> None:
    journal: Journal = []
    producers = [Moody(journal, away=True), Moody(journal, away=False)]
    made = iter(producers)
    summary = Summary()

    async def run() -> None:
        connection = Connection("broker:9092", client_id="test")
        async with KafkaOutlet(connection, ManualClock(0), "utf-8", summary, connect=lambda _: next(made)) as outlet:
            with pytest.raises(Unreachable):
                await outlet.send([[b"a", b"b"]], [ROW])
            assert summary.accepted == 0
            await outlet.send([[b"a", b"b"]], [ROW])
            await outlet.send([[b"c"]], [])

    asyncio.run(run())
    assert summary.accepted == 3
    assert [one[0] for one in journal if one[0] != "put"] == [
        "started", "stopped", "started", "acknowledged", "acknowledged", "stopped", "acknowledged",
    ]  # fmt: skip
    assert producers[1].on("sqm.events.in.v1") == [b"a", b"b", b"x\n", b"c"]
