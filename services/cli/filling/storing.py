"""
Carries what waits in a log into the tables, in batches as large as the history service's own.
"""

from collections import Counter
from typing import Final

from services.cli.filling.topics import Log, Written
from services.history.engine import COPIES
from services.history.shell.storing import store
from services.runtime.clickhouse import Database
from services.runtime.errors import Rejected

__all__ = ["Storing"]

_ROWS: Final = 100_000
"""Records of one insert: as many as history takes at once by default."""


class Storing:
    """
    Stores by topic as soon as a batch is full; `finish` stores the rest.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[str, list[Written]] = {copy.table.topic: [] for copy in COPIES}
        self.rows: Counter[str] = Counter()
        """How many records were stored, by table."""

    def take(self, log: Log) -> None:
        """
        Take what was written; store what makes a batch.
        """
        for topic, records in log.take().items():
            self._waiting[topic] += records
        self._store(_ROWS)

    def finish(self) -> None:
        """
        Store all that is left.
        """
        self._store(1)

    def _store(self, least: int) -> None:
        for copy in COPIES:
            records = self._waiting[copy.table.topic]
            while len(records) >= least:
                batch, records = records[:_ROWS], records[_ROWS:]
                self._waiting[copy.table.topic] = records
                refused = store(self._database, copy, batch)
                if refused:
                    raise Rejected(
                        refused[0].why, f"{copy.table.name} does not take {len(refused)} records: {refused[0].detail}"
                    )
                self.rows[copy.table.name] += len(batch)
