"""
Editions: everything that was published under one id, in order, and what each publication changed.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from schemas.base import format_instant, to_millis
from schemas.standards import Published, document_key
from services.sla.engine import Publication
from services.sla.shell.catalogue import Catalogue, differences

__all__ = ["Edition", "editions_of", "told_edition"]


_DATES: Final = {"effective_from": "from", "effective_until": "until", "retired_at": "retired"}


class Edition(NamedTuple):
    """
    One publication and its effect. `meaning` and `wording` name what differs from what it follows: a revision from the
    words before it, a new version from the version before it; of one that was ignored, from the one that stands.
    """

    published: Published
    effect: Publication
    revision: int
    meaning: tuple[str, ...]
    wording: tuple[str, ...]


def editions_of(publications: Iterable[Published], name: str) -> Iterator[Edition]:
    """
    Yield the editions of all documents with the id, oldest first; what said the same again is left out.
    """
    catalogue = Catalogue()
    latest: dict[str, Published] = {}
    for one in publications:
        document = one.document
        if document.metadata.id != name:
            continue
        key = document_key(document)
        held = catalogue.standing.get(key)
        effect = catalogue.apply(one)
        if effect is Publication.UNCHANGED:
            continue
        before = held or latest.get(document.kind)
        meaning: tuple[str, ...] = ()
        wording: tuple[str, ...] = ()
        if before is not None:
            meaning = tuple(differences(before.document, document))
            wording = tuple(differences(before.document, document, of_wording=True))
        if effect is not Publication.CONTRADICTS:
            latest[document.kind] = one
        yield Edition(one, effect, catalogue.revision(key), meaning, wording)


def told_edition(edition: Edition) -> Iterator[str]:
    """
    Say an edition in lines.
    """
    published = edition.published
    by = f"published {format_instant(published.published_at)} by {published.published_by}"
    key = document_key(published.document)
    if edition.effect is Publication.CONTRADICTS:
        yield f"{key}: {by}, ignored: this version has another meaning already"
    else:
        yield f"{key}, revision {edition.revision}: {by}"
        for name, word in _DATES.items():
            instant = getattr(published.document.metadata, name, None)
            if instant is not None and edition.effect is Publication.ADDED:
                yield f"  {word:<8} {format_instant(to_millis(instant))}"
    for line in edition.meaning:
        yield f"  meaning  {line}"
    for line in edition.wording:
        yield f"  wording  {line}"
