"""
The examples in a connector's own document, held against what the connector makes of them.
"""

import json
from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import urlencode

from schemas.base import format_instant, to_millis
from schemas.connectors import Connector, Example, ExpectedEvent
from services.ingest.engine.connector import CompiledConnector, Delivered, MappedPayload, Outcome, RejectedPayload
from services.ingest.engine.mapped import MappedEvent

__all__ = ["EXAMPLE_SOURCE", "RECEIVED_AT", "ExampleFault", "delivered_example", "example_faults"]

EXAMPLE_SOURCE: Final = "example"
"""Who posts the examples."""
RECEIVED_AT: Final = 1_893_456_000_000
"""When they came: the first day of 2030, later than any of them."""


class ExampleFault(NamedTuple):
    """
    An example that yields something else than its document says; `place` counts from 0.
    """

    place: int
    title: str
    problem: str


def delivered_example(document: Connector, example: Example) -> Delivered:
    """
    An example as if it had been posted.
    """
    form = document.body.format == "form" and isinstance(example.body, dict)
    text = urlencode(example.body) if form else json.dumps(example.body)  # type: ignore[arg-type]
    headers = {name.lower(): value for name, value in example.headers.items()}
    return Delivered(text.encode(), headers, EXAMPLE_SOURCE, RECEIVED_AT)


def example_faults(compiled: CompiledConnector) -> Iterator[ExampleFault]:
    """
    Every difference between what the examples should yield and what they yield.
    """
    for place, example in enumerate(compiled.document.examples):
        outcomes = list(compiled.outcomes(delivered_example(compiled.document, example)))
        for problem in _problems(outcomes, example):
            yield ExampleFault(place, example.title, problem)


def _problems(outcomes: list[Outcome], example: Example) -> Iterator[str]:
    events: list[MappedEvent] = []
    for outcome in outcomes:
        if isinstance(outcome, RejectedPayload):
            yield f"rejected: {outcome.reason} at {outcome.field}: {outcome.detail}"
        elif isinstance(outcome, MappedPayload):
            events += outcome.events
    if len(events) != len(example.events):
        told = ", ".join(event.type for event in events) or "none"
        yield f"{len(example.events)} events expected, {len(events)} found: {told}"
    for number, (event, expected) in enumerate(zip(events, example.events, strict=False), start=1):
        for problem in _differences(event, expected):
            yield f"event {number}: {problem}"


def _differences(event: MappedEvent, expected: ExpectedEvent) -> Iterator[str]:
    at = format_instant(to_millis(expected.time))
    pairs: list[tuple[str, object, object]] = [
        ("type", event.type, expected.type),
        ("subject", event.subject, expected.subject),
        ("time", format_instant(event.time_ms), at),
    ]
    pairs += [(f"data.{name}", event.facts.data.get(name), value) for name, value in expected.data.items()]
    for name, found, wanted in pairs:
        if found != wanted:
            yield f"{name} is {found!r} and should be {wanted!r}"
