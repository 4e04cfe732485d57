"""
What tills are answered: as ingest answers, and only when the disk has it.
"""

import asyncio
import json
from pathlib import Path

import pytest

from services.agent.engine import Lane
from services.agent.shell.store import Damaged
from tests.fakes.agent_line import BATCH, AgentLine, agent_line, event

ONE = {"content-type": "application/cloudevents+json"}


async def test_a_batch_is_answered_item_by_item_as_ingest_does(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db", forwarding=False) as (line, _):
        answer = await line.post(event("a"), event("a"), event("b", source=""), [])
        assert answer.status_code == 200
        said = answer.json()
        assert (said["accepted"], said["duplicates"], said["refused"]) == (1, 1, 2)
        assert [item["result"] for item in said["items"]] == ["accepted", "duplicate", "refused", "refused"]
        assert said["items"][2] | {"detail": ""} == {
            "index": 2, "result": "refused", "reason": "invalid_value", "pointer": "/source", "detail": "",
        }  # fmt: skip
        assert line.journal.totals.waiting == {Lane.EVENTS: 1, Lane.REQUESTS: 0}
        assert line.figure('sqm_agent_kept_records_total{lane="events"}') == 1


async def test_an_empty_batch_is_fine_and_one_of_faults_only_is_not(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db", forwarding=False) as (line, _):
        assert (await line.post()).status_code == 200
        answer = await line.post(7)
        assert (answer.status_code, answer.json()["reason"]) == (422, "all_refused")


async def test_one_event_in_the_body_or_in_headers_is_kept(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db", forwarding=False) as (line, _):
        async with line.client() as client:
            assert (await client.post("/v1/events", content=json.dumps(event("a")), headers=ONE)).status_code == 200
            headers = {"content-type": "application/json", "ce-id": "b", "ce-specversion": "1.0"}
            assert (await client.post("/v1/events", content=b"{}", headers=headers)).json()["accepted"] == 1
        assert line.journal.totals.waiting == {Lane.EVENTS: 1, Lane.REQUESTS: 1}


@pytest.mark.parametrize(
    ("headers", "body", "status", "reason"),
    [
        ({"content-type": "text/plain"}, b"[]", 415, "unsupported_content_type"),
        (BATCH | {"content-encoding": "gzip"}, b"[]", 415, "unsupported_content_type"),
        (BATCH, b"{}", 400, "not_a_batch"),
        (BATCH, b"\xff", 400, "not_a_batch"),
        (BATCH, b"[" * 100_000, 413, "body_too_large"),
        (ONE, b"{", 422, "all_refused"),
    ],
)
async def test_what_cannot_be_read_is_refused_with_a_reason(
    tmp_path: Path, headers: dict[str, str], body: bytes, status: int, reason: str
) -> None:
    async with agent_line(tmp_path / "a.db", forwarding=False) as (line, _):
        async with line.client() as client:
            answer = await client.post("/v1/events", content=body, headers=headers)
        assert (answer.status_code, answer.json()["reason"]) == (status, reason)


async def test_a_webhook_that_is_too_large_is_refused(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db", forwarding=False) as (line, _), line.client() as client:
        assert (await client.post("/v1/webhooks/square/x", content=b"x" * 50_001)).status_code == 413


async def test_the_oldest_is_kept_and_the_newest_refused_where_the_backlog_is_full(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db", forwarding=False, backlog_bytes=2_000) as (line, _):
        answers = [await line.post(event(f"e{number}", data="x" * 200)) for number in range(10)]
        kept = [answer.status_code for answer in answers].count(200)
        assert [answer.status_code for answer in answers] == [200] * kept + [507] * (10 - kept)
        assert 4 <= kept < 10
        assert line.journal.totals.waiting[Lane.EVENTS] == kept
        assert line.journal.totals.waiting_bytes <= 2_000
        assert line.journal.is_full
        assert answers[-1].json()["reason"] == "backlog_full"
        assert line.figure('sqm_agent_refused_requests_total{reason="backlog_full"}') == 10 - kept
        assert (await line.status())["refuses"] == "backlog_full"
        names = [json.loads(one.record.body)["id"] for one in await line.journal.oldest(Lane.EVENTS, 10, 10**6)]
        assert names == [f"e{number}" for number in range(kept)]


async def test_once_there_is_room_records_are_taken_again(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db", forwarding=False, backlog_bytes=2_000) as (line, _):
        assert (await line.post(event("a", data="x" * 2_000))).status_code == 507
        assert (await line.post(event("b"))).status_code == 200
        assert (await line.status())["refuses"] is None


async def test_a_disk_that_is_full_keeps_what_it_has_and_says_so(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db", forwarding=False, file_bytes=100_000) as (line, _):
        big = {"data": "x" * 9_000}
        answers = [(await line.post(event(f"e{number}", **big))) for number in range(20)]
        statuses = [answer.status_code for answer in answers]
        kept = statuses.count(200)
        assert statuses == [200] * kept + [507] * (20 - kept)
        assert answers[-1].json()["reason"] == "disk_full"
        assert line.journal.totals.waiting[Lane.EVENTS] == kept
        # Together in one commit: what is too much is refused alone.
        both = await asyncio.gather(line.post(event("small")), line.post(event("large", **big)))
        assert [answer.status_code for answer in both] == [200, 507]


async def test_a_file_that_is_damaged_while_it_runs_ends_the_agent(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    async with agent_line(file, forwarding=False) as (line, _):
        await line.post(*(event(f"e{number}", data="x" * 900) for number in range(40)))
    line = AgentLine(file, "http://127.0.0.1:9")
    file.write_bytes(b"\xff" * file.stat().st_size)
    line.store._database.execute("PRAGMA shrink_memory")
    with pytest.raises(Damaged, match="starting again moves it aside"):
        await ended_by_damage(line)


async def ended_by_damage(line: AgentLine) -> None:
    async with line.working(forwarding=False):
        answer = await line.post(event("b"))
        assert (answer.status_code, answer.json()["reason"]) == (503, "agent_stops")


async def test_a_page_under_another_name_is_not_answered(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db", forwarding=False) as (line, _), line.client() as client:
        answer = await client.post("/v1/events", content=b"[]", headers=BATCH | {"host": "evil.example"})
        assert (answer.status_code, answer.json()["reason"]) == (403, "not_this_machine")


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://evil.example", 403), ("null", 403), ("http://[", 403), ("http://localhost.evil.example", 403),
        ("http://localhost:3000", 200), ("http://127.0.0.1:8085", 200),
    ],
)  # fmt: skip
async def test_of_pages_in_a_browser_only_those_of_this_machine_may_post(
    tmp_path: Path, origin: str, status: int
) -> None:
    async with agent_line(tmp_path / "a.db", forwarding=False) as (line, _), line.client() as client:
        for path in ("/v1/webhooks/square/x", "/v1/dead/retry"):
            answer = await client.post(path, content=b"{}", headers={"origin": origin, "content-type": "text/plain"})
            assert answer.status_code == status
        assert (await client.get("/v1/status")).json()["waiting"]["requests"] == (1 if status == 200 else 0)


async def test_dead_letters_are_listed_without_what_they_hold(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db") as (line, ingest), line.client() as client:
        ingest.refuses = {"a", "/v1/webhooks/square/x"}
        await line.post(event("a", data={"customer": "Anna"}))
        await client.post("/v1/webhooks/square/x", content=b"Anna")
        while len(listed := (await client.get("/v1/dead")).json()) < 2:
            await asyncio.sleep(0)
        by_path = {letter["path"]: letter for letter in listed}
        assert by_path["/v1/events"]["id"] == "a"
        assert by_path["/v1/events"]["source"] == "/till"
        assert by_path["/v1/webhooks/square/x"]["reason"] == "bad_signature"
        assert "Anna" not in json.dumps(listed)
        assert len((await client.get("/v1/dead?limit=1")).json()) == 1
        for wrong in ("all", "0", "1000"):
            assert (await client.get(f"/v1/dead?limit={wrong}")).json()["reason"] == "bad_limit"
