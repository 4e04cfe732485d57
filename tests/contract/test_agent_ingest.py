"""
The agent and the real HTTP side of ingest understand each other: what is taken, what is refused and why, whose token
it is, and what time it is.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from services.agent.engine import WaitReason
from services.agent.shell.watching import Identity
from services.ingest.shell.server_time import TellingTime
from services.runtime.clock import SystemClock
from services.runtime.http import HttpServer
from services.runtime.tokens import TokenBook
from tests.fakes.agent_line import AgentLine
from tests.fakes.clock import ManualClock
from tests.fakes.desk_webhooks import BODY, PATH, Desk
from tests.fakes.ingest_api import NOW, IngestApi
from tests.fakes.waiting import until

HOUR = 3_600_000


@asynccontextmanager
async def real_ingest(file: Path, identity: Identity | None = None) -> AsyncIterator[tuple[IngestApi, AgentLine]]:
    ingest = IngestApi()
    ingest.clock.put(SystemClock().now_ms())
    async with HttpServer(TellingTime(ingest.app, ingest.clock), host="127.0.0.1", port=0) as server:
        line = AgentLine(file, f"http://127.0.0.1:{server.port}", token=ingest.token, identity=identity)
        async with line.working():
            yield ingest, line


def arrived(name: str, **different: object) -> dict[str, object]:
    return {
        "specversion": "1.0", "id": name, "source": "/branch/berlin/till", "type": "sqm.journey.arrived",
        "subject": "A1", "time": "2026-01-31T08:00:00Z", "data": {"site": "berlin"},
    } | different  # fmt: skip


async def test_what_is_right_is_taken_and_what_is_wrong_is_dead_with_ingest_s_reason(tmp_path: Path) -> None:
    async with real_ingest(tmp_path / "a.db") as (ingest, line):
        wrong = arrived("c", data={"site": "berlin", "segmnt": "x"})
        await line.post(arrived("a"), arrived("b", source="/branch/paris"), wrong, arrived("d"))
        await until(lambda: line.journal.totals.waiting_bytes == 0)
        reasons = {json.loads(one.record.body)["id"]: one.reason for one in await line.journal.dead(10)}
        assert reasons == {"b": "source_not_allowed", "c": "unknown_field"}
        assert ingest.figure('sqm_ingest_events_accepted_total{way="http"}') == 2


async def test_a_till_that_was_offline_for_a_day_and_restarted_meanwhile_loses_nothing(tmp_path: Path) -> None:
    file, clock = tmp_path / "a.db", ManualClock(NOW)
    customers = iter(range(200))
    for _ in ("until noon", "after the restart"):
        line = AgentLine(file, "http://127.0.0.1:1", clock=clock)
        async with line.working(forwarding=False):
            for _ in range(100):
                clock.advance(24 * HOUR // 200)
                at = datetime.fromtimestamp(clock.now_ms() / 1_000, UTC).isoformat()
                await line.post(arrived(f"e-{next(customers)}", time=at))
    async with real_ingest(file) as (ingest, line):
        await until(lambda: line.journal.totals.waiting_bytes == 0)
        assert line.journal.totals.dead == 0
        assert ingest.figure('sqm_ingest_events_accepted_total{way="http"}') == 200


async def test_an_event_in_headers_is_taken_under_the_agent_s_token(tmp_path: Path) -> None:
    async with real_ingest(tmp_path / "a.db") as (ingest, line):
        event = arrived("a")
        headers = {"content-type": "application/json", "authorization": "Bearer of-nobody"}
        headers |= {f"ce-{name}": str(text) for name, text in event.items() if name != "data"}
        async with line.client() as client:
            assert (await client.post("/v1/events", json=event["data"], headers=headers)).status_code == 200
        await until(lambda: line.journal.totals.waiting_bytes == 0)
        assert line.journal.totals.dead == 0
        assert ingest.figure('sqm_ingest_events_accepted_total{way="http"}') == 1


async def test_a_revoked_token_holds_all_back_until_it_is_good_again(tmp_path: Path) -> None:
    async with real_ingest(tmp_path / "a.db") as (ingest, line):
        book, ingest.book = ingest.book, TokenBook([])
        await line.post(arrived("a"))
        await until(lambda: line.watch.trouble() is WaitReason.TOKEN)
        ingest.book = book
        await until(lambda: line.journal.totals.waiting_bytes == 0)
        assert line.journal.totals.dead == 0


async def test_the_heartbeat_of_a_clock_that_is_ahead_is_taken(tmp_path: Path) -> None:
    async with real_ingest(tmp_path / "a.db", identity=Identity("/branch/berlin/agent", "berlin")) as (ingest, line):
        ingest.clock.put(NOW)
        await line.watch.look()
        await line.watch.look()
        status = await line.status()
        assert status["clock"]["ahead_ms"] > 3_600_000
        assert status["heartbeat"]["trouble"] is None


TICKET_HEADERS = {"x-desk-kind": "ticket", "sqm-received-at": "2020-01-01T00:00:00Z"}


class Shop:
    """
    A till's webhooks that wait at an agent, whose clock is three hours ahead, while ingest is away.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.desk = Desk(timed=True)
        self.clock = ManualClock(NOW + 3 * HOUR)

    def hours_pass(self, hours: int) -> None:
        for one in (self.clock, self.desk.clock):
            one.advance(hours * HOUR)

    async def post_offline(self, *hours_between: int) -> None:
        """
        Post one webhook, and the same again after each so many hours.
        """
        line = AgentLine(self.file, "http://127.0.0.1:1", clock=self.clock)
        async with line.working(forwarding=False), line.client() as client:
            headers = TICKET_HEADERS | self.desk.proof()
            for hours in (0, *hours_between):
                self.hours_pass(hours)
                assert (await client.post(PATH, content=BODY, headers=headers)).status_code == 200

    @asynccontextmanager
    async def online(self) -> AsyncIterator[AgentLine]:
        """
        Five hours later the machine was started again, and ingest is there.
        """
        self.hours_pass(5)
        async with HttpServer(TellingTime(self.desk.app, self.desk.clock), host="127.0.0.1", port=0) as server:
            url = f"http://127.0.0.1:{server.port}"
            async with AgentLine(self.file, url, token=self.desk.token, clock=self.clock).working() as line:
                await until(lambda: line.journal.totals.waiting_bytes == 0)
                yield line


async def test_a_webhook_that_waited_longer_than_its_window_is_taken_as_of_its_receipt(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "a.db")
    await shop.post_offline()
    async with shop.online() as line:
        [stored] = shop.desk.stored()
        assert abs(stored.delivered.received_at - NOW) <= 1
        assert (stored.connector, stored.delivered.body, line.journal.totals.dead) == ("desk", BODY, 0)


async def test_an_old_webhook_that_is_posted_to_the_agent_again_is_as_stale_as_anywhere(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "a.db")
    await shop.post_offline(1)
    async with shop.online() as line:
        assert len(shop.desk.stored()) == 1
        assert [letter.reason for letter in await line.journal.dead(10)] == ["not_accepted"]
        assert shop.desk.counted("desk", "stale") == 1


async def test_what_came_in_under_a_token_that_is_not_for_webhooks_is_tried_again_once_it_is(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "a.db")
    await shop.post_offline()
    tokens, shop.desk.tokens = shop.desk.tokens, []
    async with shop.online() as line:
        assert (line.journal.totals.dead, shop.desk.stored()) == (1, [])
        shop.desk.tokens = tokens
        async with line.client() as client:
            assert (await client.post("/v1/dead/retry")).json() == {"again": 1}
        await until(lambda: bool(shop.desk.stored()))
        assert abs(shop.desk.stored()[0].delivered.received_at - NOW) <= 1
