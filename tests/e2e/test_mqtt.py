"""
`sqm mqtt` between a real broker and an ingest: killed, and with ingest away, it loses nothing that was published.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fakes.agent_line import fake_ingest
from tests.fakes.mosquitto import PASSWORD, USER, running_mosquitto
from tests.fakes.waiting import until
from tests.project import PROJECT, measured

MAPPING = PROJECT / "deploy/mappings/ticket-printer.yaml"


@contextmanager
def bridge(folder: Path, broker: str, url: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "services.cli", "mqtt", "--mapping", str(MAPPING), "--broker", broker]
    command += ["--topic", "branch/+/printer", "--url", url, "--password-file", str(folder / "password")]
    command += ["--rejected", str(folder / "rejected.ndjson")]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT), **measured()}
    with (folder / "bridge.log").open("ab") as log:
        running = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        yield running
    finally:
        running.kill()
        running.wait()


def printed(first: int, last: int) -> list[tuple[str, str]]:
    said = {"day": "2026-03-02", "printed_at": "2026-03-02T10:00:00+02:00"}
    return [("branch/riga-1/printer", json.dumps(said | {"ticket": f"A{number}"})) for number in range(first, last)]


async def test_killed_and_without_ingest_it_loses_no_message(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(PASSWORD + "\n")
    log = tmp_path / "bridge.log"
    with running_mosquitto(tmp_path, password=True) as mosquitto:
        broker = f"mqtt://{USER}@127.0.0.1:{mosquitto.port}"
        async with fake_ingest() as ingest:
            with bridge(tmp_path, broker, ingest.url):
                await until(lambda: "connected to" in log.read_text())
                mosquitto.publish(*printed(0, 5), ("branch/riga-1/printer", "no ticket"))
                await until(lambda: len(set(ingest.taken)) == 5)
                ingest.status = 503
                mosquitto.publish(*printed(5, 10))
                await until(lambda: "takes nothing yet (HTTP 503)" in log.read_text())
                # Killed with messages in its hands.
            mosquitto.publish(*printed(10, 15))
            ingest.status = 0
            with bridge(tmp_path, broker, ingest.url) as second:
                await until(lambda: len(set(ingest.taken)) == 15)
                second.send_signal(signal.SIGTERM)
                assert await asyncio.to_thread(second.wait, 20) == 0
    assert {name.rpartition("/")[0] for name in ingest.taken} == {
        f"ticket-printer/2026-03-02-A{number}" for number in range(15)
    }
    assert "missing" in (tmp_path / "rejected.ndjson").read_text()
    assert "events refused" in log.read_text().splitlines()[-1]
