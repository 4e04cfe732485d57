"""
Delivers messages: at least once, in order within a group, and no receiver in the way of another.

What waits is bounded; what finds no place is given up at once, with the bound's name. Nothing is kept over a restart:
whoever hands messages in does so again where no outcome was recorded, and the idempotency key tells the copy.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from schemas.receivers import Receiver
from services.alerts.shell.notifiers.lanes import GiveUp, Group, Lane, Surroundings, Waiting
from services.alerts.shell.notifiers.message import Channel, Message

__all__ = ["Deliveries", "Limits", "Queued"]


class Queued(StrEnum):
    """
    What became of a message that was handed in.
    """

    QUEUED = "queued"
    COPY = "copy"
    """The same is waiting already."""
    FULL = "full"
    """It was given up at once, which was recorded."""


@dataclass(frozen=True, slots=True)
class Limits:
    """
    How many messages may wait, for one receiver and in all, and how many attempts run at once for one receiver.

    A message about one alert takes some 9 kB, so what waits takes some 180 MB at most; thousands of sites that fail at
    once must find a place while a receiver is down.
    """

    of_a_receiver: int = 10_000
    in_all: int = 20_000
    at_once: int = 4


class Deliveries:
    """
    The queue of all receivers; `channel_of` makes a receiver's channel.
    """

    def __init__(
        self, channel_of: Callable[[Receiver], Channel], around: Surroundings, limits: Limits | None = None
    ) -> None:
        self._channel_of = channel_of
        self._around = around
        self._limits = limits or Limits()
        self._lanes: dict[str, Lane] = {}
        self._waiting: set[str] = set()
        self._of: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._crash: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def __len__(self) -> int:
        """
        How many messages wait.
        """
        return len(self._waiting)

    def configure(self, receivers: Iterable[Receiver]) -> None:
        """
        Use the receivers as they are configured now, also for what waits; what waits for one that is gone is given up.
        """
        known = {receiver.id: receiver for receiver in receivers}
        for name, lane in list(self._lanes.items()):
            if name not in known:
                self._lanes.pop(name).retire()
            elif known[name] != lane.receiver:
                lane.configure(known[name], self._channel_of(known[name]))

    def submit(self, message: Message) -> Queued:
        """
        Take a message; its attempts begin as soon as the event loop runs.
        """
        name, receiver = message.notification.id, message.receiver
        if name in self._waiting:
            return Queued.COPY
        full = self._full(receiver.id)
        if full is not None:
            self._around.tell(message, "given_up", 0, full)
            return Queued.FULL
        lane = self._lane(receiver)
        self._waiting.add(name)
        self._of[receiver.id] += 1
        clock = self._around.clock
        age = max(clock.now_ms() - message.notification.at, 0)
        deadline = clock.monotonic_ms() + receiver.delivery.give_up_after - age
        group = lane.add(Waiting(message=message, deadline=deadline))
        if group is not None:
            self._start(lane, group)
        return Queued.QUEUED

    async def idle(self) -> None:
        """
        Return when nothing waits any more; raises what a bug raised.
        """
        while self._tasks:
            await asyncio.wait(self._tasks)
        if self._crash.done():
            await self._crash

    async def watch(self) -> None:
        """
        Never return, and raise what a bug raised: messages would be lost in silence otherwise.
        """
        await asyncio.shield(self._crash)

    async def forget(self) -> None:
        """
        End all attempts; what was not delivered has no outcome, and nothing of it waits any more.
        """
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._lanes.clear()
        self._waiting.clear()
        self._of.clear()

    def _full(self, receiver: str) -> GiveUp | None:
        if self._of[receiver] >= self._limits.of_a_receiver:
            return GiveUp.RECEIVER_FULL
        return GiveUp.QUEUE_FULL if len(self._waiting) >= self._limits.in_all else None

    def _lane(self, receiver: Receiver) -> Lane:
        lane = self._lanes.get(receiver.id)
        if lane is None:
            lane = Lane(receiver, self._channel_of(receiver), self._around, self._limits.at_once)
            self._lanes[receiver.id] = lane
        return lane

    def _start(self, lane: Lane, group: Group) -> None:
        task = asyncio.create_task(lane.serve(group, self._left))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _left(self, waiting: Waiting) -> None:
        self._waiting.discard(waiting.message.notification.id)
        self._of[waiting.message.receiver.id] -= 1

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None and not self._crash.done():
            self._crash.set_exception(error)
