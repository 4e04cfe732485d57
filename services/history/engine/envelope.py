"""
Carries records to ClickHouse as they are: RowBinary around bytes that nobody here decodes.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from struct import Struct
from typing import Final, Protocol

__all__ = ["ENVELOPE", "Record", "encode"]

ENVELOPE: Final = (
    "arriving_partition Int32",
    "arriving_offset Int64",
    "arriving_timestamp Int64",
    "arriving_key Nullable(String)",
    "arriving_value Nullable(String)",
    "arriving_headers Array(Tuple(name String, value String))",
)
"""The columns of an encoded record; SQL finds them under these names."""

_PLACE: Final = Struct("<iqq")
_NULL: Final = b"\x01"
_NONE: Final = b"\x00"
_SEVEN_BITS: Final = 7
_LOW: Final = 0x7F
_MORE: Final = 0x80


class Record(Protocol):
    """
    What a Kafka client hands over; headers are pairs of name and value.
    """

    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...


def encode(records: Iterable[Record]) -> bytes:
    """
    Put records behind one another, none looked into. A timestamp is milliseconds since the epoch.
    """
    parts: list[bytes] = []
    add = parts.append
    place = _PLACE.pack
    for record in records:
        key, value, headers = record.key, record.value, record.headers
        add(place(record.partition, record.offset, record.timestamp))
        add(_NULL if key is None else _present(len(key)) + key)
        if value is None:
            add(_NULL)
        else:
            add(_present(len(value)))
            add(value)
        add(_headers(headers) if headers else _NONE)
    return b"".join(parts)


def _headers(headers: Sequence[tuple[str, bytes]]) -> bytes:
    out = bytearray(_length(len(headers)))
    for name, value in headers:
        # aiokafka says None for a header without a value.
        for blob in (name.encode(), value or b""):
            out += _length(len(blob))
            out += blob
    return bytes(out)


@lru_cache(maxsize=16_384)
def _present(length: int) -> bytes:
    return b"\x00" + _length(length)


@lru_cache(maxsize=16_384)
def _length(length: int) -> bytes:
    # Little end first, seven bits a byte, the eighth says that more follow.
    out = bytearray()
    while length > _LOW:
        out.append((length & _LOW) | _MORE)
        length >>= _SEVEN_BITS
    out.append(length)
    return bytes(out)
