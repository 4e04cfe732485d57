"""
The worker and the passing of time, on a real Kafka: silence is noticed soon, and only when it is one.
"""

import itertools
import signal
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from schemas.topics import MEASUREMENTS
from services.runtime.kafka import TopicSpec
from services.sla.app import CHECKPOINTS
from tests.e2e.sla_line import (
    Line,
    WorkerProcess,
    alter_topic,
    event,
    eventually,
    eventually_async,
    instant,
    now_ms,
    standard,
)

_NUMBERS: Final[Iterator[int]] = itertools.count()
ONE_SECOND: Final = 1_000
HOUR: Final = 3_600_000


@pytest.fixture
async def line(kafka: str, tmp_path: Path) -> AsyncIterator[Line]:
    async with Line(kafka, f"time-{next(_NUMBERS)}.", tmp_path) as made:
        yield made


async def violation(line: Line) -> dict[str, Any]:
    async def opened() -> list[dict[str, Any]]:
        return [one for one in await line.violations() if one["state"] == "opened"]

    found: list[dict[str, Any]] = await eventually_async(opened)
    (one,) = found
    return one


def recovered_at(worker: WorkerProcess) -> int:
    times = [line["timestamp"] for line in worker.said() if line.get("event") == "partition_recovered"]
    return int(datetime.fromisoformat(max(times)).timestamp() * 1000)


async def test_a_journey_that_is_never_heard_of_again_is_noticed_on_an_idle_topic(line: Line) -> None:
    await line.publish(standard(limit="2s"))
    await line.worker().ready()
    arrived = now_ms()
    await line.send([("s1", event("journey.arrived", "j1", arrived))])
    found = await violation(line)
    assert found["opened_at"] == arrived + 2_000
    assert found["opened_at"] < found["_at"] <= found["opened_at"] + ONE_SECOND


async def test_it_is_noticed_after_a_restart_during_the_wait(line: Line) -> None:
    await line.publish(standard(limit="6s"))
    first = line.worker()
    await first.ready()
    arrived = now_ms()
    await line.send([("s1", event("journey.arrived", "j1", arrived))])
    await line.drained()
    first.signal(signal.SIGTERM)
    assert await first.ended() == 0
    second = line.worker()
    await second.ready()
    found = await violation(line)
    assert found["opened_at"] == arrived + 6_000
    assert found["_at"] <= max(found["opened_at"], recovered_at(second)) + ONE_SECOND


OF_OTHER_KINDS: Final[dict[str, dict[str, Any]]] = {
    "answers": {"score": {"of": "feedback.received", "highest": 5, "minimum": "3"},
                "objective": {"metric": "csat_mean", "target": "4"}},
    "settled": {"rate": {"of": "service.completed", "unless": "complaint.opened", "per": "customer", "within": "6s"},
                "objective": {"metric": "first_contact_resolution", "target": "75%"}},
    "steps": {"sequence": {"start": "journey.arrived", "end": "service.completed",
                           "steps": [{"name": "called", "shown_by": "journey.called", "within": "6s"}]},
              "objective": {"metric": "rate", "target": "90%"}},
    "reports": {"presence": {"every": "6s"}, "objective": {"metric": "rate", "target": "100%"}},
}  # fmt: skip


async def test_what_time_does_to_standards_of_all_kinds_is_noticed_after_a_kill_during_the_wait(line: Line) -> None:
    others = [{**standard(name), "clock": None, **parts} for name, parts in OF_OTHER_KINDS.items()]
    await line.publish(standard(limit="promised"), *others)
    first = line.worker()
    await first.ready()
    arrived = now_ms()
    promised = arrived + 6_000
    told = [
        event("journey.arrived", "j1", arrived, promised_at=instant(promised)),
        event("journey.arrived", "j2", arrived),
        event("journey.arrived", "j3", arrived, promised_at=instant(promised + HOUR)),
        event("service.completed", "j4", arrived, customer="carl"),
        event("feedback.received", "j4", arrived, score=2),
        event("source.heartbeat", "till", arrived),
    ]
    await line.send([("s1", one) for one in told])
    await line.drained()
    first.signal(signal.SIGKILL)
    await first.ended()
    second = line.worker()
    await second.ready()

    async def noticed() -> list[dict[str, Any]]:
        found = await line.violations()
        contacts = [one for one in await line.outcomes(MEASUREMENTS.name) if one["standard"] == "settled"]
        return found if contacts and len({one["id"] for one in found}) == 6 else []

    found = await eventually_async(noticed)
    assert {(one["standard"], one["journey"], one["state"], one["reason"]) for one in found} == {
        ("wait", "j1", "opened", "limit_passed"), ("answers", "j4", "closed", "below_minimum"),
        *(("steps", journey, "opened", "step_late") for journey in ("j1", "j2", "j3")),
        ("reports", "/test", "opened", "silent"),
    }  # fmt: skip
    for one in found:
        if one["state"] == "opened":
            assert one["opened_at"] == promised
            assert one["_at"] <= max(promised, recovered_at(second)) + ONE_SECOND


async def test_a_limit_that_passed_while_nobody_worked_is_noticed_at_once_when_somebody_does(line: Line) -> None:
    await line.publish(standard(limit="1s"))
    first = line.worker()
    await first.ready()
    first.signal(signal.SIGTERM)
    await first.ended()
    arrived = now_ms()
    await line.send([("s1", event("journey.arrived", "j1", arrived))])
    await eventually(lambda: now_ms() > arrived + 2_000)
    second = line.worker()
    await second.ready()
    found = await violation(line)
    assert found["opened_at"] == arrived + 1_000
    assert found["_at"] <= recovered_at(second) + ONE_SECOND


async def test_a_worker_that_lags_accuses_nobody_who_was_served_in_time(line: Line) -> None:
    first = line.worker()
    await first.ready()
    first.signal(signal.SIGTERM)
    await first.ended()
    arrived = now_ms()
    await line.send([("s1", event("journey.arrived", f"j{at}", arrived)) for at in range(50)])
    # Enough in between for the worker to look at the clock several times before it has read to the end.
    others = (event("milestone.reached", f"m{at % 3_000}", arrived, ident=f"m{at}") for at in range(60_000))
    await line.send([("s1", one) for one in others])
    await line.send([("s1", event("journey.called", f"j{at}", arrived + 1_000)) for at in range(50)])
    # All of it was there within this limit, however long this machine took.
    limit = (now_ms() - arrived) // 1_000 + 2
    await line.publish(standard(limit=f"{limit}s"))
    await eventually(lambda: now_ms() > arrived + (limit + 1) * 1_000)
    await line.worker().ready()
    await line.drained()
    assert len(await line.outcomes(MEASUREMENTS.name)) == 50
    assert await line.violations() == []


async def test_a_worker_that_wakes_up_from_a_pause_looks_into_the_log_before_it_judges(line: Line) -> None:
    await line.publish(standard(limit="10s"))
    worker = line.worker(SQM_SLA_SESSION_TIMEOUT_MS="60000")
    await worker.ready()
    arrived = now_ms()
    await line.send([("s1", event("journey.arrived", "j1", arrived))])
    await line.drained()
    worker.signal(signal.SIGSTOP)
    await line.send([("s1", event("journey.called", "j1", now_ms()))])
    # It sleeps beyond the limit, and not beyond its session.
    await eventually(lambda: now_ms() > arrived + 11_000)
    worker.signal(signal.SIGCONT)

    async def measured() -> bool:
        return bool(await line.outcomes(MEASUREMENTS.name))

    await eventually_async(measured)
    assert await line.violations() == []


async def test_what_time_caused_is_not_known_outside_before_it_is_safe(line: Line) -> None:
    await line.publish(standard(limit="10s"))
    first = line.worker()
    await first.ready()
    arrived = now_ms()
    await line.send([("s1", event("journey.arrived", "j1", arrived))])
    await line.drained()
    # From now on the state cannot be saved: the worker decides, fails to save, and dies between the two.
    await alter_topic(line.connection, TopicSpec(CHECKPOINTS, line.partitions, {"max.message.bytes": "1"}))
    assert await first.ended() != 0
    assert now_ms() >= arrived + 10_000
    assert await line.violations() == []
    await alter_topic(line.connection, TopicSpec(CHECKPOINTS, line.partitions, {"max.message.bytes": "2097152"}))
    second = line.worker()
    await second.ready()
    assert (await violation(line))["opened_at"] == arrived + 10_000
