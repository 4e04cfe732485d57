"""
`sqm alerts on-call` and `sqm alerts mutes`, as a supervisor asks them.
"""

import json
from pathlib import Path

import pytest

from services.cli import main

CONFIG = """apiVersion: sqm/v1
kind: Alerting
metadata: {id: floor, owner: Service quality}
rules: [{id: waits, severity: page}]
route: {receivers: [room]}
silences:
  - id: sundays
    match: {site: riga}
    from: 2026-01-01T00:00:00Z
    again: {rule: FREQ=WEEKLY;BYDAY=SU, zone: Europe/Riga, duration: 1d}
    author: Owner
    reason: Closed on Sundays
  - {id: fair, match: {site: tallinn}, from: 2026-03-01T00:00:00Z, until: 2026-03-09T00:00:00Z, author: q, reason: Fair}
receivers:
  - {id: room, title: Room, chat: {url: ROOM}}
people:
  - {id: anna, title: Anna Ozola, contacts: [{id: chat, receiver: room}]}
  - {id: boris, title: Boris Kalns, contacts: [{id: chat, receiver: room}]}
schedules:
  - id: floor
    title: The floor
    zone: Europe/Riga
    layers:
      - {id: weeks, people: [anna, boris], rotation: {start: 2026-03-23, handover: "03:30"}}
    overrides:
      - {person: null, from: 2026-03-30T08:00:00+03:00, until: 2026-03-30T08:00:30+03:00}
"""
MARCH = ("--from", "2026-03-23T00:00:00+02:00", "--to", "2026-03-31T00:00:00+03:00")


def alert(name: str, seq: int, at: int, state: str) -> str:
    said = {
        "id": f"{name}#1", "key": name, "seq": seq, "at": at, "state": state, "reason": "violated", "severity": "page",
        "rule": "waits", "labels": {"site": "riga"}, "version": 1, "begun_at": at, "open": 1, "seen": 1,
    }  # fmt: skip
    return json.dumps(said)


AT = 1_772_445_600_000
ALERTS = [
    alert("wait|queue:riga/tills", 1, AT - 60_000, "firing"),
    "",
    alert("rush|queue:riga/tills", 1, AT - 120_000, "firing"),
    alert("rush|queue:riga/tills", 2, AT - 90_000, "resolved"),
]


@pytest.fixture
def config(tmp_path: Path) -> str:
    file = tmp_path / "alerting.yaml"
    file.write_text(CONFIG)
    return str(file)


@pytest.fixture
def alerts(tmp_path: Path) -> str:
    file = tmp_path / "alerts.jsonl"
    file.write_text("\n".join(ALERTS))
    return str(file)


def test_shifts_are_told_in_the_local_time_of_the_schedule(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alerts", "on-call", "--config", config, "--schedule", "floor", *MARCH]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "The floor (floor), Europe/Riga",
        "from until on call by",
        "Mon 2026-03-23 00:00 +02:00 Mon 2026-03-23 03:30 +02:00 nobody",
        "Mon 2026-03-23 03:30 +02:00 Mon 2026-03-30 03:30 +03:00 Anna Ozola (anna) weeks",
        "Mon 2026-03-30 03:30 +03:00 Mon 2026-03-30 08:00 +03:00 Boris Kalns (boris) weeks",
        "Mon 2026-03-30 08:00 +03:00 Mon 2026-03-30 08:00:30 +03:00 nobody override",
        "Mon 2026-03-30 08:00:30 +03:00 Tue 2026-03-31 00:00 +03:00 Boris Kalns (boris) weeks",
    ]


def test_shifts_are_told_as_json(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alerts", "on-call", "--config", config, "--schedule", "floor", *MARCH, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["schedule"], told["zone"], len(told["shifts"])) == ("floor", "Europe/Riga", 5)
    assert told["shifts"][1] == {
        "from": {"at": "2026-03-23T01:30:00.000Z", "local": "2026-03-23T03:30:00+02:00"},
        "to": {"at": "2026-03-30T00:30:00.000Z", "local": "2026-03-30T03:30:00+03:00"},
        "person": "anna",
        "by": "weeks",
    }


def test_two_weeks_from_now_are_told_where_nothing_is_said(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alerts", "on-call", "--config", config, "--schedule", "floor", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["shifts"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--schedule", "night"), "--schedule night: there is no such schedule; there are: floor"),
        (("--schedule", "floor", "--from", "soon"), "--from 'soon' is no instant with an offset"),
        (("--schedule", "floor", "--from", "9999-12-31T00:00:00Z"), "an instant lies between 1970 and 2299"),
        (("--schedule", "floor", "--from", MARCH[3], "--to", MARCH[1]), "must be later than --from"),
        (("--schedule", "floor", "--from", MARCH[1], "--to", "2099-01-01T00:00:00Z"), "by at most 3660 days"),
    ],
)
def test_what_is_asked_wrongly_about_shifts_is_told_with_the_fix(
    config: str, words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["alerts", "on-call", "--config", config, *words]) != 0
    assert told in " ".join(capsys.readouterr().err.split())


def test_what_silences_would_mute_is_told(config: str, alerts: str, capsys: pytest.CaptureFixture[str]) -> None:
    at = "2026-03-02T10:00:00Z"
    assert main(["alerts", "mutes", "--config", config, "--alerts", alerts, "--at", at]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "sundays (Closed on Sundays): mutes 1 now, 1 more in the week before",
        "  now    2026-03-02T09:59:00.000Z wait|queue:riga/tills page",
        "  before 2026-03-02T09:58:00.000Z rush|queue:riga/tills page",
        "fair (Fair): mutes 0 now, 0 more in the week before",
    ]


def test_what_a_silence_would_mute_is_told_as_json(
    config: str, alerts: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--silence", "sundays", "--at", "2026-03-02T10:00:00Z", "--format", "json")
    assert main(["alerts", "mutes", "--config", config, "--alerts", alerts, *words]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {name: [one["key"] for one in told["sundays"][name]] for name in ("now", "before")} == {
        "now": ["wait|queue:riga/tills"],
        "before": ["rush|queue:riga/tills"],
    }


def test_what_cannot_be_muted_is_told_with_the_fix(
    config: str, alerts: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["alerts", "mutes", "--config", config, "--alerts", alerts, "--silence", "x"]) != 0
    assert "--silence x: there is no such silence; there are: sundays, fair" in capsys.readouterr().err
    broken = tmp_path / "broken.jsonl"
    broken.write_text(alert("wait|site:riga", 0, AT, "firing"))
    assert main(["alerts", "mutes", "--config", config, "--alerts", str(broken)]) != 0
    assert "broken.jsonl:1: seq: " in capsys.readouterr().err
    broken.write_text("no JSON")
    assert main(["alerts", "mutes", "--config", config, "--alerts", str(broken)]) != 0
    assert "broken.jsonl:1: Invalid JSON" in capsys.readouterr().err
    assert main(["alerts", "mutes", "--config", config, "--alerts", str(tmp_path / "none")]) != 0
    assert "No such file" in capsys.readouterr().err


def test_a_silence_that_never_comes_is_refused_by_file_line_and_field(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(config).write_text(CONFIG.replace("BYDAY=SU", "BYMONTH=2;BYMONTHDAY=30"))
    assert main(["alerts", "lint", config]) != 0
    said = " ".join(capsys.readouterr().err.split())
    assert "alerting.yaml:10: silences[0].again.rule: never comes between `from` and `until`" in said
