"""
Ingest as the agent sees it: sends what waits, and listens what time it is there.
"""

import ssl
from collections.abc import Sequence
from typing import Final

import httpx

from schemas.base import Millis, parse_instant
from services.agent.engine import Answer, ClockCheck, Form, Record, Skew, Wait, WaitReason, forwarded_headers
from services.runtime.clock import Clock

__all__ = ["EVENTS_PATH", "Upstream"]

EVENTS_PATH: Final = "/v1/events"
_TIMEOUT_SECONDS: Final = 30.0


class Upstream:
    """
    One ingest, at `url`. ``aclose`` when done.
    """

    def __init__(self, url: str, token: str | None, clock: Clock, tls: ssl.SSLContext | bool = True) -> None:  # noqa: FBT001, FBT002  (httpx's own argument)
        self.url = url.rstrip("/")
        self._token = token
        self._clock = clock
        self._check = ClockCheck()
        self._client = httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, verify=tls)
        self._before = httpx.URL(self.url).raw_path.rstrip(b"/")

    async def aclose(self) -> None:
        await self._client.aclose()

    def skew(self) -> Skew | None:
        """
        How far this machine's clock is from ingest's.
        """
        return self._check.skew(self._clock.now_ms(), self._clock.monotonic_ms())

    async def send_events(self, events: Sequence[bytes]) -> Answer | Wait:
        """
        Send events in one batch.
        """
        shown = [("authorization", f"Bearer {self._token}")] if self._token else []
        headers = [("content-type", Form.BATCH.value), *shown]
        return await self._posted(EVENTS_PATH, b"[" + b",".join(events) + b"]", headers)

    async def send_request(self, record: Record) -> Answer | Wait:
        """
        Send a request as it came. Ingest judges it as of its receipt, so the clocks are compared before the first.
        """
        if self.skew() is None:
            # An empty batch: whatever ingest thinks of it, the answer tells its time.
            asked = await self.send_events([])
            if isinstance(asked, Wait):
                return asked
            if not asked.is_ingest:
                return Wait(WaitReason.NOT_INGEST)
        skew = self.skew()
        headers = forwarded_headers(record, self._token, skew and skew.ms, EVENTS_PATH)
        return await self._posted(record.path, record.body, headers)

    async def _posted(self, path: str, body: bytes, headers: list[tuple[str, str]]) -> Answer | Wait:
        sent = self._clock.monotonic_ms()
        try:
            # To the byte as it came: the address may be signed, and headers are no text of any one alphabet.
            response = await self._client.post(
                self.url,
                content=body,
                headers=[(name.encode("latin-1"), text.encode("latin-1")) for name, text in headers],
                extensions={"target": self._before + path.encode("latin-1")},
            )
        except httpx.HTTPError:
            return Wait(WaitReason.UNREACHABLE)
        told = _instant(response.headers.get("sqm-time", ""))
        if told is not None:
            self._check.heard(told, sent=sent, received=self._clock.monotonic_ms())
        retry_after = response.headers.get("retry-after", "")
        return Answer(response.status_code, told is not None, retry_after, response.content)


def _instant(text: str) -> Millis | None:
    try:
        return parse_instant(text)
    except ValueError:
        return None
