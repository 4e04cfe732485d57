"""
Acknowledging in the demo: a key, a command over HTTP, and what comes of it; and the receiver that checks signatures.
"""

import asyncio
import os
import termios
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest

from services.alerts.shell.notifiers.webhook import signatures
from services.cli.demo.alert_scene import Arrival
from services.cli.demo.answering import Answering, Keyboard
from services.cli.demo.receiver import Receiver
from tests.fakes.clock import ManualClock
from tests.fakes.http_receiver import Answer, HttpReceiver, http_receiver
from tests.fakes.seen_alerts import alert, arrival, message, scene_of

KEY = b"a key of the demo"


@pytest.fixture
async def api() -> AsyncIterator[HttpReceiver]:
    async with http_receiver() as receiver:
        receiver.answers = [Answer(202, body=b'{"id": "c-1", "taken": true}')]
        yield receiver


async def pressed(answering: Answering, keys: str) -> None:
    for key in keys:
        answering.press(key)
    while answering._commands:
        await asyncio.wait(answering._commands)


async def test_a_key_acknowledges_one_alert_after_the_other_and_none_twice(api: HttpReceiver) -> None:
    one, other = alert(), alert(scope="queue:centre/priority")
    scene = scene_of(one, other, arrival(message(one)), arrival(message(other)))
    async with httpx.AsyncClient() as client:
        answering = Answering(client, f"http://127.0.0.1:{api.port}", "sqm_x_y", scene)
        await pressed(answering, "qa\n")
        assert [(got.path, got.json["action"], got.json["alert"]) for got in api.got] == [
            ("/v1/alert-commands", "acknowledge", one.key)
        ]
        assert api.got[0].headers["authorization"] == "Bearer sqm_x_y"
        assert (answering.taken, answering.problem) == ({"c-1"}, "")
        await pressed(answering, "aaa")
    assert [got.json["alert"] for got in api.got] == [one.key, other.key]


async def test_a_refusal_and_a_service_that_is_gone_are_told(api: HttpReceiver) -> None:
    one, other = alert(), alert(scope="queue:centre/priority")
    scene = scene_of(one, other, arrival(message(one)), arrival(message(other)))
    api.answers = [Answer(503, body=b"another process works")]
    async with httpx.AsyncClient() as client:
        answering = Answering(client, f"http://127.0.0.1:{api.port}", "sqm_x_y", scene)
        await pressed(answering, "a")
        assert answering.problem == "not acknowledged: another process works"
        gone = Answering(client, "http://127.0.0.1:9", "sqm_x_y", scene)
        await pressed(gone, "a")
        assert gone.problem.startswith("not acknowledged: ")
    assert answering.taken == gone.taken == set()


async def test_keys_come_from_a_terminal_that_is_given_back_as_it_was() -> None:
    ours, theirs = os.openpty()
    keys: asyncio.Queue[str] = asyncio.Queue()
    with os.fdopen(theirs, encoding="utf-8") as terminal:
        before = termios.tcgetattr(terminal)
        with Keyboard(keys.put_nowait, terminal) as keyboard:
            assert keyboard.there
            assert not termios.tcgetattr(terminal)[3] & termios.ICANON
            os.write(ours, b"ax")
            assert [await keys.get(), await keys.get()] == ["a", "x"]
        assert termios.tcgetattr(terminal) == before
    os.close(ours)


async def test_without_a_terminal_nobody_presses(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w+") as file, Keyboard(lambda _: None, file) as keyboard:
        assert not keyboard.there


async def posted(headers: dict[str, str], body: bytes) -> tuple[int, list[Arrival]]:
    came: list[Arrival] = []
    clock = ManualClock()
    async with Receiver(KEY.decode(), clock, came.append) as receiver, httpx.AsyncClient() as client:
        answer = await client.post(f"{receiver.url}/board", content=body, headers=headers)
    return answer.status_code, came


async def test_the_receiver_takes_what_the_notifier_signs_and_nothing_else() -> None:
    body, now = msgspec.json.encode(message(alert())), ManualClock().now_ms() // 1_000
    right = {"sqm-timestamp": str(now), "sqm-signature": signatures([b"another", KEY], now, body)}
    status, came = await posted(right, body)
    assert (status, [one.genuine for one in came]) == (204, [True])
    assert came[0].message == message(alert())
    old = {"sqm-timestamp": str(now - 301), "sqm-signature": signatures([KEY], now - 301, body)}
    for wrong in ({}, old, right | {"sqm-signature": "v1=00"}, right | {"sqm-timestamp": "soon"}):
        status, came = await posted(wrong, body)
        assert (status, [one.genuine for one in came]) == (403, [False])
    assert await posted(right, b"{}") == (400, [])
