"""
A connection to the broker that is made late, lost, and made anew.
"""

import asyncio

import pytest

from services.ingest.shell.publishing import BrokerPublisher
from services.runtime.errors import Misconfigured, Transient, Unreachable
from services.runtime.kafka.acknowledging import Outgoing
from tests.fakes.publishers import FakeProducer
from tests.fakes.waiting import until

RECORD = Outgoing("events", b"k", b"v")


class Kept:
    """
    A publisher that hands out the given producers one after the other.
    """

    def __init__(self, *producers: FakeProducer) -> None:
        self.handed: list[FakeProducer] = []
        self.left = list(producers)
        self.stop = asyncio.Event()
        self.publisher = BrokerPublisher(self._next, ["events"], give_up_ms=1_000)
        self.task = asyncio.get_running_loop().create_task(self.publisher.keep_connected(self.stop))

    def _next(self) -> FakeProducer:
        self.handed.append(self.left.pop(0))
        return self.handed[-1]

    async def end(self) -> None:
        self.stop.set()
        await self.task


async def test_without_a_connection_nothing_is_taken() -> None:
    publisher = BrokerPublisher(FakeProducer, ["events"])
    with pytest.raises(Unreachable):
        publisher.check()
    with pytest.raises(Unreachable):
        await publisher.publish([RECORD])
    assert publisher.missing() == ["Kafka: not connected"]


async def test_it_tries_until_the_broker_answers_and_is_ready_then() -> None:
    kept = Kept(FakeProducer(refuses=Unreachable("no")), FakeProducer())
    await until(lambda: not kept.publisher.missing())
    await kept.publisher.publish([RECORD])
    assert kept.handed[1].records == [RECORD]
    await kept.end()
    assert kept.handed[1].stopped


async def test_a_producer_that_nothing_comes_back_from_is_replaced() -> None:
    kept = Kept(FakeProducer(), FakeProducer())
    await until(lambda: not kept.publisher.missing())
    kept.handed[0].silent_ms = 1_001
    await until(lambda: len(kept.handed) == 2 and not kept.publisher.missing())
    assert kept.handed[0].stopped
    await kept.publisher.publish([RECORD])
    assert kept.handed[1].records == [RECORD]
    await kept.end()


async def test_a_producer_that_broke_is_replaced_though_nothing_waits_in_it() -> None:
    kept = Kept(FakeProducer(), FakeProducer())
    await until(lambda: not kept.publisher.missing())
    kept.handed[0].broken = Transient("out of order")
    await until(lambda: len(kept.handed) == 2 and not kept.publisher.missing())
    assert kept.handed[0].stopped
    await kept.end()


async def test_what_trying_again_does_not_mend_ends_it() -> None:
    kept = Kept(FakeProducer(refuses=Misconfigured("wrong password")))
    with pytest.raises(Misconfigured):
        await kept.task


async def test_it_can_be_told_to_stop_while_the_broker_is_away() -> None:
    kept = Kept(*[FakeProducer(refuses=Unreachable("no")) for _ in range(100)])
    await until(lambda: bool(kept.handed))
    await kept.end()
