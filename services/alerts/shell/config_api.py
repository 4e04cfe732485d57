"""
Publishing a configuration of alerts over HTTP: by whoever may change what differs from the one in force.
"""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from schemas.alerting import ALERTINGS, Alerting
from services.alerts.engine import Role, alerting_faults, may, needed_to_publish
from services.alerts.shell.guarding import body_of, guarded, refused_for_role, too_large
from services.runtime.errors import Transient
from services.runtime.faults import field_name
from services.runtime.http import problem
from services.runtime.logs import Logger
from services.runtime.tokens import Token, TokenBook

__all__ = ["ConfigApi", "Said"]

LONGEST: Final = 4 * 1024 * 1024
_LATER: Final = {"retry-after": "5"}


class Said(StrEnum):
    """
    The log events of this module.
    """

    PUBLISHED = "alerting_published"


class ConfigApi:
    """
    `in_force` gives the configuration that holds, `publish` writes one to its topic, `tokens` gives those in force.
    """

    def __init__(
        self,
        in_force: Callable[[], Alerting | None],
        publish: Callable[[Alerting], Awaitable[None]],
        tokens: Callable[[], TokenBook],
        log: Logger,
    ) -> None:
        self._in_force = in_force
        self._publish = publish
        self._tokens = tokens
        self._log = log

    def routes(self) -> list[Route]:
        return [Route("/v1/alerting", guarded(self._take, Role.OWNER, self._tokens), methods=["POST"])]

    async def _take(self, request: Request, token: Token) -> Response:
        body = await body_of(request, LONGEST)
        if body is None:
            return too_large(LONGEST)
        try:
            alerting = ALERTINGS.validate_json(body)
        except ValidationError as error:
            fault = error.errors(include_input=False, include_url=False)[0]
            return _broken(field_name(fault["loc"]), fault["msg"])
        for path, fault_is in alerting_faults(alerting):
            return _broken(field_name(path), fault_is)
        needed = needed_to_publish(self._in_force(), alerting)
        if not may(token.role, needed):
            return refused_for_role(token, needed)
        try:
            await self._publish(alerting)
        except Transient as error:
            detail = f"nothing is written now: {error}"
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, "not_now", detail, headers=_LATER)
        self._log.info(Said.PUBLISHED, id=alerting.metadata.id, by=token.name, token=token.id)
        return JSONResponse({"id": alerting.metadata.id, "published": True}, status_code=HTTPStatus.ACCEPTED)


def _broken(field: str, fault: str) -> Response:
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", f"{field}: {fault}", members={"field": field})
