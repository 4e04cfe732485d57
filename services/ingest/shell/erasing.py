"""
Erases people: finds every record that names them, and destroys what ties the records to them.

What was sealed is opened and searched; the keys of those that name somebody go with the identities, in one step. What
systems wrote to Kafka themselves is deleted once ingest has read it. Everything else has pseudonyms, which stay, so
every figure stays; it is searched nevertheless, and what names somebody there (written by an earlier version, or into a
comment, a note or the name of a journey) is told.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Final, NamedTuple

from schemas.topics import DEAD_LETTERS, EVENTS_IN, RAW
from services.ingest.engine.traces import SHORTEST_ANYWHERE, Traces
from services.ingest.shell.direct_writers import MARK_OF_ERASURE
from services.ingest.shell.identities import Erasure, IdentityStore, Kept
from services.ingest.shell.sealing import NotReadable, Original, seal_of, unsealed
from services.runtime.kafka import Connection, Record, purge

__all__ = ["Places", "Searched", "erased", "search"]

_SEALED: Final = (RAW.name, DEAD_LETTERS.name)
_TELL_EVERY: Final = 100_000

RecordsOf = Callable[[str], AsyncIterator[Record]]
"""The records of a topic, by its logical name, that are there now."""


class Places(NamedTuple):
    """
    Records of a topic that name somebody, and all that were looked at.
    """

    topic: str
    looked_at: int
    naming: int
    unreadable: int
    """Sealed, and the key is gone or elsewhere: nobody can tell, or ever will."""


class Searched(NamedTuple):
    """
    What was found of somebody.
    """

    identities: list[Kept]
    names: list[str]
    """As they were given, and as the store spells them."""
    places: list[Places]
    seals: set[int]
    """Of sealed records that name them."""
    plain: dict[int, int]
    """By partition of what others write to Kafka directly, the offset behind the last record that names them."""
    left: dict[str, int]
    """By topic, records that name them and cannot be taken away one by one."""


async def search(
    store: IdentityStore,
    records_of: RecordsOf,
    topics: Mapping[str, bool],
    names: Sequence[str],
    whose: str | None,
    tell: Callable[[str, int], None],
) -> Searched:
    """
    Look for people in the store and in topics; of each it is said whether its records are the packed state of a
    service, where texts have no borders. `tell` hears now and then which topic it is, and how many records of it were
    looked at.
    """
    kept = list({one: None for name in names for one in store.find(name, whose)})
    spelt = sorted({*names, *(one.identity.name for one in kept)})
    searched = Searched(kept, spelt, [], set(), {}, {})
    for topic, packed in topics.items():
        traces = [Traces(name, in_words=packed) for name in spelt if not packed or len(name) >= SHORTEST_ANYWHERE]
        counts: Counter[str] = Counter()
        async for record in records_of(topic):
            counts["looked_at"] += 1
            if counts["looked_at"] % _TELL_EVERY == 0:
                tell(topic, counts["looked_at"])
            original = unsealed(store, record.key, record.value, record.headers)
            if isinstance(original, NotReadable):
                counts["unreadable"] += 1
            elif _names(traces, original):
                counts["naming"] += 1
                _note(searched, topic, record)
        found = Places(topic, counts["looked_at"], counts["naming"], counts["unreadable"])
        searched.places.append(found)
        tell(topic, counts["looked_at"])
    return searched


async def erased(store: IdentityStore, connection: Connection, searched: Searched, by: str) -> Erasure:
    """
    Erase what was found, for good. What is done twice changes nothing. Raises what the store and the brokers raise;
    then it is to be done again.
    """
    if searched.plain:
        await purge(connection, connection.name(EVENTS_IN.name), searched.plain, MARK_OF_ERASURE)
    return store.erase([one.identity for one in searched.identities], searched.seals, by)


def _names(traces: Sequence[Traces], original: Original) -> bool:
    texts = (original.key, original.value, *(text for _, text in original.headers))
    return any(one.found_in(*texts) for one in traces)


def _note(searched: Searched, topic: str, record: Record) -> None:
    ident = seal_of(record.value)
    if topic in _SEALED and ident is not None:
        searched.seals.add(ident)
    elif topic == EVENTS_IN.name:
        searched.plain[record.partition] = max(searched.plain.get(record.partition, 0), record.offset + 1)
    else:
        searched.left[topic] = searched.left.get(topic, 0) + 1
