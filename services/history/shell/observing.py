"""
Tells Prometheus how far history is, in the names of `schemas.metrics`, and whoever collects traces of its inserts.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

from schemas import metrics as catalogue
from schemas.tables import TABLES, Table
from services.history.engine import Misfit
from services.runtime.clock import Clock
from services.runtime.kafka import Record
from services.runtime.metrics import Label, Metrics, UpTo
from services.runtime.tracing import UNTRACED, Facts, Tell, Tracing, contexts_of

__all__ = ["DISKS", "Observing"]

DISKS: Final = "SELECT name, toFloat64(free_space) AS free, toFloat64(total_space) AS size FROM system.disks"
"""What `Observing.disks` wants to know, asked of the database."""

_TABLE: Final[dict[str, Label]] = {"table": UpTo(len(TABLES))}
_DISKS: Final = 20
_TOPIC: Final[dict[str, Label]] = {"topic": UpTo(len(TABLES))}


class Observing:
    """
    Counts what the sink reports.
    """

    def __init__(self, metrics: Metrics, clock: Clock, tracing: Tracing = UNTRACED) -> None:
        self._metrics = metrics
        self._tracing = tracing
        self._clock = clock
        self._rows = metrics.counter(catalogue.HISTORY_ROWS.short, catalogue.HISTORY_ROWS.help, _TABLE)
        self._failures = metrics.counter(catalogue.HISTORY_FAILURES.short, catalogue.HISTORY_FAILURES.help, _TABLE)
        seconds = catalogue.HISTORY_INSERT_SECONDS
        self._seconds = metrics.histogram(seconds.short, seconds.help, seconds.buckets, _TABLE)
        self._lag = metrics.gauge(catalogue.HISTORY_LAG_RECORDS.short, catalogue.HISTORY_LAG_RECORDS.help, _TOPIC)
        self._age = metrics.gauge(catalogue.HISTORY_LAG_SECONDS.short, catalogue.HISTORY_LAG_SECONDS.help, _TOPIC)
        dead = catalogue.HISTORY_DEAD_LETTERS
        self._dead = metrics.counter(dead.short, dead.help, {"reason": Misfit})
        free, size, disk = catalogue.HISTORY_STORAGE_FREE, catalogue.HISTORY_STORAGE_SIZE, {"disk": UpTo(_DISKS)}
        self._free = metrics.gauge(free.short, free.help, disk)
        self._size = metrics.gauge(size.short, size.help, disk)
        self._last: dict[str, int] = {}
        for table in TABLES:
            for family in (self._rows, self._failures):
                family.labelled(table=table.name)
            self._seconds.labelled(table=table.name)
            self._lag.labelled(topic=table.topic).set(0)
            self._age.labelled(topic=table.topic).set(0)

    def stored(self, table: Table, last_timestamp_ms: int, rows: int) -> None:
        """
        So many rows are on disk; the last of them was recorded then.
        """
        self._rows.labelled(table=table.name).inc(rows)
        self._last[table.topic] = max(last_timestamp_ms, self._last.get(table.topic, 0))

    def inserting(self, table: Table, records: Sequence[Record]) -> AbstractContextManager[Tell]:
        """
        The records are put on disk, tried again where need be, for as long as this lasts.
        """
        facts: Facts = {
            "db.system.name": "clickhouse",
            "db.operation.name": "INSERT",
            "db.collection.name": table.name,
            "db.operation.batch.size": len(records),
        }
        return self._tracing.batch(f"INSERT {table.name}", contexts_of(records), facts)

    def took(self, table: Table, milliseconds: int) -> None:
        self._seconds.labelled(table=table.name).observe(milliseconds / 1_000)

    def failed(self, table: Table) -> None:
        self._failures.labelled(table=table.name).inc()

    def refused(self, why: Misfit) -> None:
        self._dead.labelled(reason=why).inc()

    def lags(self, records_by_topic: Mapping[str, int]) -> None:
        """
        So many records of each topic (logical name) are still to come.
        """
        now = self._clock.now_ms()
        for topic, records in records_by_topic.items():
            self._lag.labelled(topic=topic).set(records)
            behind_ms = now - self._last.get(topic, now) if records else 0
            self._age.labelled(topic=topic).set(max(0, behind_ms) / 1_000)

    def disks(self, found: Iterable[Mapping[str, Any]]) -> None:
        """
        So large are the database's disks, and so much of each is free.
        """
        for one in found:
            self._free.labelled(disk=one["name"]).set(one["free"])
            self._size.labelled(disk=one["name"]).set(one["size"])

    def exposition(self) -> tuple[bytes, str]:
        return self._metrics.exposition()
