"""
Offering a command to the trail: it is taken once it is durable there, and whoever works obeys it.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final, Protocol

from starlette.responses import Response

from schemas.alert_commands import AlertCommand
from services.runtime.errors import Transient
from services.runtime.http import problem

__all__ = ["Offer", "Producing", "offering"]

Offer = Callable[[AlertCommand], Awaitable[Response | None]]
"""Writes a command to the trail; returns when it is durable, or what to answer where it cannot be now."""
_LATER: Final = {"retry-after": "5"}


class Producing(Protocol):
    """
    Sends records in batches.
    """

    def put(self, topic: str, key: bytes | None, value: bytes | None) -> None: ...

    async def flush(self) -> None: ...


def offering(producer: Producing, topic: str) -> Offer:
    """
    Offer commands to a topic, by its cluster name.
    """

    async def offer(command: AlertCommand) -> Response | None:
        about = command.alert or command.schedule or command.ends or (command.silence.id if command.silence else "")
        try:
            producer.put(topic, about.encode(), command.model_dump_json(by_alias=True).encode())
            await producer.flush()
        except Transient as error:
            return problem(
                HTTPStatus.SERVICE_UNAVAILABLE, "not_now", f"nothing is written now: {error}", headers=_LATER
            )
        return None

    return offer
