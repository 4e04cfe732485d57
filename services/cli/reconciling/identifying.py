"""
Which pseudonyms the people of an export get: those that ingest gave them.
"""

from collections.abc import Callable

from schemas.connectors import Connector
from services.ingest.engine.pseudonyms import Pseudonym
from services.ingest.shell.identities import IdentityStore
from services.runtime.errors import Misconfigured

__all__ = ["pseudonyms_for"]


def pseudonyms_for(document: Connector, store: IdentityStore | None, *, send: bool) -> Callable[[str], Pseudonym]:
    """
    Give the pseudonyms by connector. Who has none yet gets one only where events will be sent; else `nobody-known`
    stands for them all. Raises Misconfigured where the connector names people and the store is not on this machine.
    """
    if store is not None:
        known = store.known
        return store.pseudonyms if send else lambda scope: _known(known, scope)
    if document.names_people:
        raise Misconfigured(
            f"SQM_IDENTITIES_FILE: the connector {document.metadata.id} names customers or employees, and the store of "
            "identities, which knows their pseudonyms, is not here: run this on the machine of ingest"
        )
    return lambda _scope: _nobody


def _known(known: Callable[[str, str, str], str | None], scope: str) -> Pseudonym:
    return lambda whose, name: known(whose, name, scope) or _nobody(whose, name)


def _nobody(whose: str, _name: str) -> str:
    return f"{whose[0]}-nobody-known"
