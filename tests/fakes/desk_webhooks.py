"""
The webhooks of ingest in this process, on a broker that is a list.
"""

import json
from collections.abc import Mapping, Sequence

import httpx
from starlette.applications import Starlette

from services.ingest.engine.signatures import SignedRequest, sign
from services.ingest.engine.stored import Stored, read_stored
from services.ingest.shell.meters import Meters
from services.ingest.shell.sealing import Original, SealedTopic, unsealed
from services.ingest.shell.webhooks import Proofs, WebhookLimits, Webhooks
from services.runtime.http import problem_handlers
from services.runtime.metrics import Metrics
from services.runtime.tokens import RANDOM_BYTES, Token, TokenBook, issue
from tests.fakes.clock import ManualClock
from tests.fakes.desk_connector import TICKET, connector
from tests.fakes.identities import FakeIdentities
from tests.fakes.ingest_api import NOW
from tests.fakes.publishers import FakePublisher

BODY = json.dumps(TICKET).encode()
PATH = "/v1/webhooks/desk/north"


class Desk:
    """
    The webhooks of one connector, to which one source may post, with an old secret and a new one. With `timed` the
    vendor signs when it posts, and what is five minutes old is refused. `token` is that of an agent for `sources`.
    """

    def __init__(
        self,
        *,
        limits: WebhookLimits | None = None,
        public_url: str | None = None,
        signs: str = "{body}",
        timed: bool = False,
        sources: Sequence[str] = ("/webhooks/desk/north",),
    ) -> None:
        self.clock = ManualClock(NOW)
        self.publisher = FakePublisher()
        self.identities = FakeIdentities()
        self.meters = Meters(Metrics("ingest", version="1"))
        signature: dict[str, object] = {"scheme": "hmac", "header": "x-desk-signature", "signs": signs}
        if timed:
            signature |= {"signs": "{timestamp}.{body}", "time": {"header": "x-desk-time"}}
        kept, self.token = issue("agent", sources, bytes(RANDOM_BYTES), NOW)
        self.tokens: list[Token] = [kept]
        self.connector = connector(signature=signature)
        webhooks = Webhooks(
            connectors={"desk": self.connector},
            proofs=Proofs(self.secrets_of, lambda: TokenBook(self.tokens)),
            public_url=public_url,
            stored=SealedTopic(self.publisher, self.identities, "raw"),
            limits=limits or WebhookLimits(),
            clock=self.clock,
            meters=self.meters,
        )
        self.app = Starlette(routes=webhooks.routes(), exception_handlers=problem_handlers())

    @staticmethod
    def secrets_of(name: str, source: str) -> Sequence[bytes]:
        return (b"new", b"old") if (name, source) == ("desk", "north") else ()

    async def post(
        self,
        body: bytes = BODY,
        *,
        path: str = PATH,
        secret: bytes = b"new",
        url: str | None = None,
        sent: bytes | None = None,
        signed_at: int = NOW,
        more: Mapping[str, str] | None = None,
        **headers: str,
    ) -> httpx.Response:
        """
        Post a body signed as the vendor would, at `signed_at`; `sent` is what really goes out, the rest headers.
        """
        proof = self.proof(body, secret=secret, url=url or "http://ingest" + path, at=signed_at)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://ingest") as client:
            shown = {
                "x-desk-kind": "ticket",
                **proof,
                **(more or {}),
                **{name.replace("_", "-"): text for name, text in headers.items()},
            }
            return await client.post(path, content=body if sent is None else sent, headers=shown)

    def proof(self, body: bytes = BODY, *, secret: bytes = b"new", url: str = "", at: int = NOW) -> dict[str, str]:
        """
        The headers with which the vendor proves a body.
        """
        return dict(sign(self.connector.document.signature, secret, SignedRequest("POST", url, {}, body), at).headers)

    def stored(self) -> list[Stored]:
        """
        What lies in the topic of raw bodies.
        """
        found = []
        for one in self.publisher.records:
            original = unsealed(self.identities, one.key, one.value, one.headers)
            assert isinstance(original, Original)
            stored = read_stored(original.value, [*one.headers, *original.headers])
            assert stored is not None
            found.append(stored)
        return found

    def counted(self, connector_name: str, outcome: str) -> float:
        line = f'sqm_ingest_webhooks_total{{connector="{connector_name}",outcome="{outcome}"}} '
        text = self.meters.exposition()[0].decode()
        return next((float(one.removeprefix(line)) for one in text.splitlines() if one.startswith(line)), 0.0)
