"""
What was kept reaches ingest, whatever ingest does meanwhile, and one bad record holds up nobody.
"""

import json
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.agent.engine import WaitReason
from services.agent.shell.journal import Journal
from services.agent.shell.store import Change, DiskFull, Settle
from tests.fakes.agent_line import AgentLine, agent_line, event, fake_ingest
from tests.fakes.waiting import until


async def test_events_go_out_in_batches_in_their_order_and_are_struck_off(tmp_path: Path) -> None:
    file, names = tmp_path / "a.db", [f"e{number}" for number in range(1_200)]
    async with AgentLine(file, "http://127.0.0.1:9").working(forwarding=False) as line:
        for first in range(0, 1_200, 400):
            assert (await line.post(*map(event, names[first : first + 400]))).json()["accepted"] == 400
    async with agent_line(file) as (line, ingest):
        await until(lambda: line.journal.totals.waiting_bytes == 0)
        assert ingest.taken == names
        assert ingest.batches == [500, 500, 200]
        assert line.figure('sqm_agent_forwarded_records_total{lane="events"}') == 1_200


async def test_what_waited_when_the_agent_ended_goes_out_when_it_runs_again(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    async with AgentLine(file, "http://127.0.0.1:9").working(forwarding=False) as line:
        await line.post(event("a"), event("b"))
    async with agent_line(file) as (_, ingest):
        await until(lambda: ingest.taken == ["a", "b"])


@pytest.mark.parametrize(
    ("status", "reason"), [(503, WaitReason.AWAY), (429, WaitReason.BEHIND), (401, WaitReason.TOKEN)]
)
async def test_an_ingest_that_takes_nothing_is_asked_until_it_does(
    tmp_path: Path, status: int, reason: WaitReason
) -> None:
    async with agent_line(tmp_path / "a.db") as (line, ingest):
        ingest.status = status
        await line.post(event("a"))
        await until(lambda: line.watch.trouble() is reason and line.lanes[0].pace.failures > 2)
        assert line.journal.totals.waiting_bytes > 0
        ingest.status = 0
        await until(lambda: line.journal.totals.waiting_bytes == 0)
        assert ingest.taken == ["a"]
        assert line.watch.trouble() is None


async def test_an_ingest_that_is_not_there_is_waited_for(tmp_path: Path, free_port: int) -> None:
    async with AgentLine(tmp_path / "a.db", f"http://127.0.0.1:{free_port}").working() as line:
        await line.post(event("a"))
        await until(lambda: line.watch.trouble() is WaitReason.UNREACHABLE)
        async with fake_ingest(free_port) as ingest:
            await until(lambda: ingest.taken == ["a"])


async def test_a_page_that_answers_to_everything_swallows_nothing(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db") as (line, ingest):
        ingest.is_ingest = False
        await line.post(event("a"))
        await until(lambda: line.watch.trouble() is WaitReason.NOT_INGEST and len(ingest.taken) > 1)
        assert line.journal.totals.waiting_bytes > 0


async def test_what_ingest_refuses_is_put_aside_with_the_reason(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db") as (line, ingest):
        ingest.refuses = {"b"}
        await line.post(event("a"), event("b"), event("c"))
        await until(lambda: line.journal.totals.waiting_bytes == 0)
        assert ingest.taken == ["a", "c"]
        (letter,) = await line.journal.dead(10)
        assert letter.reason == "bad"
        assert json.loads(letter.record.body) == event("b")
        assert line.figure('sqm_agent_dead_letters_total{reason="bad"}') == 1


async def test_an_event_that_ingest_fails_at_is_found_put_aside_and_holds_up_nobody(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db") as (line, ingest):
        ingest.fails_at = {"e7"}
        names = [f"e{number}" for number in range(20)]
        await line.post(*map(event, names))
        await until(lambda: line.journal.totals.waiting_bytes == 0)
        assert sorted(ingest.taken) == sorted(set(names) - {"e7"})
        assert [letter.reason for letter in await line.journal.dead(10)] == ["server_error"]


async def test_a_batch_that_is_too_large_for_somebody_is_sent_in_parts(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db") as (line, ingest):
        ingest.status = 413
        await line.post(event("a"), event("b"))
        await until(lambda: line.journal.totals.waiting_bytes == 0)
        # Nothing dies with others: each was refused alone.
        assert line.journal.totals.dead == 2


async def test_webhooks_go_on_as_they_came_while_events_wait(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db") as (line, ingest):
        ingest.fails_at = {"/v1/webhooks/square/2", "stuck"}
        ingest.refuses = {"/v1/webhooks/square/3"}
        body = b'{ "not": "touched" }\n\xff'
        await line.post(event("stuck"))
        async with line.client() as client:
            for number in range(5):
                path = f"/v1/webhooks/square/{number}"
                answer = await client.post(path, content=body, headers={"X-Signature": "abc=", "sqm-received-at": "x"})
                assert answer.status_code == 200
            await client.post("/v1/webhooks/a%2Fb/c/d?e=%20f", content=body)
        await until(lambda: line.journal.totals.waiting_bytes == 0)
        paths = [path for path, _, _ in ingest.requests]
        assert sorted(paths) == [
            "/v1/webhooks/a%2Fb/c/d?e=%20f", "/v1/webhooks/square/0", "/v1/webhooks/square/1", "/v1/webhooks/square/4",
        ]  # fmt: skip
        _, headers, sent = next(one for one in ingest.requests if one[0].endswith("/4"))
        assert sent == body
        assert (headers["x-signature"], headers["sqm-agent-authorization"]) == ("abc=", "Bearer sqm_token")
        assert headers["sqm-received-at"].endswith("Z")
        reasons = {letter.record.path: letter.reason for letter in await line.journal.dead(10)}
        assert reasons == {
            "": "server_error", "/v1/webhooks/square/2": "server_error", "/v1/webhooks/square/3": "bad_signature",
        }  # fmt: skip


class OfAFullDisk(Journal):
    """
    Cannot strike off the first few times.
    """

    faults = 3

    async def change(self, change: Change) -> None:
        if isinstance(change, Settle) and self.faults:
            self.faults -= 1
            raise DiskFull("the disk is full")
        await super().change(change)


async def test_what_cannot_be_struck_off_is_not_sent_again_and_again(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db", journal=OfAFullDisk) as (line, ingest):
        with capture_logs() as logs:
            await line.post(event("a"))
            await until(lambda: line.journal.totals.waiting_bytes == 0)
        assert [one["event"] for one in logs] == ["agent_cannot_strike_off", "agent_forwards_again"]
        assert ingest.taken == ["a"]


async def test_dead_letters_that_are_tried_again_go_out(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db") as (line, ingest):
        ingest.refuses = {"a"}
        await line.post(event("a"))
        await until(lambda: line.journal.totals.dead == 1)
        ingest.refuses = set()
        async with line.client() as client:
            assert (await client.post("/v1/dead/retry")).json() == {"again": 1}
        await until(lambda: ingest.taken == ["a"])
        await until(lambda: line.journal.totals == line.journal.totals._replace(waiting_bytes=0, dead=0))
