"""
`sqm history alerts` tells how alerts were dealt with, for people and for programs.
"""

import csv
import io
import json
import re
from collections.abc import Iterator

import pytest

from services.cli import main
from services.history.engine import AlertMeasures
from tests.fakes.history_service import HistoryService, history_service

EPISODES = {
    "grouped": "", "alerts": 12, "retracted": 1, "acknowledged": 10, "acknowledge_ms": 1_500_000, "resolved": 8,
    "resolve_ms": 9_600_000, "in_time": 9, "too_late": 3,
}  # fmt: skip
SHIFTS = {"grouped": "", "told": 15, "shifts": 6, "most_in_a_shift": 5}
MARKS = {"grouped": "", "marked_useful": 3, "marked_false": 1, "marked_not_actionable": 0, "marked_too_late": 0}
MESSAGES = {
    "grouped": "", "messages": 40, "delivered": 39, "given_up": 1, "failed_attempts": 7, "delivery_ms": 39_000,
    "delivery_p50_ms": 400, "delivery_p99_ms": 61_000,
}  # fmt: skip
PARTS = {
    "FROM chosen AS c": EPISODES, "AS shifts": SHIFTS, "FROM alert_feedback": MARKS, "JOIN message_outcomes": MESSAGES,
}  # fmt: skip


@pytest.fixture
def service() -> Iterator[HistoryService]:
    with history_service() as running:
        running.answers()
        for part, row in PARTS.items():
            running.answers_about(part, row)
        yield running


def asks(service: HistoryService, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(["history", "alerts", *words, "--url", service.url])
    said = capsys.readouterr()
    return status, said.out, said.err


def cells(line: str) -> list[str]:
    return re.split(r"\s{2,}", line.strip())


def test_people_get_a_line_of_figures(service: HistoryService, capsys: pytest.CaptureFixture[str]) -> None:
    status, said, _ = asks(service, capsys)
    header, line = map(cells, said.splitlines())
    assert status == 0
    assert dict(zip(header, line, strict=True)) == {
        "n": "12", "mtta": "2 min 30 s", "mttr": "20 min", "in time": "75.0%", "useful": "75.0%", "per shift": "2.5",
        "most in a shift": "5", "delivered in p50": "400 ms", "p99": "1 min 1 s", "given up": "1 of 40",
    }  # fmt: skip


def test_where_nothing_was_there_is_a_dash_and_groups_have_their_names(
    service: HistoryService, capsys: pytest.CaptureFixture[str]
) -> None:
    for part in PARTS:
        service.answers_about(part)
    service.answers_about("FROM chosen AS c", {"grouped": "", "alerts": 1}, {"grouped": "harbour", "alerts": 2})
    header, *lines = [cells(line) for line in asks(service, capsys, "--by", "site")[1].splitlines()]
    assert header[:2] == ["site", "n"]
    assert [line[:2] for line in lines] == [["–", "1"], ["harbour", "2"]]
    assert lines[1][2:] == ["–"] * 8 + ["0 of 0"]


def test_programs_get_the_counts_behind_each_figure(
    service: HistoryService, capsys: pytest.CaptureFixture[str]
) -> None:
    (told,) = json.loads(asks(service, capsys, "--format", "json")[1])
    assert told["by"] == {}
    assert (told["mtta_ms"], told["mttr_ms"], told["alerts"], told["share_given_up"]) == (150_000, 1_200_000, 12, 0.025)
    assert set(told) == {"by", *AlertMeasures._fields[1:], *AlertMeasures(None).figures}
    (row,) = csv.DictReader(io.StringIO(asks(service, capsys, "--by", "rule", "--format", "csv")[1]))
    assert (row["rule"], row["told"], row["share_useful"], row["mean_delivery_ms"]) == (
        "",
        "15",
        "0.750000",
        "1000.000000",
    )


def test_a_figure_of_nothing_is_empty_for_programs(service: HistoryService, capsys: pytest.CaptureFixture[str]) -> None:
    for part in ("AS shifts", "FROM alert_feedback", "JOIN message_outcomes"):
        service.answers_about(part)
    (row,) = csv.DictReader(io.StringIO(asks(service, capsys, "--format", "csv")[1]))
    assert (row["share_useful"], row["alerts_per_shift"]) == ("", "")
    (told,) = json.loads(asks(service, capsys, "--format", "json")[1])
    assert (told["share_useful"], told["marked_useful"]) == (None, 0)


def test_nothing_in_a_span_is_said_in_words(service: HistoryService, capsys: pytest.CaptureFixture[str]) -> None:
    for part in PARTS:
        service.answers_about(part)
    assert asks(service, capsys) == (0, "no alert was raised in this span\n", "")
    assert asks(service, capsys, "--format", "json")[1] == "[]\n"


def test_the_span_and_the_shifts_are_asked_for(service: HistoryService, capsys: pytest.CaptureFixture[str]) -> None:
    span = ("--from", "2026-03-01T00:00:00Z", "--to", "2026-03-01T03:00:00+02:00")
    assert asks(service, capsys, *span, "--shift", "12", "--zone", "Europe/Riga")[0] == 0
    begin = {"param_from_ms": "1772323200000", "param_until_ms": "1772326800000"}
    shifts = {"param_shift_hours": "12", "param_zone": "Europe/Riga"}
    assert [parameters for _, parameters, _ in service.questions] == [begin, begin | shifts, begin, begin]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--by", "queue"), "--by 'queue' is none of rule, site, standard, person"),
        (("--by", ","), "--by ',' is none of"),
        (("--by", "site,rule"), "is none of"),
        (("--zone", "Europe/Atlantis"), "--zone Europe/Atlantis: no such time zone"),
        (("--from", "yesterday"), "--from 'yesterday' is no instant"),
    ],
)
def test_what_makes_no_sense_is_refused_before_history_is_asked(
    service: HistoryService, capsys: pytest.CaptureFixture[str], words: tuple[str, str], problem: str
) -> None:
    status, _, said = asks(service, capsys, *words)
    assert (status, problem in said, service.questions) == (2, True, [])
