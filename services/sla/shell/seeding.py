"""
Publishes the standards that a deployment keeps in files beside its worker: the topic stays the truth, files only feed
it.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from schemas.standards import PUBLISHED, Published, document_key
from services.runtime.errors import Misconfigured
from services.sla.engine import Publication
from services.sla.shell.catalogue import Catalogue, names_a_standard
from services.sla.shell.documents import Found, read_documents_of, require

__all__ = ["PUBLISHER", "missing", "seed"]

PUBLISHER = "sla worker, from its files"


class _Publishing(Protocol):
    def put(self, topic: str, key: bytes | None, value: bytes | None) -> None: ...

    async def flush(self) -> None: ...


def missing(standing: Iterable[Published], found: Sequence[Found], now_ms: int) -> list[Published]:
    """
    Return what the files say and the topic does not yet, as it must be published now.

    On a topic that is still empty a standard may begin in the past: nobody has been judged by another. Later it must
    begin a minute ahead, as for anybody who publishes. Raises Misconfigured with the place in the file.
    """
    catalogue = Catalogue(standing)
    first = not catalogue.standing
    publications = []
    for one in sorted(found, key=lambda one: names_a_standard(one.document)):
        candidate = Published(document=one.document, published_at=now_ms, published_by=PUBLISHER)
        objection = catalogue.objection(candidate, backdate=first)
        if objection is not None:
            raise Misconfigured(f"{one.place}: {objection}")
        if catalogue.apply(candidate) is not Publication.UNCHANGED:
            publications.append(candidate)
    return publications


async def seed(
    paths: Sequence[Path], standing: Iterable[Published], producer: _Publishing, topic: str, *, now_ms: int
) -> int:
    """
    Publish what is missing of the files and folders, and return how much that was.

    Raise Misconfigured, naming the setting, where they cannot be read or say what cannot be published.
    """
    try:
        publications = missing(standing, require(read_documents_of(paths)), now_ms)
    except Misconfigured as error:
        raise Misconfigured(f"SQM_SLA_STANDARDS: {error}") from error
    for one in publications:
        producer.put(topic, document_key(one.document).encode(), PUBLISHED.dump_json(one))
    await producer.flush()
    return len(publications)
