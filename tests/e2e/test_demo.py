"""
The demo on a real broker with real services: how it ends, what it says, and that it leaves nothing behind.
"""

import asyncio
import json
import os
import re
import signal
from pathlib import Path

from schemas.topics import EVENTS
from services.runtime.kafka import BatchProducer, Connection
from tests.e2e.demo_process import running_demo
from tests.fakes.waiting import wait_until


def test_it_ends_by_itself_and_history_holds_the_same_counts(tmp_path: Path) -> None:
    with running_demo(tmp_path, "--seconds", "6") as demo:
        status = demo.ended()
        assert "comparisons agree" in demo.said
        assert status == 0, demo.said
        demo.leaves_nothing_behind()
    truth = json.loads((tmp_path / "data" / "truth.json").read_text())
    assert truth["reported"] > 100
    assert truth["answers"]["accepted"] > 100


def test_it_runs_to_the_same_end_on_the_broker_in_memory_and_says_so(tmp_path: Path) -> None:
    with running_demo(tmp_path, "--seconds", "4", "--broker", "memory") as demo:
        status = demo.ended()
        assert "in-memory test broker" in demo.said
        assert "comparisons agree" in demo.said
        assert status == 0, demo.said
        demo.leaves_nothing_behind()


def test_an_event_that_nobody_sent_through_ingest_makes_it_fail_and_is_named(tmp_path: Path) -> None:
    with running_demo(tmp_path) as demo:
        demo.is_live()
        servers = _bootstrap_servers(tmp_path / "data" / "ingest.log")
        asyncio.run(_smuggle(servers))
        demo.process.send_signal(signal.SIGINT)
        status = demo.ended()
        assert "events accepted by ingest / on the topic" in demo.said
        assert status == 1, demo.said


def test_alerts_are_told_escalated_where_nobody_acts_and_acknowledged_at_a_key(tmp_path: Path) -> None:
    keyboard, terminal = os.openpty()
    with running_demo(tmp_path, "--backlog", "1h", "--broker", "memory", keys=terminal) as demo:
        # At lunch it is the deputy.
        demo.wait_for(" was told by phone")
        demo.wait_for("nobody acted: Area manager was told by phone")
        assert "alert taken" not in demo.said

        def taken() -> bool:
            os.write(keyboard, b"a")
            return "Shift lead has it; nobody else is called" in demo.said

        wait_until(taken, "an alert to be acknowledged", 120)
        demo.process.send_signal(signal.SIGINT)
        status = demo.ended()
        assert re.search(r"taken +[1-9]\d*  alerts", demo.said), demo.said
        assert re.search(r"escalated +[1-9]\d*  alerts", demo.said), demo.said
        assert "comparisons agree" in demo.said
        assert status == 0, demo.said
    os.close(keyboard)
    os.close(terminal)


def test_ctrl_c_ends_the_play_sums_up_and_leaves_no_process_behind(tmp_path: Path) -> None:
    with running_demo(tmp_path) as demo:
        demo.is_live()
        demo.process.send_signal(signal.SIGINT)
        status = demo.ended()
        assert "comparisons agree" in demo.said
        assert status == 0, demo.said
        demo.leaves_nothing_behind()


def test_ctrl_c_while_it_starts_ends_it_at_once(tmp_path: Path) -> None:
    with running_demo(tmp_path) as demo:
        demo.wait_for("starting ingest")
        demo.process.send_signal(signal.SIGINT)
        assert demo.ended() == 130, demo.said
        assert "Traceback" not in demo.said
        demo.leaves_nothing_behind()


def test_a_service_that_dies_is_named_with_the_end_of_its_log(tmp_path: Path) -> None:
    with running_demo(tmp_path) as demo:
        demo.is_live()
        os.kill(demo.process_of("sla"), signal.SIGKILL)
        assert demo.ended() == 3, demo.said
        assert "sla ended by itself" in demo.said
        assert "partition_recovered" in demo.said
        assert "Traceback" not in demo.said
        demo.leaves_nothing_behind()


def test_even_a_killed_demo_leaves_no_process_behind(tmp_path: Path) -> None:
    with running_demo(tmp_path) as demo:
        demo.is_live()
        demo.process.send_signal(signal.SIGKILL)
        demo.ended()
        demo.leaves_nothing_behind()


def _bootstrap_servers(log: Path) -> str:
    settings = next(line for line in log.read_text().splitlines() if "SQM_KAFKA__BOOTSTRAP_SERVERS" in line)
    return str(json.loads(settings)["SQM_KAFKA__BOOTSTRAP_SERVERS"])


async def _smuggle(servers: str) -> None:
    event = {
        "specversion": "1.0",
        "id": "smuggled",
        "source": "/nobody",
        "type": "sqm.source.heartbeat",
        "time": "2026-01-01T00:00:00.000Z",
        "receivedat": "2026-01-01T00:00:00.000Z",
        "data": {"site": "branch-07"},
    }
    producer = BatchProducer(Connection(servers, client_id="test", prefix=""))
    await producer.start([EVENTS.name])
    producer.put(EVENTS.name, b"branch-07", json.dumps(event).encode())
    await producer.stop()
