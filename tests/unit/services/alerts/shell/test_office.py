"""
The office: what it says is saved before it leaves, whoever comes next goes on from there, and time has one direction.
"""

import asyncio
from collections.abc import Mapping

import msgspec
import pytest

from services.alerts.engine import Reason
from services.alerts.shell.backlog import PATIENCE_MS
from services.alerts.shell.evidence import Known
from services.runtime.errors import Misconfigured, Unreachable
from services.runtime.kafka import BlobName, Lease, SavedState
from tests.fakes.alerts_office import NOON, OfficeBench, alerting_of, command, reported, until, waits
from tests.fakes.sending import FakeLeaseStore

HOUR = 3_600_000
FIRING = [("firing", "violated")]


async def test_what_it_says_is_durable_and_still_its_own_before_it_leaves() -> None:
    bench = OfficeBench()
    async with bench.owner():
        bench.happen(waits("a"))
        await until(lambda: bool(bench.delivering.taken))
    steps = [step[0] for step in bench.journal]
    assert bench.states() == FIRING
    assert bench.told() == [("floor", "new")]
    assert steps.index("put") > steps.index("looked") > steps.index("saved")
    assert steps[steps.index("put") :][:4] == ["put", "put", "acknowledged", "delivering"]


async def test_how_far_it_has_got_can_be_seen_while_it_works() -> None:
    bench = OfficeBench()
    office = bench.office()
    assert (office.progress, office.desk, "wait|queue:s1/tills" in office.remembered) == (None, None, False)
    async with bench.owner() as working:
        bench.happen(waits("a"))
        await until(lambda: bench.states() == FIRING)
        bench.clock.advance(500)
        await until(lambda: working.progress is not None and working.progress.worked_at == 500)
        assert working.progress is not None
        assert working.progress.positions == {0: 1, 1: 0}
        assert "wait|queue:s1/tills" in working.remembered


async def test_a_command_is_obeyed_and_one_that_it_had_before_does_nothing() -> None:
    bench = OfficeBench()
    async with bench.owner() as office:
        bench.happen(waits("a"))
        await until(lambda: bench.states() == FIRING)
        bench.obey(command("c-1"), command("c-1"))
        await until(lambda: office.noted[Reason.DUPLICATE_COMMAND] == 1)
        assert bench.states() == [*FIRING, ("acknowledged", "acknowledged")]
        assert office.desk is not None
        assert office.desk.state.cases["wait|queue:s1/tills"].alert.owner == "anna"


async def test_whoever_has_lost_it_lets_nothing_more_out_and_forgets_what_waits() -> None:
    bench = OfficeBench()
    office = bench.office()
    task = asyncio.create_task(office.run())
    bench.happen(waits("a"))
    await until(lambda: bench.states() == FIRING)
    await SavedState.take_over(bench.store)
    bench.happen(waits("b", site="s2"))
    await task
    assert bench.states() == FIRING
    assert len(bench.delivering.taken) == 1
    assert bench.delivering.waiting == []
    assert office.desk is None


async def test_a_successor_goes_on_where_the_one_before_was_and_says_nothing_twice() -> None:
    bench = OfficeBench()
    async with bench.owner():
        bench.happen(waits("a"))
        await until(lambda: bench.states() == FIRING)
    async with bench.owner():
        bench.happen(waits("a", state="closed", revision=1))
        await until(lambda: len(bench.told()) > 2)
    # The last checkpoint's are said again: nobody can know whether they had left. They are the same.
    assert bench.states() == [*FIRING, *FIRING, ("resolved", "quiet_for")]
    assert bench.alerts()[0] == bench.alerts()[1]
    assert bench.messages()[0] == bench.messages()[1]
    assert bench.told()[2:] == [("floor", "resolved")]
    assert ("violations", {0: 1, 1: 0}) in bench.topics.started


async def test_what_was_not_delivered_is_delivered_after_a_restart_with_the_same_key_until_it_is() -> None:
    bench = OfficeBench(alerting_of("floor", "room"))
    async with bench.owner() as office:
        bench.happen(waits("a"))
        await until(lambda: len(bench.delivering.ids) == 2)
        first = bench.delivering.ids
        office.delivered(first[0])
        saves = len(bench.journal)
        await until(lambda: len(bench.journal) > saves)
        await asyncio.sleep(0)
    async with bench.owner() as office:
        assert bench.delivering.ids == first[1:]
        office.delivered(first[1])
        saves = len(bench.journal)
        await until(lambda: len(bench.journal) > saves)
    async with bench.owner():
        assert bench.delivering.ids == []


async def test_a_successor_says_why_as_the_one_before_did_also_of_what_is_over_and_still_to_be_delivered() -> None:
    bench = OfficeBench()
    full = reported(summary="The disk is full.").model_dump(exclude_none=True)

    def why() -> list[Known | None]:
        alerts = [one for message in bench.delivering.taken for one in message.alerts]
        return [bench.evidence.of(one) for one in sorted(alerts, key=lambda one: one.key)]

    async with bench.owner():
        bench.happen(waits("a"))
        bench.obey(command("c-1", "report", alert=None, reported=full))
        await until(lambda: len(bench.delivering.ids) == 2)
        said = why()
        bench.happen(waits("a", state="closed", revision=1))
        bench.obey(command("c-2", "report", alert=None, reported=full | {"state": "resolved"}))
        await until(lambda: len(bench.delivering.ids) == 4)
    assert None not in said
    async with bench.owner() as office:
        assert len(bench.delivering.ids) == 4
        firing = [one for one in why() if one is not None]
        assert firing == said
        for name in bench.delivering.ids:
            office.delivered(name)
        await until(lambda: why() == [None] * 4)


class DyingStore(FakeLeaseStore):
    """
    Saves, and dies when it is asked who owns it.
    """

    async def holds(self, lease: Lease) -> bool:
        raise Unreachable("died")


async def test_what_was_saved_and_did_not_leave_leaves_with_the_successor() -> None:
    bench = OfficeBench()
    sound, bench.store = bench.store, DyingStore(bench.journal)
    bench.happen(waits("a"))
    with pytest.raises(BaseExceptionGroup):
        await bench.office().run()
    assert bench.alerts() == bench.messages() == []
    sound.blobs, bench.store = bench.store.blobs, sound
    async with bench.owner():
        assert bench.states() == FIRING
        assert bench.told() == [("floor", "new")]
        assert bench.delivering.ids == [one["id"] for one in bench.messages()]


async def test_what_cannot_be_read_is_passed_over() -> None:
    bench = OfficeBench()
    async with bench.owner():
        endless = b'{"id":' * 5_000
        bench.obey(b"{", b'{"id":"c"}', endless)
        bench.happen(b"{", None, endless, waits("a").replace(b'"wait"', b'"\xff"'), waits("a"))
        await until(lambda: bench.states() == FIRING)
    async with bench.owner():
        await until(lambda: ("violations", {0: 5, 1: 0}) in bench.topics.started)


async def test_another_configuration_holds_from_the_next_look_on_and_what_fires_is_put_where_it_leads() -> None:
    bench = OfficeBench()
    at_once = {"group_by": ["scope"], "group_wait": "0s", "group_interval": "0s"}
    elsewhere = {"receivers": ["room"], "match": {"queue": ["tills"]}, **at_once}
    async with bench.owner():
        bench.happen(waits("a"))
        await until(lambda: bench.told() == [("floor", "new")])
        bench.configure(alerting_of("floor", "room", route={"receivers": ["floor"], "routes": [elsewhere]}))
        await until(lambda: bench.told()[1:] == [("room", "new")])
        bench.happen(waits("b", site="s2"))
        await until(lambda: bench.told()[2:] == [("room", "new")])


async def test_time_does_not_run_backwards_where_the_clock_is_put_back() -> None:
    bench = OfficeBench()
    async with bench.owner():
        bench.happen(waits("a"))
        await until(lambda: bench.states() == FIRING)
        bench.clock.advance(-2 * HOUR)
        bench.happen(waits("a", state="closed", revision=1), waits("b", site="s2"))
        await until(lambda: len(bench.alerts()) == 3)
    assert {one["at"] for one in bench.alerts()} == {NOON}
    bench.clock.advance(-2 * HOUR)
    async with bench.owner():
        bench.happen(waits("c", site="s3"))
        await until(lambda: any(one["key"].endswith("s3/tills") for one in bench.alerts()))
    assert bench.alerts()[-1]["at"] == NOON


async def test_a_clock_that_was_a_day_ahead_and_is_put_right_keeps_nobody_waiting_for_a_day() -> None:
    bench = OfficeBench(alerting_of("floor", route={"receivers": ["floor"], "group_wait": "10s"}))
    async with bench.owner():
        bench.clock.put(NOON + 24 * HOUR)
        bench.happen(waits("a"))
        await until(lambda: bench.states() == FIRING)
        bench.clock.put(NOON)
        bench.clock.advance(60_000)
        await until(lambda: bench.told() == [("floor", "new")])


REPEATING = alerting_of("floor").model_copy(
    update={"route": alerting_of("floor").route.model_copy(update={"repeat_interval": 600_000})}
)


@pytest.mark.parametrize("restarts", [False, True], ids=["asleep", "down"])
async def test_after_two_hours_in_which_nobody_looked_what_is_due_is_done_once(restarts: bool) -> None:
    bench = OfficeBench(REPEATING)
    async with bench.owner():
        bench.happen(waits("a"))
        await until(lambda: bench.told() == [("floor", "new")])
        if not restarts:
            bench.clock.advance(2 * HOUR)
            await until(lambda: len(bench.told()) == 2)
            await looked_often()
    if restarts:
        bench.producer.sent.clear()
        bench.clock.advance(2 * HOUR)
        async with bench.owner():
            await until(lambda: len(bench.told()) == 2)
            await looked_often()
    assert bench.told() == [("floor", "new"), ("floor", "repeated")]
    assert bench.messages()[1]["at"] == NOON + 2 * HOUR


ONE_AFTER_THE_OTHER = alerting_of(
    "floor",
    "room",
    route={"receivers": [], "escalation": "up", "group_wait": "0s"},
    escalations=[
        {
            "id": "up",
            "title": "Up",
            "steps": [{"notify": ["receiver:floor"], "wait": "10m"}, {"notify": ["receiver:room"], "wait": "10m"}],
            "nobody": ["receiver:room"],
        }
    ],
)  # fmt: skip


async def test_what_was_acknowledged_while_nobody_worked_is_not_escalated_by_whoever_comes_next() -> None:
    bench = OfficeBench(ONE_AFTER_THE_OTHER)
    async with bench.owner():
        bench.happen(waits("a"), waits("b", site="s2"))
        await until(lambda: bench.told() == [("floor", "new")] * 2)
    bench.clock.advance(HOUR)
    bench.happen(waits("c", site="s3"))
    bench.clock.advance(60_000)
    bench.happen(waits("c", site="s3", state="closed", revision=1), waits("b", site="s2", state="closed", revision=1))
    bench.obey(command("c-1"))
    bench.clock.advance(HOUR)
    bench.producer.sent.clear()
    async with bench.owner() as office:
        await until(lambda: office.desk is not None and office.desk.state.rest.now == bench.clock.now_ms())
        await until(lambda: len(bench.alerts()) == 6)
        await looked_often()
        assert [one["at"] for one in bench.alerts()[2:]] == [NOON + HOUR, *[NOON + HOUR + 60_000] * 3]
        assert [reason for receiver, reason in bench.told() if receiver == "room"] == []


async def test_a_partition_that_is_not_served_holds_nobody_up_for_ever() -> None:
    bench = OfficeBench()
    bench.topics.lost = {("violations", 1): 5}
    async with bench.owner():
        bench.happen(waits("a"))
        await looked_often()
        assert bench.alerts() == []
        bench.clock.advance(PATIENCE_MS)
        await until(lambda: bench.told() == [("floor", "new")])


async def looked_often() -> None:
    for _ in range(100):
        await asyncio.sleep(0)


ROOM = ["receiver:floor"]
UP = {"id": "up", "title": "Up", "steps": [{"notify": ["schedule:night"], "wait": "5m"}], "nobody": ROOM}
LATER = {"id": "l", "people": ["anna"], "rotation": {"start": "2030-01-01"}, "since": "2030-01-01T00:00:00Z"}
NIGHT = {"id": "night", "title": "Night", "zone": "UTC", "layers": [LATER]}


async def test_what_the_engine_notes_is_counted_and_nobody_is_loud() -> None:
    nobody = alerting_of(
        "floor",
        route={"escalation": "up", "group_wait": "0s"},
        people=[{"id": "anna", "title": "Anna", "contacts": [{"id": "floor", "receiver": "floor"}]}],
        schedules=[NIGHT],
        escalations=[UP],
    )  # fmt: skip
    bench = OfficeBench(nobody)
    async with bench.owner() as office:
        bench.happen(waits("a"))
        await until(lambda: office.noted[Reason.NOBODY_ON_CALL] == 2)


async def test_without_a_configuration_it_says_how_to_publish_one() -> None:
    bench = OfficeBench()
    bench.book = None
    with pytest.raises(Misconfigured, match="sqm alerts publish FILE"):
        await bench.office().run()


@pytest.mark.parametrize("part", ["positions", "outbox.0a", "last", "rest", "life.3", "evidence.7"])
async def test_a_state_of_another_version_is_refused(part: str) -> None:
    bench = OfficeBench()
    saved, _ = await SavedState.take_over(bench.store)
    await saved.save({part: b"\x05"})
    with pytest.raises(Misconfigured, match="run the version that wrote it"):
        await bench.office().run()


async def test_a_store_that_fails_ends_it() -> None:
    bench = OfficeBench(error=Unreachable("away"))
    bench.happen(waits("a"))
    with pytest.raises(BaseExceptionGroup) as raised:
        await bench.office().run()
    assert raised.group_contains(Unreachable)
    assert bench.alerts() == []


class CountingStore(FakeLeaseStore):
    """
    Keeps how many bytes of which blobs were written.
    """

    written: int = 0

    async def save(self, lease: Lease, blobs: Mapping[BlobName, bytes]) -> None:
        self.written += sum(map(len, blobs.values()))
        await super().save(lease, blobs)


async def test_where_nothing_came_and_nothing_changed_nothing_is_written() -> None:
    bench = OfficeBench()
    bench.store = store = CountingStore(bench.journal)
    async with bench.owner():
        await looked_often()
        assert store.written == 0
        bench.happen(waits("a"))
        await until(lambda: bench.states() == FIRING)
        written = store.written
        bench.clock.advance(1_000)
        await looked_often()
        assert store.written == written
    assert msgspec.json.decode(bench.producer.on("alerts")[0] or b"")["open"] == 1
