"""
`sqm history` asks in one go, writes figures for people and for programs, and passes on why it got no answer.
"""

import json
import re
from collections.abc import Iterator

import pytest

from domain.metrics import METRICS, Counts
from services.cli import main
from tests.fakes.history_service import HistoryService, history_service

NOON = 1_790_000_000_000 - 1_790_000_000_000 % 3_600_000
COUNTS = Counts(answered=8, answered_within=6, abandoned=2, answered_wait_ms=100_000)


def row(counts: Counts = COUNTS, **keys: object) -> dict[str, object]:
    return {"standard": "wait", "version": 1, **keys, **{f"n_{name}": n for name, n in counts._asdict().items()}}


@pytest.fixture
def service() -> Iterator[HistoryService]:
    with history_service() as running:
        yield running


def test_an_address_that_is_none_is_refused_with_the_form_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "query", "SELECT 1", "--url", "clickhouse:8083"]) == 2
    assert "--url clickhouse:8083: write the address of a history service, like http://" in capsys.readouterr().err


class Clerk:
    """
    Somebody who calls `sqm history` about one service.
    """

    def __init__(self, service: HistoryService, capsys: pytest.CaptureFixture[str]) -> None:
        self._url, self._capsys = service.url, capsys

    def asks(self, *words: str) -> tuple[int, str, str]:
        status = main(["history", *words, "--url", self._url])
        said = self._capsys.readouterr()
        return status, said.out, said.err


@pytest.fixture
def clerk(service: HistoryService, capsys: pytest.CaptureFixture[str]) -> Clerk:
    return Clerk(service, capsys)


WAIT = ("attainment", "--standard", "wait")


def test_figures_for_people_are_shares_and_seconds_and_a_dash_where_there_are_none(
    service: HistoryService, clerk: Clerk
) -> None:
    service.answers(row(by_hour=NOON, by_queue=None), row(Counts(), by_hour=NOON + 3_600_000, by_queue="desk"))
    status, said, _ = clerk.asks(*WAIT, "--by", "hour,queue", "--metric", "sl_all_offered,asa")
    header, first, second = [re.split(r"\s{2,}", line.strip()) for line in said.splitlines()]
    assert (status, header) == (0, ["standard", "hour (UTC)", "queue", "n", "all offered", "mean (asa)"])
    assert first == ["wait@1", "2026-09-21 14:00", "–", "10", "60.00%", "12.5 s"]
    assert second == ["wait@1", "2026-09-21 15:00", "desk", "0", "–", "–"]


def test_without_a_choice_every_metric_has_its_column(service: HistoryService, clerk: Clerk) -> None:
    service.answers(row())
    _, said, _ = clerk.asks(*WAIT)
    header, figures = [re.split(r"\s{2,}", line.strip()) for line in said.splitlines()]
    assert (len(header), len(figures)) == (2 + len(METRICS), 2 + len(METRICS))


def test_nothing_in_a_span_is_said_in_words(service: HistoryService, clerk: Clerk) -> None:
    service.answers()
    assert clerk.asks(*WAIT) == (0, "no outcomes of this standard in this span\n", "")


def test_a_span_is_asked_for_in_milliseconds(service: HistoryService, clerk: Clerk) -> None:
    service.answers()
    clerk.asks(*WAIT, "--from", "2026-09-21T14:00:00Z", "--until", "2026-09-21T17:00:00+02:00", "--version", "3")
    ((_, parameters, _),) = service.questions
    assert parameters == {
        "param_standard": "wait",
        "param_version": "3",
        "param_from_ms": str(NOON),
        "param_until_ms": str(NOON + 3_600_000),
    }


@pytest.mark.parametrize("text", ["yesterday", "2026-09-21", "2026-09-21T14:00:00"])
def test_an_instant_without_an_offset_is_refused(clerk: Clerk, text: str) -> None:
    status, _, said = clerk.asks(*WAIT, "--from", text)
    assert status == 2
    assert f"--from {text!r} is no instant with an offset" in said


def test_answers_to_sql_are_written_for_people_and_for_programs(service: HistoryService, clerk: Clerk) -> None:
    service.answers({"site": "s1", "trail": ["a"]}, {"site": None, "trail": [1, 2]})
    assert clerk.asks("query", "SELECT")[1].splitlines() == ["site  trail ", 's1    ["a"] ', "      [1, 2]"]
    assert json.loads(clerk.asks("query", "SELECT", "--format", "json")[1])[1] == {"site": None, "trail": [1, 2]}
    assert clerk.asks("query", "SELECT", "--format", "csv")[1] == 'site,trail\ns1,"[""a""]"\n,"[1, 2]"\n'


@pytest.mark.parametrize("pair", ["name", "=value"])
def test_a_parameter_is_a_name_and_a_value(clerk: Clerk, pair: str) -> None:
    status, _, said = clerk.asks("query", "SELECT 1", "--param", pair)
    assert status == 2
    assert "not written as name=value" in said


def test_the_token_of_the_settings_is_shown_to_the_service(
    service: HistoryService, clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQM_HISTORY_TOKEN", "open-sesame")
    service.answers()
    clerk.asks(*WAIT)
    assert service.questions[0][2] == "Bearer open-sesame"


@pytest.mark.parametrize(
    ("status", "body", "exit_status", "word"),
    [
        (400, {"reason": "not_a_question", "detail": "only a SELECT is answered"}, 1, "only a SELECT is answered"),
        (404, b"<html>", 1, "answered with status 404; is this the address of history?"),
        (500, [], 1, "answered with status 500"),
        (429, {"reason": "busy", "detail": "the question takes too much"}, 3, "takes too much (try again later)"),
    ],
    ids=["refused", "another-server", "no-reason", "busy"],
)
def test_why_there_is_no_answer_is_passed_on(
    service: HistoryService, clerk: Clerk, status: int, body: object, exit_status: int, word: str
) -> None:
    service.refuses(status, body)
    told = clerk.asks(*WAIT)
    assert told[:2] == (exit_status, "")
    assert word in told[2]


def test_an_answer_that_was_cut_off_is_none(service: HistoryService, clerk: Clerk) -> None:
    service.answers(row(), row())
    service.headers["sqm-row-limit"] = "2"
    status, said, why = clerk.asks(*WAIT)
    assert (status, said) == (1, "")
    assert "has 2 rows or more" in why


def test_a_service_that_is_not_there_may_be_there_later(capsys: pytest.CaptureFixture[str], free_port: int) -> None:
    status = main(["history", *WAIT, "--url", f"http://127.0.0.1:{free_port}"])
    assert status == 3
    assert "history does not answer at" in capsys.readouterr().err
