"""
Writes and reads dead letters: what was refused, byte for byte, with why and where in headers behind its own.

The value, the key and the original headers stay as they came. Behind the original headers comes `sqm-headers`, which
says how many those were, then ours; so that nothing the sender wrote can be taken for ours, and replay gives back
exactly what came in.
"""

from dataclasses import dataclass
from typing import Final, Self

from services.runtime.kafka.records import Headers, Record

__all__ = ["DeadLetter", "Origin", "attempt_of", "read_dead_letter", "replay_headers"]

_COUNT: Final = "sqm-headers"
_ATTEMPT: Final = "sqm-attempt"
_FIRST_FAILED: Final = "sqm-first-failed-at"
_LONGEST_TEXT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Origin:
    """
    Where a refused record was read: the topic's cluster name, and the broker's time of it.
    """

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    group: str = ""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """
    One refusal: `reason` (a named one), the `stage` that refused (ingest, mapping, sla, history), a sentence without
    payload, and what was refused. `origin` is None for what did not come from Kafka; `file` and `line` are for what
    came from a file, `field` for the place in the message. `attempt` counts how often it was refused, `first_failed_at`
    when for the first time (ms).
    """

    reason: str
    stage: str
    detail: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    first_failed_at: int
    attempt: int = 1
    origin: Origin | None = None
    file: str = ""
    line: int = 0
    field: str = ""

    @classmethod
    def of(cls, record: Record, *, reason: str, stage: str, detail: str, group: str, now_ms: int) -> Self:
        """
        Refuse a record that `group` read; one that was replayed goes on counting its attempts.
        """
        headers, attempt, first_failed_at = attempt_of(record.headers, now_ms)
        return cls(
            reason=reason,
            stage=stage,
            detail=detail,
            key=record.key,
            value=record.value,
            headers=headers,
            first_failed_at=first_failed_at,
            attempt=attempt,
            origin=Origin(record.topic, record.partition, record.offset, record.timestamp, group),
        )

    def all_headers(self) -> list[tuple[str, bytes]]:
        """
        Return the headers of the record on the dead letter topic.
        """
        ours: list[tuple[str, str | int]] = [
            (_COUNT, len(self.headers)),
            ("sqm-reason", self.reason),
            ("sqm-stage", self.stage),
            ("sqm-detail", self.detail[:_LONGEST_TEXT]),
            (_FIRST_FAILED, self.first_failed_at),
            (_ATTEMPT, self.attempt),
        ]
        if self.origin is not None:
            ours += [
                ("sqm-group", self.origin.group),
                ("sqm-topic", self.origin.topic),
                ("sqm-partition", self.origin.partition),
                ("sqm-offset", self.origin.offset),
                ("sqm-timestamp", self.origin.timestamp_ms),
            ]
        if self.file:
            ours += [("sqm-file", self.file[:_LONGEST_TEXT]), ("sqm-line", self.line)]
        if self.field:
            ours.append(("sqm-field", self.field[:_LONGEST_TEXT]))
        return [*self.headers, *((name, str(value).encode(errors="replace")) for name, value in ours)]


def read_dead_letter(key: bytes | None, value: bytes | None, headers: Headers) -> DeadLetter | None:
    """
    Read one record of the dead letter topic; None where it is not one of ours.
    """
    start = next((at for at in reversed(range(len(headers))) if headers[at][0] == _COUNT), None)
    if start is None:
        return None
    ours = {name: raw.decode(errors="replace") for name, raw in headers[start:]}
    try:
        if int(ours[_COUNT]) != start:
            return None
        origin = None
        if "sqm-topic" in ours:
            origin = Origin(
                topic=ours["sqm-topic"],
                partition=int(ours["sqm-partition"]),
                offset=int(ours["sqm-offset"]),
                timestamp_ms=int(ours["sqm-timestamp"]),
                group=ours.get("sqm-group", ""),
            )
        return DeadLetter(
            reason=ours["sqm-reason"],
            stage=ours["sqm-stage"],
            detail=ours["sqm-detail"],
            key=key,
            value=value,
            headers=tuple(headers[:start]),
            first_failed_at=int(ours[_FIRST_FAILED]),
            attempt=int(ours[_ATTEMPT]),
            origin=origin,
            file=ours.get("sqm-file", ""),
            line=int(ours.get("sqm-line", "0")),
            field=ours.get("sqm-field", ""),
        )
    except (KeyError, ValueError):
        return None


def replay_headers(letter: DeadLetter) -> list[tuple[str, bytes]]:
    """
    Return the headers to send a dead letter back with: its own, then how often it has failed and since when.
    """
    return [
        *letter.headers,
        (_FIRST_FAILED, str(letter.first_failed_at).encode()),
        (_ATTEMPT, str(letter.attempt).encode()),
    ]


def attempt_of(headers: Headers, now_ms: int) -> tuple[Headers, int, int]:
    """
    Take off what `replay_headers` put on: the original headers, which attempt this is, and when the first one failed.
    """
    if [name for name, _ in headers[-2:]] == [_FIRST_FAILED, _ATTEMPT]:
        try:
            return headers[:-2], int(headers[-1][1]) + 1, int(headers[-2][1])
        except ValueError:
            return headers, 1, now_ms
    return headers, 1, now_ms
