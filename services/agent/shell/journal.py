"""
The store for many callers at once: what comes in while one commit is under way goes out with the next, so that a
hundred small requests cost the disk one write, not a hundred.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

from schemas.base import Millis
from services.agent.engine import Lane, Record, Waiting
from services.agent.shell.store import Buried, Change, DiskFull, Keep, Store, Totals
from services.runtime.errors import Overloaded, Transient

__all__ = ["BacklogFull", "Journal"]

_Found = TypeVar("_Found")


class BacklogFull(Overloaded):
    """
    So much waits already that no more is taken: the oldest is kept, the newest refused.
    """


class _Asked(NamedTuple):
    change: Change
    done: "asyncio.Future[None]"


class Journal:
    """
    ``run`` writes until it is cancelled, or the store is damaged (Damaged). ``backlog_bytes`` bounds what waits.
    """

    def __init__(self, store: Store, backlog_bytes: int) -> None:
        self._store = store
        self._bound = backlog_bytes
        self._asked: deque[_Asked] = deque()
        self._called = asyncio.Event()
        self._arrived = {lane: asyncio.Event() for lane in Lane}
        self._reserved = 0
        self._thread = ThreadPoolExecutor(1, "agent-store")

    @property
    def totals(self) -> Totals:
        return self._store.totals

    @property
    def is_full(self) -> bool:
        """
        Whether the bound is nearly reached: a record of a kilobyte would be refused.
        """
        return self._taken + 1_024 > self._bound

    @property
    def _taken(self) -> int:
        return self._store.totals.waiting_bytes + self._reserved

    async def keep(self, records: Sequence[Record]) -> None:
        """
        Return when the disk has them. Raises BacklogFull or DiskFull, and then none of them is kept.
        """
        size = sum(record.size for record in records)
        if self._taken + size > self._bound:
            raise BacklogFull(f"{self._taken} of {self._bound} bytes wait for ingest; new records are refused")
        self._reserved += size
        try:
            await self.change(Keep(records))
        finally:
            self._reserved -= size
        for lane in {record.lane for record in records}:
            self._arrived[lane].set()

    async def change(self, change: Change) -> None:
        """
        Return when the disk has it. Raises DiskFull.
        """
        asked = _Asked(change, asyncio.get_running_loop().create_future())
        self._asked.append(asked)
        self._called.set()
        await asked.done

    async def oldest(self, lane: Lane, most: int, most_bytes: int) -> list[Waiting]:
        """
        What waits longest of a lane; waits until there is something.
        """
        while True:
            self._arrived[lane].clear()
            if found := await self._in_thread(lambda: self._store.oldest(lane, most, most_bytes)):
                return found
            await self._arrived[lane].wait()

    async def oldest_at(self) -> Millis | None:
        return await self._in_thread(self._store.oldest_at)

    async def dead(self, most: int) -> list[Buried]:
        return await self._in_thread(lambda: self._store.dead(most))

    def wake(self) -> None:
        """
        Let the lanes look again: what was dead waits again.
        """
        for arrived in self._arrived.values():
            arrived.set()

    async def run(self) -> None:
        while True:
            await self._called.wait()
            self._called.clear()
            group = list(self._asked)
            self._asked.clear()
            await self._commit(group)

    async def _commit(self, group: Sequence[_Asked]) -> None:
        """
        One commit for all of them; where that fails for want of room, one for each, so that what still fits is done.
        """
        try:
            await self._in_thread(lambda: self._store.commit([asked.change for asked in group]))
        except DiskFull as error:
            if len(group) > 1:
                for asked in group:
                    await self._commit([asked])
                return
            _tell(group, error)
        except Transient as error:
            _tell(group, error)
            raise
        else:
            _tell(group, None)

    def _in_thread(self, what: Callable[[], _Found]) -> Awaitable[_Found]:
        return asyncio.get_running_loop().run_in_executor(self._thread, what)

    def close(self) -> None:
        """
        Wait for the commit that is under way.
        """
        self._thread.shutdown()


def _tell(group: Sequence[_Asked], error: Transient | None) -> None:
    for asked in group:
        if asked.done.done():
            continue  # its caller went away meanwhile; what it brought is kept all the same
        if error is None:
            asked.done.set_result(None)
        else:
            asked.done.set_exception(error)
