"""
One attempt to deliver a message, with the time that it may take, as a named result.
"""

import asyncio
from dataclasses import dataclass
from enum import StrEnum

from schemas.base import Millis
from services.alerts.shell.notifiers.message import Channel, Message
from services.runtime.errors import Overloaded, Rejected, ServiceError, Unreachable

__all__ = ["Attempt", "Ended", "Failure", "attempt"]


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


class Failure(StrEnum):
    """
    Why an attempt failed though the receiver did not refuse the message; a refusal has a reason of its own.
    """

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    BUSY = "busy"
    ERROR = "error"
    """It answered that something is wrong with itself, or a setting of ours is missing."""
    BUG = "bug"


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    What became of an attempt.
    """

    ended: Ended
    problem: str | None = None
    """What went wrong, or a remark about what was delivered."""
    reason: str | None = None
    """Why it failed: a `Failure`, or the reason of the refusal."""
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
        return Attempt(Ended.FAILED, f"no answer within {timeout_ms} ms", Failure.TIMEOUT)
    except Rejected as error:
        return Attempt(Ended.REFUSED, f"{error.reason}: {error}", error.reason)
    except Overloaded as error:
        return Attempt(Ended.BUSY, str(error), Failure.BUSY, error.retry_after_ms)
    except ServiceError as error:
        why = Failure.UNREACHABLE if isinstance(error, Unreachable) else Failure.ERROR
        return Attempt(Ended.FAILED, str(error), why)
    except Exception as error:  # noqa: BLE001 - a bug in one channel must not keep the other receivers from being told
        return Attempt(Ended.REFUSED, f"bug: {type(error).__name__}", Failure.BUG)
    return Attempt(Ended.DELIVERED, remark)
