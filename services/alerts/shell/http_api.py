"""
What people and programs ask of alerts over HTTP: see them, act on them, acknowledge from a message.

A command is a record of the trail before it does anything: this only checks who asks and whether they may, writes it,
and says that it was taken. Whoever stands by answers nothing but that it does.
"""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, Protocol

import msgspec
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from schemas.alert_commands import OF_AN_ALERT, AlertCommand
from services.alerts.engine import Alert, Role, may
from services.alerts.engine.ack_links import AckFault, VerifiedAck, verified
from services.alerts.shell.ack_page import Page, ack_page
from services.alerts.shell.reading import ReadingFor
from services.runtime.clock import Clock
from services.runtime.http import problem
from services.runtime.tokens import Token, TokenBook

__all__ = ["AlertsApi", "Offered", "Seeing"]

LONGEST: Final = 64 * 1024
Answer = Callable[[Request, Token], Awaitable[Response]]


class Seeing(Protocol):
    """
    What the one that works can tell; None where this process stands by.
    """

    def alerts(self) -> Mapping[str, Alert] | None: ...

    def muted(self, key: str) -> str | None: ...

    def silences(self) -> list[dict[str, Any]]: ...

    def on_call(self, at: int) -> dict[str, dict[str, Any]]: ...


class Offered(Protocol):
    """
    Writes a command to the trail; returns when it is durable.
    """

    async def __call__(self, command: AlertCommand) -> None: ...


class AlertsApi:
    """
    `tokens` gives the tokens in force, `keys` the keys of signed links, newest first.
    """

    def __init__(
        self,
        seeing: Seeing,
        offered: Offered,
        *,
        tokens: Callable[[], TokenBook],
        keys: tuple[bytes, ...],
        reading: ReadingFor,
        clock: Clock,
    ) -> None:
        self._seeing = seeing
        self._offered = offered
        self._tokens = tokens
        self._keys = keys
        self._reading = reading
        self._clock = clock
        self._used: dict[str, int] = {}

    def routes(self) -> list[Route]:
        return [
            Route("/v1/alerts", self._guarded(self._list, Role.VIEWER), methods=["GET"]),
            Route("/v1/silences", self._guarded(self._silences, Role.VIEWER), methods=["GET"]),
            Route("/v1/on-call", self._guarded(self._on_call, Role.VIEWER), methods=["GET"]),
            Route("/v1/alert-commands", self._guarded(self._command, Role.VIEWER), methods=["POST"]),
            Route("/v1/alerts/{key:path}", self._guarded(self._show, Role.VIEWER), methods=["GET"]),
            Route("/a/{token}", self._ack_page, methods=["GET"]),
            Route("/a/{token}", self._ack, methods=["POST"]),
        ]

    def _guarded(self, answer: Answer, least: Role) -> Callable[[Request], Awaitable[Response]]:
        """
        Let in who shows a token with a role that may at least this.
        """
        ranks = list(Role)

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
            if token.role is None or ranks.index(Role(token.role)) < ranks.index(least):
                return problem(HTTPStatus.FORBIDDEN, "not_allowed", f"this needs the role {least.value} or more")
            return await answer(request, token)

        return guarded

    async def _list(self, request: Request, _token: Token) -> Response:
        alerts = self._seeing.alerts()
        if alerts is None:
            return _stands_by()
        wanted = dict(request.query_params)
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
        return _unknown(request.path_params["key"]) if alert is None else JSONResponse(self._told(alert))

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
        Take a command: its action and what it needs; who gives it and when is known from the token and the clock.
        """
        body = await _body(request)
        if body is None:
            return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", f"a command has at most {LONGEST} bytes")
        now = self._clock.now_ms()
        try:
            said = msgspec.json.decode(body, type=dict[str, Any])
            name = request.headers.get("idempotency-key") or f"{token.id}-{now}"
            command = AlertCommand.model_validate_json(
                msgspec.json.encode(said | {"id": name, "at": now, "by": token.name})
            )
        except ValidationError as error:
            fault = error.errors(include_input=False, include_url=False)[0]
            field = ".".join(map(str, fault["loc"]))
            return problem(HTTPStatus.BAD_REQUEST, "invalid", f"{field}: {fault['msg']}", members={"field": field})
        except msgspec.MsgspecError as error:
            return problem(HTTPStatus.BAD_REQUEST, "not_json", f"the body is one command as JSON: {error}")
        if token.role is None or not may(Role(token.role), command.action):
            return problem(HTTPStatus.FORBIDDEN, "not_allowed", f"the role {token.role} may not {command.action}")
        alerts = self._seeing.alerts()
        if command.action in OF_AN_ALERT and alerts is not None and command.alert not in alerts:
            return _unknown(command.alert or "")
        await self._offered(command)
        return JSONResponse({"id": command.id, "taken": True}, status_code=HTTPStatus.ACCEPTED)

    async def _ack_page(self, request: Request) -> Response:
        """
        Show what the link would acknowledge, and a button: whoever only looks at links acknowledges nothing.
        """
        found = self._verified(request)
        if not isinstance(found, VerifiedAck):
            return self._refused_page(request, found)
        return self._page(request, found, Page.USED if found.id in self._used else None)

    async def _ack(self, request: Request) -> Response:
        found = self._verified(request)
        if not isinstance(found, VerifiedAck):
            return self._refused_page(request, found)
        now = self._clock.now_ms()
        used = found.id in self._used
        if not used:
            by = found.link.by.partition(":")[2]
            # The command's id is the link's: a copy, in another process too, does nothing.
            await self._offered(
                AlertCommand(id=f"link-{found.id}", at=now, by=by, action="acknowledge", alert=found.link.alert)
            )
            self._used = {name: until for name, until in self._used.items() if until > now}
            self._used[found.id] = found.link.expires_at
        return self._page(request, found, Page.USED if used else Page.DONE)

    def _page(self, request: Request, found: VerifiedAck, page: Page | None) -> Response:
        """
        Answer with a page, or with the one that the state of the alert asks for.
        """
        alerts, key = self._seeing.alerts(), found.link.alert
        alert = (alerts or {}).get(key)
        if page is None:
            taken = alert is not None and alert.state == "acknowledged"
            page = Page.TAKE if taken else Page.ASK if alert is not None else Page.OVER
        if alerts is None and page is Page.OVER:
            page = Page.AWAY
        reading = self._reading(alert, found.link.by, request.headers.get("accept-language", ""))
        return HTMLResponse(ack_page(page, key, alert.severity if alert is not None else "info", reading))

    def _refused_page(self, request: Request, fault: AckFault) -> Response:
        reading = self._reading(None, "", request.headers.get("accept-language", ""))
        return HTMLResponse(ack_page(Page(fault.value), "", "info", reading), status_code=HTTPStatus.FORBIDDEN)

    def _verified(self, request: Request) -> VerifiedAck | AckFault:
        return verified(request.path_params["token"], self._keys, self._clock.now_ms())


def _stands_by() -> Response:
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "stands_by", "another process of the group works; ask that one",
        headers={"retry-after": "5"},
    )  # fmt: skip


def _unknown(key: str) -> Response:
    return problem(HTTPStatus.NOT_FOUND, "no_such_alert", f"no alert that is not over has the key {key[:200]!r}")


async def _body(request: Request) -> bytes | None:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LONGEST:
            return None
    return bytes(body)
