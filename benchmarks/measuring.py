"""
Measuring: processor time, memory and the yardstick that each figure stands beside.

The yardstick is the bare decoding of the same events: what any program that looks at them has to pay. A noisy or slow
machine moves both, so their ratio says more than either.
"""

import gc
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from services.sla.engine import decode_event


class Spent(NamedTuple):
    """What a piece of work cost: seconds on the clock, of processor time, and in garbage collection."""

    wall_seconds: float
    cpu_seconds: float
    collecting_seconds: float


class Watch:
    """Measures one piece of work; `spent` holds once it is done."""

    def __init__(self) -> None:
        """Begin without a result."""
        self.spent = Spent(0.0, 0.0, 0.0)

    def cpu_microseconds(self, count: int) -> float:
        """Return processor time for each of so many."""
        return self.spent.cpu_seconds * 1e6 / count


@contextmanager
def watched() -> Iterator[Watch]:
    """Measure the block: wall clock, this process's processor time, and the share of garbage collection in it."""
    watch = Watch()
    collecting = 0.0
    begun = 0.0

    def note(phase: str, _: dict[str, int]) -> None:
        nonlocal collecting, begun
        if phase == "start":
            begun = time.perf_counter()
        else:
            collecting += time.perf_counter() - begun

    gc.callbacks.append(note)
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        yield watch
    finally:
        watch.spent = Spent(time.perf_counter() - wall, time.process_time() - cpu, collecting)
        gc.callbacks.remove(note)


def yardstick(values: Iterable[bytes]) -> float:
    """Return the microseconds of processor time that bare decoding takes for each event."""
    count = 0
    with watched() as watch:
        for value in values:
            decode_event(value)
            count += 1
    return watch.cpu_microseconds(max(count, 1))


def resident_megabytes() -> float:
    """Return how much memory this process holds now."""
    with Path("/proc/self/statm").open(encoding="ascii") as status:
        pages = int(status.read().split()[1])
    return pages * resource.getpagesize() / 1e6


class Figure(NamedTuple):
    """
    One line of a report: what was measured, how much, the yardstick of the same run, and the goal, if there is one.
    """

    name: str
    value: float
    unit: str
    yardstick: float | None = None
    yardstick_name: str = "bare decoding, us/event"
    goal: float | None = None
    more_is_better: bool = False

    def line(self) -> str:
        """Write the figure, its ratio to the yardstick, and whether it reaches its goal."""
        text = f"{self.name:<58} {self.value:>12,.2f} {self.unit}"
        if self.yardstick:
            ratio = self.value / self.yardstick
            shown = f"{ratio:,.1f}" if ratio >= 1 else f"{ratio:.3f}"
            text += f"   ({shown} x {self.yardstick_name} = {self.yardstick:,.2f})"
        if self.goal is not None:
            reached = self.value >= self.goal if self.more_is_better else self.value <= self.goal
            text += f"   goal {self.goal:,g}: {'reached' if reached else 'MISSED'}"
        return text


def report(title: str, figures: Iterable[Figure], write: Callable[[str], object] | None = None) -> None:
    """Write one benchmark's figures, each as soon as it is known."""
    out = write or _written
    out(f"\n## {title}\n")
    for figure in figures:
        out(figure.line() + "\n")


def progress(text: str) -> None:
    """Say what is going on, beside the figures."""
    sys.stderr.write(f"  … {text}\n")
    sys.stderr.flush()


def _written(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
