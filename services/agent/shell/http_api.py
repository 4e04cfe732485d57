"""
What tills talk to: `POST /v1/events` and `POST /v1/webhooks/{connector}/{source}`, acknowledged when the disk has it;
and what `sqm agent` asks: status and dead letters.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from schemas.base import format_instant
from schemas.decoding import NOT_READABLE
from services.agent.engine import Arrival, Form, Kept, Lane, Record, Refused, Twice, arrivals, form_of, kept_headers
from services.agent.shell.journal import BacklogFull, Journal
from services.agent.shell.meters import Meters, RefusedFor
from services.agent.shell.store import Buried, DiskFull, Retry
from services.agent.shell.upstream import EVENTS_PATH
from services.runtime.clock import Clock
from services.runtime.errors import Transient
from services.runtime.http import is_loopback, problem, read_body
from services.runtime.logs import logger

__all__ = ["AgentApi"]

_BODY_SECONDS: Final = 30.0
_NUMBER: Final = re.compile(r"[1-9]\d{0,2}", re.ASCII)
_RETRY_SECONDS: Final = "60"

Answering = Callable[[Request], Awaitable[Response]]


class Said(StrEnum):
    """
    The log events of taking things in.
    """

    FULL = "agent_refuses_records"
    ROOM = "agent_takes_records_again"


class AgentApi:
    """
    Only requests by a loopback name are answered, and of pages in a browser only those of this machine: no other gets
    in under a name of its own, or by posting what browsers let every page post.
    `status` says how the agent is.
    """

    def __init__(
        self,
        journal: Journal,
        *,
        status: Callable[[], Awaitable[dict[str, Any]]],
        clock: Clock,
        meters: Meters,
        body_bytes: int,
        event_bytes: int,
    ) -> None:
        self._journal = journal
        self._status = status
        self._clock = clock
        self._meters = meters
        self._body_bytes = body_bytes
        self._event_bytes = event_bytes
        self._log = logger("agent")
        self._refusing: RefusedFor | None = None

    def routes(self) -> list[Route]:
        return [
            Route(EVENTS_PATH, _here(self._events), methods=["POST"]),
            Route("/v1/webhooks/{connector}/{source:path}", _here(self._webhook), methods=["POST"]),
            Route("/v1/status", _here(self._told), methods=["GET"]),
            Route("/v1/dead", _here(self._dead), methods=["GET"]),
            Route("/v1/dead/retry", _here(self._retry), methods=["POST"]),
        ]

    async def _events(self, request: Request) -> Response:
        has_attributes = "ce-id" in request.headers
        form = form_of(request.headers.get("content-type", ""), has_attributes=has_attributes)
        if form is None or request.headers.get("content-encoding", "identity") != "identity":
            return problem(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                "unsupported_content_type",
                "content-type is application/cloudevents+json, application/cloudevents-batch+json, or application/json "
                "with ce- headers; without content-encoding",
            )
        body = await read_body(request, max_bytes=self._body_bytes, seconds=_BODY_SECONDS)
        if isinstance(body, Response):
            return body
        if form is Form.HEADERS:
            return await self._kept([Kept(body)], [self._request(request, body)])
        items = [msgspec.Raw(body)] if form is Form.ONE else _split(body)
        if items is None:
            return problem(HTTPStatus.BAD_REQUEST, "not_a_batch", "a batch is a JSON array of events, in UTF-8")
        found = arrivals(items, self._event_bytes)
        now = self._clock.now_ms()
        return await self._kept(found, [Record(Lane.EVENTS, now, one.body) for one in found if isinstance(one, Kept)])

    async def _webhook(self, request: Request) -> Response:
        body = await read_body(request, max_bytes=self._body_bytes, seconds=_BODY_SECONDS)
        if isinstance(body, Response):
            return body
        return await self._kept([Kept(body)], [self._request(request, body)])

    def _request(self, request: Request, body: bytes) -> Record:
        path = request.scope["raw_path"].decode("latin-1")
        query = request.scope["query_string"].decode("latin-1")
        return Record(
            Lane.REQUESTS,
            self._clock.now_ms(),
            body,
            f"{path}?{query}" if query else path,
            kept_headers((name.decode("latin-1"), text.decode("latin-1")) for name, text in request.headers.raw),
        )

    async def _kept(self, found: Sequence[Arrival], records: Sequence[Record]) -> Response:
        try:
            if records:
                await self._journal.keep(records)
        except BacklogFull as error:
            return self._full(RefusedFor.BACKLOG, error)
        except DiskFull as error:
            return self._full(RefusedFor.DISK, error)
        except Transient as error:
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, "agent_stops", str(error), headers={"retry-after": "5"})
        if records and self._refusing is not None:
            self._refusing = None
            self._log.warning(Said.ROOM)
        for lane in Lane:
            self._meters.kept.labelled(lane=lane).inc(sum(record.lane is lane for record in records))
        return _answer(found)

    def _full(self, reason: RefusedFor, error: Transient) -> Response:
        self._meters.refused.labelled(reason=reason).inc()
        if self._refusing is not reason:
            self._refusing = reason
            self._log.error(Said.FULL, reason=reason.value, problem=str(error))
        return problem(
            HTTPStatus.INSUFFICIENT_STORAGE, reason, f"nothing of this request is kept: {error}",
            headers={"retry-after": _RETRY_SECONDS},
        )  # fmt: skip

    async def _told(self, _request: Request) -> Response:
        return _json(await self._status() | {"refuses": self._refusing})

    async def _dead(self, request: Request) -> Response:
        asked = request.query_params.get("limit", "100")
        if not _NUMBER.fullmatch(asked):
            return problem(HTTPStatus.BAD_REQUEST, "bad_limit", f"limit {asked[:80]!r} is no number from 1 to 999")
        return _json([_listed(letter) for letter in await self._journal.dead(int(asked))])

    async def _retry(self, _request: Request) -> Response:
        count = self._journal.totals.dead
        try:
            await self._journal.change(Retry())
        except DiskFull as error:
            return self._full(RefusedFor.DISK, error)
        self._journal.wake()
        return _json({"again": count})


def _here(answering: Answering) -> Answering:
    async def guarded(request: Request) -> Response:
        # A page of another site may post unasked, even to a loopback name; the browser then says whose page it is.
        asked = [request.url.hostname or "", *map(_host_of, request.headers.getlist("origin"))]
        if not all(map(is_loopback, asked)):
            return problem(
                HTTPStatus.FORBIDDEN,
                "not_this_machine",
                "the agent answers to 127.0.0.1, ::1 and localhost only, and to no page of another site",
            )
        return await answering(request)

    return guarded


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:
        return ""


def _split(body: bytes) -> list[msgspec.Raw] | None:
    try:
        return msgspec.json.decode(body, type=list[msgspec.Raw])
    except NOT_READABLE:
        return None


def _answer(found: Sequence[Arrival]) -> Response:
    """
    Answer as ingest does: 200 where at least one event was kept (or the batch was empty), else 422; with all items.
    """
    items = [_item(place, one) for place, one in enumerate(found)]
    results = [item["result"] for item in items]
    accepted, duplicates = results.count("accepted"), results.count("duplicate")
    members = {
        "accepted": accepted, "duplicates": duplicates, "refused": len(items) - accepted - duplicates, "items": items,
    }  # fmt: skip
    if accepted or not items:
        return _json(members)
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "all_refused",
        "no event was accepted; each item says why, sending the same again will not help",
        members=members,
    )


def _item(place: int, one: Arrival) -> dict[str, Any]:
    if isinstance(one, Refused):
        said = {"reason": one.reason, "pointer": one.pointer, "detail": one.detail}
        return {"index": place, "result": "refused", **said}
    return {"index": place, "result": "duplicate" if isinstance(one, Twice) else "accepted"}


def _listed(letter: Buried) -> dict[str, Any]:
    """
    A dead letter without its body, which may hold what is nobody's business on this machine; its identity is shown.
    """
    record = letter.record
    about: dict[str, Any] = {}
    if record.lane is Lane.EVENTS:
        event = msgspec.json.decode(record.body, type=dict[str, Any])
        about = {name: event.get(name) for name in ("source", "id", "type")}
    return {
        "number": letter.seq,
        "reason": letter.reason,
        "detail": letter.detail,
        "received_at": format_instant(record.received_at),
        "refused_at": format_instant(letter.died_at),
        "path": record.path or EVENTS_PATH,
        "bytes": len(record.body),
        **about,
    }


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
