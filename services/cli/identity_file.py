"""
The store of identities as the command line opens it: on the machine of ingest, whose file it shares.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from services.ingest.app import IngestSettings
from services.ingest.shell.identities import IdentityStore
from services.runtime.clock import SystemClock
from services.runtime.errors import Misconfigured
from services.runtime.settings import load_settings

__all__ = ["opened_identities", "opened_identities_if_here"]


@contextmanager
def opened_identities(environment: Mapping[str, str]) -> Iterator[IdentityStore]:
    """
    Open the store that ingest has made. Raises Misconfigured where it is not on this machine.
    """
    with opened_identities_if_here(environment) as store:
        if store is None:
            path = load_settings(IngestSettings, environment).identities_file
            raise Misconfigured(
                f"SQM_IDENTITIES_FILE: there is no {path}: run this on the machine of ingest, where the store of "
                "identities is, as somebody who may read it"
            )
        yield store


@contextmanager
def opened_identities_if_here(environment: Mapping[str, str]) -> Iterator[IdentityStore | None]:
    """
    The same, and None where it is not on this machine.
    """
    path = load_settings(IngestSettings, environment).identities_file
    if not path.exists():
        yield None
        return
    store = IdentityStore(path, SystemClock(), secrets.token_bytes)
    try:
        yield store
    finally:
        store.close()
