"""
Topics that were saved and brought back on another broker: services go on there as if nothing had been.
"""

from pathlib import Path
from typing import Any, Final

import pytest

from schemas.topics import EVENTS, MEASUREMENTS, STANDARDS, TOPICS
from services.cli.topic_copies import bring_back, save
from services.runtime.broker import KafkaBroker
from services.runtime.errors import Misconfigured
from services.runtime.kafka import ClusterAdmin, Connection
from services.sla.app import CHECKPOINTS
from tests.conftest import StartBroker
from tests.e2e.sla_line import Line, event, now_ms, standard

PREFIX: Final = "saved."
JOURNEYS: Final = 60
BEGAN: Final = now_ms() - 3_600_000
SETTINGS: Final = {"SQM_SLA_CLOCK": "event", "SQM_SLA_CHECKPOINT_MS": "100", "SQM_SLA_REST_SECONDS": "86400"}


def site(number: int) -> str:
    return f"site-{number % 12}"


def waited(number: int) -> int:
    return 5_000 if number % 3 else 40_000


def arrivals() -> list[tuple[str, bytes]]:
    return [
        (site(number), event("journey.arrived", f"j{number}", BEGAN + number, site=site(number)))
        for number in range(JOURNEYS)
    ]


def calls(numbers: range) -> list[tuple[str, bytes]]:
    return [
        (
            site(number),
            event("journey.called", f"j{number}", BEGAN + number + waited(number), site=site(number)),
        )
        for number in numbers
    ]


async def contents(line: Line) -> dict[str, list[tuple[Any, ...]]]:
    return {
        name: [
            (one.partition, one.offset, one.timestamp, one.key, one.value, tuple(one.headers))
            for one in sorted(await line.records(name), key=lambda one: (one.partition, one.offset))
            if one.key != b"filler"
        ]
        for name in (*(topic.name for topic in TOPICS), CHECKPOINTS)
    }


async def read_so_far(connection: Connection) -> dict[str, dict[tuple[str, int], int]]:
    async with ClusterAdmin.open(connection) as admin:
        return await admin.group_offsets({connection.name(EVENTS.name)})


async def let_time_pass(connection: Connection) -> dict[tuple[str, int], int]:
    """
    Delete what retention would: of each partition of the events the first three.
    """
    firsts = {(connection.name(EVENTS.name), number): 3 for number in range(4)}
    async with ClusterAdmin.open(connection) as admin:
        await admin.drop_before(firsts)
    return firsts


async def test_a_worker_goes_on_from_topics_that_were_brought_back(
    kafka: str, start_private_broker: StartBroker, tmp_path: Path
) -> None:
    told: list[str] = []
    async with Line(kafka, PREFIX, tmp_path) as before:
        await before.publish(standard(limit="20s"))
        worker = before.worker(**SETTINGS)
        await worker.ready()
        await before.send(arrivals() + calls(range(JOURNEYS // 2)))
        await before.drained()
        worker.process.terminate()
        assert await worker.ended() == 0
        await let_time_pass(before.connection)
        there, read = await contents(before), await read_so_far(before.connection)
        await save(before.connection, tmp_path / "backup", "2026-11-26T00:00:00Z", (), told.append)
    assert min(one[1] for one in there[EVENTS.name]) == 3
    assert len(there[MEASUREMENTS.name]) == JOURNEYS // 2

    broker: KafkaBroker = start_private_broker()
    elsewhere = Connection(broker.bootstrap_servers, prefix=PREFIX)
    await bring_back(elsewhere, tmp_path / "backup", (), 1, told.append)
    with pytest.raises(Misconfigured, match="has records already"):
        await bring_back(elsewhere, tmp_path / "backup", (STANDARDS.name,), 1, told.append)
    (tmp_path / "after").mkdir()
    async with Line(broker.bootstrap_servers, PREFIX, tmp_path / "after") as after:
        assert await contents(after) == there
        assert await read_so_far(elsewhere) == read
        # From here on the broker's clock counts again, as the contract of the topic says.
        await after.worker(**SETTINGS).ready()
        await after.send(calls(range(JOURNEYS // 2, JOURNEYS)))
        assert (await after.records(EVENTS.name))[-1].timestamp > BEGAN + 3_600_000 - 60_000
        await after.drained()
        measured = await after.outcomes(MEASUREMENTS.name)
        assert sorted(one["value_ms"] for one in measured) == sorted(map(waited, range(JOURNEYS)))
        assert len({one["id"] for one in measured}) == JOURNEYS
        standing = await after.standing()
        rows = [one for one in standing.values() if "answered_within" in one]
        too_slow = sum(waited(number) > 20_000 for number in range(JOURNEYS))
        assert sum(row["total"] for row in rows) == JOURNEYS
        assert sum(row["good"] for row in rows) == JOURNEYS - too_slow
        assert sum(name.startswith("v:") for name in standing) == too_slow
