"""
History written to files and taken back: all of it, a part of it, twice, and not at all.
"""

import fcntl
import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from schemas.topics import (
    ALERT_COMMANDS,
    ATTAINMENT,
    DEAD_LETTERS,
    DELIVERIES,
    EVENTS,
    MEASUREMENTS,
    STANDARDS,
    VIOLATIONS,
)
from services.cli import main
from services.history.engine import ARCHIVED, copy_of, cuts_sql, parts_of
from services.history.shell.storing import store
from services.runtime.clickhouse import ClickHouseSettings, Database, open_database
from tests.fakes.deployed_clickhouse import asked_as
from tests.fakes.topic_records import NOON, TopicRecord, as_json, attainment, event, measurement, violation
from tests.project import PROJECT

ROWS = 25
SITE = "it's \\ here"


@pytest.fixture
def told(database: Database, place: str, settings: ClickHouseSettings, monkeypatch: pytest.MonkeyPatch) -> Database:
    """
    A database with rows of every shape, copies and corrections among them; commands find it.
    """
    monkeypatch.setenv("SQM_CLICKHOUSE__FOLDER", str(settings.folder))
    monkeypatch.setenv("SQM_HISTORY_HTTP_PORT", "9")
    document = {"kind": "Standard", "metadata": {"id": "wait", "version": 1}}
    published = {"document": document, "published_at": NOON, "published_by": "quality"}
    command = {"id": "c1", "at": NOON, "by": "anna", "action": "comment", "alert": "k", "note": "it's \\ a\ttab"}
    delivery = {"notification": "n", "at": NOON, "receiver": "mail", "outcome": "failed", "attempts": 1, "took_ms": 5}
    told: dict[str, list[object]] = {
        EVENTS.name: [event(at, revision=at % 3) for at in range(ROWS)],
        MEASUREMENTS.name: [measurement(at, site=SITE) for at in range(ROWS)]
        + [measurement(1, site=SITE, rev_offset=4, value_ms=9)],
        VIOLATIONS.name: [violation(1), violation(1, rev_offset=4, state="retracted")],
        ATTAINMENT.name: [attainment(minute=NOON + at * 60_000, answered=at) for at in range(ROWS)],
        STANDARDS.name: [published],
        ALERT_COMMANDS.name: [command],
        DELIVERIES.name: [delivery],
    }
    for topic, messages in told.items():
        for _ in range(2):
            records = [TopicRecord(at, as_json(message)) for at, message in enumerate(messages)]
            assert store(database, copy_of(topic), records) == []
    odd = TopicRecord(1, b"\xff\xfe\x00", key=None, headers=(("own", b"\xff\x00"),))
    assert store(database, copy_of(DEAD_LETTERS.name), [odd]) == []
    return database


_VIEWS = ("standing_events", "standing_measurements", "corrections", "standing_attainment_hours")


def content(database: Database) -> dict[str, list[dict[str, Any]]]:
    """
    What stands in each table, and what is made of it.
    """
    held = {}
    for table in ARCHIVED.values():
        names = ", ".join(
            f"hex({one.name}) AS {one.name}"
            if "String" in one.type and "Array" not in one.type
            else f"toString({one.name}) AS {one.name}"
            for one in table.columns
            if one.name != "headers"
        )
        held[table.name] = database.rows(f"SELECT {names} FROM {table.name} FINAL ORDER BY ALL")  # noqa: S608  (of constants)
    for view in _VIEWS:
        held[view] = database.rows(f"SELECT * FROM {view} ORDER BY ALL")  # noqa: S608  (as above)
    return held


def test_what_was_written_to_files_is_taken_back_as_it_was_and_once(
    told: Database, settings: ClickHouseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "backup"
    assert main(["history", "export", str(archive)]) == 0
    assert not (tmp_path / "backup.partial").exists()
    manifest = json.loads((archive / "manifest.json").read_text())
    rows = {one["table"]: one["rows"] for one in manifest["pieces"]}
    assert (rows["events"], rows["measurements"], rows["violations"], rows["attainment"]) == (ROWS, ROWS, 1, ROWS)
    assert rows["measurement_revisions"] == ROWS + 1

    monkeypatch.setenv("SQM_CLICKHOUSE__DATABASE", f"{settings.database}_back")
    back = open_database(settings.model_copy(update={"database": f"{settings.database}_back"}))
    try:
        for _ in range(2):
            assert main(["history", "import", str(archive)]) == 0
            assert content(back) == content(told)
    finally:
        back.command(f"DROP DATABASE {back.name}")
        back.close()
    before = content(told)
    monkeypatch.setenv("SQM_CLICKHOUSE__DATABASE", settings.database)
    assert main(["history", "import", str(archive), "--table", "events,attainment"]) == 0
    assert content(told) == before


def test_what_the_writer_of_the_stack_backs_up_on_the_server_it_restores(told: Database, tmp_path: Path) -> None:
    archive = tmp_path / "history"
    assert main(["history", "export", str(archive)]) == 0
    # By a process of its own: the engine of this one has another folder open.
    settings = {"SQM_CLICKHOUSE__FOLDER": str(tmp_path / "db"), "SQM_CLICKHOUSE__DATABASE": "sqm"}
    command = [sys.executable, "-m", "services.cli", "history", "import", str(archive)]
    subprocess.run(command, cwd=PROJECT, env={**os.environ, **settings}, check=True, capture_output=True)
    looks = [
        f"SELECT * FROM sqm.{name} ORDER BY ALL FORMAT JSONEachRow"  # noqa: S608  (of constants)
        for name in (*ARCHIVED, *_VIEWS)
    ]
    saved = "File('sqm-2026-11-26')"
    through = [f"BACKUP DATABASE sqm TO {saved}", "DROP DATABASE sqm SYNC", f"RESTORE DATABASE sqm FROM {saved}"]
    answers = asked_as("sqm_writer", tmp_path, ["USE sqm", *looks, *through, *looks])[1:]
    before, (saving, dropping, restoring), after = (
        answers[: len(looks)],
        answers[len(looks) : -len(looks)],
        answers[-len(looks) :],
    )
    assert ("BACKUP_CREATED" in saving, dropping, "RESTORED" in restoring) == (True, "", True)
    assert len(before[0].splitlines()) == ROWS
    assert after == before


def test_parts_hold_each_row_once_however_they_are_cut(told: Database) -> None:
    for name in ("measurements", "attainment", "measurement_revisions", "events", "deliveries"):
        table = ARCHIVED[name]
        for rows in (1, 7, 1_000):
            parts = parts_of(table, None, None, told.rows(*cuts_sql(table, None, None, rows)))
            counts = [told.rows(part.count_sql, part.parameters)[0]["n"] for part in parts]
            assert [{"n": sum(counts)}] == told.rows(f"SELECT count() AS n FROM {name} FINAL")  # noqa: S608  (as above)
            assert max(counts) <= rows


def test_a_period_and_tables_can_be_chosen(told: Database, tmp_path: Path) -> None:
    archive = tmp_path / "some"
    span = ["--from", "2026-09-21T14:15:00Z", "--until", "2026-09-21T14:20:00Z"]
    assert main(["history", "export", str(archive), "--table", "attainment,events", *span]) == 0
    pieces = {one["table"]: one["rows"] for one in json.loads((archive / "manifest.json").read_text())["pieces"]}
    assert pieces == {"attainment": 5, "events": 0}


def test_what_is_no_whole_archive_is_refused_before_a_row_is_taken(
    told: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "a"
    assert main(["history", "export", str(archive), "--table", "events"]) == 0
    assert main(["history", "export", str(archive)]) == 2
    assert "nothing is overwritten" in capsys.readouterr().err
    manifest = json.loads((archive / "manifest.json").read_text())
    told.command("TRUNCATE TABLE events")
    for changes, said in (
        ({"schema_edition": 999}, "run `sqm history migrate` of that version"),
        ({"tables": {"events": ["id String", "shoe_size UInt8"]}}, "has a column 'shoe_size UInt8'"),
        ({"tables": {"evens": []}}, "it has a table evens"),
        ({"kind": "other"}, "kind: Input should be 'sqm-history'"),
    ):
        (archive / "manifest.json").write_text(json.dumps({**manifest, **changes}))
        assert main(["history", "import", str(archive)]) == 1
        assert said in capsys.readouterr().err
    (archive / "manifest.json").write_text(json.dumps(manifest))
    file = archive / manifest["pieces"][0]["file"]
    whole = file.read_bytes()
    stray = archive / "events.00009.parquet"
    stray.write_bytes(whole)
    assert main(["history", "import", str(archive)]) == 1
    assert f"{stray}: {archive / 'manifest.json'} does not list it" in capsys.readouterr().err
    stray.unlink()
    odd = told.answer("SELECT 1 AS id, * EXCEPT id FROM events", form="Parquet")
    for made, said in ((odd, "column 'id' is UInt8 and should be String"), (b"PAR1", "cannot be read as Parquet")):
        file.write_bytes(made)
        pieces = [{**manifest["pieces"][0], "sha256": sha256(made).hexdigest()}]
        (archive / "manifest.json").write_text(json.dumps({**manifest, "pieces": pieces}))
        assert main(["history", "import", str(archive)]) == 1
        assert f"{file}: {said}" in capsys.readouterr().err
    (archive / "manifest.json").write_text(json.dumps(manifest))
    file.write_bytes(whole[:-1])
    assert main(["history", "import", str(archive)]) == 1
    assert "is not what the manifest says was written" in capsys.readouterr().err
    file.unlink()
    assert main(["history", "import", str(archive)]) == 1
    assert "No such file" in capsys.readouterr().err
    assert main(["history", "import", str(tmp_path / "b")]) == 1
    assert "name a folder that `sqm history export` made" in capsys.readouterr().err
    assert told.rows("SELECT count() AS n FROM events") == [{"n": 0}]


def test_of_two_exports_into_one_folder_the_later_is_refused_and_what_was_cut_off_is_no_obstacle(
    told: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    partial = tmp_path / "a.partial"
    partial.mkdir()
    (partial / "events.00007.parquet").write_text("cut off")
    held = os.open(partial, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    assert main(["history", "export", str(tmp_path / "a"), "--table", "events"]) == 2
    assert f"{partial}: another export writes it" in capsys.readouterr().err
    os.close(held)
    assert main(["history", "export", str(tmp_path / "a"), "--table", "events"]) == 0
    assert {one.name for one in (tmp_path / "a").iterdir()} == {"manifest.json", "events.00000.parquet"}


def test_a_folder_that_cannot_be_written_is_told(
    told: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["history", "export", str(tmp_path / "file" / "a")]) == 2
    assert "Not a directory" in capsys.readouterr().err
