"""
Instants, durations and time zones as options of commands say them.
"""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import TypeAdapter, ValidationError

from schemas.base import EPOCH, LAST, Instant, parse_duration, to_millis
from services.runtime.errors import Misconfigured

__all__ = ["read_ago", "read_duration", "read_instant", "read_zone"]


def read_instant(text: str | None, option: str) -> int | None:
    """
    Read an instant with its offset, if one is given; return milliseconds. Raises Misconfigured, also where events
    cannot lie.
    """
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise Misconfigured(f"{option} {text[:80]!r} is no instant with an offset, like 2026-01-31T08:00:00Z")
    if not EPOCH <= instant < LAST:
        raise Misconfigured(f"{option} {text[:80]!r}: an instant lies between 1970 and 2299")
    return to_millis(instant)


def read_ago(text: str | None, now_ms: int) -> int | None:
    """
    Read an instant with its offset, or how long ago it was like 2h, if one is given; return milliseconds. Raises
    Misconfigured.
    """
    if text is None:
        return None
    try:
        return now_ms - parse_duration(text)
    except ValueError:
        pass
    try:
        return to_millis(TypeAdapter(Instant).validate_python(text))
    except ValidationError as error:
        raise Misconfigured(
            f"{text[:40]!r}: give an instant like 2026-01-31T08:00:00+01:00, or how long ago like 2h"
        ) from error


def read_duration(text: str, option: str) -> int:
    """
    Read a duration like 90m; return milliseconds. Raises Misconfigured.
    """
    try:
        return parse_duration(text)
    except ValueError as error:
        raise Misconfigured(f"{option} {text[:40]!r}: {error}") from error


def read_zone(name: str) -> ZoneInfo:
    """
    Read the name of a time zone. Raises Misconfigured.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Misconfigured(f"--zone {name[:60]}: no such time zone; write it like Europe/Berlin") from error
