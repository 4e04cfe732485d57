"""
Parcels: what the lines of one chunk have become, ready to be sent, as often as it takes.
"""

from io import BytesIO
from typing import NamedTuple

from services.cli.loading import BATCH, Summary, mapped_rows
from services.cli.tailing.follower import Chunk
from services.ingest.engine.mapped import encode_event
from services.ingest.engine.mapping import CompiledMapping
from services.ingest.engine.rows import RejectedRow
from services.runtime.errors import Misconfigured

__all__ = ["Packer", "Parcel"]


class Parcel(NamedTuple):
    """
    Encoded events in batches, and rows that do not fit.
    """

    batches: list[list[bytes]]
    rejected: list[RejectedRow]


class Packer:
    """
    Makes parcels of chunks, as a mapping says, and counts.
    """

    def __init__(self, mapping: CompiledMapping, summary: Summary) -> None:
        self._mapping = mapping
        self._summary = summary
        table = mapping.document.table
        self._has_header = table.format == "delimited" and table.header

    def pack(self, chunk: Chunk) -> Parcel:
        """
        Map every line. Raises Misconfigured where the file is not one that the mapping reads.
        """
        header = chunk.header if self._has_header else b""
        before = chunk.line - bool(header)
        events: list[bytes] = []
        rejected: list[RejectedRow] = []
        stream = BytesIO(header + chunk.lines)
        for found in mapped_rows(self._mapping, stream, chunk.file, self._summary, before):
            if not isinstance(found, RejectedRow):
                events += map(encode_event, found)
            elif found.reason.concerns_a_row:
                rejected.append(found)
            else:
                raise Misconfigured(f"{found}; the position stays where it is")
        self._summary.events += len(events)
        return Parcel([events[begin : begin + BATCH] for begin in range(0, len(events), BATCH)], rejected)
