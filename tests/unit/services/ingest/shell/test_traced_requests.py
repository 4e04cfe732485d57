"""
A request is a span of its caller's trace, once its token was accepted, and the events that it brought lead back to it.
"""

from services.runtime.tracing import TRACEPARENT
from tests.fakes.ingest_api import STRUCTURED, IngestApi
from tests.fakes.ingest_events import as_json, event
from tests.fakes.tracing import CARRIED, RecordedTracing

TRACED = {**STRUCTURED, TRACEPARENT: "theirs"}
FACTS = {"http.request.method": "POST", "http.route": "/v1/events"}


async def test_a_request_is_a_span_and_its_events_lead_back_to_it() -> None:
    tracing = RecordedTracing()
    api = IngestApi(tracing=tracing)
    assert (await api.post(as_json(event(1, source="/branch/berlin/1")), TRACED)).status_code == 200
    assert tracing.spans == [("POST /v1/events", [b"theirs"], FACTS | {"http.response.status_code": 200})]
    assert [CARRIED in record.headers for record in api.publisher.of("events")] == [True]


async def test_a_broker_that_is_away_is_told_in_the_span() -> None:
    tracing = RecordedTracing()
    api = IngestApi(tracing=tracing)
    api.publisher.away()
    await api.post(b"{}", STRUCTURED)
    assert [facts["http.response.status_code"] for _, _, facts in tracing.spans] == [503]


async def test_whoever_has_no_token_makes_no_spans() -> None:
    tracing = RecordedTracing()
    async with IngestApi(tracing=tracing).client(authorization="Bearer wrong") as client:
        assert (await client.post("/v1/events", content=b"{}", headers=TRACED)).status_code == 401
    assert tracing.spans == []
