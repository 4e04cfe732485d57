"""
The command `sqm backtest` on small files: sides beside each other, every changed verdict, and what it says where it
cannot work.
"""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from services.cli import main
from tests.fakes.history_service import history_service
from tests.fakes.mappings import HEADER, TICKETS, WAIT

DRAFT = WAIT.replace("version: 1", "version: 2").replace("2020-01-01", "2099-01-01")
HOURS = """---
apiVersion: sqm/v1
kind: Calendar
metadata:
  {id: hours, version: 1, title: Hours, owner: Branch, zone: Europe/Berlin, effective_from: 2020-01-01T00:00:00Z}
hours: {monday: [{from: "08:02", until: "17:00"}], tuesday: [{from: "08:02", until: "17:00"}]}
"""

MONDAY = HEADER + "A1,d3,26.01.2026,08:00:00,08:05:00\nA2,d4,26.01.2026,08:01:00,08:07:00\n"
TUESDAY = HEADER + "B1,d3,27.01.2026,09:00:00,-\nbroken\nB2,d3,27.01.2026,09:30:00,09:31:00\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "mapping.yaml": TICKETS, "wait.yaml": WAIT, "monday.csv": MONDAY, "tuesday.csv": TUESDAY,
        "strict.yaml": DRAFT.replace("5m", "4m"), "lax.yaml": DRAFT.replace("5m", "6m"),
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def words(folder: Path, *more: str) -> list[str]:
    placed = [str(folder / word) if word.endswith((".csv", ".yaml", ".jsonl")) else word for word in more]
    return ["backtest", *placed]


class Caller:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def says(self, *more: str) -> str:
        named = ("--mapping", "mapping.yaml", "monday.csv", "tuesday.csv")
        assert main(words(self.folder, *more, *named)) == 0
        return self._capsys.readouterr().out

    def finds(self, *more: str) -> dict[str, Any]:
        found = json.loads(self.says("--format", "json", *more))
        assert isinstance(found, dict)
        return found


@pytest.fixture
def caller(folder: Path, capsys: pytest.CaptureFixture[str]) -> Caller:
    return Caller(folder, capsys)


def test_two_sides_are_laid_side_by_side(caller: Caller) -> None:
    found = caller.finds("--standards", "lax.yaml", "--against", "wait.yaml")
    (one,) = found["comparisons"]
    assert one["label"] == (
        "backtest: wait@2 as if in force from 2026-01-26 08:00:00 on (its effective_from is 2099-01-01), "
        "against wait@1 as it was in force"
    )
    for side, good, violations in (("old", 2, 2), ("new", 3, 1)):
        whole = one[side]["whole"]
        # Who was never called left no ending, and still waits when the file ends.
        assert (whole["good"], whole["total"], whole["n"]) == (good, 3, 3)
        assert whole["violations"] == violations
        assert [site["site"] for site in one[side]["sites"]] == ["branch"]
    assert one["old"]["whole"]["objective"] == "failed"
    assert one["new"]["whole"]["objective"] == "kept"
    assert one["changes"] == {
        "kept_to_broken": 0, "broken_to_kept": 1, "newly_judged": 0, "no_longer_judged": 0,
    }  # fmt: skip
    assert (found["period"]["days"], found["period"]["zone"]) == (2, "Europe/Berlin")
    assert found["rejected"] == {"wrong_field_count": 1}


def test_who_would_have_been_told_and_when_is_said_by_day_and_queue(caller: Caller) -> None:
    (one,) = caller.finds("--standards", "strict.yaml")["comparisons"]
    assert one["old"] is None
    assert one["changes"] is None
    whole, (site,) = one["new"]["whole"], one["new"]["sites"]
    assert site["told"] == [
        {"date": "2026-01-26", "who": "Branch", "queue": "d3", "first_at": "2026-01-26T07:04:00.000Z", "violations": 1},
        {"date": "2026-01-26", "who": "Branch", "queue": "d4", "first_at": "2026-01-26T07:05:00.000Z", "violations": 1},
        {"date": "2026-01-27", "who": "Branch", "queue": "d3", "first_at": "2026-01-27T08:04:00.000Z", "violations": 1},
    ]
    assert (whole["violations"], whole["violations_a_day"], whole["alerts"], whole["alerts_a_day"]) == (3, 1.5, 3, 1.5)
    assert {hour: count for hour, count in enumerate(whole["violations_by_hour"]) if count} == {8: 2, 9: 1}


def test_alternatives_of_one_id_and_version_are_told_apart_by_their_files(caller: Caller) -> None:
    found = caller.finds("--standards", "lax.yaml", "--standards", "strict.yaml", "--against", "wait.yaml")
    assert [(one["new"]["name"], one["changes"]["broken_to_kept"]) for one in found["comparisons"]] == [
        ("wait@2 (lax)", 1),
        ("wait@2 (strict)", 0),
    ]


def test_a_standard_against_itself_changes_nothing(caller: Caller) -> None:
    (one,) = caller.finds("--standards", "wait.yaml", "--against", "wait.yaml")["comparisons"]
    assert set(one["changes"].values()) == {0}
    assert one["first_changes"] == []
    assert one["new"]["whole"] == one["old"]["whole"]


def test_what_is_compared_with_keeps_its_dates(caller: Caller) -> None:
    file = caller.folder / "wait.yaml"
    file.write_text(WAIT.replace("2020-01-01", "2026-01-27"), encoding="utf-8")
    (one,) = caller.finds("--standards", "strict.yaml", "--against", "wait.yaml")["comparisons"]
    assert (one["old"]["whole"]["n"], one["new"]["whole"]["n"]) == (1, 3)
    assert one["changes"]["newly_judged"] == 2


def test_a_proposal_may_count_open_time_alone(caller: Caller) -> None:
    (caller.folder / "strict.yaml").write_text(
        DRAFT.replace("limit: 5m", "limit: 4m, calendar: hours") + HOURS, encoding="utf-8"
    )
    (one,) = caller.finds("--standards", "strict.yaml", "--against", "wait.yaml")["comparisons"]
    # Who came two minutes before the doors opened and waited five has waited three.
    assert (one["old"]["whole"]["good"], one["new"]["whole"]["good"]) == (2, 2)
    assert [site["told"][0]["first_at"] for site in one["new"]["sites"]] == ["2026-01-26T07:06:00.000Z"]


def test_a_retirement_ends_what_was_in_force_and_no_proposal(caller: Caller) -> None:
    (caller.folder / "end.yaml").write_text(
        "apiVersion: sqm/v1\nkind: Retirement\n"
        "metadata: {id: wait, retired_at: 2026-01-27T00:00:00+01:00, owner: Branch, why: Enough.}\n",
        encoding="utf-8",
    )
    both = ("--standards", "strict.yaml", "--standards", "end.yaml", "--against", "wait.yaml", "--against", "end.yaml")
    (one,) = caller.finds(*both)["comparisons"]
    assert (one["old"]["whole"]["n"], one["new"]["whole"]["n"]) == (2, 3)


@pytest.mark.parametrize(
    ("more", "n", "violations"),
    [
        (["--from", "2026-01-27T00:00:00+01:00"], 1, 1),
        (["--to", "2026-01-27T00:00:00+01:00"], 2, 2),
        (["--from", "2026-01-26T08:01:00+01:00", "--to", "2026-01-26T08:01:00.001+01:00"], 1, 1),
        (["--from", "2027-01-26T08:01:00+01:00"], 0, 0),
    ],
)
def test_only_journeys_that_arrived_in_the_period_count(
    caller: Caller, more: list[str], n: int, violations: int
) -> None:
    (one,) = caller.finds("--standards", "strict.yaml", *more)["comparisons"]
    assert (one["new"]["whole"]["n"], one["new"]["whole"]["violations"]) == (n, violations)


def test_the_table_says_everything_that_matters(caller: Caller) -> None:
    shown = caller.says("--standards", "strict.yaml", "--against", "wait.yaml")
    for part in (
        "backtest: wait@2 as if in force from 2026-01-26 08:00:00 on",
        "sl_all_offered ≥ 80%",
        "Branch would have been told on 2 days, first 2026-01-26 08:04:00",
        "2026-01-26 branch, d3: 1 violation, the first at 08:04:00",
        "verdicts that change: 1 kept to broken",
        "kept: stopped at 5 min of 5 min",
        "broken: stopped at 5 min of 4 min",
        "rejected: 1 × wrong_field_count",
    ):
        assert part in shown, shown


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("limit: promised", "promised"),
        ("limit: 4m, limits: [{when: {queue: d4}, limit: 1m}]", "4 min, or a table"),
        ("limit: 4m, calendar: hours", "4 min open"),
        ("within_business_days: 3, calendar: hours", "close of business day 3"),
    ],
)
def test_a_limit_is_told_in_a_few_words(caller: Caller, limit: str, said: str) -> None:
    (caller.folder / "lax.yaml").write_text(DRAFT.replace("limit: 5m", limit) + HOURS, encoding="utf-8")
    assert said in caller.says("--standards", "lax.yaml")


def test_the_table_says_how_many_changes_it_does_not_show(caller: Caller) -> None:
    (caller.folder / "wait.yaml").write_text(WAIT.replace("2020-01-01", "2026-01-28"), encoding="utf-8")
    shown = caller.says("--standards", "strict.yaml", "--against", "wait.yaml", "--first", "1")
    for part in ("verdicts that change: 4 newly judged", "unjudged", "and 3 more; --out FILE.csv writes all"):
        assert part in shown, shown
    assert "and 3 more" not in caller.says("--standards", "strict.yaml", "--against", "wait.yaml", "--first", "0")


def test_a_proposal_that_nothing_breaks_tells_nobody(caller: Caller) -> None:
    (caller.folder / "lax.yaml").write_text(DRAFT.replace("5m", "23h"), encoding="utf-8")
    assert "Branch would not have been told of anything" in caller.says("--standards", "lax.yaml")


@pytest.mark.parametrize("name", ["changes.csv", "changes.jsonl"])
def test_all_changes_are_written_to_the_file(caller: Caller, name: str) -> None:
    caller.says("--standards", "lax.yaml", "--standards", "strict.yaml", "--against", "wait.yaml", "--out", name)
    text = (caller.folder / name).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines())) if name.endswith(".csv") else [*map(json.loads, text.splitlines())]
    assert [(row["change"], row["proposal"], row["journey"]) for row in rows] == [
        ("kept_to_broken", "wait@2 (strict)", "26.01.2026-A1"),
        ("broken_to_kept", "wait@2 (lax)", "26.01.2026-A2"),
    ]
    assert str(rows[0]["old_value_ms"]) == "300000"
    assert rows[0]["new_told_at"] == "2026-01-26T07:04:00.000Z"


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (["--standards", "lax.yaml"], "name files of past events, or --history"),
        (["--standards", "lax.yaml", "--history", "here", "monday.csv"], "one of the two"),
        (["--standards", "lax.yaml", "monday.csv"], "--mapping goes with files"),
        (["--standards", "lax.yaml", "--history", "x", "--mapping", "mapping.yaml"], "history needs none"),
        (["--standards", "lax.yaml", "--history", "nowhere"], "--history nowhere: there is no such folder"),
        (["--standards", "lax.yaml", "--mapping", "mapping.yaml", "gone.csv"], "gone.csv: there is no such file"),
        (["--standards", "gone.yaml", "--mapping", "mapping.yaml", "monday.csv"], "gone.yaml: there is no such file"),
        (["--standards", "site.yaml", "--mapping", "mapping.yaml", "monday.csv"], "no document of the kind Standard"),
        (["--standards", "lax.yaml", "--mapping", "mapping.yaml", "--zone", "Moon", "monday.csv"], "no such time zone"),
        (["--standards", "lax.yaml", "--mapping", "mapping.yaml", "--from", "noon", "monday.csv"], "--from 'noon'"),
        (
            ["--standards", "lax.yaml", "--mapping", "mapping.yaml", "--from", "2026-01-02T00:00:00Z",
             "--to", "2026-01-01T00:00:00Z", "monday.csv"],
            "--to: is not later than --from",
        ),
        (["--standards", "lax.yaml", "--mapping", "mapping.yaml", "--out", "x.txt", "monday.csv"], ".csv or .jsonl"),
        (["--standards", "lax.yaml", "--mapping", "mapping.yaml", "--out", "no/x.csv", "monday.csv"], "be written"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_with_the_fix(
    folder: Path, capsys: pytest.CaptureFixture[str], more: list[str], complaint: str
) -> None:
    (folder / "site.yaml").write_text(
        "apiVersion: sqm/v1\nkind: Site\nmetadata: {id: branch, title: A branch, zone: Europe/Berlin}\n"
    )
    assert main(words(folder, *more)) == 2
    assert complaint in capsys.readouterr().err


def test_a_fault_in_a_proposal_is_told_with_its_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "lax.yaml").write_text(DRAFT.replace("limit: 5m", "limit: 5"), encoding="utf-8")
    assert main(words(folder, "--standards", "lax.yaml", "--mapping", "mapping.yaml", "monday.csv")) == 2
    line = next(n for n, text in enumerate(DRAFT.splitlines(), start=1) if "limit" in text)
    assert f"lax.yaml:{line}: clock.limit" in capsys.readouterr().err


def test_a_file_unlike_its_mapping_ends_with_status_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "other.csv").write_text("Number;Place\n1;2\n")
    assert main(words(folder, "--standards", "lax.yaml", "--mapping", "mapping.yaml", "other.csv")) == 1
    assert "the header lacks Ticket" in capsys.readouterr().out


def test_events_come_from_a_history_service_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arrival = {
        "specversion": "1.0", "id": "a", "source": "/till", "type": "sqm.journey.arrived", "subject": "j",
        "time": "2026-01-26T08:00:00Z", "data": {"site": "branch"},
    }  # fmt: skip
    called = {**arrival, "id": "c", "type": "sqm.journey.called", "time": "2026-01-26T08:04:30Z"}
    with history_service() as service:
        service.answers(
            {"bytes": 300, "at": 1_769_414_400_000, "raw": json.dumps(arrival)},
            {"bytes": 300, "at": 1_769_414_670_000, "raw": json.dumps(called)},
        )
        words_of_it = ("--standards", "strict.yaml", "--history", service.url, "--format", "json")
        assert main(words(folder, *words_of_it)) == 0
    (one,) = json.loads(capsys.readouterr().out)["comparisons"]
    assert (one["new"]["whole"]["n"], one["new"]["whole"]["violations"]) == (1, 1)
