"""
The service of alerts on a real Kafka and real receivers: from a violation to somebody who knows, whatever happens.
"""

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import pytest
import yaml

from tests.e2e.alerts_line import AlertsLine, AlertsProcess, alerting, until, violation
from tests.fakes.http_receiver import HttpReceiver, http_receiver

_NUMBERS: Final[Iterator[int]] = itertools.count()
KEY: Final = "wait|queue:s1/tills"


@pytest.fixture
async def line(kafka: str, tmp_path: Path) -> AsyncIterator[AlertsLine]:
    async with AlertsLine(kafka, f"alerts-{next(_NUMBERS)}.", tmp_path) as made:
        yield made


@pytest.fixture
async def room() -> AsyncIterator[HttpReceiver]:
    async with http_receiver() as receiver:
        yield receiver


async def working(line: AlertsLine, room: HttpReceiver) -> AlertsProcess:
    line.configure(alerting({"room": room.url}))
    process = line.start()
    await until(lambda: process.has_said("alerts_taken_over"))
    return process


def told(room: HttpReceiver) -> list[tuple[str, str]]:
    return [(one.json["reason"], one.json["status"]) for one in room.got]


async def test_a_violation_is_told_acknowledged_and_its_end_is_told(line: AlertsLine, room: HttpReceiver) -> None:
    process = await working(line, room)
    await line.happen(violation("v-a"))
    await until(lambda: told(room) == [("new", "firing")])
    listed = line.ask(process, "/v1/alerts").json()["alerts"]
    assert [(one["key"], one["state"]) for one in listed] == [(KEY, "firing")]
    assert line.command(process, action="acknowledge", alert=KEY).status_code == 202
    await until(lambda: line.ask(process, f"/v1/alerts/{KEY}").json()["state"] == "acknowledged")
    await line.happen(violation("v-a", state="closed", revision=1))
    await until(lambda: told(room) == [("new", "firing"), ("resolved", "resolved")])
    assert [(one.state, one.seq) for one in await line.alerts()] == [
        ("firing", 1),
        ("acknowledged", 2),
        ("resolved", 3),
    ]
    assert process.end() == 0


async def test_a_broken_configuration_is_refused_and_the_old_one_holds(line: AlertsLine, room: HttpReceiver) -> None:
    process = await working(line, room)
    sound = yaml.safe_load(line.config.read_text(encoding="utf-8"))
    line.configure(sound | {"route": {"receivers": ["nobody"]}})
    await until(lambda: process.has_said("alerting_of_the_file_refused_and_the_old_one_holds"))
    await line.happen(violation("v-a"))
    await until(lambda: told(room) == [("new", "firing")])
    assert "route.receivers[0]" in line.ask(process, "/readyz").text
    line.configure(sound | {"rules": [{"id": "grave", "severity": "info"}]})
    await until(lambda: line.ask(process, "/readyz").status_code == 200)
    assert process.end() == 0


async def test_who_may_not_is_refused_by_name(line: AlertsLine, room: HttpReceiver) -> None:
    process = await working(line, room)
    await line.happen(violation("v-a"))
    await until(lambda: told(room) == [("new", "firing")])
    viewer = line.make_token("viewer", "viewer")
    await until(lambda: line.command(process, viewer, action="comment", alert=KEY, note="seen").status_code == 202)
    refused = line.command(process, viewer, action="acknowledge", alert=KEY)
    assert (refused.status_code, refused.json()["reason"]) == (403, "not_allowed")
    assert line.command(process, "sqm_x_y", action="comment", alert=KEY, note="seen").status_code == 401
    wrong = line.command(process, action="hand_over", alert=KEY)
    assert (wrong.status_code, wrong.json()["field"]) == (400, "to")
    assert line.command(process, action="acknowledge", alert="no|such").status_code == 404
    assert process.end() == 0
