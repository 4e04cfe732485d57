"""
Tells ingest's time in every answer (header ``sqm-time``), so that a sender can compare its clock with ours more finely
than by HTTP's own ``Date``, which counts whole seconds; and know that it was ingest that answered.
"""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schemas.base import format_instant
from services.runtime.clock import Clock

__all__ = ["TellingTime"]

_HEADER: Final = b"sqm-time"


class TellingTime:
    """
    Wraps an application; the time is that at which its answer begins.
    """

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        self._app = app
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = format_instant(self._clock.now_ms()).encode()
                message = {**message, "headers": [*message.get("headers", ()), (_HEADER, told)]}
            await send(message)

        await self._app(scope, receive, telling)
