"""
The links of messages: a page that shows what one would acknowledge, and the button on it that does.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from schemas.alert_commands import AlertCommand
from services.alerts.engine import Alert
from services.alerts.engine.ack_links import AckFault, VerifiedAck, verified
from services.alerts.shell.ack_page import Page, ack_page
from services.alerts.shell.offering import Offer
from services.alerts.shell.reading import ReadingFor
from services.runtime.clock import Clock

__all__ = ["LinkPages", "Looking"]

_HEADERS: Final = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "content-security-policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
}
"""The address is a secret and its button acts: nobody keeps it, learns it from a referrer, or frames it."""


class Looking(Protocol):
    """
    What the one that works can tell; None where this process stands by.
    """

    def alerts(self) -> Mapping[str, Alert] | None: ...

    def has_taken(self, command: str) -> bool: ...


class LinkPages:
    """
    `keys` are the keys of signed links, newest first.
    """

    def __init__(
        self, looking: Looking, offer: Offer, keys: tuple[bytes, ...], reading: ReadingFor, clock: Clock
    ) -> None:
        self._looking = looking
        self._offer = offer
        self._keys = keys
        self._reading = reading
        self._clock = clock
        self._used: dict[str, int] = {}
        """Commands of links that were used here, until the link expires: they may not have been taken yet."""

    def routes(self) -> list[Route]:
        return [
            Route("/a/{token}", self._show, methods=["GET"]),
            Route("/a/{token}", self._acknowledge, methods=["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        """
        Show what the link would acknowledge, and a button: whoever only looks at links acknowledges nothing.
        """
        found = self._verified(request)
        if isinstance(found, AckFault):
            return self._refused(request, found)
        return self._page(request, found, Page.USED if self._is_used(found) else None)

    async def _acknowledge(self, request: Request) -> Response:
        found = self._verified(request)
        if isinstance(found, AckFault):
            return self._refused(request, found)
        alerts, used = self._looking.alerts(), self._is_used(found)
        if used or (alerts is not None and found.link.alert not in alerts):
            return self._page(request, found, Page.USED if used else None)
        now, by = self._clock.now_ms(), found.link.by.partition(":")[2]
        # The command's id is the link's: a copy, in another process too, does nothing.
        command = AlertCommand(id=_command_of(found), at=now, by=by, action="acknowledge", alert=found.link.alert)
        trouble = await self._offer(command)
        if trouble is not None:
            return trouble
        self._used = {name: until for name, until in self._used.items() if until > now}
        self._used[command.id] = found.link.expires_at
        return self._page(request, found, Page.DONE)

    def _page(self, request: Request, found: VerifiedAck, page: Page | None) -> Response:
        """
        Answer with a page, or with the one that the state of the alert asks for.
        """
        alerts, key = self._looking.alerts(), found.link.alert
        alert = (alerts or {}).get(key)
        if page is None:
            taken = alert is not None and alert.state == "acknowledged"
            page = Page.TAKE if taken else Page.ASK if alert is not None else Page.OVER
        if alerts is None and page is Page.OVER:
            page = Page.AWAY
        reading = self._reading(alert, found.link.by, request.headers.get("accept-language", ""))
        severity = alert.severity if alert is not None else "info"
        return HTMLResponse(ack_page(page, key, severity, reading), headers=_HEADERS)

    def _refused(self, request: Request, fault: AckFault) -> Response:
        reading = self._reading(None, "", request.headers.get("accept-language", ""))
        page = ack_page(Page(fault.value), "", "info", reading)
        return HTMLResponse(page, status_code=HTTPStatus.FORBIDDEN, headers=_HEADERS)

    def _is_used(self, found: VerifiedAck) -> bool:
        name = _command_of(found)
        return name in self._used or self._looking.has_taken(name)

    def _verified(self, request: Request) -> VerifiedAck | AckFault:
        return verified(request.path_params["token"], self._keys, self._clock.now_ms())


def _command_of(found: VerifiedAck) -> str:
    return f"link-{found.id}"
