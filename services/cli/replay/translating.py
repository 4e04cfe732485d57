"""
Translating: events that a mapping yields become events as the engine takes them.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from services.cli.replay.judging import BATCH
from services.ingest.engine.mapped import Facts, MappedEvent
from services.sla.engine import Event, EventFacts

__all__ = ["Translator"]

_FOLDED: Final = tuple(EventFacts.__struct_fields__)


class Translator:
    """
    Translates events one by one; facts that events share are translated once.
    """

    def __init__(self) -> None:
        self._facts: dict[int, tuple[Facts, EventFacts]] = {}

    def events(self, batch: Sequence[MappedEvent]) -> list[Event]:
        """
        Events as the engine takes them, with the same identities and revisions.
        """
        return [self._event(one) for one in batch]

    def _event(self, event: MappedEvent) -> Event:
        occurred_at = datetime.fromtimestamp(event.time_ms / 1_000, UTC)
        facts = self._folded(event.facts)
        return Event(event.id, event.source, event.type, occurred_at, facts, event.subject, event.revision)

    def _folded(self, facts: Facts) -> EventFacts:
        known = self._facts.get(id(facts))
        if known is None:
            if len(self._facts) > BATCH:
                self._facts.clear()
            picked = {name: value for name, value in facts.data.items() if name in _FOLDED}
            if "promised_at" in picked:
                picked["promised_at"] = datetime.fromisoformat(picked["promised_at"])
            known = self._facts[id(facts)] = (facts, EventFacts(**picked))
        return known[1]
