"""
Service events as history holds them, in the order of time, for whoever judges the past anew.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from schemas.decoding import NOT_READABLE
from services.cli.history_door import Door
from services.history.engine import Period, happened_sql, size_sql
from services.ingest.engine.rows import RejectedRow, RowReason
from services.sla.engine import Event, Reason, decode_event

__all__ = ["ToldEvents"]

_PAGE: Final = 9_000
"""Rows of one question: a history service that nobody set otherwise gives less than 10,000."""
_BEFORE_ALL: Final = 0
_SHOWN: Final = 60

Refuse = Callable[[RejectedRow, str | None], None]
"""Told what is refused; the second value is the engine's reason, where it was the engine."""


class ToldEvents:
    """
    The events of journeys that may have arrived in a period. Used once.
    """

    def __init__(self, door: Door, period: Period, page: int = _PAGE) -> None:
        self._door = door
        self._page = page
        self._period = period

    def size_bytes(self) -> int:
        """
        How many bytes there are to read.
        """
        sql, parameters = size_sql(self._period)
        return int(self._door.rows(sql, parameters)[0]["bytes"])

    def batches(self, progress: Callable[[int], None], refuse: Refuse) -> Iterator[list[Event]]:
        """
        Yield the events page by page; what history holds and no service event is, is refused.
        """
        sql, parameters = happened_sql(self._period)
        at, seen, done = _BEFORE_ALL, 0, 0
        while True:
            rows = self._door.rows(sql, {**parameters, "at": at, "seen": seen, "most": self._page})
            events: list[Event] = []
            for row in rows:
                instant, raw = int(row["at"]), row["raw"].encode()
                at, seen = (at, seen + 1) if instant == at else (instant, 1)
                done += len(raw)
                try:
                    events.append(decode_event(raw))
                except NOT_READABLE as error:
                    refuse(_row("raw", row["raw"][:_SHOWN], f"no event: {error}"), None)
            progress(done)
            yield events
            if len(rows) < self._page:
                return

    @staticmethod
    def refuse(batch: Sequence[Event], refused: Sequence[tuple[int, Reason]], refuse: Refuse) -> None:
        """
        Tell those of a batch that the engine refused.
        """
        for place, reason in refused:
            event = batch[place]
            refuse(_row(event.type, event.id, "the engine refused it"), reason.value)


def _row(field: str, value: str, detail: str) -> RejectedRow:
    return RejectedRow("history", 0, field, value, RowReason.REFUSED, detail)
