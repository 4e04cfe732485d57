"""
The order in which a decision becomes durable and leaves the worker.
"""

import asyncio
import json
from collections.abc import Callable

import pytest

from services.runtime.errors import Unreachable
from services.sla.shell.envelope import unsealed
from services.sla.shell.turns import Pace
from tests.fakes.clock import SlowClock
from tests.fakes.tracing import CARRIED, RecordedTracing
from tests.fakes.worker import NOON, Bench, arrived, called

MOST_TURNS = 1_000


async def turns_until(condition: Callable[[], bool]) -> None:
    for _ in range(MOST_TURNS):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("the checkpoint kept the loop to itself")


async def test_outcomes_of_records_leave_at_once_and_are_acknowledged_before_the_state_is_saved() -> None:
    bench = Bench()
    bench.fold(arrived(), called())
    assert bench.states("violations") == ["closed"]
    assert await bench.checkpoints.save(bench.owned) == 2
    steps = [step[0] for step in bench.journal]
    assert steps.index("acknowledged") < steps.index("saved")
    assert [step[1] for step in bench.journal[: steps.index("acknowledged")]].count("violations") == 1


async def test_what_the_wall_clock_caused_leaves_only_after_its_chunk_is_saved() -> None:
    bench = Bench()
    bench.fold(arrived())
    names = bench.folding.time(bench.owned, NOON + 21_000)
    assert bench.producer.on("violations") == []
    await bench.checkpoints.save_chunks(bench.owned, names)
    assert bench.states("violations") == ["opened"]
    steps = [step[:2] for step in bench.journal]
    assert steps.index(("saved", names[0])) < steps.index(("put", "violations"))


async def test_what_could_not_be_saved_does_not_leave() -> None:
    bench = Bench(Unreachable("the broker is away"))
    bench.fold(arrived())
    names = bench.folding.time(bench.owned, NOON + 21_000)
    with pytest.raises(Unreachable):
        await bench.checkpoints.save_chunks(bench.owned, names)
    assert bench.producer.on("violations") == []


async def test_a_successor_sends_what_was_saved_but_perhaps_never_sent() -> None:
    bench = Bench()
    bench.fold(arrived())
    await bench.checkpoints.save_chunks(bench.owned, bench.folding.time(bench.owned, NOON + 21_000))
    first = list(bench.producer.on("violations"))
    bench.owned = bench.assigned(dict(bench.store.blobs))
    assert list(bench.producer.on("violations")) == first * 2


async def test_what_was_sent_is_not_saved_again_with_the_chunk() -> None:
    bench = Bench()
    bench.fold(arrived())
    names = bench.folding.time(bench.owned, NOON + 21_000)
    await bench.checkpoints.save_chunks(bench.owned, names)
    bench.fold(called())
    await bench.checkpoints.save(bench.owned)
    _, pending = unsealed(bench.store.blobs[names[0]])
    assert pending == []


async def test_a_regular_checkpoint_takes_what_waits_with_it() -> None:
    bench = Bench()
    bench.fold(arrived())
    names = bench.folding.time(bench.owned, NOON + 21_000)
    await bench.checkpoints.save(bench.owned)
    assert bench.states("violations") == ["opened"]
    await bench.checkpoints.save_chunks(bench.owned, names)
    assert bench.states("violations") == ["opened"]
    assert len(bench.saved) == 1


async def test_sums_are_sent_before_the_state_that_they_come_from_is_saved() -> None:
    bench = Bench()
    bench.fold(arrived(), called())
    await bench.checkpoints.save(bench.owned)
    steps = [step[:2] for step in bench.journal]
    saved = next(at for at, step in enumerate(steps) if step[0] == "saved")
    assert ("put", "attainment") in steps[:saved]


async def test_the_state_goes_on_where_the_saved_one_ended() -> None:
    bench = Bench()
    bench.fold(arrived(), arrived("j2"))
    await bench.checkpoints.save(bench.owned)
    bench.owned = bench.assigned(dict(bench.store.blobs))
    bench.owned.next_offset = 2
    bench.fold(called(at=NOON + 5_000))
    assert [json.loads(value or b"")["met"] for value in bench.producer.on("measurements")] == [True]


async def test_a_chunk_of_which_nothing_is_left_is_deleted_and_a_successor_starts_without_it() -> None:
    bench = Bench()
    bench.fold(arrived(), called())
    await bench.checkpoints.save(bench.owned)
    assert len(bench.store.blobs) == 1
    for day in range(1, 9):
        bench.folding.time(bench.owned, NOON + day * 86_400_000)
        await bench.checkpoints.save(bench.owned)
    assert bench.store.blobs == {}
    assert bench.assigned(dict(bench.store.blobs)).state.gauges().sites == 0


async def test_records_are_folded_while_a_large_state_is_being_saved() -> None:
    bench = Bench(clock=SlowClock(NOON, step_ms=1))
    bench.fold(*(arrived(f"j{number}") for number in range(200)), *(called(f"j{number}") for number in range(200)))
    saving = asyncio.create_task(bench.checkpoints.save(bench.owned))
    await turns_until(lambda: bench.journal[-1][:2] == ("put", "attainment"))
    assert not bench.saved
    bench.fold(arrived("later"))
    assert await saving == 400
    assert await bench.checkpoints.save(bench.owned) == 401


async def test_what_changes_while_the_state_is_being_saved_is_summed_up_before_it_is_saved() -> None:
    bench = Bench(clock=SlowClock(NOON, step_ms=1))
    bench.fold(*(arrived(f"j{number}") for number in range(200)), *(called(f"j{number}") for number in range(100)))
    saving = asyncio.create_task(bench.checkpoints.save(bench.owned))
    await turns_until(lambda: bool(bench.producer.on("attainment")))
    bench.fold(*(called(f"j{number}") for number in range(100, 200)))
    await saving
    assert json.loads(bench.producer.on("attainment")[-1] or b"")["answered"] == 200
    assert bench.owned.state.changed == set()


async def test_a_partition_whose_state_is_not_there_yet_is_never_saved() -> None:
    bench = Bench()
    bench.owned.lease = None
    with pytest.raises(AssertionError, match="before its state was loaded"):
        await bench.checkpoints.save(bench.owned)


def test_checkpoints_come_at_least_so_often_and_never_take_most_of_the_time() -> None:
    pace = Pace(floor_ms=1_000, factor=5)
    assert pace.wait_ms(0) == 1_000
    assert pace.wait_ms(900) == 4_500


async def test_what_is_sent_leads_back_to_the_span_that_caused_it_and_time_begins_one() -> None:
    tracing = RecordedTracing()
    bench = Bench(tracing=tracing)
    with tracing.batch("process", (), {}):
        bench.fold(arrived("j1"), called("j1"), arrived("j2"))
    names = bench.folding.time(bench.owned, NOON + 21_000)
    await bench.checkpoints.save_chunks(bench.owned, names)
    assert [(name, facts) for name, _, facts in tracing.spans[1:]] == [
        ("release", {"messaging.batch.message_count": 1})
    ]
    assert {(topic, tuple(headers)) for topic, _, _, headers in bench.producer.sent} == {
        ("measurements", (CARRIED,)),
        ("violations", (CARRIED,)),
        ("attainment", ()),
    }
