"""
`POST /v1/events`: CloudEvents over HTTP, structured, binary or in batches.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote_to_bytes

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as HttpRoute

from services.ingest.engine import (
    EVERY_SOURCE,
    HTTP_PREFIX,
    KAFKA_PREFIX,
    Accepted,
    Mode,
    Policy,
    RefusalReason,
    Refused,
    Verdict,
    admit,
    binary_attributes,
    mode_of,
    normalise,
    normalise_attributes,
)
from services.ingest.engine.modes import STRUCTURED
from services.ingest.shell.answers import answer, not_taken
from services.ingest.shell.intake import Intake, Received
from services.ingest.shell.meters import Meters, Route, Way
from services.ingest.shell.publishing import Publisher
from services.runtime.clock import Clock
from services.runtime.errors import Rejected, Transient
from services.runtime.http import problem, read_body
from services.runtime.tokens import TokenBook

__all__ = ["DEVELOPMENT", "EventsApi", "RequestLimits"]

DEVELOPMENT: Final = "development"
"""The name under which events without a token are counted, where the development switch allows them."""

_SPLIT: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode
_FACTS: Final = {"http.request.method": "POST", "http.route": str(Route.EVENTS)}
_SLICE: Final = 500
"""Events decided before other requests get a turn: about ten milliseconds."""


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """
    How much one request may bring.
    """

    body_bytes: int = 5 * 1024 * 1024
    body_seconds: float = 30.0
    items: int = 10_000


@dataclass(frozen=True, slots=True)
class _Sender:
    name: str
    prefixes: Sequence[str]


class EventsApi:
    """
    Answers for events only when the broker has acknowledged them.

    `tokens` gives the tokens as they stand now; None accepts everybody, which only the development switch may ask for.
    With `keep_refused` what is refused is also written to the dead letters, except for events of foreign sources.
    """

    def __init__(
        self,
        *,
        intake: Intake,
        publisher: Publisher,
        tokens: Callable[[], TokenBook] | None,
        policy: Policy,
        limits: RequestLimits,
        clock: Clock,
        meters: Meters,
        keep_refused: bool = True,
    ) -> None:
        self._intake = intake
        self._publisher = publisher
        self._tokens = tokens
        self._policy = policy
        self._limits = limits
        self._clock = clock
        self._meters = meters
        self._keep_refused = keep_refused

    def routes(self) -> list[HttpRoute]:
        return [HttpRoute(Route.EVENTS, self._measured, methods=["POST"])]

    async def _measured(self, request: Request) -> Response:
        try:
            return await self._meters.measured(Route.EVENTS, self._clock, self._post(request))
        finally:
            self._meters.backlog.set(self._publisher.in_flight)

    async def _post(self, request: Request) -> Response:
        sender = self._sender(request)
        if isinstance(sender, Response):
            return sender
        mode = _mode(request)
        if isinstance(mode, Response):
            return mode
        # Only now: nobody without a token makes us make spans.
        with self._intake.tracing.request(f"POST {Route.EVENTS}", request.headers, _FACTS) as tell:
            response = await self._received(request, mode, sender)
            tell("http.response.status_code", response.status_code)
            return response

    async def _received(self, request: Request, mode: Mode, sender: _Sender) -> Response:
        try:
            self._publisher.check()
            body = await read_body(request, max_bytes=self._limits.body_bytes, seconds=self._limits.body_seconds)
            if isinstance(body, Response):
                return body
            self._meters.sizes.labelled(route=Route.EVENTS).observe(len(body))
            return await self._decide(request, mode, body, sender)
        except Transient as error:
            return not_taken(error)

    async def _decide(self, request: Request, mode: Mode, body: bytes, sender: _Sender) -> Response:
        now, losses = self._clock.now_ms(), self._intake.losses
        if mode is not Mode.BATCH:
            event = self._single(request, mode, body, now)
            if isinstance(event, Refused) and event.reason is RefusalReason.NOT_JSON:
                return problem(HTTPStatus.BAD_REQUEST, event.reason, event.detail)
            original = _binary(request.headers.raw, body) if mode is Mode.BINARY else body
            return await self._publish([event], [original], sender, losses)
        items = self._split(body)
        if isinstance(items, Response):
            return items
        events: list[Accepted | Refused] = []
        for start in range(0, len(items), _SLICE):
            if start:
                await asyncio.sleep(0)
            events += [normalise(item, now, self._policy) for item in items[start : start + _SLICE]]
        return await self._publish(events, items, sender, losses)

    def _single(self, request: Request, mode: Mode, body: bytes, now_ms: int) -> Accepted | Refused:
        if mode is Mode.STRUCTURED:
            return normalise(body, now_ms, self._policy)
        attributes = binary_attributes(request.headers.raw, HTTP_PREFIX)
        if isinstance(attributes, Refused):
            return attributes
        return normalise_attributes(attributes, body, now_ms, self._policy)

    def _split(self, body: bytes) -> list[msgspec.Raw] | Response:
        try:
            items = _SPLIT(body)
        except msgspec.ValidationError:
            return problem(HTTPStatus.BAD_REQUEST, "not_a_batch", "a batch is a JSON array of events")
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return problem(HTTPStatus.BAD_REQUEST, RefusalReason.NOT_JSON, f"not JSON in UTF-8: {str(error)[:120]}")
        except RecursionError:
            return problem(HTTPStatus.BAD_REQUEST, RefusalReason.TOO_DEEP, "the body is nested too deeply")
        if len(items) > self._limits.items:
            return problem(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                "too_many_items",
                f"{len(items)} events in one request, at most {self._limits.items}; send smaller batches",
            )
        return items

    async def _publish(
        self,
        events: list[Accepted | Refused],
        originals: Sequence[bytes | msgspec.Raw | Received],
        sender: _Sender,
        losses: int,
    ) -> Response:
        verdicts = admit(events, sender.prefixes)
        received = [self._letter(verdict, original) for verdict, original in zip(verdicts, originals, strict=True)]
        try:
            await self._intake.take(verdicts, received, Way.HTTP, sender.name, losses)
        except Rejected as error:
            return problem(HTTPStatus.UNPROCESSABLE_ENTITY, error.reason, "the broker takes no record of this size")
        return answer(verdicts)

    def _letter(self, verdict: Verdict, original: bytes | msgspec.Raw | Received) -> Received | None:
        if type(verdict) is not Refused or not self._keep_refused:
            return None
        if verdict.reason is RefusalReason.SOURCE_NOT_ALLOWED:
            # Replaying a dead letter asks for no token; a foreign event must not get in that way.
            return None
        return original if isinstance(original, Received) else Received(bytes(original), STRUCTURED)

    def _sender(self, request: Request) -> _Sender | Response:
        if self._tokens is None:
            return _Sender(DEVELOPMENT, EVERY_SOURCE)
        given = request.headers.getlist("authorization")
        holder = self._tokens().bearer(given[0]) if len(given) == 1 else None
        if holder is not None:
            return _Sender(holder.name, holder.sources)
        return problem(
            HTTPStatus.UNAUTHORIZED,
            "token_missing_or_wrong",
            "send `Authorization: Bearer …` with a token from `sqm tokens create` that is not revoked",
            headers={"www-authenticate": 'Bearer realm="sqm"', "connection": "close"},
        )


def _mode(request: Request) -> Mode | Response:
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        return problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "content_encoding", "send the body as it is, without content-encoding"
        )
    types = request.headers.getlist("content-type")
    has_attributes = "ce-specversion" in request.headers or "ce-id" in request.headers or "ce-type" in request.headers
    mode = mode_of(types[0].encode("latin-1"), has_attributes=has_attributes) if len(types) == 1 else None
    if mode is None:
        return problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            RefusalReason.UNSUPPORTED_CONTENT_TYPE,
            "content-type is application/cloudevents+json, application/cloudevents-batch+json, or application/json "
            "with ce- headers; in UTF-8, once",
        )
    return mode


def _binary(headers: Sequence[tuple[bytes, bytes]], body: bytes) -> Received:
    """
    Write a binary-mode request as Kafka carries one, for the dead letters.
    """
    attributes = [
        (KAFKA_PREFIX.decode() + name[len(HTTP_PREFIX) :].decode("latin-1"), unquote_to_bytes(value))
        for name, value in headers
        if name.startswith(HTTP_PREFIX)
    ]
    return Received(body, [("content-type", b"application/json"), *attributes])
