"""
What people and programs ask of alerts over HTTP: see them, act on them, report their own.

A command is a record of the trail before it does anything: this only checks who asks and whether they may, writes it,
and says that it was taken. Whoever stands by answers nothing but that it does.
"""

from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final, Protocol

import msgspec
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from schemas.alert_commands import AlertCommand
from schemas.alert_labels import LABELS
from services.alerts.engine import Alert, Role, may
from services.alerts.shell.offering import Offer
from services.alerts.shell.reports import UnreadableHookError, reports_of
from services.runtime.clock import Clock
from services.runtime.http import problem
from services.runtime.tokens import Token, TokenBook

__all__ = ["AlertsApi", "Seeing"]

LONGEST: Final = 64 * 1024
LONGEST_HOOK: Final = 2 * 1024 * 1024
_BY: Final = ("state", *LABELS)
_RANKS: Final = [role.value for role in Role]
Answer = Callable[[Request, Token], Awaitable[Response]]


class Seeing(Protocol):
    """
    What the one that works can tell; None where this process stands by.
    """

    def alerts(self) -> Mapping[str, Alert] | None: ...

    def muted(self, key: str) -> str | None: ...

    def lacks(self, command: AlertCommand) -> tuple[str, str] | None: ...

    def silences(self) -> list[dict[str, Any]]: ...

    def on_call(self, at: int) -> dict[str, dict[str, Any]]: ...


class AlertsApi:
    """
    `tokens` gives the tokens in force.
    """

    def __init__(self, seeing: Seeing, offer: Offer, *, tokens: Callable[[], TokenBook], clock: Clock) -> None:
        self._seeing = seeing
        self._offer = offer
        self._tokens = tokens
        self._clock = clock

    def routes(self) -> list[Route]:
        return [
            Route("/v1/alerts", self._guarded(self._list, Role.VIEWER), methods=["GET"]),
            Route("/v1/silences", self._guarded(self._silences, Role.VIEWER), methods=["GET"]),
            Route("/v1/on-call", self._guarded(self._on_call, Role.VIEWER), methods=["GET"]),
            Route("/v1/alert-commands", self._guarded(self._command, Role.VIEWER), methods=["POST"]),
            Route("/v1/alerts/{key:path}", self._guarded(self._show, Role.VIEWER), methods=["GET"]),
            Route("/v1/alertmanager", self._guarded(self._report, Role.OPERATOR), methods=["POST"]),
        ]

    def _guarded(self, answer: Answer, least: Role) -> Callable[[Request], Awaitable[Response]]:
        """
        Let in who shows a token with a role that may at least this.
        """

        async def guarded(request: Request) -> Response:
            shown = request.headers.get("authorization", "").removeprefix("Bearer ")
            token = self._tokens().holder(shown)
            if token is None:
                return problem(
                    HTTPStatus.UNAUTHORIZED,
                    "no_token",
                    "show a token as Authorization: Bearer …; `sqm tokens create NAME --role operator` makes one",
                    headers={"www-authenticate": "Bearer"},
                )
            if token.role not in _RANKS[_RANKS.index(least.value) :]:
                return problem(HTTPStatus.FORBIDDEN, "not_allowed", f"this needs the role {least.value} or more")
            return await answer(request, token)

        return guarded

    async def _list(self, request: Request, _token: Token) -> Response:
        alerts = self._seeing.alerts()
        if alerts is None:
            return _stands_by()
        wanted = dict(request.query_params)
        unknown = sorted(wanted.keys() - set(_BY))
        if unknown:
            detail = f"alerts cannot be asked for by {unknown[0][:80]!r}; there are {', '.join(_BY)}"
            return problem(HTTPStatus.BAD_REQUEST, "unknown_label", detail, members={"field": unknown[0][:80]})
        found = [
            self._told(alert)
            for _, alert in sorted(alerts.items())
            if all(
                alert.labels.get(name) == value or (name == "state" and alert.state == value)
                for name, value in wanted.items()
            )
        ]
        return JSONResponse({"alerts": found})

    async def _show(self, request: Request, _token: Token) -> Response:
        alerts = self._seeing.alerts()
        if alerts is None:
            return _stands_by()
        alert = alerts.get(request.path_params["key"])
        return _unknown("alert", request.path_params["key"]) if alert is None else JSONResponse(self._told(alert))

    def _told(self, alert: Alert) -> dict[str, Any]:
        told: dict[str, Any] = msgspec.to_builtins(alert)
        return told | {"muted_by": self._seeing.muted(alert.key)}

    async def _silences(self, _request: Request, _token: Token) -> Response:
        return _stands_by() if self._seeing.alerts() is None else JSONResponse({"silences": self._seeing.silences()})

    async def _on_call(self, _request: Request, _token: Token) -> Response:
        if self._seeing.alerts() is None:
            return _stands_by()
        return JSONResponse({"on_call": self._seeing.on_call(self._clock.now_ms())})

    async def _command(self, request: Request, token: Token) -> Response:
        """
        Take a command: its action and what it needs; who gives it, or asks for a silence, and when is known from the
        token and the clock.
        """
        body = await _body(request, LONGEST)
        if body is None:
            return _too_large(LONGEST)
        now = self._clock.now_ms()
        try:
            said = msgspec.json.decode(body, type=dict[str, Any])
            if isinstance(said.get("silence"), dict):
                said["silence"]["author"] = token.name
            # Of two tokens none can take the other's name for a command, nor that of a link.
            name = request.headers.get("idempotency-key") or f"{now}-{sha256(body).hexdigest()[:16]}"
            command = AlertCommand.model_validate_json(
                msgspec.json.encode(said | {"id": f"{token.id}-{name}", "at": now, "by": token.name})
            )
        except ValidationError as error:
            fault = error.errors(include_input=False, include_url=False)[0]
            field = ".".join(map(str, fault["loc"]))
            return problem(HTTPStatus.BAD_REQUEST, "invalid", f"{field}: {fault['msg']}", members={"field": field})
        except msgspec.MsgspecError as error:
            return problem(HTTPStatus.BAD_REQUEST, "not_json", f"the body is one command as JSON: {error}")
        if token.role is None or not may(Role(token.role), command.action):
            return problem(HTTPStatus.FORBIDDEN, "not_allowed", f"the role {token.role} may not {command.action}")
        lacking = self._seeing.lacks(command)
        if lacking is not None:
            return _unknown(*lacking)
        trouble = await self._offer(command)
        return trouble or JSONResponse({"id": command.id, "taken": True}, status_code=HTTPStatus.ACCEPTED)

    async def _report(self, request: Request, token: Token) -> Response:
        """
        Take a webhook of Alertmanager's. What of it cannot be taken is named, and does not keep out the rest: it would
        be no better the next time.
        """
        body = await _body(request, LONGEST_HOOK)
        if body is None:
            return _too_large(LONGEST_HOOK)
        try:
            found = reports_of(body, by=token.name, token=token.id, now=self._clock.now_ms())
        except UnreadableHookError as error:
            return problem(HTTPStatus.BAD_REQUEST, "no_webhook", str(error))
        for command in found.commands:
            trouble = await self._offer(command)
            if trouble is not None:
                return trouble
        return JSONResponse({"taken": len(found.commands), "refused": found.refused, "ours": found.ours})


def _stands_by() -> Response:
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "stands_by", "another process of the group works; ask that one",
        headers={"retry-after": "5"},
    )  # fmt: skip


def _unknown(kind: str, name: str) -> Response:
    what = "alert that is not over has the key" if kind == "alert" else f"{kind} has the id"
    return problem(HTTPStatus.NOT_FOUND, f"no_such_{kind}", f"no {what} {name[:200]!r}")


def _too_large(longest: int) -> Response:
    return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", f"at most {longest} bytes are taken at once")


async def _body(request: Request, longest: int) -> bytes | None:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > longest:
            return None
    return bytes(body)
