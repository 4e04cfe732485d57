"""
Leading: of the processes of a group one works, and the others stand by until it is gone.

The group is that of the topic of commands, which has one partition: whoever gets it works. Faust only tells of
assignments; what is on the topic is read by its owner, who knows how far it has got.
"""

import asyncio
from collections.abc import Callable, Coroutine
from enum import StrEnum

import faust

from services.runtime.errors import Misconfigured, Transient, first_of
from services.runtime.kafka import BatchSchema, Record, Untyped, fail_when_broken
from services.runtime.logs import Logger

__all__ = ["Leading", "Said"]


class Said(StrEnum):
    """
    The log events of this module.
    """

    LEADS = "leads"
    STANDS_BY = "stands_by"
    LEFT = "group_left"


class Leading:
    """
    One member of the group; `work` runs for as long as it leads. `topic` is a cluster name.
    """

    def __init__(
        self, app: faust.App, topic: str, work: Callable[[], Coroutine[None, None, None]], log: Logger
    ) -> None:
        self._app = app
        self._topic = topic
        self._work = work
        self._log = log
        self._tasks = asyncio.TaskGroup()
        self._working: asyncio.Task[None] | None = None
        self._leaves = False
        self.joined = False
        app.on_partitions_assigned.connect(self._assigned)
        app.on_partitions_revoked.connect(self._revoked)
        app.agent(app.topic(topic, schema=BatchSchema()), name="commands")(self._ignore)

    @property
    def leads(self) -> bool:
        """
        Whether this process is the one that works.
        """
        return self._working is not None

    async def run(self, stop: asyncio.Event, *beside: Coroutine[None, None, None]) -> None:
        """
        Join the group and work when it is this one's turn, until asked to stop. `beside` runs as long.

        Raises what makes going on impossible.
        """
        try:
            async with self._tasks as tasks:
                await self._app.start()
                others = [tasks.create_task(fail_when_broken(self._app)), *(tasks.create_task(one) for one in beside)]
                await stop.wait()
                self._leaves = True
                await self._end()
                for task in others:
                    task.cancel()
        except* Misconfigured as errors:
            raise first_of(errors) from errors
        except* Transient as errors:
            raise first_of(errors) from errors
        finally:
            await self._app.stop()
            self._log.info(Said.LEFT)

    async def _ignore(self, stream: faust.StreamT[list[Record]]) -> None:
        async for _ in stream.events():
            pass

    async def _assigned(self, *args: Untyped, signal: Untyped = None, **_extra: Untyped) -> None:  # noqa: ARG002  Faust's signature
        if self._leaves:
            # Others leave at the same time; what it is given now the rest will have in a moment.
            return
        _app, assigned = args
        mine = any(place.topic == self._topic for place in assigned)
        self.joined = True
        await self._end()
        self._log.info(Said.LEADS if mine else Said.STANDS_BY)
        if mine:
            self._working = self._tasks.create_task(self._work(), name="work")

    async def _revoked(self, *_args: Untyped, signal: Untyped = None, **_extra: Untyped) -> None:  # noqa: ARG002  same
        await self._end()

    async def _end(self) -> None:
        if self._working is not None:
            self._working.cancel()
            await asyncio.wait([self._working])
            self._working = None
