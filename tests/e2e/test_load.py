"""
`sqm load` through a real ingest and a real Kafka: every event arrives once by its id, whatever is done twice.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.runtime.kafka import Connection, LogReader, Record
from tests.e2e.ingest_process import running_ingest
from tests.e2e.service_process import ServiceProcess
from tests.fakes.identities import identity_store, opened_letter
from tests.fakes.mappings import HEADER, TICKETS
from tests.fakes.waiting import wait_until
from tests.project import PROJECT, measured

ROWS = 700
BAD_LINE = 302


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    good = [f"T{n},d{n % 7},31.01.2026,08:{n % 60:02d}:00,09:00:00\n" for n in range(ROWS)]
    text = HEADER + "".join([*good[:300], "too,short\n", *good[300:]])
    (tmp_path / "rows.csv").write_text(text, encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text(TICKETS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def prefix(request: pytest.FixtureRequest) -> str:
    return f"load-{abs(hash(request.node.name)) % 10**8}."


@pytest.fixture
def ingest(kafka: str, prefix: str, tmp_path: Path) -> Iterator[ServiceProcess]:
    environment = {
        "SQM_KAFKA__BOOTSTRAP_SERVERS": kafka,
        "SQM_KAFKA__TOPIC_PREFIX": prefix,
        "SQM_INGEST_DEVELOPMENT_OPEN": "true",
        "SQM_IDENTITIES_FILE": str(tmp_path / "identities.db"),
    }
    with running_ingest(tmp_path, environment) as process:
        yield process


def load(folder: Path, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "services.cli", "load", "--mapping", f"{folder}/mapping.yaml", *more]
    return subprocess.run(
        [*command, f"{folder}/rows.csv"],
        cwd=PROJECT,
        env={"PATH": "/usr/bin:/bin", **measured(), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def records_of(kafka: str, prefix: str, topic: str) -> list[Record]:
    async def read() -> list[Record]:
        connection = Connection(kafka, client_id="test", prefix=prefix)
        reader = LogReader(connection)
        await reader.start()
        try:
            name = connection.name(topic)
            partitions = await reader.partitions_of(name)
            return list(await reader.read_to(name, await reader.end_offsets(name, partitions)))
        finally:
            await reader.stop()

    return asyncio.run(read())


def events_of(kafka: str, prefix: str) -> list[dict[str, Any]]:
    return [json.loads(record.value or b"") for record in records_of(kafka, prefix, "sqm.events.v1")]


def test_every_event_of_a_file_arrives_through_ingest(
    folder: Path, kafka: str, prefix: str, ingest: ServiceProcess
) -> None:
    done = load(folder, "--url", ingest.url, "--rejected", f"{folder}/rejected.ndjson")
    assert done.returncode == 0, done.stderr
    assert "701 rows, 1,400 events" in done.stdout
    assert "1,400 accepted, 0 twice in a request, 0 refused" in done.stdout
    assert f"rows.csv:{BAD_LINE}: 2 fields instead of 5" in done.stdout
    events = events_of(kafka, prefix)
    assert len(events) == len({event["id"] for event in events}) == 1_400
    (rejected,) = map(json.loads, (folder / "rejected.ndjson").read_text().splitlines())
    assert (rejected["line"], rejected["raw"], rejected["reason"]) == (BAD_LINE, "too,short\n", "wrong_field_count")


def test_loading_a_file_twice_brings_no_new_id(folder: Path, kafka: str, prefix: str, ingest: ServiceProcess) -> None:
    for order in ("--in-time-order", "--strict"):
        load(folder, "--url", ingest.url, order)
    assert len({event["id"] for event in events_of(kafka, prefix)}) == 1_400


def test_strictly_a_row_that_does_not_fit_is_a_failure(folder: Path, ingest: ServiceProcess) -> None:
    assert load(folder, "--url", ingest.url, "--strict").returncode == 1


def test_straight_to_kafka_rejected_rows_become_dead_letters(
    folder: Path, kafka: str, prefix: str, ingest: ServiceProcess
) -> None:
    done = load(folder, "--kafka", SQM_KAFKA__BOOTSTRAP_SERVERS=kafka, SQM_KAFKA__TOPIC_PREFIX=prefix)
    assert done.returncode == 0, done.stderr
    wait_until(lambda: len(events_of(kafka, prefix)) >= 1_400, "ingest to pass the events on")
    assert len({event["id"] for event in events_of(kafka, prefix)}) == 1_400
    wait_until(lambda: len(records_of(kafka, prefix, "sqm.events.dead.v1")) == 1, "ingest to seal the letter")
    (record,) = records_of(kafka, prefix, "sqm.events.dead.v1")
    letter = opened_letter(identity_store(folder), record.key, record.value, record.headers)
    assert (letter.value, letter.stage, letter.reason, letter.line) == (
        b"too,short\n", "mapping", "wrong_field_count", BAD_LINE,
    )  # fmt: skip
    assert letter.file.endswith("rows.csv")
