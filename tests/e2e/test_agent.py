"""
The agent as a process: killed at any moment it loses nothing that it acknowledged, and stops in order when asked to.
"""

import asyncio
import json
import random
import signal
import socket
from pathlib import Path

import httpx

from tests.e2e.service_process import ServiceProcess
from tests.e2e.tills import Tills, running_agent
from tests.fakes.agent_line import BATCH, event, fake_ingest
from tests.fakes.waiting import until

KILLS = 3


async def test_killed_at_any_moment_it_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    lot, tills = random.Random(0), Tills()
    async with fake_ingest() as ingest:
        async with tills.sending(programs=6):
            for number in range(KILLS):
                # Away now and then, so that there is a backlog when the agent is killed.
                ingest.status = 503 if number % 2 else 0
                async with running_agent(tmp_path, ingest.url) as agent:
                    tills.agent = agent
                    await tills.until_acknowledged(lot.randrange(1, 300))
                    tills.agent = None
        ingest.status = 0
        async with running_agent(tmp_path, ingest.url) as agent:
            await until(lambda: set(tills.events) <= set(ingest.taken))
            await until(lambda: set(tills.hooks) <= {path for path, _, _ in ingest.requests})
            assert await asyncio.to_thread(agent.stop) == 0
    assert len(tills.events) > 100


async def test_systemd_hears_that_it_is_ready_and_that_it_stops(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(60)
        async with (
            running_agent(tmp_path, "http://127.0.0.1:9", NOTIFY_SOCKET=str(tmp_path / "notify")) as agent,
            httpx.AsyncClient(trust_env=False) as client,
        ):
            assert listening.recv(100) == b"READY=1"
            answer = await client.post(agent.url + "/v1/events", content=json.dumps([event("a")]), headers=BATCH)
            assert answer.status_code == 200
            agent.process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(listening.recv, 100) == b"STOPPING=1"
            assert await asyncio.to_thread(agent.process.wait, 20) == 0


async def test_a_second_agent_on_the_same_file_ends_and_says_why(tmp_path: Path) -> None:
    async with running_agent(tmp_path, "http://127.0.0.1:9"):
        other = ServiceProcess("agent", tmp_path, {"SQM_AGENT_FILE": str(tmp_path / "a.db")})
        try:
            assert await asyncio.to_thread(other.process.wait, 60) == 78
            assert "belongs to an agent that runs" in other.log
        finally:
            other.kill()
