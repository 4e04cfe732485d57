"""
The report of a reconciliation: for people in lines, for programs as JSON.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from schemas.base import format_instant
from services.cli.loading import Summary
from services.cli.reconciling.comparing import Export, Found, Told, told

__all__ = ["Report"]

_SHOWN: Final = 10


class Report(NamedTuple):
    """
    What an export said, what was found, and what was done about it.
    """

    export: Export
    found: Found
    summary: Summary
    """Of the rows, and of what was sent."""
    sent: bool

    @property
    def settled(self) -> bool:
        """
        Whether the live line now says what the export says.
        """
        found, summary = self.found, self.summary
        left = found.to_send and (not self.sent or summary.refused)
        return not (left or found.differing or found.only_live)

    def lines(self) -> Iterator[str]:
        """
        Say it in lines.
        """
        export, found, summary = self.export, self.found, self.summary
        span = f", {format_instant(export.from_ms)} to {format_instant(export.until_ms)}" if export.events else ""
        yield f"export: {summary.rows:,} rows, {len(export.events):,} events{span}"
        if summary.rejected:
            yield f"{summary.rejected:,} rows do not fit the mapping, the first: {summary.first[0]}"
        yield f"live: {found.live:,} events of the same time"
        yield from _listed("missing live", [_line(told(event)) for event in found.missing])
        if found.newer:
            yield from _listed("newer than live", [_line(told(event)) for event in found.newer])
        yield from _listed(
            "fields differ",
            [f"{_line(one.event)}: {one.field}: export {one.export!r}, live {one.live!r}" for one in found.differing],
        )
        yield from _listed("only live", [_line(event) for event in found.only_live])
        if self.sent and found.to_send:
            yield f"added: {summary.accepted:,} accepted, {summary.refused:,} refused"
            for reason, count in sorted(summary.refused_by_reason.items()):
                yield f"  refused: {count:,} × {reason}"
        elif found.to_send:
            what = "what is missing or newer" if found.newer else "what is missing"
            yield f"nothing was sent: {found.doubt}" if found.doubt else f"nothing was sent; --send adds {what}"

    def json(self) -> str:
        """
        Say it whole, as one JSON object.
        """
        export, found, summary = self.export, self.found, self.summary
        within = bool(export.events)
        whole: dict[str, Any] = {
            "from": format_instant(export.from_ms) if within else None,
            "until": format_instant(export.until_ms) if within else None,
            "rows": summary.rows,
            "rejected": summary.rejected,
            "events": len(export.events),
            "live": found.live,
            "missing": [told(event)._asdict() for event in found.missing],
            "newer": [told(event)._asdict() for event in found.newer],
            "differing": [{**one._asdict(), "event": one.event._asdict()} for one in found.differing],
            "only_live": [event._asdict() for event in found.only_live],
            "doubt": found.doubt or None,
            "added": summary.accepted if self.sent else None,
            "refused": dict(summary.refused_by_reason) if self.sent else None,
            "settled": self.settled,
        }
        return json.dumps(whole, ensure_ascii=False, indent=2)


def _listed(what: str, lines: Sequence[str]) -> Iterator[str]:
    yield f"{len(lines):,} {what}"
    yield from (f"  {line}" for line in islice(lines, _SHOWN))
    if len(lines) > _SHOWN:
        yield f"  … {len(lines) - _SHOWN:,} more; --format json has them all"


def _line(event: Told) -> str:
    return f"{event.time} {event.type} {event.subject}"
