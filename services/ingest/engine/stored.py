"""
Stored webhooks: how a request lies in the topic of raw bodies, and how it is read again.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from pydantic import ValidationError

from schemas.forwarded import FORWARDED
from schemas.raw import HTTP, WebhookHeaders
from services.ingest.engine.connector import Delivered

__all__ = ["Stored", "read_stored", "stored_headers", "stored_key"]

_LOCAL: Final = frozenset({
    "host", "connection", "content-length", "transfer-encoding", "accept", "accept-encoding", "user-agent", "expect",
    "te", "upgrade", "keep-alive", "forwarded", "via",
})  # fmt: skip
_NETWORK: Final = ("x-forwarded-", "x-real-", "cf-")
_SECRET: Final = re.compile(
    r"(?:.*-)?(?:auth|authorization|token|secret|password|cookie|session|credentials?|apikey|api-key|access-key)(?:-.*)?"
)
"""Names of headers under which gateways and vendors are known to prove who they are, whatever the connector checks."""
_MOST_HEADERS: Final = 50
_LONGEST_HEADER: Final = 1_024
_OBJECT_BYTES: Final = 2
"""Of an object's hash: enough to spread objects over partitions, too little to tell which one it is."""
_SQM: Final = "sqm-"
_HEADER: Final = re.compile(r"[a-z0-9-]{1,64}")


class Stored(NamedTuple):
    """
    A webhook as it was stored, and which connector maps it.
    """

    connector: str
    delivered: Delivered


def stored_headers(connector: str, delivered: Delivered, secret: Sequence[str]) -> list[tuple[str, bytes]]:
    """
    The headers to store a webhook with; `secret` names those of the request that prove who sent it.
    """
    ours = WebhookHeaders.model_construct(
        connector=connector, source=delivered.source, received_at=str(delivered.received_at)
    ).model_dump(by_alias=True)
    kept = [
        (HTTP + name, value.encode())
        for name, value in delivered.headers.items()
        if _HEADER.fullmatch(name)
        and name not in _LOCAL
        and name not in FORWARDED
        and name not in secret
        and not _SECRET.fullmatch(name)
        and not name.startswith(_NETWORK)
        and len(value) <= _LONGEST_HEADER
    ]
    return [*((name, value.encode()) for name, value in ours.items()), *kept[:_MOST_HEADERS]]


def stored_key(connector: str, source: str, about: str) -> bytes:
    """
    The key of a stored webhook: one object of one sender keeps its order, and the key does not name it.
    """
    short = hashlib.sha256(about.encode("utf-8", "surrogatepass")).digest()[:_OBJECT_BYTES].hex()
    return f"{connector}/{source}/{short}".encode()


def read_stored(value: bytes | None, headers: Sequence[tuple[str, bytes]]) -> Stored | None:
    """
    Read a stored webhook again; None for what is none.
    """
    said: Mapping[str, str] = {name: text.decode("utf-8", "replace") for name, text in headers}
    try:
        ours = WebhookHeaders.model_validate(
            {name: text for name, text in said.items() if name.startswith(_SQM)}, by_alias=True, by_name=False
        )
    except ValidationError:
        return None
    of_request = {name.removeprefix(HTTP): text for name, text in said.items() if name.startswith(HTTP)}
    return Stored(ours.connector, Delivered(value or b"", of_request, ours.source, int(ours.received_at)))
