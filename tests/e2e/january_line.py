"""
The whole line for the bank's calls: ingest over HTTP, Kafka, workers, history in the embedded ClickHouse.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec

from schemas.tables import TABLES, Column
from schemas.topics import ATTAINMENT, DEAD_LETTERS, EVENTS, MEASUREMENTS, VIOLATIONS
from services.cli.sending import HttpSender
from services.ingest.engine.mapped import MappedEvent, encode_event
from services.runtime.yamlfile import read_yaml_file
from tests.e2e.history_process import HistoryProcess, running_history
from tests.e2e.ingest_process import running_ingest
from tests.e2e.january_calls import STANDARDS, Outcomes, comparable
from tests.e2e.service_process import ServiceProcess
from tests.e2e.sla_line import Line
from tests.fakes.identities import identity_store

BATCH: Final = 500
PATIENCE_SECONDS: Final = 600.0
SIX_HOURS_MS: Final = 6 * 3_600_000
ON_EVENT_TIME: Final = {
    "SQM_SLA_CLOCK": "event",
    "SQM_SLA_LATENESS_SECONDS": str(SIX_HOURS_MS // 1_000),
    "SQM_SLA_SESSION_TIMEOUT_MS": "6000",
    # A pause of the test must not be taken for the end of the load.
    "SQM_SLA_REST_SECONDS": "86400",
}
# Which rows of a view stand for good: that a call was at risk depends on who looked when.
_STANDING: Final = {
    "measurements": "standing_measurements",
    "violations": "(SELECT * FROM standing_violations WHERE kind = 'journey')",
    "attainment": "standing_attainment",
}
_PLACES: Final = ("topic_partition", "topic_offset", "recorded_at", "revision")


class BankLine:
    """
    A running line without a worker; start those with `line.worker(…)`.
    """

    def __init__(
        self, line: Line, ingest: ServiceProcess, history: HistoryProcess, sender: HttpSender, folder: Path
    ) -> None:
        self._folder = folder
        self.line = line
        self.ingest = ingest
        self.history = history
        self._sender = sender

    async def send(self, events: Sequence[MappedEvent]) -> None:
        """
        Send events through HTTP in batches, one after the other: nothing but the test puts them out of order.
        """
        said = self._sender.answers
        before = said.accepted + said.duplicates
        for start in range(0, len(events), BATCH):
            await self._sender.send([msgspec.Raw(encode_event(one)) for one in events[start : start + BATCH]])
        assert said.refused == 0, said.refused_by_reason
        assert said.accepted + said.duplicates - before == len(events)

    async def finished(self) -> None:
        """
        Wait until the workers have decided and saved everything, and history has copied what they said.
        """
        await self.line.drained(seconds=PATIENCE_SECONDS)
        copied = [topic.name for topic in (EVENTS, MEASUREMENTS, VIOLATIONS, ATTAINMENT, DEAD_LETTERS)]
        await self.line.drained("sqm.history", copied, seconds=PATIENCE_SECONDS)

    def standing(self) -> Outcomes:
        """
        The standing outcomes as history holds them, in the form of the messages; whoever served by the name that the
        source gave.
        """
        rows: list[dict[str, Any]] = []
        sites = [row["site"] for row in self.history.ask("SELECT DISTINCT site FROM standing_attainment ORDER BY site")]
        for table in TABLES:
            if table.name in _STANDING:
                columns = [column for column in table.all_columns if column.name not in _PLACES]
                asked = ", ".join(map(_asked, columns))
                # Site by site, for an answer of a hundred megabytes helps nobody.
                question = f"SELECT {asked} FROM {_STANDING[table.name]} AS t WHERE t.site = {{site:String}}"  # noqa: S608
                for site in sites:
                    rows += [_message(row, columns) for row in self.history.ask(question, site=site)]
        assert len({row["id"] for row in rows}) == len(rows), "history holds an id twice"
        with closing(identity_store(self._folder)) as identities:
            for row in rows:
                if "employee" in row:
                    served = identities.who(row["employee"])
                    assert served, f"history holds {row['employee']}, who is no pseudonym"
                    row["employee"] = served.name
        return comparable(rows)

    def attainment(self) -> dict[str, tuple[int, int]]:
        """
        Good and total of each standard over everything.
        """
        sums = "SELECT standard, sum(good) AS good, sum(total) AS total FROM standing_attainment GROUP BY standard"
        return {row["standard"]: (int(row["good"]), int(row["total"])) for row in self.history.ask(sums)}

    async def dead_letters(self) -> Counter[str]:
        """
        How many events were refused, by stage and reason.
        """
        letters = [dict(record.headers) for record in await self.line.records(DEAD_LETTERS.name)]
        return Counter(f"{letter['sqm-stage'].decode()}: {letter['sqm-reason'].decode()}" for letter in letters)


def _asked(column: Column) -> str:
    if "DateTime64" in column.type:
        return f"toUnixTimestamp64Milli(t.{column.name}) AS {column.name}_"
    return f"t.{column.name} AS {column.name}_"


def _message(row: dict[str, Any], columns: Sequence[Column]) -> dict[str, Any]:
    message: dict[str, Any] = {}
    for column in columns:
        value = row[f"{column.name}_"]
        if value is None:
            continue
        if column.name in {"trail", "segments", "faults"}:
            value = json.loads(value)
        elif "Int" in column.type or "DateTime64" in column.type:
            value = int(value)
        message[column.name] = value
    return message


@asynccontextmanager
async def bank_line(kafka: str, prefix: str, folder: Path) -> AsyncIterator[BankLine]:
    """
    Everything but workers, with the bank's standards published.
    """
    async with Line(kafka, prefix, folder) as line, httpx.AsyncClient() as client:
        for document in read_yaml_file(STANDARDS):
            assert isinstance(document.value, dict)
            await line.publish(document.value)
        shared = {"SQM_KAFKA__TOPIC_PREFIX": prefix}
        open_to_all = {
            "SQM_KAFKA__BOOTSTRAP_SERVERS": kafka,
            "SQM_INGEST_DEVELOPMENT_OPEN": "true",
            "SQM_IDENTITIES_FILE": str(folder / "identities.db"),
        }
        patient = {"SQM_HISTORY_QUERY_ROWS": "1000000", "SQM_HISTORY_QUERY_SECONDS": "60"}
        with (
            running_ingest(folder, {**shared, **open_to_all}) as ingest,
            running_history(folder, kafka, {**shared, **patient}) as history,
        ):
            yield BankLine(line, ingest, history, HttpSender(client, ingest.url, None), folder)


def differences(found: Outcomes, expected: Outcomes) -> list[object]:
    """
    The first few ways in which they differ; empty where they are the same, id for id.
    """
    told: list[object] = [("missing", ident) for ident in sorted(expected.keys() - found.keys())[:3]]
    told += [("too much", found[ident]) for ident in sorted(found.keys() - expected.keys())[:3]]
    for ident, wanted in expected.items():
        held = found.get(ident, wanted)
        if held != wanted:
            told += [(ident, key, held.get(key), value) for key, value in wanted.items() if held.get(key) != value]
            told += [(ident, key, held[key], None) for key in held.keys() - wanted.keys()]
        if len(told) > 10:
            break
    return told
