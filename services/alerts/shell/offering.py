"""
Offering a command to the trail: it is taken once it is durable there, and whoever works obeys it.
"""

from http import HTTPStatus
from typing import Final, Protocol

from starlette.responses import Response

from schemas.alert_commands import AlertCommand
from services.runtime.errors import Transient
from services.runtime.http import problem

__all__ = ["Offer", "Producing", "offering"]

_LATER: Final = {"retry-after": "5"}


class Producing(Protocol):
    """
    Sends records in batches.
    """

    def put(self, topic: str, key: bytes | None, value: bytes | None) -> None: ...

    async def flush(self) -> None: ...


class Offer(Protocol):
    """
    Writes commands to the trail; returns when all are durable, or what to answer where they cannot be now.
    """

    async def __call__(self, *commands: AlertCommand) -> Response | None: ...


def offering(producer: Producing, topic: str) -> Offer:
    """
    Offer commands to a topic, by its cluster name.
    """

    async def offer(*commands: AlertCommand) -> Response | None:
        try:
            for command in commands:
                producer.put(topic, _about(command).encode(), command.model_dump_json(by_alias=True).encode())
            await producer.flush()
        except Transient as error:
            return problem(
                HTTPStatus.SERVICE_UNAVAILABLE, "not_now", f"nothing is written now: {error}", headers=_LATER
            )
        return None

    return offer


def _about(command: AlertCommand) -> str:
    return command.alert or command.schedule or command.ends or (command.silence.id if command.silence else "")
