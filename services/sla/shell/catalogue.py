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
from schemas.base import MINUTE_MS, PERCENT, format_instant, to_millis
from schemas.corrective_actions import CorrectiveAction
from schemas.retirements import Retirement, RetirementMetadata
from schemas.spelling import meant
from schemas.standards import WORDING, AnyDocument, Published, Standard, Versioned, document_key
from services.sla.engine import Book, Publication

__all__ = ["AHEAD_MS", "Catalogue", "differences", "names_a_standard", "readable"]

_MILLIS: Final = re.compile(r"[0-9]{1,12}ms", re.ASCII)
_IDLE: Final = re.compile(r"(?:\.00|(?<=\.[0-9])0)%", re.ASCII)
"""The zeros of a share that say nothing."""

AHEAD_MS: Final = MINUTE_MS
"""How far ahead of its publication a version must take effect, so that all workers know it by then."""
_LONGEST_SHOWN: Final = 60


def names_a_standard(document: AnyDocument) -> bool:
    """
    Whether a document is about a standard by its id, so that it is published after it, wherever the two are written.
    """
    return isinstance(document, Retirement | CorrectiveAction)


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
        if isinstance(document, Retirement) and effect in {Publication.ADDED, Publication.CONTRADICTS}:
            return self._objection_to_retiring(document.metadata, published.published_at, backdate=backdate)
        if isinstance(document, CorrectiveAction) and document.applies_to.standard is not None:
            return self._unknown(document.applies_to.standard)
        return None

    def ended_by(self, meta: RetirementMetadata) -> list[int]:
        """
        Return the versions that a retirement ends: those of its standard that began before it.
        """
        held = self.standards(meta.id)
        return [one.metadata.version for one in held if one.metadata.effective_from < meta.retired_at]

    def standards(self, ident: str) -> list[Standard]:
        """
        Return the versions of a standard, the newest last.
        """
        documents = (published.document for published in self.standing.values())
        held = [one for one in documents if isinstance(one, Standard) and one.metadata.id == ident]
        return sorted(held, key=lambda one: one.metadata.version)

    def _unknown(self, standard: str) -> str | None:
        """
        Say that no standard has an id, with near matches.
        """
        known = {one.document.metadata.id for one in self.standing.values() if isinstance(one.document, Standard)}
        if standard in known:
            return None
        return (
            f"no standard is published as {standard!r}; {meant(standard, known, '`sqm standards list` shows what is')}"
        )

    def _objection_to_retiring(self, meta: RetirementMetadata, now: int, *, backdate: bool) -> str | None:
        held = self.standing.get(f"Retirement/{meta.id}")
        if held is not None and isinstance(held.document, Retirement):
            instant = format_instant(to_millis(held.document.metadata.retired_at))
            return (
                f"{meta.id} is retired from {instant} on, as {held.published_by} published; the first retirement "
                f"stands: write {instant}, or leave it as it is"
            )
        unknown = self._unknown(meta.id)
        if unknown is not None:
            return unknown
        versions = self.standards(meta.id)
        retired_at, earliest = to_millis(meta.retired_at), now + AHEAD_MS
        if not self.ended_by(meta):
            begins = format_instant(min(to_millis(one.metadata.effective_from) for one in versions))
            return (
                f"no version of {meta.id} begins before {format_instant(retired_at)}, so it would end nothing; "
                f"retire it after {begins}"
            )
        if retired_at < earliest and not backdate:
            return (
                f"retired_at {format_instant(retired_at)} is not a minute ahead, so workers might disagree about "
                f"clocks that end until all know it; set {format_instant(earliest)} or later, or say --backdate "
                "before loading history"
            )
        return None


def differences(old: AnyDocument, new: AnyDocument, *, of_wording: bool = False) -> list[str]:
    """
    Name the fields that decide verdicts and differ, with both values; or those that only tell people about it.

    The version is neither: it only says whether the meaning is another.
    """
    before, after = (
        dict(_leaves(readable(document.model_dump(mode="json", by_alias=True)), "")) for document in (old, new)
    )
    wording = tuple(f"metadata.{name}" for name in WORDING)
    return [
        f"{field}: {_shown(before.get(field))} → {_shown(after.get(field))}"
        for field in sorted(before.keys() | after.keys())
        if before.get(field) != after.get(field)
        and field.startswith(wording) is of_wording
        and field != "metadata.version"
    ]


def readable(value: Any) -> Any:  # noqa: ANN401  (any JSON)
    """
    Replace the exact but unreadable ``240000ms`` and ``75.00%`` of a dumped document by ``4m`` and ``75%``, which read
    back the same.
    """
    if isinstance(value, dict):
        return {key: readable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [readable(inner) for inner in value]
    if not isinstance(value, str):
        return value
    if _MILLIS.fullmatch(value):
        return written_duration(int(value[:-2]))
    return _IDLE.sub("%", value) if re.fullmatch(PERCENT, value) else value


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
    if value is None:
        return "nothing"
    text = str(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
