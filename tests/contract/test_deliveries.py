"""
The whole way from a notification to real receivers: one is well, one stumbles, one hangs, one is down.
"""

import random

from domain.backoff import Backoff
from schemas.alerts import Delivery
from services.alerts.engine.breaker import BreakerRule
from services.alerts.shell.notifiers import Channels, Deliveries, Message, Secrets, Surroundings, system_resolve
from services.runtime.clock import SystemClock
from tests.fakes.alert_channels import real_pause
from tests.fakes.alert_messages import alert, composer, notification, receiver
from tests.fakes.http_receiver import Answer, HttpReceiver, client_context, http_receiver
from tests.fakes.waiting import until


def hook(name: str, port: int, **delivery: str) -> Message:
    clock = SystemClock()
    through = receiver({
        "id": name,
        "webhook": {"url": f"http://localhost:{port}/{name}", "secret": "HOOK"},
        "delivery": {"timeout": "300s", **delivery},
    })  # fmt: skip
    told = notification(alert(), id=f"{name}/1", receiver=name, at=clock.now_ms())
    return composer().compose(told, [alert()], through, {})


def keys(server: HttpReceiver) -> list[str]:
    return [got.headers["idempotency-key"] for got in server.got]


async def test_each_receiver_gets_its_message_whatever_the_others_do(free_port: int) -> None:
    recorded: list[Delivery] = []
    secrets = Secrets({"SQM_SECRET_HOOK": "key"})
    channels = Channels(secrets=secrets, clock=SystemClock(), resolve=system_resolve, context=client_context())
    around = Surroundings(
        record=recorded.append, clock=SystemClock(), draw=random.randrange, pause=real_pause, redacted=secrets.redacted,
        backoff=Backoff(first_ms=20, longest_ms=50), rule=BreakerRule(failures=2, hold_ms=30),
    )  # fmt: skip
    queue = Deliveries(channels.of, around)
    async with http_receiver() as well, http_receiver() as stumbling, http_receiver() as hanging:
        stumbling.answers = [Answer(500), Answer(429, {"Retry-After": "0"}), Answer(204, body=b"")]
        hanging.hangs = True
        queue.submit(hook("hangs", hanging.port))
        queue.submit(hook("down", free_port, give_up_after="5s"))
        queue.submit(hook("stumbles", stumbling.port))
        queue.submit(hook("well", well.port))
        ends: dict[str, list[str]] = {
            "hangs": [],
            "down": ["given_up"],
            "stumbles": ["delivered"],
            "well": ["delivered"],
        }

        def ended() -> dict[str, list[str]]:
            final = [one for one in recorded if one.outcome in ("delivered", "given_up")]
            return {name: [one.outcome for one in final if one.receiver == name] for name in ends}

        await until(lambda: ended() == ends)
        assert keys(well) == ["well/1"]
        assert keys(stumbling) == ["stumbles/1"] * 3
        hanging.release()
        await queue.idle()
        assert ended()["hangs"] == ["delivered"]
        assert keys(hanging) == ["hangs/1"]
        await channels.close()
    problems = {one.problem for one in recorded if one.receiver == "down"}
    assert (
        "too_long_undeliverable: no connection: ConnectionRefusedError" in problems
        or "too_long_undeliverable" in problems
    )
