"""
The catalogue: what stands on the topic of standards, and what one more publication would do to it.

The rule "the first publication of a version fixes its meaning" is the engine's, and is asked of the engine's own
book, so that the one who publishes and the one who judges cannot disagree. Sites and sources have no versions: the
last one stands.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from domain.moments import written_duration
from schemas.base import format_instant, to_millis
from schemas.standards import WORDING, AnyDocument, Published, Versioned, document_key
from services.sla.engine import Book, Publication

__all__ = ["AHEAD_MS", "Catalogue", "differences", "with_readable_durations"]

_MILLIS: Final = re.compile(r"[0-9]{1,12}ms", re.ASCII)

AHEAD_MS: Final = 60_000
"""How far ahead of its publication a version must take effect, so that all workers know it by then."""


class Catalogue:
    """
    Every document that stands, by key, with the number of its revision and who published it when.
    """

    def __init__(self, published: Iterable[Published] = ()) -> None:
        self._book = Book()
        self.standing: dict[str, Published] = {}
        for one in published:
            self.apply(one)

    def revision(self, key: str) -> int:
        return self._book.documents[key][0]

    def apply(self, published: Published) -> Publication:
        """
        Take in a publication as every reader does, and tell what it did.
        """
        self._book, effect = self._book.add(published)
        if effect in {Publication.ADDED, Publication.REVISED}:
            self.standing[document_key(published.document)] = published
        return effect

    def effect_of(self, published: Published) -> Publication:
        """
        Tell what a publication would do, without doing it.
        """
        return self._book.add(published)[1]

    def objection(self, published: Published, *, backdate: bool) -> str | None:
        """
        Say why a publication must not be sent, in words for its owner; None if nothing speaks against it.
        """
        document, effect = published.document, self.effect_of(published)
        if effect is Publication.CONTRADICTS and isinstance(document, Versioned):
            held = self.standing[document_key(document)].document
            changed = "; ".join(differences(held, document))
            version = document.metadata.version
            return (
                f"version {version} of {document.metadata.id} is published and means something else ({changed}); "
                f"a published version never changes its meaning: publish this as version {version + 1}"
            )
        if effect is Publication.ADDED and isinstance(document, Versioned) and not backdate:
            begins_at, earliest = to_millis(document.metadata.effective_from), published.published_at + AHEAD_MS
            if begins_at < earliest:
                return (
                    f"effective_from {format_instant(begins_at)} is not a minute ahead, so workers might disagree "
                    f"about journeys that arrive until all know it; set {format_instant(earliest)} or later, "
                    "or say --backdate for a first set-up or before loading history"
                )
        return None


def differences(old: AnyDocument, new: AnyDocument, *, of_wording: bool = False) -> list[str]:
    """
    Name the fields that decide verdicts and differ, with both values; or those that only tell people about it.
    """
    before, after = (
        dict(_leaves(with_readable_durations(document.model_dump(mode="json", by_alias=True)), ""))
        for document in (old, new)
    )
    wording = tuple(f"metadata.{name}" for name in WORDING)
    return [
        f"{field}: {_shown(before.get(field))} → {_shown(after.get(field))}"
        for field in sorted(before.keys() | after.keys())
        if before.get(field) != after.get(field) and field.startswith(wording) is of_wording
    ]


def with_readable_durations(value: Any) -> Any:  # noqa: ANN401  (any JSON)
    """
    Replace the exact but unreadable ``240000ms`` of a dumped document by ``4m``, which reads back the same.
    """
    if isinstance(value, dict):
        return {key: with_readable_durations(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_readable_durations(inner) for inner in value]
    return written_duration(int(value[:-2])) if isinstance(value, str) and _MILLIS.fullmatch(value) else value


def _leaves(value: Any, path: str) -> Iterable[tuple[str, Any]]:  # noqa: ANN401  (any JSON)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            # A day is known by its date, so that one more holiday does not seem to change all that come after it.
            day = inner.get("date") if isinstance(inner, dict) else None
            yield from _leaves(inner, f"{path}[{day or place}]")
    else:
        yield path, value


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)[:60]
