"""
The store of identities as two dictionaries: everybody's pseudonym, and the keys of seals.
"""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from services.ingest.engine.pseudonyms import Identity, Pseudonym, identity_of, minted
from services.ingest.shell.identities import Identities, IdentitiesAway, IdentityStore
from services.ingest.shell.sealing import Original, unsealed
from services.runtime.deadletter import DeadLetter, read_dead_letter
from services.runtime.kafka import Headers
from services.runtime.kafka.acknowledging import Outgoing
from tests.fakes.clock import ManualClock

KEY = b"a key of tests"


def identity_store(folder: Path, now: int = 0) -> IdentityStore:
    """
    A real store, in a folder.
    """
    return IdentityStore(folder / "identities.db", ManualClock(now), secrets.token_bytes)


def identities_file(folder: Path) -> str:
    """
    The file of a store in which nobody is known yet.
    """
    identity_store(folder).close()
    return str(folder / "identities.db")


def opened_letter(store: Identities, key: bytes | None, value: bytes | None, headers: Headers) -> DeadLetter:
    """
    A dead letter as it was before it was sealed.
    """
    letter = read_dead_letter(key, value, headers)
    assert letter is not None
    original = unsealed(store, letter.key, letter.value, letter.headers)
    assert isinstance(original, Original)
    return replace(letter, key=original.key, value=original.value, headers=original.headers)


class FakeIdentities:
    """
    Keeps what it makes, unless it has a fault, or `loses` what somebody else's failed commit takes along. `committed`
    counts how often it was asked to.
    """

    def __init__(self) -> None:
        self.known: dict[Identity, str] = {}
        self.seals: dict[int, bytes] = {}
        self.committed = 0
        self.losses = 0
        self.loses = False
        self.fault_on_commit: IdentitiesAway | None = None

    def pseudonyms(self, scope: str = "") -> Pseudonym:
        def pseudonym(whose: str, name: str) -> str:
            self.losses += self.loses
            salt = len(self.known).to_bytes(10, "big")
            return self.known.setdefault(identity_of(whose, name, scope), minted(KEY, whose, salt))

        return pseudonym

    def new_seal(self) -> tuple[int, bytes]:
        ident = len(self.seals) + 1
        self.seals[ident] = ident.to_bytes(32, "big")
        return ident, self.seals[ident]

    def seal(self, ident: int) -> bytes | None:
        return self.seals.get(ident)

    def commit(self, losses: int | None = None) -> None:
        if self.fault_on_commit is not None:
            raise self.fault_on_commit
        if losses not in (None, self.losses):
            raise IdentitiesAway("lost")
        self.committed += 1

    def opened(self, records: Iterable[Outgoing]) -> list[DeadLetter]:
        """
        The dead letters among records, as they were before they were sealed.
        """
        return [opened_letter(self, one.key, one.value, one.headers) for one in records]
