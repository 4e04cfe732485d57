"""
`sqm alerts` as it is typed.
"""

import json
from pathlib import Path
from typing import Final

import pytest

from services.cli import main

TIMELINES: Final = Path(__file__).parents[3] / "scenarios/alerts"
CONFIG: Final = str(TIMELINES / "config/floor.yaml")
MANAGED: Final = """
timeline: Shown
alerting:
  apiVersion: sqm/v1
  kind: Alerting
  metadata: {id: floor, owner: tests}
  rules: [{id: waits, severity: page}]
  route:
    escalation: floor
    routes: [{match: {site: [empty]}, escalation: night}, {match: {site: [quiet]}, receivers: [room]}]
  receivers: [{id: room, title: Room, chat: {url: ROOM}}, {id: sms, title: Texts, apprise: {url: SMS}}]
  people:
    - id: lead
      title: Lead
      contacts: [{id: phone, receiver: sms, to: "+1"}, {id: chat, receiver: room}]
      rules: [{contacts: [phone]}, {contacts: [chat], after: 5m}]
  schedules:
    - id: nights
      title: Nights
      zone: UTC
      layers:
        - id: nights
          people: [lead]
          rotation: {start: 2026-01-01}
          hours: [{name: night, from: "22:00", until: "06:00"}]
  escalations:
    - {id: floor, title: Floor, steps: [{notify: ["person:lead", "receiver:room"], wait: 7m}]}
    - {id: night, title: Night, steps: [{notify: ["schedule:nights"]}]}
steps: [{at: "10:00", open: anna, queue: tills}, {advance_to: "10:01"}]
"""


def test_simulate_lists_every_message_and_what_is_not_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "shown.yaml"
    file.write_text(MANAGED, encoding="utf-8")
    assert main(["alerts", "simulate", "--timeline", str(file)]) == 0
    said = capsys.readouterr().out
    assert "10:00:10 lead by sms new (step 1): wait|queue:branch-1/tills (page)" in said
    assert "2 message(s)" in said
    assert "Notes:\n  10:00 unknown_standard wait@1" in said
    assert "Not over:\n  wait|queue:branch-1/tills: firing page" in said


def test_simulate_writes_json_with_transitions_and_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    file = str(TIMELINES / "a-silence-loses-nothing.yaml")
    assert main(["alerts", "simulate", "--timeline", file, "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [one["reason"] for one in said["messages"]] == ["new", "added", "resolved", "new", "silence_over"]
    assert said["transitions"][0]["reason"] == "violated"
    assert said["notes"] == []


def test_simulate_with_another_configuration_ends_with_status_1_where_it_comes_out_otherwise(
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = str(TIMELINES / "what-passes-by-itself-is-not-told.yaml")
    assert main(["alerts", "simulate", "--config", CONFIG, "--timeline", file]) == 1
    said = capsys.readouterr()
    assert "10:00 room new" in said.out
    assert "it did not come out as expected" in said.err


def test_lint_says_what_there_is_or_what_is_wrong_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alerts", "lint", CONFIG]) == 0
    assert "sound: 1 rules, 4 receivers, 3 people, 1 teams, 1 schedules, 1 escalations" in capsys.readouterr().out
    broken = tmp_path / "broken.yaml"
    text = Path(CONFIG).read_text(encoding="utf-8")
    broken.write_text(text.replace("receivers: [room]", "receivers: [roof]"), encoding="utf-8")
    assert main(["alerts", "lint", str(broken)]) != 0
    assert f"{broken}:7: route.receivers[0]: is not among the receivers" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("labels", "lines"),
    [
        (
            ["site=branch-1", "severity=page"],
            [
                "route{site=branch-1}:",
                "first after 10s, what is new after 5m, reminded every 4h",
                "floor step 1, person:lead: lead by sms, lead by room after 5m",
                "floor step 1, receiver:room: room",
                "then waits 7m",
            ],
        ),
        (["site=empty"], ["night step 1, schedule:nights: nobody on call (nights)"]),
        (["site=quiet"], ["route.1{site=quiet}:", "room: at once"]),
    ],
)
def test_route_shows_the_path_and_who_would_be_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], labels: list[str], lines: list[str]
) -> None:
    said = _routed(tmp_path, capsys, labels, MANAGED)
    assert all(any(line in one for one in said) for line in lines), said


def test_route_says_where_nobody_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = MANAGED.replace("    escalation: floor\n", "")
    assert any("nobody is told" in line for line in _routed(tmp_path, capsys, ["site=branch-1"], text))


def test_a_label_that_there_is_not_is_refused_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alerts", "route", "--config", CONFIG, "--label", "colour=red"]) != 0
    assert "write NAME=VALUE; names are standard, site" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("severity=huge", "--label severity=huge: is no severity; there are info, ticket, page"),
        ("kind=waits", "--label kind=waits: is no kind; there are journey"),
    ],
)
def test_a_label_of_which_there_is_no_such_value_is_refused_with_those_that_there_are(
    capsys: pytest.CaptureFixture[str], label: str, said: str
) -> None:
    assert main(["alerts", "route", "--config", CONFIG, "--label", label]) == 2
    assert said in capsys.readouterr().err


def _routed(folder: Path, capsys: pytest.CaptureFixture[str], labels: list[str], timeline: str) -> list[str]:
    """
    What `sqm alerts route` says about the configuration of a timeline.
    """
    file = folder / "alerting.yaml"
    text = timeline.partition("alerting:\n")[2].partition("steps: [{at")[0]
    file.write_text("\n".join(line.removeprefix("  ") for line in text.splitlines()), encoding="utf-8")
    words = [word for label in labels for word in ("--label", label)]
    assert main(["alerts", "route", "--config", str(file), "--at", "2026-03-02T10:00:00Z", *words]) == 0
    return capsys.readouterr().out.splitlines()
