"""
History: from Kafka into the embedded ClickHouse, from the first assignment to the commit of the last record.
"""

from collections.abc import Iterator
from typing import Final

from benchmarks.line import Line, now_ms, running_broker
from benchmarks.measuring import Figure, progress
from benchmarks.processes import FailedError
from benchmarks.workload import span_ms, stream

TITLE: Final = "history: Kafka into the embedded ClickHouse"
_EVENTS: Final = 500_000
_STANDARDS: Final = 1
_BARE: Final = "bare aiokafka and decoding"


def run(scale: float) -> Iterator[Figure]:
    """Fill the topic of events, then let history copy it."""
    count = int(_EVENTS * scale)
    with running_broker() as (servers, folder):
        line = Line(servers, folder, "history")
        progress(f"filling the topic with {count:,} events")
        events = line.produce(stream(count, begin=now_ms() - span_ms(count) - 60_000))
        bare = line.bare()
        progress("copying them")
        settings = {"SQM_HISTORY_HTTP_PORT": "0", "SQM_CLICKHOUSE__FOLDER": str(line.folder / "tables")}
        with line.service("history", "services.history", settings) as history:
            history.until_ready()
            began, before = now_ms(), history.cpu_seconds()
            line.until_committed("sqm.history", [history])
            seconds = (now_ms() - began) / 1_000
            cpu = history.cpu_seconds() - before
            megabytes = history.resident_megabytes()
            stored = history.metrics()["sqm_history_rows_total"]
    if stored != events + _STANDARDS:
        raise FailedError(f"{events} events and a standard were written, but history stored {stored:,.0f} rows")
    yield Figure("rows", stored, "rows")
    yield Figure("copied", stored / seconds, "rows/s", bare.events_a_second, f"{_BARE}, events/s", more_is_better=True)
    yield Figure("history", cpu * 1e6 / stored, "us of CPU/row", bare.cpu_microseconds, f"{_BARE}, us/event")
    yield Figure("its memory at the end", megabytes, "MB")
