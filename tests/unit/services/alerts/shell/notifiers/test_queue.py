"""
The queue: nothing is lost in silence, groups stay in order, a receiver that is down does not hold up another.
"""

import asyncio

import pytest

from schemas.receivers import Receiver
from services.alerts.engine.breaker import BreakerRule
from services.alerts.shell.notifiers import Limits, Message, Queued
from services.runtime.errors import Misconfigured, Overloaded, Rejected, Transient, Unreachable
from tests.fakes.alert_channels import HangingChannel, ScriptedChannel, World
from tests.fakes.alert_messages import HOOK, NOW, message, receiver
from tests.fakes.waiting import until

DOWN = Unreachable("no connection")


def one(name: str, *, group: str = "harbour", through: Receiver | None = None, at: int = NOW) -> Message:
    through = through or receiver()
    return message(through=through, id=name, group=group, receiver=through.id, at=at)


def patient(name: str = "floor", **delivery: str) -> Receiver:
    return receiver({**HOOK, "id": name, "delivery": delivery})


async def delivered(world: World, *messages: Message, limits: Limits | None = None) -> list[Queued]:
    queue = world.queue(limits)
    answers = [queue.submit(each) for each in messages]
    await queue.idle()
    assert len(queue) == 0
    return answers


async def test_a_message_that_arrives_is_recorded_with_how_long_it_took() -> None:
    world = World({"floor": ScriptedChannel()})
    assert await delivered(world, one("a/1", at=NOW - 250)) == [Queued.QUEUED]
    (record,) = world.recorded
    assert (record.outcome, record.attempts, record.took_ms, record.problem) == ("delivered", 1, 250, None)
    assert (record.notification, record.receiver, record.at) == ("a/1", "floor", NOW)


async def test_a_remark_of_the_channel_is_recorded_with_the_delivery() -> None:
    world = World({"floor": ScriptedChannel(["one of two addresses is refused"])})
    await delivered(world, one("a/1"))
    assert world.recorded[0].problem == "one of two addresses is refused"


async def test_what_may_be_over_later_is_tried_again_after_waits_that_grow() -> None:
    world = World({"floor": ScriptedChannel([DOWN, Transient("500"), Misconfigured("SQM_SECRET_A is needed")])})
    await delivered(world, one("a/1"))
    assert world.waits == [1_000, 2_000, 4_000]
    assert world.told() == [("a/1", "failed", 1), ("a/1", "failed", 2), ("a/1", "failed", 3), ("a/1", "delivered", 4)]
    assert [record.problem for record in world.recorded] == ["no connection", "500", "SQM_SECRET_A is needed", None]


async def test_each_attempt_that_failed_is_counted_by_a_named_reason() -> None:
    scripted = [
        DOWN, Overloaded("429", retry_after_ms=1), Transient("500"), Misconfigured("SQM_SECRET_A is needed"),
        Rejected("denied", "the receiver answered 401"), KeyError("k"),
    ]  # fmt: skip
    world = World({"floor": ScriptedChannel(scripted)})
    await delivered(world, one("a/1"), one("a/2"), one("a/3"))
    assert world.failed == {
        ("floor", "unreachable"): 1,
        ("floor", "busy"): 1,
        ("floor", "error"): 2,
        ("floor", "denied"): 1,
        ("floor", "bug"): 1,
    }


async def test_what_is_refused_is_not_tried_again() -> None:
    world = World({"floor": ScriptedChannel([Rejected("refused", "the receiver answered 400")])})
    await delivered(world, one("a/1"), one("a/2"))
    assert world.told() == [("a/1", "given_up", 1), ("a/2", "delivered", 1)]
    assert world.recorded[0].problem == "refused: the receiver answered 400"


async def test_a_receiver_that_asks_for_time_gets_it_for_all_its_groups() -> None:
    channel = ScriptedChannel([Overloaded("429", retry_after_ms=30_000)])
    world = World({"floor": channel})
    await delivered(world, one("a/1"), one("b/1", group="mill"), limits=Limits(at_once=1))
    assert channel.attempts[0] == "a/1"
    assert world.clock.now_ms() >= NOW + 30_000
    assert sorted(world.told()) == [
        ("a/1", "delivered", 2), ("a/1", "failed", 1), ("b/1", "delivered", 1), ("b/1", "held_by_breaker", 0),
    ]  # fmt: skip


async def test_a_busy_receiver_that_does_not_say_for_how_long_is_left_to_the_backoff() -> None:
    world = World({"floor": ScriptedChannel([Overloaded("408")])})
    await delivered(world, one("a/1"))
    assert world.waits == [1_000]


async def test_messages_of_a_group_arrive_in_order_whatever_happens_to_the_first() -> None:
    channel = ScriptedChannel([DOWN, DOWN])
    await delivered(World({"floor": channel}), one("a/1"), one("a/2"), one("a/3"))
    assert channel.attempts == ["a/1", "a/1", "a/1", "a/2", "a/3"]


async def test_another_group_does_not_wait_for_it_and_yet_no_more_attempts_run_at_once_than_may() -> None:
    channel = ScriptedChannel([DOWN])
    world = World({"floor": channel})
    await delivered(world, *(one(f"{n}/1", group=str(n)) for n in range(9)), limits=Limits(at_once=3))
    assert channel.most_at_once == 3
    assert channel.attempts.index("0/1") == 0
    assert channel.attempts[-1] == "0/1"


async def test_after_so_long_a_message_is_given_up_loudly() -> None:
    world = World({"floor": ScriptedChannel([DOWN] * 100)})
    await delivered(world, one("a/1", through=patient(give_up_after="10s")))
    assert world.told()[-1] == ("a/1", "given_up", 4)
    assert world.recorded[-1].problem == "too_long_undeliverable: no connection"
    assert world.clock.now_ms() <= NOW + 10_000


async def test_a_message_that_comes_late_out_of_a_restart_is_tried_once() -> None:
    world = World({"floor": ScriptedChannel([DOWN])})
    await delivered(world, one("a/1", at=NOW - 86_400_000), one("a/2", at=NOW - 86_400_000))
    assert world.told() == [("a/1", "given_up", 1), ("a/2", "delivered", 1)]


async def test_after_failures_in_a_row_nothing_is_sent_until_one_message_has_tried() -> None:
    channel = ScriptedChannel([DOWN] * 3)
    world = World({"floor": channel}, rule=BreakerRule(failures=3, hold_ms=50_000))
    await delivered(world, one("a/1"), one("a/2"))
    # The third failure comes after 3 s; the fourth attempt, at 7 s, is held, and the probe is let through at 53 s.
    assert world.told() == [
        ("a/1", "failed", 1), ("a/1", "failed", 2), ("a/1", "failed", 3), ("a/1", "held_by_breaker", 3),
        ("a/1", "delivered", 4), ("a/2", "delivered", 1),
    ]  # fmt: skip
    assert world.clock.now_ms() == NOW + 53_000


async def test_what_the_breaker_holds_is_given_up_when_its_time_is_over() -> None:
    world = World({"floor": ScriptedChannel([DOWN] * 9)}, rule=BreakerRule(failures=1, hold_ms=60_000))
    await delivered(world, one("a/1", through=patient(give_up_after="30s")))
    assert world.told() == [("a/1", "failed", 1), ("a/1", "given_up", 1)]
    assert world.recorded[-1].problem == "too_long_undeliverable"


async def test_while_one_message_tries_the_others_of_the_receiver_wait_for_its_outcome() -> None:
    channel = ScriptedChannel([DOWN])
    world = World({"floor": channel}, rule=BreakerRule(failures=1, hold_ms=5_000))
    await delivered(world, *(one(f"{n}/1", group=str(n)) for n in range(4)), limits=Limits(at_once=1))
    assert sorted(outcome for _, outcome, _ in world.told()).count("delivered") == 4
    assert len(channel.attempts) == 5


async def test_a_receiver_that_hangs_does_not_hold_up_another() -> None:
    hanging, well = HangingChannel(), ScriptedChannel()
    world = World({"hangs": hanging, "well": well})
    queue = world.queue()
    for n in range(10):
        queue.submit(one(f"h/{n}", group=str(n), through=patient("hangs")))
        queue.submit(one(f"w/{n}", through=patient("well")))
    await until(lambda: len(world.recorded) == 10)
    assert {outcome for _, outcome, _ in world.told()} == {"delivered"}
    assert hanging.attempts == Limits().at_once
    await queue.forget()
    assert len(world.recorded) == 10


async def test_an_attempt_ends_when_its_time_is_over() -> None:
    world = World({"hangs": HangingChannel()})
    await delivered(world, one("a/1", through=patient("hangs", timeout="10ms", give_up_after="3s")))
    assert world.told() == [("a/1", "failed", 1), ("a/1", "failed", 2), ("a/1", "given_up", 3)]
    assert world.recorded[0].problem == "no answer within 10 ms"


async def test_a_copy_of_what_waits_is_not_taken_and_one_of_what_arrived_is() -> None:
    channel = ScriptedChannel()
    queue = World({"floor": channel}).queue()
    assert [queue.submit(one("a/1")), queue.submit(one("a/1"))] == [Queued.QUEUED, Queued.COPY]
    await queue.idle()
    assert queue.submit(one("a/1")) is Queued.QUEUED
    await queue.idle()
    assert channel.attempts == ["a/1", "a/1"]


@pytest.mark.parametrize(
    ("limits", "reason"),
    [(Limits(of_a_receiver=2), "receiver_full"), (Limits(of_a_receiver=9, in_all=2), "queue_full")],
)
async def test_what_finds_no_place_is_given_up_at_once_and_the_bound_is_named(limits: Limits, reason: str) -> None:
    world = World({"floor": ScriptedChannel()})
    answers = await delivered(world, one("a/1"), one("a/2"), one("a/3"), limits=limits)
    assert answers == [Queued.QUEUED, Queued.QUEUED, Queued.FULL]
    assert world.told()[0] == ("a/3", "given_up", 0)
    assert world.recorded[0].problem == reason


async def test_a_receiver_that_is_full_leaves_room_for_others() -> None:
    world = World({"floor": ScriptedChannel(), "other": ScriptedChannel()})
    answers = await delivered(
        world, one("a/1"), one("a/2"), one("o/1", through=patient("other")), limits=Limits(of_a_receiver=1)
    )
    assert answers == [Queued.QUEUED, Queued.FULL, Queued.QUEUED]


async def test_what_has_arrived_makes_room() -> None:
    queue = World({"floor": ScriptedChannel()}).queue(Limits(of_a_receiver=1, in_all=1))
    for n in range(3):
        assert queue.submit(one(f"a/{n}")) is Queued.QUEUED
        await queue.idle()


async def test_no_secret_is_recorded() -> None:
    world = World({"floor": ScriptedChannel([Rejected("refused", "token-of-ours " + "x" * 600)])})
    queue = world.queue(redacted=lambda text: text.replace("token-of-ours", "***"))
    queue.submit(one("a/1"))
    await queue.idle()
    problem = world.recorded[0].problem
    assert problem is not None
    assert problem.startswith("refused: *** xxx")
    assert len(problem) == 500


async def test_a_bug_in_a_channel_costs_its_message_and_nothing_else() -> None:
    world = World({"floor": ScriptedChannel([KeyError("secret")])})
    await delivered(world, one("a/1"), one("a/2"))
    assert world.told() == [("a/1", "given_up", 1), ("a/2", "delivered", 1)]
    assert world.recorded[0].problem == "bug: KeyError"


async def test_a_bug_in_the_queue_itself_is_raised_and_not_swallowed() -> None:
    world = World({"floor": ScriptedChannel()})

    def broken() -> None:
        raise ZeroDivisionError

    world.meanwhile = broken
    world.channels = {"floor": ScriptedChannel([DOWN, DOWN])}
    queue = world.queue()
    queue.submit(one("a/1"))
    queue.submit(one("b/1", group="mill"))
    with pytest.raises(ZeroDivisionError):
        await queue.watch()
    with pytest.raises(ZeroDivisionError):
        await queue.idle()


async def test_a_receiver_that_was_mended_serves_what_waits_as_it_is_now() -> None:
    broken, mended = ScriptedChannel([DOWN] * 1_000), ScriptedChannel()
    world = World({"floor": broken, "other": ScriptedChannel()})
    queue = world.queue()
    now = receiver({**HOOK, "title": "The floor, mended"})

    def mend() -> None:
        world.channels = {"floor": mended, "other": ScriptedChannel()}
        queue.configure([now, patient("other"), patient("never-used")])

    world.meanwhile = mend
    queue.submit(one("a/1"))
    queue.submit(one("o/1", through=patient("other")))
    await queue.idle()
    assert (broken.attempts, mended.attempts) == (["a/1"], ["a/1"])
    assert mended.receivers == [now]


async def test_what_waits_for_a_receiver_that_is_gone_is_given_up_and_one_that_comes_back_is_new() -> None:
    channel = ScriptedChannel([DOWN] * 1_000)
    world = World({"floor": channel})
    queue = world.queue()
    world.meanwhile = lambda: queue.configure([])
    queue.submit(one("a/1"))
    queue.submit(one("a/2"))
    await queue.idle()
    assert [(name, outcome) for name, outcome, _ in world.told()][-2:] == [("a/1", "given_up"), ("a/2", "given_up")]
    assert world.recorded[-1].problem == "receiver_gone"
    world.channels = {"floor": ScriptedChannel()}
    queue.submit(one("a/3"))
    await queue.idle()
    assert world.told()[-1] == ("a/3", "delivered", 1)


async def test_what_is_under_way_when_the_queue_closes_has_no_outcome_so_that_it_is_handed_in_again() -> None:
    world = World({"hangs": HangingChannel()})
    queue = world.queue()
    queue.submit(one("a/1", through=patient("hangs")))
    watching = asyncio.create_task(queue.watch())
    await asyncio.sleep(0)
    await queue.forget()
    watching.cancel()
    assert world.recorded == []
