"""
Alerts when much goes wrong at once: many sites fail, a process is killed, receivers hang, refuse and are away, and
everybody gets exactly what was meant for them. SQM_TEST_STORM_SITES says how many sites fail (200).
"""

import asyncio
import itertools
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import pytest

from schemas.alerting import ALERTINGS
from services.cli.alerting.sending import send_alerting
from tests.e2e.alerts_line import AlertsLine, AlertsProcess, alerting, until, violation
from tests.e2e.sla_line import eventually_async
from tests.fakes.alertmanager import running_alertmanager
from tests.fakes.http_receiver import Answer, HttpReceiver, http_receiver
from tests.fakes.mail_server import mail_server
from tests.fakes.ports import reserved_ports

_NUMBERS: Final[Iterator[int]] = itertools.count()
SITES: Final = int(os.environ.get("SQM_TEST_STORM_SITES", "200"))
EACH: Final = {"group_by": ["scope"], "group_wait": "0s", "group_interval": "0s", "continue": True}


@pytest.fixture
async def line(kafka: str, tmp_path: Path) -> AsyncIterator[AlertsLine]:
    async with AlertsLine(kafka, f"storm-{next(_NUMBERS)}.", tmp_path) as made:
        yield made


async def leads(process: AlertsProcess) -> None:
    await until(lambda: process.has_said("alerts_taken_over"))


def sites_told(receiver: HttpReceiver) -> set[str]:
    return {one["key"].split("|")[1] for got in receiver.got for one in got.json["alerts"]}


async def test_each_supervisor_gets_exactly_their_messages_of_a_storm_also_through_kill_9(line: AlertsLine) -> None:
    async with AsyncExitStack() as stack:
        names = ("anna", "boris", "clara")
        room = {name: await stack.enter_async_context(http_receiver()) for name in names}
        together = {"receivers": ["clara"], "group_by": ["standard"], "group_wait": "1s", "group_interval": "2s"}
        routes = [
            {"match": {"site": ["north-*"]}, "receivers": ["anna"], **EACH},
            {"match": {"site": ["south-*"]}, "receivers": ["boris"], **EACH},
            together,
        ]
        line.configure(alerting({name: one.url for name, one in room.items()}, route={"routes": routes}))
        first = line.start()
        await leads(first)
        second = line.start()
        await until(lambda: second.has_said("stands_by"))
        half = SITES // 4
        sites = {side: [f"{side}-{number}" for number in range(SITES // 2)] for side in ("north", "south")}
        storm = [violation(f"a-{site}", site=site) for pair in zip(*sites.values(), strict=True) for site in pair]
        await line.happen(*storm[: 2 * half])
        await until(lambda: len(room["anna"].got) >= half // 4)
        first.end(signal.SIGKILL)
        await line.happen(*storm[2 * half :])
        await leads(second)
        wanted = {side: {f"queue:{site}/tills" for site in names} for side, names in sites.items()}
        await until(lambda: sites_told(room["anna"]) == wanted["north"])
        await until(lambda: sites_told(room["boris"]) == wanted["south"])
        await until(lambda: total(room["clara"]) == SITES)

        async def as_decided() -> bool:
            return {name: one.keys for name, one in room.items()} == dict(await line.decided())

        await eventually_async(as_decided)
        # One site is one message to each of the two, and to the third all of them are a few: one in two seconds.
        assert [len(room[name].keys) for name in ("anna", "boris")] == [SITES // 2] * 2
        assert len(room["clara"].keys) <= SITES // 10
        # What was sent again, since nobody could know whether it had arrived, told of the same transitions.
        again = {
            (got.headers["idempotency-key"], *((one["id"], one["seq"]) for one in got.json["alerts"]))
            for one in room.values()
            for got in one.got
        }
        assert len(again) == sum(len(one.keys) for one in room.values())
        assert len({one.id for one in await line.alerts()}) == SITES
        assert second.end() == 0


def total(receiver: HttpReceiver) -> int:
    """
    Of how many alerts the messages told: each message tells in full what is new, and a copy counts once.
    """
    messages = {got.headers["idempotency-key"]: got.json for got in receiver.got}
    return sum(len(one["alerts"]) for one in messages.values())


async def test_a_receiver_that_hangs_fails_or_is_away_holds_up_no_other_and_gets_all_in_the_end(
    line: AlertsLine,
) -> None:
    async with AsyncExitStack() as stack:
        well, hangs, fails = [await stack.enter_async_context(http_receiver()) for _ in range(3)]
        hangs.hangs = True
        fails.answers = [*[Answer(500)] * 3, Answer(200)]
        (port,) = reserved_ports(1)
        urls = {"well": well.url, "hangs": hangs.url, "fails": fails.url, "away": f"http://127.0.0.1:{port}/hook"}
        line.configure(alerting(urls))
        process = line.start()
        await leads(process)
        # So few that no breaker opens, which would rest for half a minute.
        sites = ["s1", "s2"]
        await line.happen(*(violation(f"a-{site}", site=site) for site in sites))
        await until(lambda: len(well.keys) == len(sites))
        decided = await line.decided()
        assert well.keys == decided["well"]
        assert not fails.keys - decided["fails"]

        async def failed() -> set[str]:
            return {one.receiver for one in await line.deliveries() if one.outcome == "failed"}

        async def all_failed() -> bool:
            return await failed() >= {"hangs", "fails", "away"}

        await eventually_async(failed)
        away = await stack.enter_async_context(http_receiver(port=port))
        await eventually_async(all_failed)
        hangs.hangs = False
        hangs.release()

        async def delivered() -> bool:
            arrived = [one for one in await line.deliveries() if one.outcome == "delivered"]
            return len({(one.receiver, one.notification) for one in arrived}) == len(sites) * len(urls)

        await eventually_async(delivered, seconds=90)
        got = {"well": well.keys, "hangs": hangs.keys, "fails": fails.keys, "away": away.keys}
        assert got == dict(await line.decided())
        assert len(well.got) == len(sites)
        assert {one.outcome for one in await line.deliveries()} <= {"delivered", "failed", "held_by_breaker"}
        assert process.end() == 0


async def test_mail_alertmanager_and_a_watchdog_are_real_counterparts_of_the_service(
    line: AlertsLine, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        mails = await stack.enter_async_context(mail_server())
        watchdog = await stack.enter_async_context(http_receiver())
        line.configure(alerting({"room": watchdog.url}, route={"receivers": []}))
        process = line.start(
            SQM_ALERTS_HEARTBEAT_URL=watchdog.url,
            # From one to the next all must be taken that was written, also on a busy machine.
            SQM_ALERTS_HEARTBEAT_SECONDS="5",
            SQM_ALERTS_HEARTBEAT_PRIVATE_ADDRESSES="true",
        )
        await leads(process)
        (tmp_path / "alertmanager").mkdir()
        starting = running_alertmanager(tmp_path / "alertmanager", f"{process.url}/v1/alertmanager", line.token)
        theirs = await asyncio.to_thread(starting.__enter__)
        stack.push_async_callback(asyncio.to_thread, starting.__exit__, None, None, None)
        mail = {
            "host": "127.0.0.1",
            "port": mails.port,
            "tls": "none",
            "from": "sqm@sqm.example",
            "to": ["a@b.example"],
        }
        both = [
            {"id": "am", "title": "am", "private_addresses": True, "alertmanager": {"url": theirs.url}},
            {"id": "mail", "title": "mail", "private_addresses": True, "email": mail},
        ]
        route = {"receivers": ["am", "mail"], "group_by": ["scope"], "group_wait": "0s", "group_interval": "0s"}
        said = ALERTINGS.validate_python(alerting({}) | {"receivers": both, "route": route})
        await send_alerting(line.connection, said)
        await until(lambda: process.times_said("alerting_changed") > 1)
        await line.happen(violation("v-a"))
        await until(lambda: len(mails.mails) == 1)
        await until(lambda: [one["labels"]["key"] for one in theirs.active()] == ["wait|queue:s1/tills"])
        # An alert of theirs becomes one of ours; the one that we told them does not come back as another.
        theirs.add(alertname="DiskFull", site="s9", severity="critical")

        def known() -> set[str]:
            return {one["key"] for one in line.ask(process, "/v1/alerts").json()["alerts"]}

        await until(lambda: known() == {"wait|queue:s1/tills", "DiskFull|site:s9"})
        await until(lambda: len(mails.mails) == 2)
        await line.happen(violation("v-a", state="closed", revision=1))
        await until(lambda: "wait|queue:s1/tills" not in {one["labels"].get("key") for one in theirs.active()})
        await until(lambda: len(mails.mails) == 3)
        decided = await line.decided()
        assert len({mail["Message-ID"] for _, mail in mails.mails}) == len(decided["mail"]) == 3
        await until(lambda: len(watchdog.got) >= 2)
        assert process.times_said("heartbeat_left_out") == 0
        assert process.end() == 0
