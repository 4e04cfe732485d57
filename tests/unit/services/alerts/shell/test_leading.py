"""
Leading: of the processes of a group the one works that has the topic of commands, and only for as long.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import faust
import pytest

from services.alerts.shell.leading import Leading
from services.runtime.errors import Misconfigured, Transient, Unreachable
from services.runtime.logs import logger
from tests.fakes.alerts_office import until
from tests.fakes.group_member import FakeMember


class Work:
    """
    Counts how often it was begun and ended; ``error`` is what it raises at once.
    """

    def __init__(self) -> None:
        self.begun = 0
        self.ended = 0
        self.error: Exception | None = None

    async def run(self) -> None:
        self.begun += 1
        if self.error is not None:
            raise self.error
        try:
            await asyncio.Event().wait()
        finally:
            self.ended += 1

    @property
    def state(self) -> tuple[int, int]:
        return self.begun, self.ended


class Bench:
    """
    One member at work.
    """

    def __init__(self) -> None:
        self.app, self.work, self.stop = FakeMember(), Work(), asyncio.Event()
        self.leading = Leading(cast("faust.App", self.app), "commands", self.work.run, logger("test"))
        self.beside = Work()
        self.task = asyncio.create_task(self.leading.run(self.stop, self.beside.run()))


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    await until(lambda: made.app.started)
    yield made
    made.stop.set()
    await asyncio.wait([made.task])
    assert made.app.stopped


async def test_who_has_the_topic_of_commands_works_and_who_has_not_stands_by(bench: Bench) -> None:
    seen = [(bench.leading.joined, bench.leading.leads)]
    await bench.app.assign()
    seen.append((bench.leading.joined, bench.leading.leads))
    await bench.app.assign("commands")
    await until(lambda: bench.work.state == (1, 0))
    seen.append((bench.leading.joined, bench.leading.leads))
    assert seen == [(False, False), (True, False), (True, True)]


async def test_what_is_revoked_ends_before_it_is_given_on(bench: Bench) -> None:
    await bench.app.assign("commands")
    await until(lambda: bench.work.begun == 1)
    await bench.app.revoke()
    assert bench.work.state == (1, 1)
    assert not bench.leading.leads
    await bench.app.revoke()


async def test_who_is_assigned_it_again_begins_anew(bench: Bench) -> None:
    await bench.app.assign("commands")
    await until(lambda: bench.work.begun == 1)
    await bench.app.assign("commands", "others")
    await until(lambda: bench.work.state == (2, 1))


async def test_when_asked_to_stop_it_ends_work_and_what_runs_beside(bench: Bench) -> None:
    await bench.app.assign("commands")
    await until(lambda: bench.work.begun == bench.beside.begun == 1)
    bench.stop.set()
    await bench.task
    assert bench.work.ended == bench.beside.ended == 1


@pytest.mark.parametrize("error", [Misconfigured("no configuration"), Transient("away"), Unreachable("gone")])
async def test_what_ends_the_work_for_good_ends_the_process_with_its_reason(error: Exception) -> None:
    bench = Bench()
    bench.work.error = error
    await until(lambda: bench.app.started)
    await bench.app.assign("commands")
    with pytest.raises(type(error), match=str(error)):
        await bench.task
    assert bench.app.stopped


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (Misconfigured("other version"), Misconfigured),
        (Transient("away"), Transient),
        (ValueError("a bug"), Unreachable),
        (None, Unreachable),
    ],
    ids=str,
)
async def test_where_the_consumer_gives_up_the_process_ends(
    reason: Exception | None, expected: type[Exception]
) -> None:
    bench = Bench()
    await until(lambda: bench.app.started)
    bench.app.crash(reason)
    with pytest.raises(expected):
        await bench.task


async def test_what_is_on_the_topic_is_left_to_the_one_that_works(bench: Bench) -> None:
    class Stream:
        taken = 0

        async def events(self) -> AsyncIterator[int]:
            for number in range(3):
                self.taken += 1
                yield number

    stream = Stream()
    await bench.app.agents[0](stream)
    assert stream.taken == 3
    assert bench.work.begun == 0


async def test_who_leaves_takes_no_topic_any_more_and_ends() -> None:
    app, work, stop = FakeMember(), Work(), asyncio.Event()
    leading = Leading(cast("faust.App", app), "commands", work.run, logger("test"))

    async def another_leaves_too() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await app.assign("commands")

    running = asyncio.create_task(leading.run(stop, another_leaves_too()))
    await until(lambda: app.started)
    stop.set()
    await asyncio.wait_for(running, 20)
    assert (work.state, app.stopped) == ((0, 0), True)
