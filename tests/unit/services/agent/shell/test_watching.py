"""
The agent says how it is: in a heartbeat, to people, to Prometheus, and in the log where its clock is off.
"""

import asyncio
import json
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.agent.shell.watching import Identity
from tests.fakes.agent_line import agent_line, event

SHOP = Identity("/shop/riga-1/agent", "riga-1")


def said(logs: list[MutableMapping[str, Any]]) -> list[str]:
    return [str(one["event"]) for one in logs]


async def test_a_heartbeat_goes_past_the_backlog_with_its_size_and_the_skew(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db", forwarding=False, identity=SHOP) as (line, ingest):
        await line.post(event("a"), event("b"))
        ingest.ahead_ms = 5_000
        await line.watch.look()
        await line.watch.look()
        assert len(ingest.taken) == 2
        assert line.journal.totals.waiting_bytes > 0
        status = await line.status()
        assert status["heartbeat"] == {"source": "/shop/riga-1/agent", "site": "riga-1", "trouble": None}
        assert abs(status["clock"]["ahead_ms"] + 5_000) <= status["clock"]["error_ms"]
        assert status["waiting"] == {"events": 2, "requests": 0}
        assert status["oldest_waiting_ms"] >= 0
        assert line.figure('sqm_agent_waiting_records{lane="events"}') == 2
        assert line.figure("sqm_agent_clock_skew_seconds") < -4


async def test_a_clock_that_is_off_is_told_once_and_when_it_is_right_again(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db", forwarding=False, identity=SHOP) as (line, ingest):
        ingest.ahead_ms = -600_000
        with capture_logs() as logs:
            await line.watch.look()
            await line.watch.look()
        assert said(logs) == ["agent_clock_is_off"]
        ingest.ahead_ms = 0
        with capture_logs() as logs:
            await line.watch.look()
            await line.watch.look()
        assert said(logs) == ["agent_clock_is_right_again"]


async def test_a_heartbeat_that_is_not_taken_is_told_once(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db", forwarding=False, identity=SHOP) as (line, ingest):
        for status, trouble in ((503, "away"), (400, "told_so: ")):
            ingest.status = status
            with capture_logs() as logs:
                await line.watch.look()
                await line.watch.look()
            assert [(one["event"], one["reason"]) for one in logs] == [("agent_heartbeat_not_taken", trouble)]
        ingest.status = 0
        await line.watch.look()
        assert (await line.status())["heartbeat"]["trouble"] is None


async def test_without_an_identity_there_is_no_heartbeat(tmp_path: Path) -> None:
    async with agent_line(tmp_path / "a.db", forwarding=False) as (line, ingest):
        watching = asyncio.get_running_loop().create_task(line.watch.run())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(watching), 0.2)
        watching.cancel()
        assert ingest.taken == []
        status = await line.status()
        assert (status["clock"], status["heartbeat"]) == (None, None)
        assert json.dumps(status)
