"""
A queue log as the shipped mapping reads it and as the engine judges it, by a standard of twenty seconds.
"""

from collections import Counter
from collections.abc import Iterable
from io import BytesIO

from schemas.standards import DOCUMENTS
from services.cli.mapping_files import read_mapping
from services.cli.replay.judging import Judging
from services.ingest.engine.mapped import MappedEvent
from services.ingest.engine.mapping import CompiledMapping
from services.ingest.engine.rows import RejectedRow
from services.runtime.yamlfile import read_documents
from services.sla.engine import Attainment, Measurement, Violation, decode_event
from tests.fakes.mappings import WAIT
from tests.project import PROJECT

__all__ = ["MAPPING", "RETURNING", "attainment_of", "events_of"]

MAPPING = read_mapping(PROJECT / "deploy" / "mappings" / "asterisk-queue-log.yaml", {})
RETURNING = read_mapping(PROJECT / "deploy" / "mappings" / "asterisk-queue-log.yaml", {"timeouts": "return"})
_TWENTY_SECONDS = WAIT.replace("limit: 5m", "limit: 20s")


def events_of(lines: Iterable[str], mapping: CompiledMapping = MAPPING) -> list[MappedEvent]:
    """
    What the lines become.
    """
    events: list[MappedEvent] = []
    for row in mapping.read(BytesIO("".join(lines).encode()), "queue_log"):
        assert not isinstance(row, RejectedRow), row
        found = mapping.events(row, "queue_log")
        assert not isinstance(found, RejectedRow), found
        events += found
    return events


def attainment_of(events: Iterable[bytes]) -> dict[str, tuple[int, int]]:
    """
    What the engine finds, queue by queue.
    """
    good: Counter[str] = Counter()
    total: Counter[str] = Counter()

    def settle(_: list[Measurement], __: list[Violation], rows: list[Attainment]) -> None:
        for row in rows:
            assert row.queue is not None
            good[row.queue] += row.good
            total[row.queue] += row.total

    (document,) = read_documents(_TWENTY_SECONDS, "wait.yaml")
    judging = Judging([DOCUMENTS.validate_python(document.value)], settle)
    assert judging.take(sorted(map(decode_event, events), key=lambda event: event.time)) == []
    judging.finish()
    return {queue: (good[queue], total[queue]) for queue in total}
