"""
A message becomes the events that its mapping says, stays as it was written, and blocks nobody where it does not fit.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from services.cli.bridging import Bridge
from services.cli.frame import main
from services.cli.mapping_files import read_mapping
from services.runtime.mqtt import Message
from tests.fakes.clock import ManualClock
from tests.project import PROJECT

NOW = 1_772_445_600_123
PRINTER = PROJECT / "deploy/mappings/ticket-printer.yaml"
SENSOR = """
apiVersion: sqm/v1
kind: Mapping
metadata: {id: door, title: Door, owner: IT}
source: urn:sqm:mqtt:door
zone: UTC
table: {format: json_lines}
columns:
  topic: {name: topic}
  state: {name: payload}
  at: {name: received, type: instant}
  site: {name: level.2}
journey: {site: site, subject: "{at}-{state}"}
events:
  - {type: journey.arrived, when: 'state == "open"', time: at, data: {queue: topic}}
"""


def message(topic: str, payload: bytes) -> Message:
    return Message(topic, payload, 1, 0)


def bridge(mapping: Path = PRINTER) -> tuple[Bridge, list[str]]:
    told: list[str] = []
    return Bridge(read_mapping(mapping, {}), ManualClock(NOW), lambda row: told.append(row.raw), told.append), told


def events(over: Bridge, *messages: Message) -> list[Any]:
    return [json.loads(bytes(one)) for one in over.events_of(messages)]


def test_a_printer_s_ticket_and_a_desk_s_call_become_one_journey() -> None:
    over, told = bridge()
    made = events(
        over,
        message(
            "branch/riga-1/printer",
            b'{"day": "2026-03-02", "ticket": "A017", "printed_at": "2026-03-02T10:00:00+02:00"}',
        ),
        message(
            "branch/riga-1/desk/3",
            b'{"day": "2026-03-02",\r\n "ticket": "A017", "pressed_at": "2026-03-02T10:04:10+02:00", "key": "call"}',
        ),
    )  # fmt: skip
    assert [(one["type"], one["subject"], one["time"], one["data"]["site"]) for one in made] == [
        ("sqm.journey.arrived", "2026-03-02-A017", "2026-03-02T08:00:00.000Z", "riga-1"),
        ("sqm.journey.called", "2026-03-02-A017", "2026-03-02T08:04:10.000Z", "riga-1"),
    ]
    assert told == []
    assert over.told() == "2 messages, 2 events, 0 messages that do not fit, 0 events refused"


def test_the_same_message_gives_the_same_events_however_often_it_comes() -> None:
    over, _ = bridge()
    ticket = message("b/riga-1/p", b'{"day": "2026-03-02", "ticket": "A017", "printed_at": "2026-03-02T10:00:00Z"}')
    assert events(over, ticket) == events(over, ticket)


def test_a_sensor_that_sends_a_word_is_given_the_instant_of_receipt(tmp_path: Path) -> None:
    (tmp_path / "door.yaml").write_text(SENSOR)
    over, told = bridge(tmp_path / "door.yaml")
    (made,) = events(over, message("doors/riga-1", b"open"), message("doors/riga-1", b"shut"), message("d/r", b"\xff"))
    assert made["time"] == "2026-03-02T10:00:00.123Z"
    assert made["data"] == {"site": "riga-1", "queue": "doors/riga-1"}
    assert told == []


@pytest.mark.parametrize(
    "payload", [b"", b"null", b"[1]", b'{"ticket": {}}', b'{"ticket": "A"}', b"\x00", b"[" * 5_000]
)
def test_what_does_not_fit_is_told_by_its_topic_and_put_aside(payload: bytes) -> None:
    over, told = bridge()
    ticket = message("b/riga-1/p", b'{"day": "2026-03-02", "ticket": "A1", "printed_at": "2026-03-02T10:00:00Z"}')
    assert len(events(over, message("branch/riga-1/printer", payload), ticket)) == 1
    raw, said = told
    assert json.loads(raw)["topic"] == "branch/riga-1/printer"
    assert said.startswith("branch/riga-1/printer:1: ")
    assert over.rejected == 1


def test_a_mapping_of_another_format_and_a_wrong_address_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    bank = str(PROJECT / "deploy/mappings/anonymous-bank.yaml")
    assert main(["mqtt", "--mapping", bank, "--broker", "mqtt://b", "--topic", "t"]) == 2
    assert "table: {format: json_lines}" in capsys.readouterr().err
    assert main(["mqtt", "--mapping", str(PRINTER), "--broker", "b:1883", "--topic", "t"]) == 2
    assert "write it like mqtt://host:1883" in capsys.readouterr().err
