"""
`sqm reconcile --connector` compares the payloads of webhooks, as ingest would map them, with what arrived live.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from services.cli import main
from services.ingest.engine.connector import Delivered, MappedPayload
from services.ingest.engine.mapped import cloud_event
from tests.fakes.connectors import shipped
from tests.fakes.history_service import HistoryService
from tests.fakes.identities import identities_file, identity_store
from tests.fakes.small_ingest import SmallIngest


def payload(number: int, what: str, minute: int, **more: object) -> dict[str, Any]:
    at = f"2026-03-02T09:{minute:02d}:00Z"
    return {"id": number, "what": what, "journey": "T-1", "at": at, "site": "riga-1", **more}


DAY = [payload(1, "arrived", 0), payload(2, "called", 3, version=1, employee="Jane"), payload(3, "completed", 9)]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SQM_INGEST_CONNECTORS", raising=False)
    monkeypatch.setenv("SQM_IDENTITIES_FILE", identities_file(tmp_path))


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return wrote(tmp_path, *DAY)


def wrote(folder: Path, *payloads: dict[str, Any]) -> Path:
    file = folder / "day.jsonl"
    file.write_text("\n".join(map(json.dumps, payloads)))
    return file


def events(*payloads: dict[str, Any]) -> list[dict[str, Any]]:
    """
    What ingest makes of payloads that the source riga posts.
    """
    delivered = [Delivered(json.dumps(one).encode(), {}, "riga", 0) for one in payloads]
    outcomes = [outcome for one in delivered for outcome in shipped("generic-json").outcomes(one)]
    return [cloud_event(event) for one in outcomes if isinstance(one, MappedPayload) for event in one.events]


def has(history: HistoryService, *payloads: dict[str, Any]) -> None:
    history.answers(*({"id": one["id"], "raw": json.dumps(one)} for one in events(*payloads)))


def reconcile(export: Path, history: HistoryService, *more: str) -> int:
    words = ("--connector", "generic-json", "--source", "riga", "--history", history.url)
    return main(["reconcile", *words, *more, str(export)])


def test_where_every_payload_arrived_nothing_is_to_be_done(
    export: Path, history: HistoryService, capsys: pytest.CaptureFixture[str]
) -> None:
    has(history, *DAY)
    assert reconcile(export, history) == 0
    assert "export: 3 rows, 3 events" in capsys.readouterr().out
    assert history.questions[0][1]["param_source"] == "/webhooks/generic-json/riga"


def test_what_was_lost_is_sent_as_ingest_would_have_made_it(
    tmp_path: Path, export: Path, history: HistoryService, ingest: SmallIngest, capsys: pytest.CaptureFixture[str]
) -> None:
    has(history, DAY[0], DAY[2])
    assert reconcile(export, history, "--send", "--url", ingest.url) == 0
    [sent] = ingest.events.values()
    [lost] = events(DAY[1])
    jane = sent["data"]["employee"]
    assert sent == lost | {"data": lost["data"] | {"employee": jane}}
    who = identity_store(tmp_path).who(jane)
    assert who == ("employee", "generic-json", "Jane")
    assert "Jane" not in capsys.readouterr().out


def test_what_the_export_has_newer_is_listed_and_sent(
    tmp_path: Path, history: HistoryService, ingest: SmallIngest, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = payload(2, "called", 4, version=2)
    export = wrote(tmp_path, *DAY, newer)
    has(history, *DAY)
    assert reconcile(export, history) == 1
    out = capsys.readouterr().out
    assert "0 missing live\n1 newer than live\n  2026-03-02T09:04:00.000Z journey.called T-1\n0 fields differ\n" in out
    assert "nothing was sent; --send adds what is missing or newer" in out
    assert reconcile(export, history, "--send", "--url", ingest.url, "--format", "json") == 0
    assert list(ingest.events.values()) == events(newer)
    assert [one["time"] for one in json.loads(capsys.readouterr().out)["newer"]] == ["2026-03-02T09:04:00.000Z"]


def test_payloads_that_do_not_fit_are_told_by_their_line_without_what_they_say(
    tmp_path: Path, history: HistoryService, capsys: pytest.CaptureFixture[str]
) -> None:
    export = wrote(tmp_path, *DAY, payload(4, "arrived", 5) | {"at": "Jane"})
    export.write_text(f"{export.read_text()}\n[")
    has(history, *DAY)
    assert reconcile(export, history) == 0
    out = capsys.readouterr().out
    assert f"2 rows do not fit the mapping, the first: {export}:4: at: " in out
    assert "generic-json.yaml:" in out
    assert "Jane" not in out


def test_an_event_that_has_only_the_time_of_its_coming_is_left_out(
    tmp_path: Path, history: HistoryService, ingest: SmallIngest, capsys: pytest.CaptureFixture[str]
) -> None:
    ticket = {"id": "7", "line": 1, "status": "NOSHOW", "created": {"date": "2026-03-02T09:00:00Z"}}
    passed = {"type": "line_created", "data": {"id": 1}}
    export = wrote(tmp_path, {"type": "ticket_changed", "data": ticket}, passed)
    history.answers()
    words = ("--connector", "qminder", "--source", "riga", "--history", history.url, "--url", ingest.url)
    assert main(["reconcile", *words, "--send", str(export)]) == 0
    assert [event["type"] for event in ingest.events.values()] == ["sqm.journey.arrived"]
    assert "sqm.journey.abandoned has the time at which the payload came" in capsys.readouterr().out


def test_headers_that_a_connector_reads_are_given_for_all(
    tmp_path: Path, history: HistoryService, capsys: pytest.CaptureFixture[str]
) -> None:
    order = next(one for one in shipped("shopify").document.examples if one.headers)
    assert isinstance(order.body, dict)
    export = wrote(tmp_path, order.body)
    history.answers()
    words = ("--connector", "shopify", "--source", "riga", "--history", history.url)
    given = [word for name, value in order.headers.items() for word in ("--header", f"{name}: {value}")]
    assert main(["reconcile", *words, *given, str(export)]) == 1
    assert "do not fit" not in capsys.readouterr().out


def test_without_the_store_of_ingest_nobody_gets_a_pseudonym(
    export: Path, history: HistoryService, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SQM_IDENTITIES_FILE", "nowhere/identities.db")
    assert reconcile(export, history, "--send") == 2
    assert "the connector generic-json names customers or employees" in capsys.readouterr().err
    assert history.questions == []


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--connector", "square"),
        ("--source", "riga"),
        ("--connector", "square", "--source", "riga", "--mapping", "m.yaml"),
        ("--connector", "square", "--source", "riga", "--option", "a=b"),
        ("--mapping", "m.yaml", "--source", "riga"),
        ("--mapping", "m.yaml", "--header", "a: b"),
    ],
)
def test_files_are_read_by_a_mapping_or_by_a_connector(
    words: tuple[str, ...], export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reconcile", *words, str(export)]) == 2
    assert "either --mapping FILE, or --connector NAME with --source NAME" in capsys.readouterr().err
