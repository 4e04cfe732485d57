"""
The HTTP side of ingest in this process, on a broker that is a list.
"""

from collections.abc import Callable

import httpx
from starlette.applications import Starlette

from services.ingest.engine import Policy
from services.ingest.shell.documentation import documentation_routes
from services.ingest.shell.http_api import EventsApi, RequestLimits
from services.ingest.shell.intake import Destinations, Intake
from services.ingest.shell.meters import Meters
from services.runtime.http import problem_handlers
from services.runtime.metrics import Metrics
from services.runtime.tokens import RANDOM_BYTES, TokenBook, issue
from services.runtime.tracing import UNTRACED, Tracing
from tests.fakes.clock import ManualClock
from tests.fakes.identities import FakeIdentities
from tests.fakes.publishers import FakePublisher

NOW = 1_770_000_000_000
STRUCTURED = {"content-type": "application/cloudevents+json"}
BATCH = {"content-type": "application/cloudevents-batch+json"}
TOPICS = Destinations("events", "dead", "raw")


class IngestApi:
    """
    An app with one token, for sources under /branch/berlin; `open_to_all` is the development switch.
    """

    def __init__(
        self,
        *,
        open_to_all: bool = False,
        limits: RequestLimits | None = None,
        policy: Policy | None = None,
        tracing: Tracing = UNTRACED,
    ) -> None:
        self.clock = ManualClock(NOW)
        self.publisher = FakePublisher()
        self.identities = FakeIdentities()
        self.meters = Meters(Metrics("ingest", version="1"))
        token, self.token = issue("berlin", ["/branch/berlin"], bytes(RANDOM_BYTES), NOW)
        self.book = TokenBook([token])
        tokens: Callable[[], TokenBook] = lambda: self.book  # noqa: E731  (a function that reads the book as it is then)
        api = EventsApi(
            intake=Intake(self.publisher, TOPICS, self.identities, self.clock, self.meters, tracing),
            publisher=self.publisher,
            tokens=None if open_to_all else tokens,
            policy=policy or Policy(pseudonym=self.identities.pseudonyms()),
            limits=limits or RequestLimits(),
            clock=self.clock,
            meters=self.meters,
        )
        self.app = Starlette(routes=[*api.routes(), *documentation_routes("1")], exception_handlers=problem_handlers())

    def client(self, **headers: str) -> httpx.AsyncClient:
        """
        A client that shows the token, unless `authorization` says something else.
        """
        shown = {"authorization": f"Bearer {self.token}", **headers}
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, raise_app_exceptions=True), base_url="http://ingest", headers=shown
        )

    async def post(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        async with self.client() as client:
            return await client.post("/v1/events", content=body, headers=headers)

    def figure(self, name: str) -> float:
        """
        One line of the metrics, by its name and labels as Prometheus writes them.
        """
        text = self.meters.exposition()[0].decode()
        values = [line.rsplit(" ", 1)[1] for line in text.splitlines() if line.startswith(name + " ")]
        assert values, f"no {name} in {text}"
        return float(values[0])
