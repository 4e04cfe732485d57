"""
The second stage: when time may pass, in which order a verdict becomes durable and leaves, and who may send it.
"""

import asyncio

import pytest

from services.runtime.errors import Misconfigured, Unreachable
from services.sla.engine import ClockKind
from services.sla.shell.saved_objectives import Saved, SavedObjectives
from services.sla.shell.second_stage import RowResult
from tests.fakes.second_stage import MINUTE, NOON, SecondBench, book_of, row, until

OPENED = {("site:s1", "opened", "target_missed"), ("organisation", "opened", "target_missed")}
CLOSED = {("site:s1", "closed", "target_kept"), ("organisation", "closed", "target_kept")}
GOOD = row(minute=NOON, good=90, total=90, rev=2)


async def test_a_target_that_many_miss_opens_and_closes_in_each_scope() -> None:
    bench = SecondBench()
    bench.rows.append(0, row())
    bench.rows.append(1, row("s2", good=4))
    async with bench.owner() as stage:
        await bench.judged(stage, NOON)
        assert set(bench.told()) == OPENED
        assert stage.open_violations == 2
        bench.rows.append(0, GOOD)
        await bench.judged(stage, NOON + 3 * MINUTE)
        assert stage.open_violations == 0
    assert set(bench.told()) == OPENED | CLOSED
    assert len({one["id"] for one in bench.said()}) == 2
    assert len(bench.said()) == 4
    assert stage.judged_to is None
    assert stage.results == {RowResult.TAKEN: 3, RowResult.TOO_OLD: 0}


async def test_a_verdict_leaves_only_after_the_state_that_contains_it_is_durable_and_still_ours() -> None:
    bench = SecondBench()
    bench.rows.append(0, row())
    async with bench.owner() as stage:
        await bench.judged(stage, NOON)
    steps = [step[0] for step in bench.journal]
    assert steps[: steps.index("put")] == ["acknowledged", "saved", "saved", "saved", "looked"]


async def test_what_could_not_be_saved_does_not_leave() -> None:
    bench = SecondBench(error=Unreachable("the broker is away"))
    bench.rows.append(0, row())
    with pytest.raises(ExceptionGroup) as raised:
        await bench.stage().run()
    assert raised.group_contains(Unreachable)
    assert bench.said() == []


async def test_time_passes_only_when_the_group_has_done_what_was_appended_before() -> None:
    bench = SecondBench()
    bench.group.ends = {0: 5, 1: 0}
    bench.group.done = {0: 4}
    bench.rows.append(0, row())
    async with bench.owner() as stage:
        await until(lambda: bench.group.asked > 3)
        assert bench.said() == []
        bench.rows.append(0, row(good=4, rev=2))
        bench.group.done = {0: 5}
        await bench.judged(stage, NOON)
    assert bench.said() == [], "the first row alone would have missed the target"


async def test_a_group_that_does_not_answer_is_asked_again() -> None:
    bench = SecondBench()
    bench.group.away = True
    bench.rows.append(0, row())
    async with bench.owner() as stage:
        await until(lambda: bench.group.asked > 3)
        bench.group.away = False
        await bench.judged(stage, NOON)
    assert set(bench.told()) == OPENED


async def test_time_passes_only_when_every_row_that_was_sent_is_read() -> None:
    bench = SecondBench()
    bench.rows.append(0, row())
    bench.rows.hidden = 1
    async with bench.owner() as stage:
        await until(lambda: stage.lag == 1)
        bench.clock.advance(5 * MINUTE + 200)
        assert bench.said() == []
        bench.rows.hidden = 0
        bench.rows.append(0, row(good=4, rev=2))
        await until(lambda: (stage.judged_to or 0) >= NOON + 5 * MINUTE)
    assert bench.said() == []


async def test_a_successor_says_again_what_was_saved_and_goes_on_with_the_same_violations() -> None:
    bench = SecondBench()
    bench.rows.append(0, row())
    async with bench.owner() as stage:
        await bench.judged(stage, NOON)
    first = bench.said()
    bench.rows.append(0, GOOD)
    async with bench.owner() as stage:
        await bench.judged(stage, NOON + 3 * MINUTE)
    said = bench.said()
    assert said[: 2 * len(first)] == first * 2
    assert set(bench.told()) == OPENED | CLOSED
    assert {one["id"] for one in said} == {one["id"] for one in first}


async def test_rows_after_the_last_checkpoint_are_read_again_and_count_once() -> None:
    bench = SecondBench()
    bench.rows.append(0, row(good=1))
    async with bench.owner() as stage:
        await bench.judged(stage, NOON)
        bench.rows.append(0, row(minute=NOON, good=1))
        await until(lambda: stage.results[RowResult.TAKEN] == 2)
    bench.rows.append(0, row(minute=NOON + MINUTE, good=30, total=30))
    async with bench.owner() as stage:
        await bench.judged(stage, NOON + 3 * MINUTE)
    closed = [one for one in bench.said() if one["state"] == "closed"]
    assert {(one["good"], one["total"]) for one in closed} == {(32, 38)}


async def test_whoever_has_lost_it_says_nothing_more() -> None:
    bench = SecondBench()
    bench.rows.append(0, row())
    stage = bench.stage()
    bench.group.ends = {0: 1}
    task = asyncio.create_task(stage.run())
    await until(lambda: bench.group.asked > 0)
    await SavedObjectives.take_over(bench.store)
    bench.group.done = {0: 1}
    await task
    assert bench.said() == []
    assert stage.judged_to is None


async def test_a_row_waits_for_the_publication_of_its_standard() -> None:
    bench = SecondBench()
    bench.book = book_of()
    bench.rows.append(0, row())
    async with bench.owner() as stage:
        await asyncio.sleep(0)
        bench.book = book_of("wait")
        await bench.judged(stage, NOON)
    assert set(bench.told()) == OPENED


async def test_what_is_no_row_or_of_no_standard_is_counted_and_passed_over() -> None:
    bench = SecondBench()
    bench.rows.append(0, b'{"site":' * 5_000, row(name="gone"), row(name="gone"), row())
    async with bench.owner() as stage:
        await bench.judged(stage, NOON)
    assert set(bench.told()) == OPENED
    assert stage.results == {
        RowResult.UNREADABLE: 1, RowResult.UNKNOWN_STANDARD: 2, RowResult.TAKEN: 1, RowResult.TOO_OLD: 0
    }  # fmt: skip


async def test_a_row_of_long_ago_is_counted_as_too_old() -> None:
    bench = SecondBench()
    bench.rows.append(0, row())
    async with bench.owner() as stage:
        await bench.judged(stage, NOON)
        bench.rows.append(0, row(minute=NOON - 10_000 * MINUTE))
        await until(lambda: stage.results[RowResult.TOO_OLD] == 1)


async def test_by_the_clock_of_events_time_is_where_the_slowest_partition_is_and_at_rest_at_the_end() -> None:
    bench = SecondBench(clock=ClockKind.EVENT)
    past = NOON - 100 * MINUTE
    bench.rows.append(0, row(minute=past))
    bench.rows.append(1, row("s2", minute=past + 20 * MINUTE, good=4))
    async with bench.owner() as stage:
        await until(lambda: stage.results[RowResult.TAKEN] == 2)
        bench.rows.append(0, row(minute=past + 2 * MINUTE))
        await until(lambda: stage.judged_to == past + 2 * MINUTE)
        bench.clock.advance(10_000)
        await until(lambda: stage.judged_to == past + 21 * MINUTE)
    assert {(one["scope"], one["opened_at"]) for one in bench.said() if one["state"] == "opened"} == {
        ("site:s1", past + MINUTE),
        ("organisation", past + MINUTE),
    }


async def test_a_state_of_another_engine_is_refused() -> None:
    bench = SecondBench()
    saved, _ = await SavedObjectives.take_over(bench.store)
    await saved.save(Saved({}, {}, 0, b"\x7f", ()))
    with pytest.raises(Misconfigured, match="run the version that wrote the state"):
        await bench.stage().run()
