"""
Spans by OpenTelemetry, sent over OTLP; the one module that imports it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from threading import Timer
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import (
    ALWAYS_ON,
    ParentBased,
    Sampler,
    SamplingResult,
    TraceIdRatioBased,
)
from opentelemetry.trace import Link, Span, SpanContext, SpanKind, StatusCode, TraceState
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import Attributes

from services.runtime.logs import lines_with
from services.runtime.tracing.untraced import TRACEPARENT, UNTRACED, Facts, Headers, Tell

__all__ = ["MOST_LINKS", "Spans"]

MOST_LINKS: Final = 32
"""Links of one span: a fetch may hold thousands of traced records, and nobody follows thousands."""
MOST_READ: Final = 2 * MOST_LINKS
"""Contexts of one batch that are read for them, with those that are none."""
SEND_SECONDS: Final = 2.0
"""How long the collector may take, and what still waits at the end of a process may be tried for as long."""
_SAMPLED: Final = frozenset(b"13579bdf")
_SERVER_FAULT: Final = 500

_W3C = TraceContextTextMapPropagator()


class _LinkedOrOneIn(Sampler):
    """
    Keeps what has links, since only traced contexts are linked; of the rest one in so many.
    """

    def __init__(self, one_in: int) -> None:
        self._rest = TraceIdRatioBased(1 / one_in)

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        decides = ALWAYS_ON if links else self._rest
        return decides.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)

    def get_description(self) -> str:
        return f"linked, or else {self._rest.get_description()}"


class Spans:
    """
    Spans, sent to a collector from a thread of their own. What finds no place in its queue is dropped: the work that
    spans tell of never waits for them.
    """

    active = True

    def __init__(self, endpoint: str, *, one_in: int, service: str, version: str) -> None:
        self._exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=SEND_SECONDS)
        self._provider = TracerProvider(
            sampler=ParentBased(_LinkedOrOneIn(one_in)),
            resource=Resource.create({"service.name": service, "service.version": version}),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter))
        self._tracer = self._provider.get_tracer("sqm", version)

    def request(self, name: str, headers: Mapping[str, str], facts: Facts) -> AbstractContextManager[Tell]:
        """
        See `Tracing.request`.
        """
        context = _W3C.extract(headers, context=Context())
        return _under_way(self._tracer.start_span(name, context, SpanKind.SERVER, dict(facts)))

    def batch(
        self, name: str, causes: Iterable[bytes], facts: Facts, *, begins: bool = False, began_ms: int | None = None
    ) -> AbstractContextManager[Tell]:
        """
        See `Tracing.batch`.
        """
        links = [Link(one) for one in _sampled(causes)]
        if not links and not begins:
            return UNTRACED.batch(name, (), facts)
        started = None if began_ms is None else began_ms * 1_000_000
        kind = SpanKind.CONSUMER if "messaging.system" in facts else SpanKind.INTERNAL
        span = self._tracer.start_span(name, Context(), kind, dict(facts), links, started)
        return _under_way(span)

    def carried(self) -> Headers:
        """
        See `Tracing.carried`.
        """
        if not trace.get_current_span().get_span_context().trace_flags.sampled:
            return ()
        carrier: dict[str, str] = {}
        _W3C.inject(carrier)
        return ((TRACEPARENT, carrier[TRACEPARENT].encode()),)

    def close(self) -> None:
        """
        See `Tracing.close`.
        """
        # The provider alone would try for two seconds with each batch that waits.
        enough = Timer(SEND_SECONDS, self._exporter.shutdown)
        enough.start()
        try:
            self._provider.shutdown()
        finally:
            enough.cancel()


@contextmanager
def _under_way(span: Span) -> Iterator[Tell]:
    def tell(name: str, value: str | int) -> None:
        span.set_attribute(name, value)
        if name == "http.response.status_code" and isinstance(value, int) and value >= _SERVER_FAULT:
            span.set_status(StatusCode.ERROR)

    about = span.get_span_context()
    named = {"trace_id": f"{about.trace_id:032x}", "span_id": f"{about.span_id:016x}"} if span.is_recording() else {}
    # The text of an error may quote what it is about, and that may be a person: its kind must do.
    with (
        trace.use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False),
        lines_with(**named),
    ):
        try:
            yield tell
        except BaseException as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(StatusCode.ERROR)
            raise


def _sampled(causes: Iterable[bytes]) -> list[SpanContext]:
    """
    The traced ones among contexts, each once, the first so many. What is no context is passed over.
    """
    found: list[SpanContext] = []
    read: set[bytes] = set()
    for cause in causes:
        if not cause or cause[-1] not in _SAMPLED or cause in read:
            continue
        read.add(cause)
        context = trace.get_current_span(
            _W3C.extract({TRACEPARENT: cause.decode("latin-1")}, context=Context())
        ).get_span_context()
        if context.is_valid and context.trace_flags.sampled:
            found.append(context)
        if len(found) == MOST_LINKS or len(read) == MOST_READ:
            break
    return found
