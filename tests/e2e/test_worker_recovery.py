"""
Workers that die, pause, join and leave in the middle: the standing outcomes are those of an undisturbed run.
"""

import itertools
import json
import random
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from schemas.standards import PUBLISHED
from schemas.topics import EVENTS, STANDARDS
from services.sla.engine import (
    Book,
    ClockKind,
    Partition,
    Policy,
    decode_event,
    drain_attainment,
    encode_outcome,
    fold,
)
from tests.e2e.sla_line import Line, WorkerProcess, event, eventually, now_ms, standard, standing_of

_NUMBERS: Final[Iterator[int]] = itertools.count()
LATENESS_SECONDS: Final = 6 * 3_600
SETTINGS: Final = {
    "SQM_SLA_CLOCK": "event",
    "SQM_SLA_LATENESS_SECONDS": str(LATENESS_SECONDS),
    "SQM_SLA_SESSION_TIMEOUT_MS": "6000",
    "SQM_SLA_CHECKPOINT_MS": "100",
    # A pause of the test must not be taken for the end of the load.
    "SQM_SLA_REST_SECONDS": "86400",
}
PART: Final = 4_000


@pytest.fixture
async def line(kafka: str, tmp_path: Path) -> AsyncIterator[Line]:
    async with Line(kafka, f"recovery-{next(_NUMBERS)}.", tmp_path) as made:
        await made.publish(standard(limit="20s", warn_at="75%"))
        yield made


def journeys(parts: int) -> list[list[tuple[str, bytes]]]:
    """
    Journeys of 40 sites, a third of them too slow, some abandoned; every tenth event twice, all up to an hour out of
    order.
    """
    drawn = random.Random(20261122)
    base = now_ms() - 20 * 3_600_000
    events = []
    for number in range(parts * PART // 2):
        site, journey = f"site-{number % 40}", f"j{number}"
        arrived = base + number * 1_000
        waited = drawn.choice((5_000, 12_000, 40_000))
        ending = "journey.abandoned" if number % 11 == 0 else "journey.called"
        events.append(
            (arrived + drawn.randrange(3_600_000), site, event("journey.arrived", journey, arrived, site=site))
        )
        events.append((arrived + drawn.randrange(3_600_000), site, event(ending, journey, arrived + waited, site=site)))
    events += drawn.sample(events, len(events) // 10)
    events.sort(key=lambda one: one[0])
    sendable = [(site, value) for _, site, value in events]
    size = len(sendable) // parts
    return [sendable[at * size : (at + 1) * size if at < parts - 1 else None] for at in range(parts)]


async def undisturbed(line: Line) -> dict[str, dict[str, Any]]:
    """
    What the engine says about the log as it stands, without Kafka, crashes or checkpoints.
    """
    published = [PUBLISHED.validate_json(record.value) for record in await line.records(STANDARDS.name)]
    book = Book.of(published)
    outcomes: list[Any] = []
    records = await line.records(EVENTS.name)
    for number in range(line.partitions):
        state = Partition(Policy(clock=ClockKind.EVENT, lateness_ms=LATENESS_SECONDS * 1_000))
        mine = [(one.offset, one.timestamp, decode_event(one.value)) for one in records if one.partition == number]
        decision = fold(state, mine, book)
        assert decision.rejected == []
        outcomes += [*decision.measurements, *decision.violations, *decision.timed]
        outcomes += drain_attainment(state, book)
    return standing_of(json.loads(encode_outcome(one)) for one in outcomes)


async def same_as_undisturbed(line: Line) -> None:
    await line.drained()
    expected = await undisturbed(line)
    assert len(expected) > PART

    found = await line.standing()
    assert found.keys() == expected.keys()
    differing = [
        (ident, name, found[ident].get(name), wanted)
        for ident, one in expected.items()
        for name, wanted in one.items()
        if found[ident].get(name) != wanted
    ]
    assert differing[:5] == []
    assert found == expected


async def test_two_kills_and_a_second_worker_joining_and_leaving_change_nothing(line: Line) -> None:
    parts = journeys(5)
    first = line.worker(**SETTINGS)
    await first.ready()
    await line.send(parts[0])
    first.signal(signal.SIGKILL)
    second = line.worker(**SETTINGS)
    await line.send(parts[1])
    await second.ready()
    await line.send(parts[2])
    second.signal(signal.SIGKILL)
    third = line.worker(**SETTINGS)
    await third.ready()
    await line.send(parts[3])
    fourth = line.worker(**SETTINGS)
    await fourth.ready()
    await line.send(parts[4])
    fourth.signal(signal.SIGTERM)
    assert await fourth.ended() == 0
    await same_as_undisturbed(line)


async def test_a_worker_that_slept_beyond_its_session_changes_nothing(line: Line) -> None:
    parts = journeys(4)
    sleeper = line.worker(**SETTINGS)
    await sleeper.ready()
    await line.send(parts[0])
    sleeper.signal(signal.SIGSTOP)
    await line.send(parts[1])
    successor = line.worker(**SETTINGS)
    await eventually(lambda: owns(successor, line.partitions))
    await line.send(parts[2])
    await line.drained()
    sleeper.signal(signal.SIGCONT)
    await eventually(lambda: assignments(sleeper) >= 2)
    await line.send(parts[3])
    await same_as_undisturbed(line)
    assert sleeper.process.poll() is None
    assert successor.process.poll() is None


async def test_a_worker_that_is_told_to_stop_leaves_at_once_and_nothing_is_done_twice(line: Line) -> None:
    parts = journeys(2)
    first = line.worker(**SETTINGS)
    await first.ready()
    await line.send(parts[0])
    first.signal(signal.SIGTERM)
    assert await first.ended() == 0
    stopped = [entry.get("event") for entry in first.said()]
    assert "process_did_not_stop_in_time" not in stopped
    assert stopped.index("process_stopping") < stopped.index("group_left") < stopped.index("process_stopped")
    second = line.worker(**SETTINGS)
    await second.ready()
    await line.send(parts[1])
    await same_as_undisturbed(line)


def assignments(worker: WorkerProcess) -> int:
    return sum(entry.get("event") == "partitions_assigned" for entry in worker.said())


def owns(worker: WorkerProcess, partitions: int) -> bool:
    return any(
        entry.get("event") == "partitions_assigned" and len(entry["partitions"]) == partitions
        for entry in worker.said()
    )
