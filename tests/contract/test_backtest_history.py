"""
A backtest of history says what a backtest of the files says that were loaded into it, on every way to reach a database.
"""

import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest

from services.cli import main
from services.cli.mapping_files import read_mapping
from services.cli.told_events import ToldEvents
from services.history.engine import Period, copy_of
from services.history.shell.storing import store
from services.ingest.engine.mapped import encode_event
from services.ingest.engine.rows import RejectedRow
from services.runtime.clickhouse import Database
from tests.fakes import day_log
from tests.fakes.topic_records import TopicRecord, as_json, event
from tests.project import PROJECT

MAPPING = PROJECT / "deploy" / "mappings" / "anonymous-bank.yaml"
STANDARDS = PROJECT / "deploy" / "standards" / "examples" / "bank-calls.yaml"
ROWS = 3_500


def put(database: Database, values: Sequence[bytes]) -> None:
    """
    Store values in disorder, and some of them twice.
    """
    records = [TopicRecord(at, value) for at, value in enumerate(values)]
    Random(1).shuffle(records)
    for some in (records, records[: len(records) // 3]):
        assert store(database, copy_of("sqm.events.v1"), some) == []


def raw_of(table: Path, written: Path = MAPPING) -> list[bytes]:
    mapping, values = read_mapping(written, {}), []
    with table.open("rb") as stream:
        for row in mapping.read(stream, str(table)):
            assert not isinstance(row, RejectedRow)
            events = mapping.events(row, str(table))
            assert not isinstance(events, RejectedRow)
            values += [encode_event(one) for one in events]
    return values


@pytest.fixture
def calls(real_data: Path, tmp_path: Path) -> Path:
    table = tmp_path / "calls.txt"
    with (real_data / "anonymous_bank" / "january.txt").open(encoding="ascii", newline="") as month:
        table.write_text("".join(islice(month, ROWS + 1)), encoding="ascii")
    return table


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    file = tmp_path / "draft.yaml"
    file.write_text(STANDARDS.read_text(encoding="utf-8").replace("limit: 20s", "limit: 45s"), encoding="utf-8")
    return file


PERIODS = (
    (),
    ("--from", "1999-01-02T00:00:00+02:00"),
    ("--to", "1999-01-03T10:00:00+02:00"),
    ("--from", "1999-01-03T10:00:00+02:00", "--to", "1999-01-03T12:30:00+02:00"),
)


def test_history_gives_what_its_files_give(
    database: Database, place: str, calls: Path, draft: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(database, raw_of(calls))

    def found(*words: str) -> dict[str, Any]:
        common = ("--standards", str(draft), "--against", str(STANDARDS), "--zone", "Asia/Jerusalem")
        assert main(["backtest", *common, "--format", "json", "--first", "1000", *words]) == 0
        told = json.loads(capsys.readouterr().out)
        assert isinstance(told, dict)
        return {name: told[name] for name in ("period", "comparisons", "rejected")}

    for period in PERIODS:
        from_files = found(*period, "--mapping", str(MAPPING), str(calls))
        assert found(*period, "--history", place) == from_files, period
        assert from_files["comparisons"][0]["new"]["whole"]["n"] > 0


def test_standards_of_other_kinds_find_the_same_in_history(
    database: Database, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written, table = tmp_path / "mapping.yaml", tmp_path / "log.csv"
    written.write_text(day_log.MAPPING, encoding="utf-8")
    table.write_text(day_log.log(), encoding="utf-8")
    put(database, raw_of(table, written))
    sides = {
        "old": [day_log.RATE, day_log.SETTLED, day_log.SCORE, day_log.SEQUENCE, day_log.PRESENCE],
        "new": [
            day_log.RATE.replace("complaint.opened", "feedback.received"), day_log.SETTLED.replace("1h", "1m"),
            day_log.SCORE.replace("minimum: '2'", "minimum: '3.5'"), day_log.SEQUENCE.replace("30s", "1m"),
            day_log.PRESENCE.replace("5m", "12m"),
        ],
    }  # fmt: skip
    for side, bodies in sides.items():
        texts = [day_log.document(f"s{number}", said) for number, said in enumerate(bodies)]
        (tmp_path / f"{side}.yaml").write_text("---".join(texts), encoding="utf-8")

    def found(*words: str) -> list[dict[str, Any]]:
        common = ("--standards", str(tmp_path / "new.yaml"), "--against", str(tmp_path / "old.yaml"))
        assert main(["backtest", *common, "--zone", "Europe/Riga", "--format", "json", *words]) == 0
        return list(json.loads(capsys.readouterr().out)["comparisons"])

    from_files = found("--mapping", str(written), str(table))
    assert found("--history", place) == from_files
    assert [sum(one["changes"].values()) > 0 for one in from_files] == [True] * 5


def told(database: Database, page: int, period: Period) -> tuple[list[str], list[RejectedRow]]:
    refused: list[RejectedRow] = []
    events = ToldEvents(database, period, page).batches(lambda _: None, lambda row, _: refused.append(row))
    return [one.id for batch in events for one in batch], refused


@pytest.mark.parametrize("page", [1, 2, 3, 7, 100])
def test_pages_of_any_size_give_every_event_once_and_in_order(database: Database, page: int) -> None:
    seconds = [0, 1, 1, 1, 1, 1, 2, 3, 3, 4]
    times = [f"2026-09-21T14:13:{second:02}.500Z" for second in seconds]
    put(database, [as_json(event(place, time=time)) for place, time in enumerate(times)])
    assert told(database, page, Period()) == ([f"e{place}" for place in range(len(times))], [])


def test_a_journey_comes_whole_if_any_of_it_may_have_arrived_in_the_period(database: Database) -> None:
    noon = 1_790_000_000_000

    def at(number: int, journey: str, second: int) -> bytes:
        return as_json(event(number, subject=journey, time=f"2026-09-21T14:13:{20 + second:02}.000Z"))

    put(database, [at(0, "before", 0), at(1, "over", 1), at(2, "over", 5), at(3, "in", 3), at(4, "in", 9),
                   at(5, "after", 8)])  # fmt: skip
    found, _ = told(database, 100, Period(noon + 2_000, noon + 4_000))
    assert found == ["e1", "e3", "e2", "e4"]


def test_what_is_no_event_is_refused_and_the_rest_is_judged(database: Database) -> None:
    put(database, [as_json(event(0)), as_json(event(1, data={"site": "", "queue": "desk"}))])
    found, (refused,) = told(database, 100, Period())
    assert (found, refused.file) == (["e0"], "history")
    assert "no event" in refused.detail
