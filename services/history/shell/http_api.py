"""
Answers questions to history over HTTP: SQL in, ClickHouse's JSON out; nothing can be changed through it.
"""

import asyncio
import hmac
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.history.engine import why_not_asked
from services.runtime.clickhouse import Database, Form
from services.runtime.errors import Misconfigured, Overloaded, Rejected, Transient
from services.runtime.http import is_loopback, problem

__all__ = ["QueryApi"]

_LONGEST_SQL: Final = 64 * 1024
_WAITING: Final = 8
_PARAMETER: Final = "param_"
_MEDIA: Final = {"JSON": "application/json", "Parquet": "application/vnd.apache.parquet"}
_REWRITE: Final = "SELECT formatQuerySingleLine({question:String}) AS question"


class QueryApi:
    """
    `POST /v1/query` with one SELECT as its body; `?param_name=value` fills `{name:Type}` in it, `?format=Parquet` asks
    for that in place of JSON.

    With a token, callers show it as `Authorization: Bearer …`. Without one, only requests to this machine by a loopback
    name are answered, so that no page in a browser reaches it under a name of its own. One question at a time, few may
    wait.
    """

    def __init__(self, reader: Database, *, token: str | None, rows: int) -> None:
        self._reader = reader
        self._token = token
        self._rows = rows
        self._turn = asyncio.Lock()
        self._waiting = 0

    def routes(self) -> list[Route]:
        return [Route("/v1/query", self.query, methods=["POST"])]

    async def query(self, request: Request) -> Response:
        if (refusal := self._unauthorised(request)) is not None:
            return refusal
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > _LONGEST_SQL:
                return problem(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", f"a question has at most {_LONGEST_SQL} bytes"
                )
        try:
            sql = body.decode().strip()
        except UnicodeDecodeError:
            return problem(HTTPStatus.BAD_REQUEST, "not_utf8", "a question is text in UTF-8")
        if not sql:
            return problem(HTTPStatus.BAD_REQUEST, "empty", "the body is one SELECT statement")
        if self._waiting >= _WAITING:
            return _busy("too many questions wait; ask again in a moment")
        self._waiting += 1
        try:
            async with self._turn:
                form = request.query_params.get("format", "JSON")
                return await asyncio.to_thread(self._answer, sql, _parameters(request.query_params), form)
        finally:
            self._waiting -= 1

    def _answer(self, sql: str, parameters: Mapping[str, str], form: str) -> Response:
        if form not in _MEDIA:
            return problem(HTTPStatus.BAD_REQUEST, "no_such_format", f"format is one of {', '.join(_MEDIA)}")
        try:
            # ClickHouse's own spelling is judged, and exactly that is run.
            question = self._reader.rows(_REWRITE, {"question": sql})[0]["question"]
            why = why_not_asked(question)
            if why is not None:
                return problem(HTTPStatus.FORBIDDEN, why, "only a SELECT that touches no file is answered")
            # Whoever gets as many rows as this cannot tell whether that was all.
            told = {"sqm-row-limit": str(self._rows)}
            answer = self._reader.answer(question, parameters, cast("Form", form))
            return Response(answer, media_type=_MEDIA[form], headers=told)
        except Overloaded as error:
            return _busy(str(error))
        except Transient as error:
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, "database_away", str(error))
        except (Rejected, Misconfigured) as error:
            return problem(HTTPStatus.BAD_REQUEST, "not_answered", str(error))

    def _unauthorised(self, request: Request) -> Response | None:
        if self._token is not None:
            shown = request.headers.get("authorization", "").removeprefix("Bearer ")
            if hmac.compare_digest(shown.encode(), self._token.encode()):
                return None
            return problem(
                HTTPStatus.UNAUTHORIZED,
                "no_token",
                "show the token of SQM_HISTORY_TOKEN as Authorization: Bearer …",
                headers={"www-authenticate": "Bearer"},
            )
        if is_loopback(request.url.hostname or ""):
            return None
        return problem(
            HTTPStatus.FORBIDDEN, "not_this_machine", "without a token only 127.0.0.1, ::1 and localhost are answered"
        )


def _parameters(query: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(_PARAMETER): value for name, value in query.items() if name.startswith(_PARAMETER)}


def _busy(detail: str) -> Response:
    return problem(HTTPStatus.TOO_MANY_REQUESTS, "busy", detail, headers={"retry-after": "1"})
