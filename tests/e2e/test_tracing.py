"""
One request is followed through the real line: from the caller to ingest, the verdict, the message and history, and what
the spans tell names nobody.
"""

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import pytest

from schemas.topics import EVENTS
from tests.e2e.alerts_line import AlertsLine, alerting, until
from tests.e2e.line_services import LineServices
from tests.e2e.sla_line import event, now_ms
from tests.fakes.http_receiver import HttpReceiver, http_receiver
from tests.fakes.otlp import Seen, spans_of

_NUMBERS: Final[Iterator[int]] = itertools.count()
TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
PRIVATE: Final = {"customer": "customer-4711", "employee": "employee-0815", "subject": "journey-late"}
MAY_BE_TOLD: Final = {
    "http.request.method", "http.route", "http.response.status_code",
    "messaging.system", "messaging.operation.name", "messaging.operation.type", "messaging.destination.name",
    "messaging.destination.partition.id", "messaging.batch.message_count",
    "db.system.name", "db.operation.name", "db.collection.name", "db.operation.batch.size",
    "sqm.delivery.outcome", "sqm.delivery.attempts",
}  # fmt: skip


class Traced:
    """
    The four services, a collector of their traces, and somebody who is told.
    """

    def __init__(self, line: AlertsLine, collector: HttpReceiver, told: HttpReceiver, folder: Path) -> None:
        self.line = line
        self.collector = collector
        self.told = told
        self._folder = folder
        # The last one is OpenTelemetry's own: how long spans wait for others to be sent with, in milliseconds.
        tracing = {
            "SQM_TRACING__ENDPOINT": f"http://127.0.0.1:{collector.port}",
            "SQM_TRACING__ONE_IN": "1",
            "OTEL_BSP_SCHEDULE_DELAY": "100",
        }
        self._tracing = tracing
        self.services: LineServices

    async def start(self, stack: AsyncExitStack) -> None:
        self.line.configure(alerting({"on-call": self.told.url}))
        alerts = self.line.start(**self._tracing)
        self.services = LineServices(self.line, self._folder, self._tracing)
        await self.services.ready(stack, alerts)

    def send(self, *events: bytes) -> None:
        self.services.send(*events, traceparent=f"00-{TRACE}-{SPAN}-01")

    def spans(self, service: str, name: str) -> list[Seen]:
        found = spans_of(self.collector.got)
        return [span for span in found if (span.service, span.name) == (f"sqm-{service}", name)]

    async def linked(self, service: str, name: str, to: Seen) -> Seen:
        """
        The span of that name with a link to another one, once it is there.
        """

        def found() -> list[Seen]:
            return [span for span in self.spans(service, name) if to.context in span.links]

        await until(lambda: found() != [])
        return found()[0]


@pytest.fixture
async def traced(kafka: str, tmp_path: Path) -> AsyncIterator[Traced]:
    async with (
        http_receiver() as collector,
        http_receiver() as told,
        AlertsLine(kafka, f"traced-{next(_NUMBERS)}.", tmp_path) as line,
        AsyncExitStack() as stack,
    ):
        made = Traced(line, collector, told, tmp_path)
        await made.start(stack)
        yield made


async def test_a_request_is_followed_to_its_verdict_its_message_and_history(traced: Traced) -> None:
    now = now_ms()
    people = {name: PRIVATE[name] for name in ("customer", "employee")}
    events = [
        event("journey.arrived", "quick", now - 15_000, customer=people["customer"]),
        event("journey.called", "quick", now - 10_000, employee=people["employee"]),
        event("journey.arrived", PRIVATE["subject"], now - 14_000, **people),
    ]
    own = b'"traceparent":"00-' + b"c" * 32 + b"-" + b"d" * 16 + b'-01"'
    events[0] = events[0][:-1] + b"," + own + b"}"
    traced.send(*events)

    await until(lambda: traced.spans("ingest", "POST /v1/events") != [])
    (request,) = traced.spans("ingest", "POST /v1/events")
    assert (request.context[:32], request.parent) == (TRACE, SPAN)
    topic = traced.line.connection.name(EVENTS.name)
    folded = await traced.linked("sla", f"process {topic}", request)
    assert folded.facts["messaging.destination.name"] == topic
    await traced.linked("history", "INSERT events", request)
    await traced.linked("history", "INSERT measurements", folded)
    # Nothing happened to the other one: the passing of time is what began this.
    await until(lambda: traced.told.got != [])
    await until(lambda: traced.spans("sla", "release") != [])
    (message,) = [await traced.linked("alerts", "send message", one) for one in traced.spans("sla", "release")[:1]]
    assert message.facts == {"sqm.delivery.outcome": "delivered", "sqm.delivery.attempts": 1}
    await traced.linked("history", "INSERT deliveries", message)

    records = await traced.line.records(EVENTS.name)
    assert {name for one in records for name, _ in one.headers} == {"content-type", "traceparent"}
    assert sum(own in (one.value or b"") for one in records) == 1
    told = b"".join(one.body for one in traced.collector.got)
    assert [word for word in PRIVATE.values() if word.encode() in told] == []
    facts = {name for span in spans_of(traced.collector.got) for name in span.facts}
    assert facts <= MAY_BE_TOLD
