"""
What is saved of a chunk: the engine's bytes, and the outcomes that may leave only once those bytes are safe.

What the passing of time caused must not be known outside before it is durable, and must not be forgotten once it is.
Both travel in one blob, so that there is no moment between: a successor that loads the blob sends the outcomes again
(their ids are the same), also where the worker died after saving and before sending.
"""

import struct
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from services.runtime.errors import Misconfigured

__all__ = ["Kind", "Pending", "sealed", "unsealed"]

_VERSION = 1
_HEAD = struct.Struct(">BI")
_ITEM = struct.Struct(">BBI")


class Kind(IntEnum):
    """
    Which topic an outcome belongs on; the numbers are in saved state and never change.
    """

    MEASUREMENT = 0
    VIOLATION = 1
    ATTAINMENT = 2


class Pending(NamedTuple):
    """
    An outcome that waits for its chunk to be durable: where it goes, its state and its bytes.
    """

    kind: Kind
    state: str
    value: bytes


def sealed(chunk: bytes, pending: Sequence[Pending]) -> bytes:
    """
    One blob of both.
    """
    parts = [_HEAD.pack(_VERSION, len(pending))]
    for item in pending:
        state = item.state.encode()
        parts.append(_ITEM.pack(item.kind, len(state), len(item.value)))
        parts.append(state)
        parts.append(item.value)
    parts.append(chunk)
    return b"".join(parts)


def unsealed(blob: bytes) -> tuple[bytes, list[Pending]]:
    """
    The engine's bytes and the waiting outcomes of a blob. Raises Misconfigured where no worker can have written it.
    """
    try:
        return _parts(blob)
    except (struct.error, ValueError) as error:
        raise Misconfigured(
            f"a saved state of {len(blob)} bytes is damaged ({error}): "
            "something else wrote to the topic of checkpoints; forbid that, delete the record, load the events again"
        ) from error


def _parts(blob: bytes) -> tuple[bytes, list[Pending]]:
    version, count = _HEAD.unpack_from(blob)
    if version != _VERSION:
        raise Misconfigured(
            f"the saved state is of format {version}, this worker reads {_VERSION}; run the version that wrote it"
        )
    at = _HEAD.size
    pending = []
    for _ in range(count):
        kind, letters, length = _ITEM.unpack_from(blob, at)
        at += _ITEM.size
        state = blob[at : at + letters].decode()
        at += letters
        pending.append(Pending(Kind(kind), state, blob[at : at + length]))
        at += length
    return blob[at:], pending
