"""
`sqm reconcile` lists what an export has and the live line missed, and adds it where it is asked to.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from services.cli import main
from services.cli.reconciling.live import from_history
from services.ingest.engine.mapped import MappedEvent, cloud_event
from services.runtime.clickhouse import Form
from tests.fakes.history_service import HistoryService
from tests.fakes.mappings import HEADER, TICKETS, mapped, mapping_of
from tests.fakes.small_ingest import SmallIngest

ROWS = [f"A{number},d{number},31.01.2026,08:{number:02d}:00,09:00:00\n" for number in range(15)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mapping.yaml").write_text(TICKETS)
    (tmp_path / "export.csv").write_text(HEADER + "".join(ROWS))
    return tmp_path


def events(rows: list[str] = ROWS) -> list[dict[str, Any]]:
    found = mapped(mapping_of(), HEADER + "".join(rows))
    return [
        {**cloud_event(one), "receivedat": "2026-01-31T09:00:01.000Z"} for one in found if isinstance(one, MappedEvent)
    ]


def has(history: HistoryService, *live: dict[str, Any]) -> None:
    history.answers(*({"id": one["id"], "raw": json.dumps(one)} for one in live))


def reconcile(folder: Path, history: HistoryService, *more: str) -> int:
    words = ("--mapping", f"{folder}/mapping.yaml", "--history", history.url, *more, f"{folder}/export.csv")
    return main(["reconcile", *words])


def test_where_everything_arrived_nothing_is_to_be_done(
    folder: Path, history: HistoryService, capsys: pytest.CaptureFixture[str]
) -> None:
    has(history, *events())
    assert reconcile(folder, history) == 0
    out = capsys.readouterr().out
    assert "export: 15 rows, 30 events, 2026-01-31T07:00:00.000Z to 2026-01-31T08:00:00.000Z" in out
    assert "live: 30 events of the same time\n0 missing live\n0 fields differ\n0 only live\n" in out


def test_what_is_missing_is_listed_and_not_sent_unless_asked(
    folder: Path, history: HistoryService, ingest: SmallIngest, capsys: pytest.CaptureFixture[str]
) -> None:
    has(history, *events()[4:])
    assert reconcile(folder, history, "--url", ingest.url) == 1
    out = capsys.readouterr().out
    assert "4 missing live\n  2026-01-31T07:00:00.000Z journey.arrived 31.01.2026-A0\n" in out
    assert "nothing was sent; --send adds what is missing" in out
    assert ingest.events == {}


def test_sent_what_was_missing_is_added_and_the_rest_left_alone(
    folder: Path, history: HistoryService, ingest: SmallIngest, capsys: pytest.CaptureFixture[str]
) -> None:
    has(history, *events()[4:])
    assert reconcile(folder, history, "--url", ingest.url, "--send") == 0
    assert set(ingest.events) == {one["id"] for one in events()[:4]}
    assert "added: 4 accepted, 0 refused" in capsys.readouterr().out


def test_an_export_that_shares_nothing_with_the_live_line_adds_nothing(
    folder: Path, history: HistoryService, ingest: SmallIngest, capsys: pytest.CaptureFixture[str]
) -> None:
    has(history, *({**one, "id": f"other/{one['id']}"} for one in events()))
    assert reconcile(folder, history, "--url", ingest.url, "--send") == 1
    assert not ingest.taken
    said = "nothing was sent: none of its events had arrived, and 30 others of the same time had; look at the mapping"
    assert said in capsys.readouterr().out


def test_an_export_that_is_read_in_another_zone_adds_nothing(
    folder: Path, history: HistoryService, ingest: SmallIngest, capsys: pytest.CaptureFixture[str]
) -> None:
    has(history, *({**one, "time": one["time"].replace("T0", "T1")} for one in events()[4:]))
    assert reconcile(folder, history, "--url", ingest.url, "--send") == 1
    assert not ingest.taken
    assert "nothing was sent: of 26 events that are in both, 26 have another time" in capsys.readouterr().out


def test_what_ingest_refuses_is_left_to_people(
    folder: Path, history: HistoryService, ingest: SmallIngest, capsys: pytest.CaptureFixture[str]
) -> None:
    has(history, *events()[4:])
    ingest.refuses = {"sqm.journey.called"}
    assert reconcile(folder, history, "--url", ingest.url, "--send") == 1
    assert "  refused: 2 × forbidden_source" in capsys.readouterr().out


def test_a_difference_is_told_field_by_field_and_never_overwritten(
    folder: Path, history: HistoryService, ingest: SmallIngest, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *others = events()
    changed = {**first, "time": "2026-01-31T07:00:01.000Z", "data": {"site": "branch", "channel": "phone"}}
    has(history, changed, *others)
    assert reconcile(folder, history, "--url", ingest.url, "--send") == 1
    out = capsys.readouterr().out
    place = "2026-01-31T07:00:00.000Z journey.arrived 31.01.2026-A0"
    assert "3 fields differ\n" in out
    assert f"{place}: time: export '2026-01-31T07:00:00.000Z', live '2026-01-31T07:00:01.000Z'\n" in out
    assert f"{place}: data.queue: export 'd0', live None\n" in out
    assert f"{place}: data.channel: export None, live 'phone'\n" in out
    assert ingest.events == {}


def test_of_two_reports_under_one_id_the_first_counts(
    folder: Path, history: HistoryService, capsys: pytest.CaptureFixture[str]
) -> None:
    first = events()[0]
    has(history, *events(), {**first, "data": {"site": "elsewhere"}})
    assert reconcile(folder, history) == 0
    assert "live: 30 events" in capsys.readouterr().out


def test_what_only_came_live_is_listed_within_the_time_of_the_export(
    folder: Path, history: HistoryService, capsys: pytest.CaptureFixture[str]
) -> None:
    (more, _) = events(["B1,d,31.01.2026,08:30:00,09:00:00\n"])
    (later, _) = events(["B2,d,31.01.2026,10:00:00,10:00:00\n"])
    has(history, *events(), more, later)
    assert reconcile(folder, history) == 1
    assert "1 only live\n  2026-01-31T07:30:00.000Z journey.arrived 31.01.2026-B1\n" in capsys.readouterr().out


def test_for_programs_everything_is_one_object(
    folder: Path, history: HistoryService, ingest: SmallIngest, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *others = events()
    has(history, {**first, "type": "sqm.journey.called"}, *others[:-1])
    assert reconcile(folder, history, "--format", "json", "--url", ingest.url, "--send") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["events"], told["live"], told["added"], told["settled"]) == (15, 30, 29, 1, False)
    assert told["missing"] == [
        {
            "time": "2026-01-31T08:00:00.000Z",
            "type": "journey.called",
            "subject": "31.01.2026-A14",
            "id": others[-1]["id"],
        }
    ]
    (differing,) = told["differing"]
    assert (differing["field"], differing["export"], differing["live"]) == (
        "type", "sqm.journey.arrived", "sqm.journey.called",
    )  # fmt: skip


def test_long_lists_are_cut_for_people(
    folder: Path, history: HistoryService, capsys: pytest.CaptureFixture[str]
) -> None:
    has(history)
    assert reconcile(folder, history) == 1
    out = capsys.readouterr().out
    assert "30 missing live" in out
    assert "  … 20 more; --format json has them all" in out


def test_an_empty_export_has_no_span(folder: Path, history: HistoryService, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "export.csv").write_text(HEADER)
    has(history)
    assert reconcile(folder, history, "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["from"], told["until"], told["added"]) == (None, None, None)


def test_rows_that_do_not_fit_are_told(
    folder: Path, history: HistoryService, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / "export.csv").open("a") as file:
        file.write("too,short\n")
    has(history, *events())
    assert reconcile(folder, history) == 0
    assert "1 rows do not fit the mapping, the first: " in capsys.readouterr().out


def test_a_file_unlike_its_mapping_is_no_export(
    folder: Path, history: HistoryService, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "export.csv").write_text("Other,Header\n1,2\n")
    assert reconcile(folder, history) == 2
    assert "the header lacks Ticket" in capsys.readouterr().err


class Pages:
    """
    History that gives what lies behind an id.
    """

    def __init__(self, ids: list[str]) -> None:
        self.ids = ids
        self.asked = 0

    def rows(self, sql: str, parameters: Any = None) -> list[dict[str, Any]]:  # noqa: ANN401 - as the door has it
        self.asked += 1
        assert "standing_events" in sql
        behind = [one for one in self.ids if one > parameters["after"]]
        return [{"id": one, "raw": one} for one in behind[: parameters["most"]]]

    def answer(self, sql: str, parameters: Any = None, form: Form = "JSON") -> bytes:  # noqa: ANN401 - as above
        raise AssertionError(sql)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
def test_history_is_read_page_by_page(count: int) -> None:
    ids = [f"e{number}" for number in range(count)]
    pages = Pages(ids)
    assert list(from_history(pages, "urn:x", 0, 1, page=2)) == ids
    assert pages.asked == count // 2 + 1
