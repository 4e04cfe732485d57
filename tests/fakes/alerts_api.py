"""
The HTTP side of the service of alerts around an office without Kafka: commands go to the topic that the office reads.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.responses import Response

from schemas.alert_commands import AlertCommand
from schemas.alerting import Alerting
from services.alerts.engine.ack_links import AckLink, signed
from services.alerts.shell.config_api import ConfigApi
from services.alerts.shell.http_api import AlertsApi
from services.alerts.shell.link_pages import LinkPages
from services.alerts.shell.office import Office
from services.alerts.shell.seeing import DeskView
from services.runtime.errors import Unreachable
from services.runtime.http import HttpServer, problem, problem_handlers
from services.runtime.logs import logger
from services.runtime.tokens import RANDOM_BYTES, Token, TokenBook, issue
from tests.fakes.alerts_office import NOON, OfficeBench, until, waits
from tests.fakes.seeing_alerts import InForceHere, readers

__all__ = ["KEY", "LINK_KEY", "ApiBench", "api_bench"]

KEY = "wait|queue:s1/tills"
LINK_KEY = b"a key that only tests know, made of words"
OLD_KEY = b"the key of before, which still holds now"
DAY = 86_400_000


class ApiBench:
    """
    Asks as whoever holds a token of a role. `away` says that the broker does not take commands; `used` for a second
    process that stands by.
    """

    def __init__(self, bench: OfficeBench, office: Office) -> None:
        self.bench = bench
        self.office = office
        self.away = False
        self.offered: list[AlertCommand] = []
        self.tokens: dict[str, str] = {}
        kept: list[Token] = []
        for number, (name, role) in enumerate(
            [
                ("viewer", "viewer"),
                ("anna", "operator"),
                ("boris", "operator"),
                ("till", None),
                ("odd", "king"),
                ("olga", "owner"),
                ("root", "administrator"),
            ]
        ):
            token, self.tokens[name] = issue(name, (), bytes([number]) * RANDOM_BYTES, NOON, role)
            kept.append(token)
        book = TokenBook(kept)
        seen = DeskView(office)
        api = AlertsApi(seen, self.offer, tokens=lambda: book, clock=bench.clock)
        links = LinkPages(seen, self.offer, (LINK_KEY, OLD_KEY), readers(InForceHere(), NOON).reading, bench.clock)
        config = ConfigApi(self._in_force, self._publish, lambda: book, logger("test"))
        self.published: list[Alerting] = []
        routes = [*api.routes(), *config.routes(), *links.routes()]
        self.app = Starlette(routes=routes, exception_handlers=problem_handlers())

    def _in_force(self) -> Alerting | None:
        return self.office.desk.book.said if self.office.desk is not None else None

    async def _publish(self, alerting: Alerting) -> None:
        if self.away:
            raise Unreachable("the broker is away")
        self.published.append(alerting)

    def _desk(self) -> Any:  # noqa: ANN401  a desk, or none
        return self.office.desk

    async def offer(self, *commands: AlertCommand) -> Response | None:
        if self.away:
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, "not_now", "the broker is away")
        self.offered += commands
        self.bench.obey(*(command.model_dump_json(by_alias=True).encode() for command in commands))
        return None

    async def ask(self, method: str, path: str, who: str | None = "anna", **more: Any) -> httpx.Response:  # noqa: ANN401
        headers = {"authorization": f"Bearer {self.tokens.get(who, who)}"} if who is not None else {}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://test") as client:
            return await client.request(method, path, headers=headers | more.pop("headers", {}), **more)

    async def command(self, who: str | None = "anna", /, **said: Any) -> httpx.Response:  # noqa: ANN401  as JSON has it
        return await self.ask("POST", "/v1/alert-commands", who, json=said)

    def link(self, alert: str = KEY, *, by: str = "person:anna", until: int = NOON + DAY, key: bytes = LINK_KEY) -> str:
        return f"/a/{signed(AckLink(alert, by, until), key)}"

    def state(self, key: str = KEY) -> str | None:
        desk = self._desk()
        return desk.state.cases[key].alert.state if key in desk.state.cases else None

    def muted(self, key: str = KEY) -> str | None:
        desk = self._desk()
        found: str | None = desk.state.cases[key].muted
        return found

    async def fires(self, site: str = "s1") -> None:
        """
        Let somebody wait too long at a site.
        """
        self.bench.happen(waits(f"at-{site}", site=site))
        await until(lambda: self.state(f"wait|queue:{site}/tills") == "firing")

    @asynccontextmanager
    async def served(self) -> AsyncIterator[str]:
        """
        Answer on a free port of this machine; gives the address.
        """
        server = HttpServer(self.app, host="127.0.0.1", port=0)
        await server.start()
        try:
            yield f"http://127.0.0.1:{server.port}"
        finally:
            await server.stop()
            await asyncio.sleep(0)


@asynccontextmanager
async def api_bench(bench: OfficeBench | None = None, *, stands_by: bool = False) -> AsyncIterator[ApiBench]:
    """
    One with an office at work, or one that stands by.
    """
    whole = bench or OfficeBench()
    if stands_by:
        yield ApiBench(whole, whole.office())
        return
    async with whole.owner() as office:
        yield ApiBench(whole, office)
