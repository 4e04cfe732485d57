"""
A day of which a tenth never arrived is whole again after a reconciliation with its export, on every way to reach a
database.
"""

import json
from pathlib import Path
from random import Random

import pytest

from services.cli import main
from services.history.engine import copy_of
from services.history.shell.storing import store
from services.ingest.engine.mapped import encode_event
from services.runtime.clickhouse import Database
from tests.fakes.queue_log import asterisk_day
from tests.fakes.queue_log_judged import attainment_of, events_of
from tests.fakes.small_ingest import SmallIngest
from tests.fakes.topic_records import TopicRecord


def test_attainment_equals_the_truth_again_after_a_tenth_was_lost(
    database: Database, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day, draw = asterisk_day(7), Random(7)
    (tmp_path / "queue_log").write_text("".join(day.lines))
    live = [encode_event(event) for event in events_of(line for line in day.lines if draw.random() >= 0.1)]
    assert attainment_of(live) != day.truth(20)
    assert store(database, copy_of("sqm.events.v1"), [TopicRecord(at, raw) for at, raw in enumerate(live)]) == []
    words = ("--mapping", "deploy/mappings/asterisk-queue-log.yaml", "--history", place, "--format", "json")
    with SmallIngest() as ingest:
        status = main(["reconcile", *words, "--send", "--url", ingest.url, f"{tmp_path}/queue_log"])
        told = json.loads(capsys.readouterr().out)
        assert (status, told["differing"], told["only_live"]) == (0, [], [])
        added = [json.dumps(event).encode() for event in ingest.events.values()]
    assert (told["live"], told["added"]) == (len(live), len(added))
    assert attainment_of([*live, *added]) == day.truth(20)
