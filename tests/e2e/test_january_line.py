"""
January of a bank through the whole line: HTTP, Kafka, workers, ClickHouse. Whatever happens on the way, history holds
in the end what `sqm replay` says about the file, id for id.

Each test takes the first days of the month; SQM_TEST_JANUARY_DAYS=31 takes all of it.
"""

import asyncio
import itertools
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Final

import pytest

from schemas.base import MINUTE_MS
from schemas.topics import VIOLATIONS
from services.ingest.engine.mapped import MappedEvent
from tests.e2e.january_calls import ALL_DAYS, DAYS, LINES_AS_SITES, MAPPING, Calls, first_days, moved, sqm
from tests.e2e.january_disorder import disordered, in_parts
from tests.e2e.january_line import ON_EVENT_TIME, BankLine, bank_line, differences
from tests.e2e.sla_line import WorkerProcess, eventually, now_ms

_NUMBERS: Final[Iterator[int]] = itertools.count()
USUAL_DAYS: Final = 3
FORTY_DAYS: Final = {"SQM_SLA_CLOCK": "wall", "SQM_SLA_HORIZON_HOURS": str(40 * 24)}
# Of the whole month, as somebody else counted them: good and total by standard.
WHOLE_MONTH: Final = {"bank-wait": (16_402, 30_140), "bank-handling": (18_515, 27_060)}

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def calls(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Calls:
    january = real_data / "anonymous_bank" / "january.txt"
    return first_days(january, DAYS or USUAL_DAYS, tmp_path_factory.mktemp("calls"))


@pytest.fixture
async def bank(kafka: str, tmp_path: Path) -> AsyncIterator[BankLine]:
    async with bank_line(kafka, f"january-{next(_NUMBERS)}.", tmp_path) as made:
        yield made


async def same_as_replayed(bank: BankLine, calls: Calls, shifted_by: int = 0) -> None:
    await bank.finished()
    assert await bank.dead_letters() == {}
    found, expected = bank.standing(), moved(calls.standing, shifted_by)
    assert len(expected) > 1_000 * calls.days
    assert differences(found, expected) == []
    assert found == expected
    if calls.days == ALL_DAYS:
        assert bank.attainment() == WHOLE_MONTH


async def test_calls_that_are_loaded_in_time_order_give_what_the_replay_gives(bank: BankLine, calls: Calls) -> None:
    await bank.line.worker(**ON_EVENT_TIME).ready()
    options = ["--option", LINES_AS_SITES, "--in-time-order", "--url", bank.ingest.url]
    await asyncio.to_thread(sqm, "load", "--mapping", str(MAPPING), *options, str(calls.file))
    await same_as_replayed(bank, calls)


async def test_kills_a_second_worker_copies_and_six_hours_of_disorder_change_nothing(
    bank: BankLine, calls: Calls
) -> None:
    parts = in_parts(disordered(calls.events()), 8)
    first = bank.line.worker(**ON_EVENT_TIME)
    await first.ready()
    await bank.send(parts[0])
    await killed_amid(bank, first, parts[1])
    second = bank.line.worker(**ON_EVENT_TIME)
    await bank.send(parts[2])
    await second.ready()
    await bank.send(parts[3])
    await killed_amid(bank, second, parts[4])
    third = bank.line.worker(**ON_EVENT_TIME)
    await third.ready()
    fourth = bank.line.worker(**ON_EVENT_TIME)
    await bank.send(parts[5])
    await fourth.ready()
    await bank.send(parts[6])
    fourth.signal(signal.SIGTERM)
    await bank.send(parts[7])
    assert await fourth.ended() == 0
    await same_as_replayed(bank, calls)


async def test_a_worker_that_sleeps_while_another_takes_over_changes_nothing(bank: BankLine, calls: Calls) -> None:
    parts = in_parts(sorted(calls.events(), key=lambda one: one.time_ms), 4)
    sleeper = bank.line.worker(**ON_EVENT_TIME)
    await sleeper.ready()
    await bank.send(parts[0])
    sleeper.signal(signal.SIGSTOP)
    await bank.send(parts[1])
    successor = bank.line.worker(**ON_EVENT_TIME)
    await eventually(lambda: assigned(successor, bank.line.partitions))
    await bank.send(parts[2])
    await bank.line.drained(seconds=300)
    sleeper.signal(signal.SIGCONT)
    await eventually(lambda: assignments(sleeper) > 1)
    await bank.send(parts[3])
    await same_as_replayed(bank, calls)
    assert sleeper.process.poll() is None
    assert successor.process.poll() is None


async def test_old_calls_in_the_order_of_their_file_raise_no_false_alarm_on_a_live_line(
    bank: BankLine, calls: Calls
) -> None:
    events = calls.events()
    await bank.line.worker(**FORTY_DAYS).ready()
    late = now_ms() - max(one.time_ms for one in events)
    shifted_by = late - late % MINUTE_MS
    for one in events:
        one.time_ms += shifted_by
    await bank.send(events)
    await same_as_replayed(bank, calls, shifted_by)
    told = await bank.line.outcomes(VIOLATIONS.name)
    assert [one for one in told if one["state"] == "retracted"] == []


async def killed_amid(bank: BankLine, worker: WorkerProcess, events: Sequence[MappedEvent]) -> None:
    """
    Kill a worker while events are being sent, so that it leaves work half done.
    """
    half = len(events) // 2
    await bank.send(events[:half])
    worker.signal(signal.SIGKILL)
    await bank.send(events[half:])


def assignments(worker: WorkerProcess) -> int:
    return sum(entry.get("event") == "partitions_assigned" for entry in worker.said())


def assigned(worker: WorkerProcess, partitions: int) -> bool:
    return any(
        entry.get("event") == "partitions_assigned" and len(entry["partitions"]) == partitions
        for entry in worker.said()
    )
