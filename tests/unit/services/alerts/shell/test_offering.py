"""
Offering a command: it is taken once it is durable, under the key of what it is about.
"""

from typing import Any

import pytest

from schemas.alert_commands import AlertCommand
from services.alerts.shell.offering import offering
from services.runtime.errors import Unreachable
from tests.fakes.sending import FakeProducer

TIMES = {"from": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"}


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"action": "acknowledge", "alert": "wait|site:s1"}, b"wait|site:s1"),
        ({"action": "override", "schedule": "shop", "override": TIMES}, b"shop"),
        ({"action": "unsilence", "ends": "works"}, b"works"),
        (
            {
                "action": "silence",
                "silence": {"id": "works", "match": {"site": ["s1"]}, "author": "a", "reason": "r", **TIMES},
            },
            b"works",
        ),
        ({"action": "report", "reported": {"id": "f", "name": "Disk", "state": "firing", "begun_at": 1}}, b""),
    ],
)
async def test_it_is_durable_when_it_is_taken(said: dict[str, Any], key: bytes) -> None:
    journal: list[tuple[object, ...]] = []
    producer = FakeProducer(journal)
    command = AlertCommand.model_validate({"id": "c", "at": 1, "by": "anna", **said})
    assert await offering(producer, "commands")(command) is None
    assert journal == [("put", "commands", key), ("acknowledged",)]
    assert AlertCommand.model_validate_json(producer.on("commands")[0] or b"") == command


async def test_many_are_waited_for_together() -> None:
    journal: list[tuple[object, ...]] = []
    command = AlertCommand.model_validate({"id": "c", "at": 1, "by": "anna", "action": "unsilence", "ends": "works"})
    assert await offering(FakeProducer(journal), "commands")(command, command) is None
    assert [step[0] for step in journal] == ["put", "put", "acknowledged"]


class Away(FakeProducer):
    """
    A producer whose broker is away.
    """

    async def flush(self) -> None:
        raise Unreachable("Kafka: away")


async def test_where_it_cannot_be_written_now_that_is_the_answer() -> None:
    command = AlertCommand.model_validate({"id": "c", "at": 1, "by": "anna", "action": "unsilence", "ends": "works"})
    answer = await offering(Away([]), "commands")(command)
    assert answer is not None
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
