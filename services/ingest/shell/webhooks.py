"""
`POST /v1/webhooks/{connector}/{source}`: what a vendor sends is stored as it came, once its signature is right.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as HttpRoute

from schemas.connectors import source_uri
from schemas.forwarded import AGENT_AUTHORIZATION
from schemas.raw import HTTP
from schemas.signatures import HmacSignature, Signature
from services.ingest.engine import within
from services.ingest.engine.connector import CompiledConnector, Delivered
from services.ingest.engine.receipts import told_receipt
from services.ingest.engine.signatures import SignedRequest, check_signature, joined_headers, proof_header
from services.ingest.engine.stored import stored_headers, stored_key
from services.ingest.shell.answers import not_taken
from services.ingest.shell.meters import Meters, Route
from services.ingest.shell.sealing import Original, SealedTopic
from services.runtime.clock import Clock
from services.runtime.errors import Rejected, Transient
from services.runtime.http import problem, read_body
from services.runtime.tokens import TokenBook

__all__ = ["Proofs", "WebhookLimits", "WebhookOutcome", "Webhooks"]

UNKNOWN: Final = "unknown"
"""What a connector that nobody configured is counted as: the address is anybody's to choose."""
_DECOY: Final = HmacSignature(scheme="hmac", header="x-signature")
_FACTS: Final = {"http.request.method": "POST", "http.route": str(Route.WEBHOOKS)}
_DECOY_SECRET: Final = b"of a sender who is not known"

SecretsOf = Callable[[str, str], Sequence[bytes]]


class WebhookOutcome(StrEnum):
    """
    What became of a request beside the faults of its signature; counted, and never told to whoever sent it.
    """

    STORED = "stored"
    UNKNOWN_CONNECTOR = "unknown_connector"
    UNKNOWN_SOURCE = "unknown_source"
    """No secret is configured for it."""
    BODY = "body"
    """Too large, too slow, or cut off."""
    BROKER = "broker"
    """The broker or the store of identities did not take it, so the vendor was asked to send it again."""


@dataclass(frozen=True, slots=True)
class WebhookLimits:
    """
    How much one request may bring.
    """

    body_bytes: int = 1024 * 1024
    body_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Proofs:
    """
    By what a request is believed.
    """

    secrets_of: SecretsOf
    """The secrets of a connector and a source; none for a sender that is not known."""
    tokens: Callable[[], TokenBook]
    """The tokens of agents, as they stand now."""


class Webhooks:
    """
    Answers 200 once the broker has the request, sealed. Nothing of it is read before the signature is known to be
    right, and whoever cannot sign learns nothing: not even which connectors there are.

    What an agent forwards is judged as of the instant at which it received it, if the agent's token may speak for the
    source of the webhook's events. `public_url` is the beginning of our address as vendors know it, which some of them
    sign; None: as the request says.
    """

    def __init__(
        self,
        *,
        connectors: Mapping[str, CompiledConnector],
        proofs: Proofs,
        public_url: str | None,
        stored: SealedTopic,
        limits: WebhookLimits,
        clock: Clock,
        meters: Meters,
    ) -> None:
        self._connectors = connectors
        self._secrets_of = proofs.secrets_of
        self._tokens = proofs.tokens
        self._stored = stored
        self._limits = limits
        self._public_url = public_url.rstrip("/") if public_url else None
        self._clock = clock
        self._meters = meters

    def routes(self) -> list[HttpRoute]:
        return [HttpRoute(Route.WEBHOOKS, self._measured, methods=["POST"])]

    async def _measured(self, request: Request) -> Response:
        return await self._meters.measured(Route.WEBHOOKS, self._clock, self._counted(request))

    async def _counted(self, request: Request) -> Response:
        response, outcome = await self._post(request)
        name = request.path_params["connector"]
        known = name if name in self._connectors else UNKNOWN
        self._meters.webhooks.labelled(connector=known, outcome=outcome).inc()
        return response

    async def _post(self, request: Request) -> tuple[Response, str]:
        limits = self._limits
        body = await read_body(request, max_bytes=limits.body_bytes, seconds=limits.body_seconds)
        if isinstance(body, Response):
            return body, WebhookOutcome.BODY
        self._meters.sizes.labelled(route=Route.WEBHOOKS).observe(len(body))
        name, source = request.path_params["connector"], request.path_params["source"]
        connector = self._connectors.get(name)
        secrets = self._secrets_of(name, source) if connector is not None else ()
        headers = joined_headers((key.decode("latin-1"), value.decode("latin-1")) for key, value in request.headers.raw)
        signed = SignedRequest(request.method, self._url(request), headers, body)
        received_at = self._received_at(headers, source_uri(name, source))
        signature: Signature = connector.document.signature if connector is not None and secrets else _DECOY
        fault = check_signature(signature, secrets or (_DECOY_SECRET,), signed, received_at)
        if connector is None:
            return _turned_away(), WebhookOutcome.UNKNOWN_CONNECTOR
        if not secrets:
            return _turned_away(), WebhookOutcome.UNKNOWN_SOURCE
        if fault is not None:
            return _turned_away(), fault
        with self._stored.tracing.request(f"POST {Route.WEBHOOKS}", request.headers, _FACTS) as tell:
            response, outcome = await self._store(connector, Delivered(body, headers, source, received_at))
            tell("http.response.status_code", response.status_code)
            return response, outcome

    async def _store(self, connector: CompiledConnector, delivered: Delivered) -> tuple[Response, str]:
        key = stored_key(connector.id, delivered.source, connector.object_of(delivered))
        proof = proof_header(connector.document.signature)
        kept = stored_headers(connector.id, delivered, [] if proof is None else [proof])
        ours = [one for one in kept if not one[0].startswith(HTTP)]
        theirs = Original(None, delivered.body, [one for one in kept if one[0].startswith(HTTP)])
        try:
            await self._stored.put(key, theirs, ours)
        except Transient as error:
            return not_taken(error), WebhookOutcome.BROKER
        except Rejected as error:
            answer = problem(HTTPStatus.UNPROCESSABLE_ENTITY, error.reason, "the broker takes no record of this size")
            return answer, WebhookOutcome.BROKER
        return Response(status_code=HTTPStatus.OK), WebhookOutcome.STORED

    def _received_at(self, headers: Mapping[str, str], source: str) -> int:
        now = self._clock.now_ms()
        shown = headers.get(AGENT_AUTHORIZATION)
        agent = None if shown is None else self._tokens().bearer(shown)
        may = agent is not None and any(within(source, prefix) for prefix in agent.sources)
        return told_receipt(headers, now) if may else now

    def _url(self, request: Request) -> str:
        if self._public_url is None:
            return str(request.url)
        query = request.url.query
        return self._public_url + request.url.path + (f"?{query}" if query else "")


def _turned_away() -> Response:
    return problem(HTTPStatus.UNAUTHORIZED, "not_accepted", "", headers={"connection": "close"})
