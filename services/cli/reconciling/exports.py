"""
Exports as they lie in files: rows by a mapping, or payloads of webhooks by a connector.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from schemas.connectors import source_uri
from services.cli.connecting.trying import Posting, TriedPayload, try_files
from services.cli.connector_files import ReadConnector, as_ingest_has_it
from services.cli.loading import Summary, mapped_rows
from services.cli.mapping_files import open_file, read_mapping
from services.cli.reconciling.comparing import Export
from services.ingest.engine.connector import MappedPayload, RejectedPayload
from services.ingest.engine.mapped import MappedEvent
from services.ingest.engine.mapping import CompiledMapping
from services.ingest.engine.pseudonyms import Pseudonym
from services.ingest.engine.rows import RejectedRow, RowReason
from services.runtime.errors import Misconfigured

__all__ = ["ReadExport", "by_connector", "by_mapping"]


class ReadExport(NamedTuple):
    """
    What was read, whose events they are (the `source` of those that arrived live), and how the files are written.
    """

    export: Export
    source: str
    encoding: str


def by_mapping(file: Path, options: dict[str, str], files: Sequence[Path], summary: Summary) -> ReadExport:
    """
    Read rows, each counted. Raises Misconfigured where the mapping or a file as a whole does not fit.
    """
    compiled = read_mapping(file, options)
    export = Export.of(_of_rows(compiled, files, summary))
    return ReadExport(export, compiled.source, compiled.document.table.encoding)


def by_connector(
    read: ReadConnector,
    pseudonyms: Callable[[str], Pseudonym],
    posting: Posting,
    files: Sequence[Path],
    summary: Summary,
) -> ReadExport:
    """
    Read payloads, each counted, into the events that ingest makes of them, with the pseudonyms that it gives people.
    Raises Misconfigured.
    """
    read = as_ingest_has_it(read, pseudonyms)
    export = Export.of(_of_payloads(read, posting, files, summary))
    return ReadExport(export, source_uri(read.document.metadata.id, posting.source), "utf-8")


def _of_rows(compiled: CompiledMapping, files: Sequence[Path], summary: Summary) -> Iterator[MappedEvent]:
    for file in files:
        with open_file(file) as stream:
            for found in mapped_rows(compiled, stream, str(file), summary):
                if not isinstance(found, RejectedRow):
                    yield from found
                elif not found.reason.concerns_a_row:
                    raise Misconfigured(str(found))


def _of_payloads(
    read: ReadConnector, posting: Posting, files: Sequence[Path], summary: Summary
) -> Iterator[MappedEvent]:
    for tried in try_files(read, files, posting):
        summary.rows += 1
        outcome = tried.outcome
        if isinstance(outcome, RejectedPayload):
            where = f"; {read.file}:{tried.line} asks for it" if tried.line is not None else ""
            summary.reject(_rejected(tried, outcome.field, outcome.reason, outcome.detail + where))
        elif not isinstance(outcome, MappedPayload) or not outcome.events:
            summary.pass_over("")
        else:
            for event in outcome.events:
                if event.time_ms == posting.received_at:
                    detail = f"{event.type} has the time at which the payload came, which no export knows"
                    summary.reject(_rejected(tried, "time", RowReason.NO_TIME, detail))
                else:
                    yield event


def _rejected(tried: TriedPayload, field: str, reason: RowReason, detail: str) -> RejectedRow:
    # Without the value: the payload may name people, and the report may go into a log.
    return RejectedRow(str(tried.body.file), tried.body.line, field, "", reason, detail)
