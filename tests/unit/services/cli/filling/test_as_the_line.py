"""
What a season stores is what the live line would have stored: the same events through the shells of the services, with
the broker and the store of saved state as fakes, into a database of their own.
"""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from schemas.standards import Published
from schemas.tables import TABLES
from schemas.topics import ATTAINMENT, EVENTS, MEASUREMENTS, VIOLATIONS
from services.cli.filling import fill, season_papers
from services.cli.season import SITES, Season, SeasonTruth, Told
from services.history.engine import copy_of
from services.history.shell.storing import store
from services.ingest.engine.normalise import Accepted, Policy, normalise
from services.ingest.shell.publishing import event_record
from services.runtime.clickhouse import Database
from services.runtime.kafka import Lease
from services.runtime.stopping import StopRule
from services.sla.engine import Book, Partition
from services.sla.engine import Policy as EnginePolicy
from services.sla.shell.checkpoints import Checkpoints
from services.sla.shell.envelope import Kind
from services.sla.shell.folding import Folding
from services.sla.shell.outputs import Outputs
from services.sla.shell.partitions import Owned
from services.sla.shell.refusals import Refusals
from tests.fakes.clock import ManualClock
from tests.fakes.databases import FOR_EVER, opened, settings_for
from tests.fakes.records import FakeRecord
from tests.fakes.sending import FakeProducer, FakeStore

SHORT = Season(seed=7, until=date(2026, 11, 21), days=1, sites=(SITES[0], SITES[3], SITES[9]))
FETCH = 300
OUTCOMES = {Kind.MEASUREMENT: MEASUREMENTS.name, Kind.VIOLATION: VIOLATIONS.name, Kind.ATTAINMENT: ATTAINMENT.name}
# Where a row lay, and how often it had been said before.
PLACES = ("topic_partition", "topic_offset", "recorded_at", "rev_offset", "rev_watermark", "revision", "precedence")
# Objectives are judged by the second stage, which reads what other workers wrote, and has tests of its own.
ALIKE = {"events": "1", "measurements": "1", "attainment": "1", "violations": "kind NOT IN ('objective', 'burn')"}


class LineOfFakes:
    """
    Ingest, one worker and history, each by its shell; no broker in between.
    """

    def __init__(self, database: Database, season: Season) -> None:
        self._database = database
        self._clock = ManualClock(season.begins_at)
        self._producer = FakeProducer([])
        documents = season_papers().documents
        self._book = Book.of(Published(document=one, published_at=0, published_by="t") for one in documents)
        outputs = Outputs(self._producer, OUTCOMES, Refusals(topic="dead", group="g", clock=self._clock))
        rule = StopRule(in_a_row=10)
        self._folding = Folding(outputs, book=lambda: self._book, rule=rule, clock=self._clock)
        self._checkpoints = Checkpoints(
            FakeStore([]), outputs, book=lambda: self._book, clock=self._clock, saved=lambda _: None
        )
        self._owned = Owned(0, 1, Partition(EnginePolicy()))
        self._owned.install(Lease(0, 7, {}), 0, outputs.pending)
        self._events: list[FakeRecord] = []

    async def run(self, played: Sequence[Told], until: int) -> None:
        """
        Bring the events in at the instants of their receipt, a fetch at a time, and let time pass.
        """
        for told in played:
            accepted = normalise(json.dumps(told.event).encode(), told.at, Policy())
            if isinstance(accepted, Accepted):
                one = event_record(EVENTS.name, accepted)
                self._events.append(
                    FakeRecord(len(self._events), one.value, one.key, told.at, list(one.headers), EVENTS.name)
                )
        for start in range(0, len(self._events), FETCH):
            self._folding.records(self._owned, self._events[start : start + FETCH])
            await self._checkpoints.save(self._owned)
        self._folding.time(self._owned, until)
        await self._checkpoints.save(self._owned)

    def store(self) -> None:
        """
        Copy the topics, as history does.
        """
        assert store(self._database, copy_of(EVENTS.name), self._events) == []
        for topic in OUTCOMES.values():
            records = [
                FakeRecord(offset, value, b"", 0, [], topic) for offset, value in enumerate(self._producer.on(topic))
            ]
            assert store(self._database, copy_of(topic), records) == []


def standing(database: Database, table: str, which: str) -> list[dict[str, Any]]:
    """
    The rows that stand, in the order of what they say.
    """
    columns = [one.name for held in TABLES if held.name == table for one in held.all_columns if one.name not in PLACES]
    names = ", ".join(columns)
    return database.rows(f"SELECT {names} FROM {table} FINAL WHERE {which} ORDER BY {names}")  # noqa: S608  (names of our tables)


async def test_rows_are_what_the_live_line_would_have_stored(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.getbasetemp()
    truth = SeasonTruth(SHORT.planted, SHORT.begins)
    for filled in opened(settings_for("folder", base), keep_days=FOR_EVER):
        fill(filled, SHORT, season_papers(), truth, lambda _days, _events: None)
        for lived in opened(settings_for("folder", base), keep_days=FOR_EVER):
            line = LineOfFakes(lived, SHORT)
            await line.run([told for _, day in SHORT.played(truth) for told in day], SHORT.ends_at)
            line.store()
            for table, which in ALIKE.items():
                rows = standing(filled, table, which)
                assert len(rows) > 100
                assert rows == standing(lived, table, which), table
