"""
One attempt to deliver a message, with the time that it may take, as a named result.
"""

import asyncio
from dataclasses import dataclass
from enum import StrEnum

from schemas.base import Millis
from services.alerts.shell.notifiers.message import Channel, Message
from services.runtime.errors import Overloaded, Rejected, ServiceError

__all__ = ["Attempt", "Ended", "attempt"]


class Ended(StrEnum):
    """
    How an attempt ended.
    """

    DELIVERED = "delivered"
    REFUSED = "refused"
    """It will never be taken; the receiver is well."""
    BUSY = "busy"
    """The receiver asks for time."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    What became of an attempt.
    """

    ended: Ended
    problem: str | None = None
    """What went wrong, or a remark about what was delivered."""
    rest_ms: Millis | None = None
    """For how long a busy receiver wants to be left alone, if it said so."""


async def attempt(channel: Channel, message: Message, reached: set[str]) -> Attempt:
    """
    Try once.
    """
    timeout_ms = message.receiver.delivery.timeout
    try:
        async with asyncio.timeout(timeout_ms / 1_000):
            remark = await channel.send(message, reached)
    except TimeoutError:
        return Attempt(Ended.FAILED, f"no answer within {timeout_ms} ms")
    except Rejected as error:
        return Attempt(Ended.REFUSED, f"{error.reason}: {error}")
    except Overloaded as error:
        return Attempt(Ended.BUSY, str(error), error.retry_after_ms)
    except ServiceError as error:
        return Attempt(Ended.FAILED, str(error))
    except Exception as error:  # noqa: BLE001 - a bug in one channel must not keep the other receivers from being told
        return Attempt(Ended.REFUSED, f"bug: {type(error).__name__}")
    return Attempt(Ended.DELIVERED, remark)
