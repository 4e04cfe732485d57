"""
Tills that send through an agent, and remember what it acknowledged.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from tests.e2e.service_process import ServiceProcess
from tests.fakes.agent_line import BATCH, event
from tests.fakes.waiting import until


class Tills:
    """
    Programs that send small batches and webhooks one after the other, and again where nobody answers. ``agent`` is
    the one that runs, if any.
    """

    def __init__(self) -> None:
        self.agent: ServiceProcess | None = None
        self.events: list[str] = []
        """Ids of acknowledged events."""
        self.hooks: list[str] = []
        """Paths of acknowledged webhooks."""
        self._number = 0

    @asynccontextmanager
    async def sending(self, programs: int) -> AsyncIterator[None]:
        async with httpx.AsyncClient(trust_env=False) as client:
            tasks = [asyncio.get_running_loop().create_task(self._send(client)) for _ in range(programs)]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def until_acknowledged(self, more: int) -> None:
        aim = len(self.events) + more
        await until(lambda: len(self.events) >= aim)

    async def _send(self, client: httpx.AsyncClient) -> None:
        while True:
            await until(lambda: self.agent is not None)
            assert self.agent is not None
            self._number += 1
            names = [f"e{self._number}-{place}" for place in range(3)]
            path = f"/v1/webhooks/square/{self._number}"
            try:
                events = json.dumps([event(name) for name in names])
                answer = await client.post(self.agent.url + "/v1/events", content=events, headers=BATCH)
                self.events += names if answer.status_code == 200 else []
                answer = await client.post(self.agent.url + path, content=b"{}")
                self.hooks += [path] if answer.status_code == 200 else []
            except httpx.TransportError:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def running_agent(folder: Path, url: str, **settings: str) -> AsyncIterator[ServiceProcess]:
    """
    An agent that is ready; killed at the end of the block, unless it has ended by itself.
    """
    agent = ServiceProcess("agent", folder, {"SQM_AGENT_URL": url, "SQM_AGENT_FILE": str(folder / "a.db"), **settings})
    try:
        await asyncio.to_thread(agent.until_ready)
        yield agent
    finally:
        agent.kill()
