"""
Timelines: events of many files in the order in which they happened, in bounded memory.

Files are seldom in time order, and several of them overlap. Up to a bound events are sorted in memory; beyond it sorted
runs go to a temporary file and are merged, so that a file may be larger than the memory of the machine.
"""

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice
from operator import attrgetter
from tempfile import TemporaryFile
from typing import IO, Final

import msgspec

from services.ingest.engine.mapped import MappedEvent

__all__ = ["in_time_order"]

MOST_IN_MEMORY: Final = 1_000_000
_READ_AT_ONCE: Final = 1_000
_TIME = attrgetter("time_ms")


def in_time_order(events: Iterable[MappedEvent], most_in_memory: int = MOST_IN_MEMORY) -> Iterator[MappedEvent]:
    """
    Yield all events by their time; those of one instant in the order in which they came.
    """
    source = iter(events)
    held = list(islice(source, most_in_memory))
    held.sort(key=_TIME)
    if len(held) < most_in_memory:
        yield from held
        return
    with TemporaryFile() as spill:
        runs = [_write(held, spill)]
        del held
        while run := sorted(islice(source, most_in_memory), key=_TIME):
            runs.append(_write(run, spill))
        yield from merge(*(_read(spill, run) for run in runs), key=_TIME)


_Run = list[tuple[int, int]]
"""Where the pieces of a run lie in the file: (offset, length) each."""


def _write(run: list[MappedEvent], spill: IO[bytes]) -> _Run:
    encode = msgspec.msgpack.Encoder().encode
    pieces: _Run = []
    for start in range(0, len(run), _READ_AT_ONCE):
        piece = encode(run[start : start + _READ_AT_ONCE])
        pieces.append((spill.seek(0, 2), len(piece)))
        spill.write(piece)
    return pieces


def _read(spill: IO[bytes], run: _Run) -> Iterator[MappedEvent]:
    decode = msgspec.msgpack.Decoder(list[MappedEvent]).decode
    for offset, length in run:
        spill.seek(offset)
        yield from decode(spill.read(length))
