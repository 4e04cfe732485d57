"""
Channels that are told how each attempt ends, and a world around them in which waiting takes no time.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from domain.backoff import Backoff
from schemas.alerts import Delivery
from schemas.receivers import Receiver
from services.alerts.engine.breaker import BreakerRule
from services.alerts.shell.notifiers import Channel, Deliveries, Limits, Message, Surroundings
from tests.fakes.alert_messages import NOW
from tests.fakes.clock import ManualClock

Script = Sequence[Exception | str | None]


class ScriptedChannel:
    """
    Ends its attempts one after the other as the script says, then delivers; keeps the ids in the order of the attempts.
    """

    def __init__(self, script: Script = ()) -> None:
        self._script = list(script)
        self.attempts: list[str] = []
        self.receivers: list[Receiver] = []
        self.at_once = 0
        self.most_at_once = 0

    async def send(self, message: Message, reached: set[str]) -> str | None:
        self.attempts.append(message.notification.id)
        self.receivers.append(message.receiver)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        end = self._script.pop(0) if self._script else None
        if isinstance(end, Exception):
            raise end
        return end


class HangingChannel:
    """
    Never answers.
    """

    def __init__(self) -> None:
        self.attempts = 0

    async def send(self, message: Message, reached: set[str]) -> str | None:
        self.attempts += 1
        await asyncio.Event().wait()
        return None


async def real_pause(milliseconds: int) -> None:
    """
    Waits as a service does.
    """
    await asyncio.sleep(milliseconds / 1_000)


class World:
    """
    Everything around a queue: a clock that only waiting moves, the highest lot always, and what was recorded.
    """

    def __init__(self, channels: Mapping[str, Channel], *, rule: BreakerRule | None = None) -> None:
        self.clock = ManualClock(NOW)
        self.recorded: list[Delivery] = []
        self.failed: Counter[tuple[str, str]] = Counter()
        self.waits: list[int] = []
        self.meanwhile: Callable[[], None] | None = None
        """What happens while somebody waits for the first time."""
        self.channels = channels
        self.rule = rule or BreakerRule(failures=1_000)

    def queue(self, limits: Limits | None = None, redacted: Callable[[str], str] = str) -> Deliveries:
        around = Surroundings(
            record=self.recorded.append, clock=self.clock, draw=lambda n: n - 1, pause=self.pause, redacted=redacted,
            failed=self._failed, backoff=Backoff(first_ms=1_000, longest_ms=60_000), rule=self.rule,
        )  # fmt: skip
        return Deliveries(lambda receiver: self.channels[receiver.id], around, limits)

    def _failed(self, receiver: str, reason: str) -> None:
        self.failed[receiver, reason] += 1

    async def pause(self, milliseconds: int) -> None:
        self.waits.append(milliseconds)
        if self.meanwhile is not None:
            self.meanwhile()
            self.meanwhile = None
        # Whoever can go on at this instant does, before the next one.
        for _ in range(20):
            await asyncio.sleep(0)
        self.clock.advance(milliseconds)

    def told(self) -> list[tuple[str, str, int]]:
        """
        Of which message which outcome was recorded after how many attempts.
        """
        return [(one.notification, one.outcome, one.attempts) for one in self.recorded]
