"""
What people and programs ask of alerts over HTTP: see them, act on them, report their own.

A command is a record of the trail before it does anything: this only checks who asks and whether they may, writes it,
and says that it was taken. Whoever stands by answers nothing but that it does.
"""

from collections.abc import Awaitable, Callable, Collection, Container, Mapping
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
from schemas.alert_routes import Silence
from schemas.decoding import NOT_READABLE
from services.alerts.engine import Alert, Role, may, needed_to_obey
from services.alerts.shell.guarding import Answer, body_of, guarded, refused_for_role, too_large
from services.alerts.shell.offering import Offer
from services.alerts.shell.paging import PAGED, asked_for, page
from services.alerts.shell.reports import UnreadableHookError, reports_of
from services.runtime.clock import Clock
from services.runtime.http import problem
from services.runtime.tokens import Token, TokenBook

__all__ = ["AlertsApi", "Seeing"]

LONGEST: Final = 64 * 1024
LONGEST_HOOK: Final = 2 * 1024 * 1024
_BY_WHAT_IS_THERE: Final = frozenset({"silence", "unsilence"})
"""Who may give these depends on whose silence there is, which whoever stands by does not know."""
_BY: Final = ("state", *LABELS)


class Seeing(Protocol):
    """
    What the one that works can tell; None where this process stands by.
    """

    def alerts(self) -> Mapping[str, Alert] | None: ...

    def muted(self, key: str) -> str | None: ...

    def lacks(self, command: AlertCommand) -> tuple[str, str] | None: ...

    def silences(self) -> Mapping[str, Silence] | None: ...

    def holding(self) -> Container[str]: ...

    def schedules(self) -> Collection[str] | None: ...

    def on_call(self, schedule: str, at: int) -> dict[str, Any] | None: ...


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
        return guarded(answer, least, self._tokens)

    async def _list(self, request: Request, _token: Token) -> Response:
        alerts = self._seeing.alerts()
        if alerts is None:
            return _stands_by()
        wanted = {name: value for name, value in request.query_params.items() if name not in PAGED}
        unknown = sorted(wanted.keys() - set(_BY))
        if unknown:
            detail = f"alerts cannot be asked for by {unknown[0][:80]!r}; there are {', '.join((*_BY, *PAGED))}"
            return problem(HTTPStatus.BAD_REQUEST, "unknown_label", detail, members={"field": unknown[0][:80]})
        asked = asked_for(request.query_params)
        if isinstance(asked, Response):
            return asked
        state, labels = wanted.pop("state", None), wanted.items()

        def told(key: str) -> dict[str, Any] | None:
            alert = alerts[key]
            fits = state in (None, alert.state) and all(alert.labels.get(name) == value for name, value in labels)
            return self._told(alert) if fits else None

        return await page("alerts", alerts, asked, told)

    async def _show(self, request: Request, _token: Token) -> Response:
        alerts = self._seeing.alerts()
        if alerts is None:
            return _stands_by()
        alert = alerts.get(request.path_params["key"])
        return _unknown("alert", request.path_params["key"]) if alert is None else JSONResponse(self._told(alert))

    def _told(self, alert: Alert) -> dict[str, Any]:
        told: dict[str, Any] = msgspec.to_builtins(alert)
        return told | {"muted_by": self._seeing.muted(alert.key)}

    async def _silences(self, request: Request, _token: Token) -> Response:
        silences, holding, asked = self._seeing.silences(), self._seeing.holding(), asked_for(request.query_params)
        if silences is None:
            return _stands_by()
        if isinstance(asked, Response):
            return asked

        def told(name: str) -> dict[str, Any]:
            said = silences[name].model_dump(mode="json", by_alias=True, exclude_none=True)
            return said | {"holds": name in holding}

        return await page("silences", silences, asked, told)

    async def _on_call(self, request: Request, _token: Token) -> Response:
        schedules, now, asked = self._seeing.schedules(), self._clock.now_ms(), asked_for(request.query_params)
        if schedules is None:
            return _stands_by()
        if isinstance(asked, Response):
            return asked
        return await page("on_call", schedules, asked, lambda name: self._seeing.on_call(name, now))

    async def _command(self, request: Request, token: Token) -> Response:
        """
        Take a command: its action and what it needs; who gives it, or asks for a silence, and when is known from the
        token and the clock.
        """
        body = await body_of(request, LONGEST)
        if body is None:
            return too_large(LONGEST)
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
        except NOT_READABLE as error:
            return problem(HTTPStatus.BAD_REQUEST, "not_json", f"the body is one command as JSON: {error}")
        silences = self._seeing.silences()
        if silences is None and not may(token.role, Role.ADMINISTRATOR) and command.action in _BY_WHAT_IS_THERE:
            return _stands_by()
        needed = needed_to_obey(command, silences or {})
        if not may(token.role, needed):
            return refused_for_role(token, needed)
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
        body = await body_of(request, LONGEST_HOOK)
        if body is None:
            return too_large(LONGEST_HOOK)
        try:
            found = reports_of(body, by=token.name, token=token.id, now=self._clock.now_ms())
        except UnreadableHookError as error:
            return problem(HTTPStatus.BAD_REQUEST, "no_webhook", str(error))
        trouble = await self._offer(*found.commands)
        return trouble or JSONResponse({"taken": len(found.commands), "refused": found.refused, "ours": found.ours})


def _stands_by() -> Response:
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "stands_by", "another process of the group works; ask that one",
        headers={"retry-after": "5"},
    )  # fmt: skip


def _unknown(kind: str, name: str) -> Response:
    what = "alert that is not over has the key" if kind == "alert" else f"{kind} has the id"
    return problem(HTTPStatus.NOT_FOUND, f"no_such_{kind}", f"no {what} {name[:200]!r}")
