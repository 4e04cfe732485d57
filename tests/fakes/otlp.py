"""
What a collector of traces got over OTLP, decoded by OpenTelemetry's own messages.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.fakes.http_receiver import Got

__all__ = ["Seen", "spans_of"]


@dataclass(frozen=True)
class Seen:
    """
    One span; contexts are written as in a `traceparent`: the trace, a dash, the span.
    """

    service: str
    name: str
    context: str
    parent: str
    """The span that it is a part of; empty where it begins a trace."""
    links: tuple[str, ...]
    facts: dict[str, str | int]
    failed: bool


def spans_of(got: Iterable[Got]) -> list[Seen]:
    found = []
    for request in got:
        assert request.path == "/v1/traces"
        for resource in ExportTraceServiceRequest.FromString(request.body).resource_spans:
            about = {one.key: one.value.string_value for one in resource.resource.attributes}
            found += [
                Seen(
                    about["service.name"],
                    span.name,
                    _context(span.trace_id, span.span_id),
                    span.parent_span_id.hex(),
                    tuple(_context(link.trace_id, link.span_id) for link in span.links),
                    {one.key: one.value.string_value or one.value.int_value for one in span.attributes},
                    span.status.code == span.status.STATUS_CODE_ERROR,
                )
                for scope in resource.scope_spans
                for span in scope.spans
            ]
    return found


def _context(trace: bytes, span: bytes) -> str:
    return f"{trace.hex()}-{span.hex()}"
