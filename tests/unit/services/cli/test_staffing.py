"""
`sqm staffing` as a planner asks it.
"""

import json

import pytest

from services.cli import main

QUESTION = ("staffing", "--calls", "100/30m", "--aht", "180s", "--within", "20s")


def test_a_range_of_agents_is_told_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*QUESTION, "--agents", "9..14", "--patience", "120s"]) == 0
    said = capsys.readouterr().out
    assert "offered load 10.00 erlangs" in said
    for figure in ("64.02%", "79.56%", "88.84%", "82.56%", "27.98%", "6.16%", "7.4 s"):
        assert figure in said
    assert "the queue grows for ever" in said


def test_a_target_is_answered_with_the_agents_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*QUESTION, "--target", "80%", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (line,) = told["agents"]
    assert (told["load_erlangs"], line["agents"], line["service_level"]) == (10.0, 14, 0.8884)


def test_where_customers_leave_a_target_takes_fewer_agents(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*QUESTION, "--target", "80%", "--patience", "2m", "--format", "json"]) == 0
    (line,) = json.loads(capsys.readouterr().out)["agents"]
    assert (line["agents"], line["service_level"]) == (12, 0.6402)
    assert (line["with_patience"]["service_level"], line["with_patience"]["abandonment"]) == (0.8256, 0.0616)


def test_without_patience_no_leaving_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*QUESTION, "--agents", "12"]) == 0
    assert "patience" not in capsys.readouterr().out
    assert main([*QUESTION, "--agents", "9", "--format", "json"]) == 0
    (line,) = json.loads(capsys.readouterr().out)["agents"]
    assert line == {"agents": 9, "waits": 1.0, "service_level": None, "mean_wait_s": None, "occupancy": 1.0}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--agents", "0"), "--agents 0: write one number or a range"),
        (("--agents", "16..12"), "--agents 16..12: write one number or a range"),
        (("--agents", "many"), "--agents many: write one number or a range"),
        (("--agents", "1..9000"), "at most 500 at a time"),
        (("--target", "80"), "--target 80: a share is written in percent"),
        (("--target", "0%"), "a target lies above 0 %"),
        (("--target", "100%"), "no number of agents answers every call in time"),
        ((), "say either --agents"),
        (("--agents", "12", "--target", "80%"), "say either --agents"),
        (("--agents", "12", "--calls", "many"), "--calls many: write how many in which time"),
        (("--agents", "12", "--calls", "0/30m"), "--calls 0/30m: write how many in which time"),
        (("--agents", "12", "--calls", "100/30"), "--calls '30': a duration is written with its unit"),
        (("--agents", "12", "--aht", "0s"), "--aht 0s: must be longer than zero"),
        (("--agents", "12", "--calls", "9999999/1ms", "--patience", "9h"), "arrive in the time that one is patient"),
        (("--target", "80%", "--calls", "9999999/1ms"), "it takes more than 20000 agents"),
    ],
)
def test_nonsense_is_refused_by_name(words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*QUESTION, *words]) == 2
    assert told in " ".join(capsys.readouterr().err.split())
