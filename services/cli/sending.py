"""
Sends events to ingest in batches over HTTP, and keeps count of what became of them.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Sequence
from http import HTTPStatus
from types import TracebackType
from typing import Any, Final, Self

import httpx
import msgspec

from services.runtime.errors import Misconfigured, Unreachable

__all__ = ["Answers", "HttpSender", "Window"]

_BATCH_TYPE: Final = "application/cloudevents-batch+json"
_TIMEOUT_SECONDS: Final = 30.0
_NO_ANSWER: Final = frozenset({
    HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
})  # fmt: skip
"""Nobody answered for the events: the broker is behind or away, or a proxy in front of ingest found nobody there."""
_PAUSE_SECONDS: Final = 0.5
_LONGEST_PAUSE_SECONDS: Final = 5.0


Batch = Sequence[dict[str, Any] | msgspec.Raw]


class Answers(msgspec.Struct):
    """
    What ingest said about all events that were sent to it.
    """

    accepted: int = 0
    duplicates: int = 0
    refused: int = 0
    refused_by_reason: dict[str, int] = {}
    repeated_requests: int = 0
    """Requests sent again because an answer did not come: some of their events may be on the broker twice."""


class HttpSender:
    """
    One connection to ingest. `send` returns when the whole batch is answered for; it waits for an ingest that is
    away or behind, and sends the same batch again, for as long as `patience_attempts` allows. `tell` hears once why it
    waits, and again after every success.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        url: str,
        token: str | None,
        *,
        patience_attempts: int = 60,
        tell: Callable[[str], object] = lambda _text: None,
    ) -> None:
        self._client = client
        self._url = url.rstrip("/") + "/v1/events"
        self._headers = {"content-type": _BATCH_TYPE} | ({"authorization": f"Bearer {token}"} if token else {})
        self._attempts = patience_attempts
        self._tell = tell
        self._told = False
        self.answers = Answers()

    async def send(self, events: Batch) -> None:
        body = msgspec.json.encode(events)
        trouble = ""
        for _ in range(self._attempts):
            try:
                response = await self._client.post(
                    self._url, content=body, headers=self._headers, timeout=_TIMEOUT_SECONDS
                )
            except httpx.TransportError as error:
                trouble, pause = f"{type(error).__name__}: {error}", _PAUSE_SECONDS
                # Where nobody answered the call, nothing can have arrived.
                self.answers.repeated_requests += not isinstance(error, httpx.ConnectError)
            else:
                if response.status_code not in _NO_ANSWER:
                    self._count(response)
                    self._told = False
                    return
                trouble, pause = f"HTTP {response.status_code}", _retry_after(response)
                self.answers.repeated_requests += response.status_code != HTTPStatus.TOO_MANY_REQUESTS
            if not self._told:
                self._told = True
                self._tell(f"{self._url} takes nothing yet ({trouble}); trying again, up to {self._attempts} times")
            await asyncio.sleep(pause)
        raise Unreachable(f"{self._url} took nothing after {self._attempts} attempts ({trouble})")

    def _count(self, response: httpx.Response) -> None:
        try:
            said = response.json()
        except ValueError:
            said = {}
        if "items" not in said:
            detail = said.get("detail") or response.text[:200]
            raise Misconfigured(f"{self._url} answered {response.status_code}: {detail}")
        self.answers.accepted += said["accepted"]
        self.answers.duplicates += said["duplicates"]
        self.answers.refused += said["refused"]
        reasons = Counter(item["reason"] for item in said["items"] if item["result"] == "refused")
        for reason, count in reasons.items():
            self.answers.refused_by_reason[reason] = self.answers.refused_by_reason.get(reason, 0) + count


class Window:
    """
    Sends batches, `width` of them at a time, none of them more than so many ahead of the oldest that is not there yet.

    So what overtakes on the way is bounded, also where one request has to be sent again for minutes: what comes out of
    order by more than a worker's horizon would be too late for it. As a context manager it waits for all in the end.
    """

    def __init__(self, send: Callable[[Batch], Coroutine[Any, Any, None]], width: int) -> None:
        self._send = send
        self._width = width
        self._under_way: deque[asyncio.Task[None]] = deque()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        try:
            while kind is None and self._under_way:
                await self._under_way.popleft()
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def put(self, batch: Batch) -> None:
        """
        Take one more; waits while the oldest of `width` is under way. Raises what sending it raised.
        """
        if len(self._under_way) >= self._width:
            await self._under_way.popleft()
        self._under_way.append(asyncio.create_task(self._send(batch)))
        # Its request goes out before the next batch is made.
        await asyncio.sleep(0)


def _retry_after(response: httpx.Response) -> float:
    given = response.headers.get("retry-after", "")
    return min(float(given), _LONGEST_PAUSE_SECONDS) if given.isdigit() else _PAUSE_SECONDS
