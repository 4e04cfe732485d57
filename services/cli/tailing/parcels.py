"""
Parcels: what the lines of one chunk have become, ready to be sent, as often as it takes.
"""

from io import BytesIO
from typing import NamedTuple

from services.cli.loading import BATCH, Summary
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
        shift = chunk.line - bool(header)
        events: list[bytes] = []
        rejected: list[RejectedRow] = []
        for row in self._mapping.read(BytesIO(header + chunk.lines), chunk.file):
            found = row if isinstance(row, RejectedRow) else self._mapping.events(row, chunk.file)
            if not isinstance(found, RejectedRow):
                self._summary.rows += 1
                events += map(encode_event, found)
                if not found and not isinstance(row, RejectedRow):
                    self._summary.pass_over(self._mapping.kind_of(row))
                continue
            if not found.reason.concerns_a_row:
                raise Misconfigured(f"{found}; the position stays where it is")
            self._summary.rows += 1
            placed = found._replace(line=found.line + shift)
            self._summary.reject(placed)
            rejected.append(placed)
        self._summary.events += len(events)
        return Parcel([events[begin : begin + BATCH] for begin in range(0, len(events), BATCH)], rejected)
