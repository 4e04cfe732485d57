"""
Names a batch by what is in it, so that the same batch delivered twice can be told from a new one.
"""

import hashlib
from collections.abc import Iterable, Sequence

from services.history.engine.envelope import Record

__all__ = ["token_of"]


def token_of(topic: str, records: Sequence[Record], left_out: Iterable[tuple[int, int]] = ()) -> str:
    """
    Return the batch's deduplication token.

    It is made of the topic and, by partition, the offsets and the broker's timestamps of the first and the last record
    and how many there are; `left_out` are places that were refused. Timestamps tell a topic that was made anew from the
    old one.
    """
    spans: dict[int, tuple[Record, Record, int]] = {}
    for record in records:
        first, _, many = spans.get(record.partition, (record, record, 0))
        spans[record.partition] = (first, record, many + 1)
    parts = [
        f"{partition}:{first.offset}@{first.timestamp}-{last.offset}@{last.timestamp}x{many}"
        for partition, (first, last, many) in sorted(spans.items())
    ]
    parts += [f"!{partition}:{offset}" for partition, offset in sorted(left_out)]
    text = f"{topic} {' '.join(parts)}"
    return f"{topic}/{hashlib.sha256(text.encode()).hexdigest()[:32]}"
