"""
Alerts: how many violations a core takes on their way to messages, and what a hundred thousand open alerts cost.
"""

from collections.abc import Iterator

import msgspec

from benchmarks.measuring import Figure, resident_megabytes, watched
from schemas.alerting import ALERTINGS
from services.alerts.engine import (
    Book,
    Changed,
    Desk,
    DeskState,
    Lifecycles,
    Received,
    Saver,
    Violation,
    decode_violation,
    restored,
)
from services.runtime.process import calm_garbage_collector

TITLE = "alerts: engine"
_BEGIN = 1_772_445_600_000
_TICK_MS = 50
_EACH_TICK = 100
_OPEN = 100_000
_ENCODER = msgspec.json.Encoder()
_YARDSTICK = "bare decoding, us/violation"


def run(scale: float) -> Iterator[Figure]:
    """Open violations at many sites, a tick at a time, save what has changed, and go on from it."""
    calm_garbage_collector()
    count = max(1_000, int(_OPEN * scale))
    values = [_value(number) for number in range(count)]
    with watched() as watch:
        violations = [decode_violation(value) for value in values]
    bare = watch.cpu_microseconds(count)
    before = resident_megabytes()
    book, lifecycles, state = _book(), Lifecycles(), DeskState()
    desk, saver, said = Desk(book, state), Saver(lifecycles, state), 0
    with watched() as watch:
        for first in range(0, count, _EACH_TICK):
            at = _BEGIN + first // _EACH_TICK * _TICK_MS
            inputs = [Received(at, one) for one in violations[first : first + _EACH_TICK]]
            step = lifecycles.take(book, inputs, at)
            said += len(desk.take([Changed(alert.at, alert) for alert in step.alerts], at).messages)
    yield Figure(
        "violation to message, each an alert of its own", watch.cpu_microseconds(count), "us of CPU", bare, _YARDSTICK
    )
    yield Figure("messages", said / count, "a violation")
    yield Figure("memory for 10,000 open alerts", (resident_megabytes() - before) * 10_000 / count, "MB")
    end = _BEGIN + count // _EACH_TICK * _TICK_MS
    with watched() as watch:
        parts = saver.changed()
    written = sum(map(len, parts.values()))
    yield Figure("checkpoint of all of them", watch.spent.cpu_seconds * 1e3, "ms of CPU")
    yield Figure("written for each open alert", written / count, "bytes")
    state.touched_cases.add(next(iter(state.cases)))
    lifecycles.touched.add(next(iter(lifecycles.lives)))
    with watched() as watch:
        saver.changed()
    yield Figure("checkpoint after one has changed", watch.spent.cpu_seconds * 1e3, "ms of CPU")
    with watched() as watch:
        restored(parts)
    yield Figure("recovery of all of them", watch.spent.cpu_seconds * 1e3, "ms of CPU")
    with watched() as watch:
        for tick in range(1_000):
            lifecycles.take(book, (), end + tick * _TICK_MS)
            desk.take((), end + tick * _TICK_MS)
    yield Figure("a tick in which nothing comes", watch.cpu_microseconds(1_000), "us of CPU")


def _book() -> Book:
    return Book(
        ALERTINGS.validate_python({
            "apiVersion": "sqm/v1",
            "kind": "Alerting",
            "metadata": {"id": "benchmark", "owner": "benchmark"},
            "rules": [{"id": "all", "severity": "page", "grades": [{"severity": "page", "overrun": "30m"}]}],
            "route": {"receivers": ["room"], "group_by": ["scope"], "group_wait": "0s"},
            "receivers": [{"id": "room", "title": "Room", "chat": {"url": "ROOM"}}],
            "inhibit": [
                {"id": "away", "source": {"kind": "presence"}, "target": {"kind": "journey"}, "equal": ["site"]}
            ],
        })
    )  # fmt: skip


def _value(number: int) -> bytes:
    at = _BEGIN + number // _EACH_TICK * _TICK_MS
    said = Violation(
        id=f"v:wait@1:0:site-{number // 20}:journey-{number}", standard="wait", version=1, rev_offset=number,
        rev_watermark=at, site=f"site-{number // 20}", kind="journey", state="opened", opened_at=at, as_of=at,
        queue=f"queue-{number % 20}", limit_ms=600_000,
    )  # fmt: skip
    return _ENCODER.encode(said)
