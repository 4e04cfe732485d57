"""
The heartbeat: sent only by the one that works, and only while what is on the topic of violations becomes messages.
"""

import asyncio
from collections.abc import Mapping

import pytest

from services.alerts.shell.heartbeat import (
    PATIENCE_SECONDS,
    ROUND_MS,
    STUCK_MS,
    Broken,
    Heartbeat,
    Line,
    WholeLine,
    posting,
)
from services.alerts.shell.notifiers import AddressFault, Poster
from services.alerts.shell.office import Progress
from services.runtime.errors import Rejected, Transient
from services.runtime.logs import logger
from tests.fakes.alerts_office import FakeTopics, until
from tests.fakes.clock import ManualClock
from tests.fakes.http_receiver import Answer, client_context, http_receiver
from tests.fakes.resolving import Answers


class FakeLine(Line):
    """
    A line of which a test says how it is.
    """

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.works = True
        self.worked_at: int | None = None
        self.at = 5
        self.end = 5
        self.waits = 0
        self.arrived_at: int | None = None

    def progress(self) -> Progress | None:
        at = self._clock.monotonic_ms() if self.worked_at is None else self.worked_at
        return Progress(at, {0: self.at}) if self.works else None

    async def ends(self) -> Mapping[int, int]:
        return {0: self.end}

    def waiting(self) -> tuple[int, int | None]:
        return self.waits, self.arrived_at


class Bench:
    """
    A heartbeat with a line, and how often it was sent.
    """

    def __init__(self) -> None:
        self.clock = ManualClock(1_000_000)
        self.line = FakeLine(self.clock)
        self.sent = 0
        self.error: Exception | None = None
        self.heart = Heartbeat(self.line, self.send, every_seconds=0, clock=self.clock, log=logger("test"))

    async def send(self) -> None:
        if self.error is not None:
            raise self.error
        self.sent += 1

    async def minute(self) -> Broken | None:
        self.clock.advance(60_000)
        return await self.heart.broken()


async def test_while_all_is_well_it_is_sent_again_and_again() -> None:
    bench = Bench()
    running = asyncio.create_task(bench.heart.run())
    await until(lambda: bench.sent > 3)
    running.cancel()
    await asyncio.wait([running])


async def test_who_stands_by_sends_none() -> None:
    bench = Bench()
    bench.line.works = False
    await bench.heart.beat()
    assert bench.sent == 0
    assert await bench.minute() is Broken.STANDS_BY


async def test_violations_that_are_not_followed_stop_it_until_they_are() -> None:
    bench = Bench()
    bench.line.end = 9
    assert await bench.minute() is None
    assert await bench.minute() is Broken.NOT_FOLLOWING
    await bench.heart.beat()
    assert bench.sent == 0
    bench.line.at = 9
    assert await bench.minute() is None


async def test_who_takes_over_is_not_judged_by_where_the_topic_ended_before() -> None:
    bench = Bench()
    bench.line.end = 9
    assert await bench.minute() is None
    bench.line.works = False
    assert await bench.minute() is Broken.STANDS_BY
    bench.line.works = True
    assert await bench.minute() is None


async def test_a_round_that_does_not_end_stops_it() -> None:
    bench = Bench()
    bench.line.worked_at = bench.clock.monotonic_ms() + 60_000 - ROUND_MS
    assert await bench.minute() is None
    bench.line.worked_at -= 1
    assert await bench.heart.broken() is Broken.NOT_SAVED


async def test_messages_that_wait_while_none_arrives_stop_it() -> None:
    bench = Bench()
    assert await bench.minute() is None
    bench.line.waits = 3
    bench.clock.advance(STUCK_MS - 60_000)
    assert await bench.minute() is None
    assert await bench.minute() is Broken.STUCK
    bench.line.arrived_at = bench.clock.monotonic_ms()
    assert await bench.minute() is None
    bench.clock.advance(STUCK_MS)
    bench.line.waits = 0
    assert await bench.minute() is None


@pytest.mark.parametrize("error", [Transient("busy"), Rejected("refused", "the receiver answered 404")])
async def test_a_watchdog_that_does_not_answer_does_not_end_the_service(error: Exception) -> None:
    bench = Bench()
    bench.error = error
    await bench.heart.beat()
    bench.error = None
    await bench.heart.beat()
    assert bench.sent == 1


async def test_it_is_a_post_to_an_address_that_was_checked() -> None:
    clock = ManualClock()
    async with http_receiver() as watchdog:
        poster = Poster(Answers("127.0.0.1"), client_context())
        await posting(poster, watchdog.url, private=True, clock=clock)()
        assert [one.body for one in watchdog.got] == [b""]
        with pytest.raises(Rejected, match="SQM_ALERTS_HEARTBEAT_PRIVATE_ADDRESSES") as refused:
            await posting(poster, watchdog.url, private=False, clock=clock)()
        assert refused.value.reason == AddressFault.PRIVATE
        watchdog.answers = [Answer(404)]
        with pytest.raises(Rejected, match="404"):
            await posting(poster, watchdog.url, private=True, clock=clock)()
    assert PATIENCE_SECONDS < 60


async def test_the_line_of_a_process_is_its_office_its_topic_and_its_deliveries() -> None:
    class Working:
        progress = Progress(7, {0: 1})

    class Sending:
        waiting = 2
        delivered_at = 9

    topics = FakeTopics()
    topics.append("violations", b"{}")
    line = WholeLine(Working(), topics, "violations", Sending())
    assert line.progress() == Progress(7, {0: 1})
    assert await line.ends() == {0: 1, 1: 0}
    assert line.waiting() == (2, 9)
