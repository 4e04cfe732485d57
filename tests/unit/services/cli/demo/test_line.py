"""
The line of the demo: it waits for its services, and for no longer than it says.
"""

import asyncio
import json
import os
from pathlib import Path

import httpx
import pytest

from services.cli.demo.children import Child
from services.cli.demo.line import Line
from services.runtime.errors import Unreachable
from tests.fakes.clock import SlowClock
from tests.fakes.http_receiver import Answer, http_receiver
from tests.fakes.waiting import until

SERVICE = "import signal, sys; print(sys.argv[1], file=sys.stderr, flush=True); signal.pause()"


@pytest.mark.parametrize("status", [200, 503])
async def test_services_that_are_ready_when_the_patience_is_over_are_ready(tmp_path: Path, status: int) -> None:
    line = Line(tmp_path, "127.0.0.1:9", SlowClock(0, step_ms=61_000))
    async with http_receiver() as service, httpx.AsyncClient() as client:
        service.answers = [Answer(status)]
        said = json.dumps({"event": "http_listening", "port": service.port})
        line.children["ingest"] = child = Child("ingest", ["-c", SERVICE, said], os.environ, tmp_path)
        try:
            await until(lambda: child.port() > 0)
            if status == 200:
                await line.until_ready(client, asyncio.sleep)
            else:
                with pytest.raises(Unreachable, match="ingest was not ready after a minute"):
                    await line.until_ready(client, asyncio.sleep)
        finally:
            await asyncio.to_thread(line.close)
