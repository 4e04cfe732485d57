"""
Histograms of durations: integer buckets whose width grows with the value, kept as a sparse mapping bucket → count.

Counts of equal buckets add up and can be taken out again, in any order and with the same result, so a window is the
sum of its minutes and a corrected measurement leaves nothing behind. A percentile is told as the highest value of its
bucket: never better than it was, and worse by at most 1/128 (0.79 %). Values below 256 have a bucket each and are
exact. The buckets are those of the high dynamic range histogram (G. Tene) with seven bits a doubling.

A count may fall below zero while a correction comes before what it corrects; whoever asks for a percentile then is
told that this is no histogram of anything.
"""

from collections.abc import Iterable, Mapping
from typing import Final

_BITS: Final = 7
STEPS: Final = 1 << _BITS
"""Buckets a doubling; one over this is the greatest relative error."""
EXACT_BELOW: Final = 2 * STEPS
"""Values below this are exact."""

Buckets = dict[int, int]
"""Bucket → count; a bucket that counts nothing is not in it."""


def bucket_of(value: int) -> int:
    """
    The number of the bucket that a value (0 or more) lies in; a greater value is never in a lower bucket.
    """
    if value < EXACT_BELOW:
        if value < 0:
            msg = f"{value} is negative, and no duration is"
            raise ValueError(msg)
        return value
    shift = value.bit_length() - 1 - _BITS
    return STEPS * shift + (value >> shift)


def bounds(bucket: int) -> tuple[int, int]:
    """
    The lowest and the highest value that lie in a bucket.
    """
    if bucket < EXACT_BELOW:
        return bucket, bucket
    shift = bucket // STEPS - 1
    lowest = (bucket - STEPS * shift) << shift
    return lowest, lowest + (1 << shift) - 1


def record(counts: dict[int, int], key: int, times: int = 1) -> None:
    """
    Count a bucket (or a value, where values are kept) so many times, in place; with -1 take it out again.
    """
    held = counts.get(key, 0) + times
    if held:
        counts[key] = held
    else:
        counts.pop(key, None)


def merged(many: Iterable[Mapping[int, int]], sign: int = 1) -> Buckets:
    """
    The sum of histograms, or with ``sign`` -1 what takes them out of another.
    """
    whole: Buckets = {}
    for one in many:
        for key, count in one.items():
            record(whole, key, sign * count)
    return whole


def rank_of(n: int, numerator: int, denominator: int) -> int:
    """
    Which of n values, counted from 1 in rising order, is the quantile numerator/denominator: the nearest rank.

    The lowest value that at least this share of all values do not exceed; quantile 0 is the lowest of all.
    """
    if not 0 <= numerator <= denominator or denominator == 0:
        msg = f"{numerator}/{denominator} is no quantile: it lies between 0 and 1"
        raise ValueError(msg)
    return max(-(-n * numerator // denominator), 1)


def at_rank(counts: Mapping[int, int], rank: int) -> int:
    """
    The key at which the running count reaches a rank, keys in rising order.
    """
    if min(counts.values()) < 0:
        msg = "something was taken out more often than it was counted"
        raise ValueError(msg)
    reached = 0
    for key in sorted(counts):
        reached += counts[key]
        if reached >= rank:
            return key
    msg = f"there are only {reached} values, so none has rank {rank}"
    raise ValueError(msg)


def quantile(buckets: Mapping[int, int], numerator: int, denominator: int) -> int | None:
    """
    The quantile numerator/denominator, as the highest value of its bucket; None where nothing was counted.
    """
    if not buckets:
        return None
    return bounds(at_rank(buckets, rank_of(sum(buckets.values()), numerator, denominator)))[1]


__all__ = [
    "EXACT_BELOW",
    "STEPS",
    "Buckets",
    "at_rank",
    "bounds",
    "bucket_of",
    "merged",
    "quantile",
    "rank_of",
    "record",
]
