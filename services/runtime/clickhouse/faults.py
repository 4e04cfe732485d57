"""
Turns what ClickHouse and its driver say into the errors that our loops decide by.
"""

from typing import Any

import msgspec
from clickhouse_connect.driver.exceptions import ClickHouseError, OperationalError

from services.runtime.errors import Misconfigured, Overloaded, Rejected, ServiceError, Transient, Unreachable

__all__ = ["ClickHouseError", "decoded", "translated"]

_OVERLOADED = frozenset(
    {
        159,  # TIMEOUT_EXCEEDED
        202,  # TOO_MANY_SIMULTANEOUS_QUERIES
        241,  # MEMORY_LIMIT_EXCEEDED
        252,  # TOO_MANY_PARTS
    }
)
_TRANSIENT = frozenset({
    3,  # UNEXPECTED_END_OF_FILE
    # CANNOT_READ_FROM_ and CANNOT_WRITE_TO_FILE_DESCRIPTOR, CANNOT_OPEN_, CLOSE_, SEEK_THROUGH_ and TRUNCATE_FILE: what
    # the disk does, as when it is full, is nothing that rows could be blamed for.
    74, 75, 76, 77, 87, 88,
    95, 96,  # CANNOT_READ_FROM_SOCKET, CANNOT_WRITE_TO_SOCKET
    173,  # CANNOT_ALLOCATE_MEMORY
    209, 210,  # SOCKET_TIMEOUT, NETWORK_ERROR
    225, 242,  # NO_ZOOKEEPER, TABLE_IS_READ_ONLY
    236,  # ABORTED
    243,  # NOT_ENOUGH_SPACE
    285, 286,  # TOO_FEW_LIVE_REPLICAS, UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE
    319,  # UNKNOWN_STATUS_OF_INSERT
    394,  # QUERY_WAS_CANCELLED
    425,  # SYSTEM_ERROR
    999,  # KEEPER_EXCEPTION
})  # fmt: skip
_MISCONFIGURED = frozenset({
    16, 47,  # NO_SUCH_COLUMN_IN_TABLE, UNKNOWN_IDENTIFIER
    46, 63,  # UNKNOWN_FUNCTION, UNKNOWN_AGGREGATE_FUNCTION
    60, 81,  # UNKNOWN_TABLE, UNKNOWN_DATABASE
    62,  # SYNTAX_ERROR
    115,  # UNKNOWN_SETTING
    164,  # READONLY
    192, 193, 194, 516,  # UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, AUTHENTICATION_FAILED
    452,  # SETTING_CONSTRAINT_VIOLATION
    497,  # ACCESS_DENIED
})  # fmt: skip
_UNKNOWN_DATABASE = 81
_SHOWN = 600


def translated(error: ClickHouseError, doing: str) -> ServiceError:
    """
    The error to raise from `error`; `doing` says what was being done, for the message.
    """
    code = getattr(error, "code", None)
    text = " ".join(str(error).split())[:_SHOWN]
    message = f"ClickHouse: cannot {doing}: {text}"
    if code == _UNKNOWN_DATABASE:
        message += "; name another, or make it with `sqm history migrate`"
    if code in _OVERLOADED:
        return Overloaded(message)
    if code in _TRANSIENT:
        return Transient(message)
    if code in _MISCONFIGURED:
        return Misconfigured(message)
    if code is None and isinstance(error, OperationalError):
        return Unreachable(message)
    return Rejected(str(getattr(error, "name", None) or "clickhouse").lower(), message)


def decoded(lines: bytes) -> list[dict[str, Any]]:
    """
    The rows of an answer in JSONEachRow. Raises Rejected where they hold bytes that are no text: ClickHouse passes on
    what it is asked for.
    """
    try:
        return [msgspec.json.decode(line) for line in lines.splitlines() if line]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Rejected(
            "not_text", "ClickHouse: the answer holds bytes that are not UTF-8; ask for hex(…) of them"
        ) from error
