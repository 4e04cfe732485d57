"""
What people ask the agent, and what it says.
"""

import asyncio
import json
from pathlib import Path

import pytest

from services.cli.frame import main
from services.runtime.http import HttpServer
from tests.fakes.agent_line import AgentLine, agent_line, event
from tests.fakes.http_receiver import Answer, http_receiver
from tests.fakes.waiting import until


async def asked(line: AgentLine, *words: str) -> int:
    async with HttpServer(line.app, host="127.0.0.1", port=0) as server:
        return await asyncio.to_thread(main, ["agent", *words, "--port", str(server.port)])


async def test_status_says_how_much_waits_and_that_nothing_is_amiss(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with agent_line(tmp_path / "a.db", forwarding=False) as (line, ingest):
        await line.post(event("a"), event("b"))
        assert await asked(line, "status") == 0
        said = capsys.readouterr().out
        assert "2 events, 0 requests" in said
        assert f"ingest     {ingest.url}: takes what is sent" in said
        assert "clock      not compared yet" in said
        assert await asked(line, "status", "--json") == 0
        assert json.loads(capsys.readouterr().out)["waiting"] == {"events": 2, "requests": 0}


async def test_what_needs_somebody_is_said_and_is_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with agent_line(tmp_path / "a.db", backlog_bytes=1_000) as (line, ingest):
        ingest.refuses = {"a"}
        ingest.ahead_ms = -90_000
        await line.post(event("a"))
        await until(lambda: line.journal.totals.dead == 1)
        ingest.status = 503
        await line.post(event("b"))
        await until(lambda: line.watch.trouble() is not None)
        await line.post(event("c", data="x" * 1_000))
        assert await asked(line, "status") == 1
        said = capsys.readouterr().out
        assert "away" in said
        assert "REFUSES    new records: backlog_full" in said
        assert "dead       1 refused for good" in said
        assert "clock      +90," in said or "clock      +89," in said


async def test_dead_letters_are_listed_and_sent_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with agent_line(tmp_path / "a.db") as (line, ingest):
        assert await asked(line, "dead") == 0
        assert capsys.readouterr().out == "nothing was refused for good\n"
        ingest.refuses = {"a", "/v1/webhooks/square/x"}
        await line.post(event("a"))
        async with line.client() as client:
            await client.post("/v1/webhooks/square/x", content=b"{}")
        await until(lambda: line.journal.totals.dead == 2)
        assert await asked(line, "dead") == 0
        said = capsys.readouterr().out
        assert "bad  /till a sqm.journey.arrived" in said
        assert "bad_signature  /v1/webhooks/square/x" in said
        assert await asked(line, "dead", "--json") == 0
        assert len(json.loads(capsys.readouterr().out)) == 2
        ingest.refuses = set()
        assert await asked(line, "dead", "--retry") == 0
        assert capsys.readouterr().out == "2 wait again\n"
        await until(lambda: ingest.taken == ["a"] and len(ingest.requests) == 1)


def test_where_no_agent_runs_that_is_said(free_port: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["agent", "status", "--port", str(free_port)]) == 3
    assert "no agent answers at" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answer", "said"),
    [(Answer(200, body=b"hello"), "is no agent"), (Answer(403, body=b'{"detail": "not here"}'), "not here")],
)
async def test_what_is_no_agent_is_told(answer: Answer, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    async with http_receiver() as other:
        other.answers = [answer]
        assert await asyncio.to_thread(main, ["agent", "dead", "--port", str(other.port)]) == 1
    assert said in capsys.readouterr().err
