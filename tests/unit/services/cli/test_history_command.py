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
from tests.fakes.recorded import agreement, summed

NOON = 1_790_000_000_000 - 1_790_000_000_000 % 3_600_000
COUNTS = Counts(answered=8, answered_within=6, abandoned=2, answered_wait_ms=100_000)


def row(counts: Counts = COUNTS, **keys: object) -> dict[str, object]:
    return summed(**keys, **counts._asdict())


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


HELD = ({"standard": "calls", "version": 1}, {"standard": "wait", "version": 1}, {"standard": "wait", "version": 2})
WAIT = ("attainment", "--standard", "wait")


def test_figures_for_people_are_shares_and_seconds_and_a_dash_where_there_are_none(
    service: HistoryService, clerk: Clerk
) -> None:
    service.answers(row(by_hour=NOON, by_queue=None), row(Counts(), by_hour=NOON + 3_600_000, by_queue="desk"))
    status, said, _ = clerk.asks(*WAIT, "--by", "hour,queue", "--metric", "sl_all_offered,asa")
    header, first, second = [re.split(r"\s{2,}", line.strip()) for line in said.splitlines()]
    titles = ["all offered", "all offered likely", "mean (asa)"]
    assert (status, header) == (0, ["standard", "hour (UTC)", "queue", "n", *titles])
    assert first == ["wait@1", "2026-09-21 14:00", "–", "10", "60.00%", "31.27% to 83.18%", "12.5 s"]
    assert second == ["wait@1", "2026-09-21 15:00", "desk", "0", "–", "–", "–"]


def test_without_a_choice_every_metric_has_its_column_and_the_objectives_its_range(
    service: HistoryService, clerk: Clerk
) -> None:
    service.answers(row())
    _, said, _ = clerk.asks(*WAIT)
    assert said.count("likely") == 1
    assert [name for name in METRICS if re.search(r"\s+".join(_words(name)), said.replace("\n", " ")) is None] == []


def _words(metric: str) -> list[str]:
    return ["asa"] if metric == "asa" else metric.removeprefix("sl_").split("_")[:1]


OUTAGE = ("2026-09-21T14:00:00Z", "2026-09-21T14:30:00Z")


@pytest.fixture
def outage(service: HistoryService) -> HistoryService:
    """
    An agreement that was entered months later, and three of eight calls that it covers.
    """
    service.answers(row())
    unreadable = {"raw": "{}"}
    service.answers_about("FROM standards", unreadable, {"raw": json.dumps(agreement(*OUTAGE, site=["s1"]))})
    service.answers_about("AS stretch", summed(of_site="s1", of_queue=None, stretch=1, answered=3, answered_within=1))
    return service


@pytest.mark.usefixtures("outage")
def test_a_figure_that_an_agreement_changes_is_shown_with_and_without_it_with_reason_and_author(clerk: Clerk) -> None:
    header, line, *beneath = clerk.asks(*WAIT, "--metric", "sl_all_offered")[1].splitlines()
    assert re.split(r"\s{2,}", header.strip()) == ["standard", "n", "all offered", "all offered likely"]
    assert re.split(r"\s{2,}", line.strip()) == ["wait@1", "7 (10)", "71.43% (60.00%)", "35.89% to 91.78%"]
    assert beneath == [
        "in brackets: with what is excluded",
        (
            "excluded: power-cut, 2026-09-21 14:00 to 2026-09-21 14:30 (UTC): No electricity. Entered by m.berzina on "
            "2027-01-02 08:00, approved by council."
        ),
    ]


@pytest.mark.usefixtures("outage")
def test_programs_get_the_agreements_beside_each_figure(clerk: Clerk) -> None:
    (told,) = json.loads(clerk.asks(*WAIT, "--metric", "sl_all_offered", "--format", "json")[1])
    assert (told["good"], told["total"], told["n"], told["unit"]) == (5, 7, 7, "share")
    assert told["with_excluded"] == {"good": 6, "total": 10, "value": 0.6, "n": 10}
    assert told["interval"] == pytest.approx([0.3589, 0.9178], abs=1e-4)
    (why,) = told["excluded_by"]
    assert (why["id"], why["author"], why["from"]) == ("power-cut", "m.berzina", "2026-09-21T14:00:00.000Z")
    table = clerk.asks(*WAIT, "--metric", "sl_all_offered,asa", "--format", "csv")[1].splitlines()
    assert table == [
        "standard,version,metric,good,total,value,n,low,high,standard_error,good_with_excluded,total_with_excluded,excluded_by",
        "wait,1,sl_all_offered,5,7,0.714286,7,0.358934,0.917781,,6,10,power-cut",
        "wait,1,asa,100000,5,20000.000000,7,,,,100000,8,power-cut",
    ]


def test_an_agreement_that_changes_nothing_is_not_shown(outage: HistoryService, clerk: Clerk) -> None:
    outage.answers_about("AS stretch")
    _, said, _ = clerk.asks(*WAIT, "--metric", "sl_all_offered")
    assert "excluded" not in said


def test_scores_have_their_figures_and_ranges_and_no_metric_of_clocks(service: HistoryService, clerk: Clerk) -> None:
    sums = {"n": 100, "top2": 86, "score_sum": 43_000, "score_sum_squares": 19_000_000}
    service.answers(summed("csat_mean", **sums))
    header, line = [re.split(r"\s{2,}", one.strip()) for one in clerk.asks(*WAIT)[1].splitlines()]
    assert header == ["standard", "n", "csat top2", "csat mean", "csat mean likely"]
    assert line == ["wait@1", "100", "86.00%", "4.30", "4.16 to 4.44"]
    status, _, why = clerk.asks(*WAIT, "--metric", "asa")
    assert (status, "--metric: wait is held to csat_mean, and has none of asa" in why) == (1, True)


def test_a_percentile_is_none_of_the_figures_and_whoever_asks_is_told_why(
    service: HistoryService, clerk: Clerk
) -> None:
    service.answers(summed("p90", answered=4, answered_within=3, answered_wait_ms=8_000))
    assert "p90" not in clerk.asks(*WAIT)[1]
    status, _, why = clerk.asks(*WAIT, "--metric", "p90")
    assert (status, "--metric: history adds up sums, and p90 is none; `sqm replay`" in why) == (1, True)


def test_versions_of_different_kinds_stand_in_one_table(service: HistoryService, clerk: Clerk) -> None:
    service.answers(summed("nps", n=4, promoters=2), summed("rate", version=2, good=1, total=2))
    header, *lines = [re.split(r"\s{2,}", one.strip()) for one in clerk.asks(*WAIT)[1].splitlines()]
    assert header == ["standard", "n", "nps", "nps standard error", "nps likely", "rate", "rate likely"]
    assert [line[:2] for line in lines] == [["wait@1", "4"], ["wait@2", "2"]]
    assert lines[0][2:5] == ["50.00", "25.00", "1.00 to 99.00"]
    assert [line.count("–") for line in lines] == [2, 3]


def test_nothing_in_a_span_is_said_in_words(service: HistoryService, clerk: Clerk) -> None:
    service.answers()
    service.answers_about("FROM attainment", *HELD)
    assert clerk.asks(*WAIT, "--version", "2") == (0, "no outcomes of this standard in this span\n", "")


@pytest.mark.parametrize(
    ("held", "words", "said"),
    [
        (HELD, ("--standard", "wiat"), "history has no outcomes of a standard 'wiat'; did you mean 'wait'?"),
        (HELD, ("--standard", "zzz"), "history has no outcomes of a standard 'zzz'; it has calls, wait"),
        (HELD, ("--standard", "wait", "--version", "7"), "history has no version 7 of wait; it has 1, 2"),
        ((), ("--standard", "wait"), "history has no outcomes yet; does the history service run?"),
    ],
    ids=["misspelt", "unknown", "version", "empty"],
)
def test_a_standard_that_history_does_not_know_is_answered_with_those_that_it_does(
    service: HistoryService, clerk: Clerk, held: tuple[dict[str, object], ...], words: tuple[str, ...], said: str
) -> None:
    service.answers()
    service.answers_about("FROM attainment", *held)
    assert clerk.asks("attainment", *words) == (1, "", f"sqm history: {said}\n")


def test_a_span_that_ends_before_it_begins_is_refused(clerk: Clerk) -> None:
    status, _, said = clerk.asks(*WAIT, "--from", "2026-09-21T14:00:00Z", "--until", "2026-09-21T14:00:00Z")
    assert status == 2
    assert "--until 2026-09-21T14:00:00Z: must lie after --from 2026-09-21T14:00:00Z" in said


def test_a_history_of_an_older_version_is_not_asked_and_the_way_out_is_named(
    service: HistoryService, clerk: Clerk
) -> None:
    service.answers()
    service.edition -= 1
    status, _, said = clerk.asks(*WAIT)
    assert (status, service.questions) == (2, [])
    assert f"in {service.url} is at migration {service.edition}, and this version needs {service.edition + 1}: " in said
    assert "run `sqm history migrate`" in said


def test_a_span_is_asked_for_in_milliseconds(service: HistoryService, clerk: Clerk) -> None:
    service.answers()
    clerk.asks(*WAIT, "--from", "2026-09-21T14:00:00Z", "--until", "2026-09-21T17:00:00+02:00", "--version", "3")
    (_, parameters, _), *_ = service.questions
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


def test_no_text_of_an_answer_becomes_a_formula_in_a_sheet_and_numbers_stay(
    service: HistoryService, clerk: Clerk
) -> None:
    service.answers({"site": "=cmd|'/c calc'!A1", "n": -5, "wide": "-9223372036854775808", "@more": "-x"})
    told = clerk.asks("query", "SELECT", "--format", "csv")[1]
    assert told == "site,n,wide,'@more\n'=cmd|'/c calc'!A1,-5,-9223372036854775808,'-x\n"
    assert json.loads(clerk.asks("query", "SELECT", "--format", "json")[1])[0]["site"] == "=cmd|'/c calc'!A1"


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
        (
            401,
            {"reason": "no_token", "detail": "show the token"},
            2,
            "set SQM_HISTORY_TOKEN to its token (show the token)",
        ),
        (429, {"reason": "busy", "detail": "the question takes too much"}, 3, "takes too much (try again later)"),
    ],
    ids=["refused", "another-server", "no-reason", "no-token", "busy"],
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
