"""
Spans reach a collector, lead back to their causes, stay few, and tell nothing of what an event is about.
"""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.runtime.errors import Misconfigured
from services.runtime.logs import configure_logs, logger
from services.runtime.tracing import TRACEPARENT, UNTRACED, TracingSettings, contexts_of, open_tracing
from services.runtime.tracing.spans import MOST_LINKS, Spans
from tests.fakes.http_receiver import HttpReceiver, http_receiver
from tests.fakes.otlp import Seen, spans_of
from tests.fakes.topic_records import TopicRecord

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
CALLER = f"00-{TRACE}-{SPAN}-01"


class Collector:
    """
    Spans of a service, and what came of them.
    """

    def __init__(self, receiver: HttpReceiver, one_in: int) -> None:
        endpoint = f"http://127.0.0.1:{receiver.port}/"
        self.spans = open_tracing(TracingSettings(endpoint=endpoint, one_in=one_in), "till")
        self._receiver = receiver

    async def seen(self) -> list[Seen]:
        await asyncio.to_thread(self.spans.close)
        return spans_of(self._receiver.got)

    @property
    def received(self) -> bytes:
        return b"".join(one.body for one in self._receiver.got)


@asynccontextmanager
async def collecting(one_in: int = 1) -> AsyncIterator[Collector]:
    async with http_receiver() as receiver:
        yield Collector(receiver, one_in)


def context(number: int, flags: str = "01") -> bytes:
    return f"00-{TRACE}-{number:016x}-{flags}".encode()


async def test_a_request_is_a_part_of_its_callers_trace_and_what_is_written_leads_back_to_it() -> None:
    async with collecting(one_in=1_000_000) as collector:
        with collector.spans.request("POST /x", {TRACEPARENT: CALLER}, {"http.route": "/x"}) as tell:
            ((name, carried),) = collector.spans.carried()
            tell("http.response.status_code", 503)
        assert collector.spans.carried() == ()
        (seen,) = await collector.seen()
    assert (seen.service, seen.name, seen.parent) == ("sqm-till", "POST /x", SPAN)
    assert seen.context.startswith(TRACE)
    assert (name, carried.decode()[3:-3]) == (TRACEPARENT, seen.context)
    assert (seen.facts, seen.failed) == ({"http.route": "/x", "http.response.status_code": 503}, True)


async def test_lines_of_the_log_within_a_span_name_it_also_from_threads_and_those_of_no_span_do_not() -> None:
    out = io.StringIO()
    configure_logs(stream=out)
    log = logger("till")
    async with collecting() as collector:
        with collector.spans.request("POST /x", {TRACEPARENT: CALLER}, {}):
            await asyncio.to_thread(log.info, "inside")
            with collector.spans.batch("INSERT x", [context(1)], {}):
                log.info("deeper")
        with collector.spans.request("POST /x", {TRACEPARENT: CALLER[:-2] + "00"}, {}):
            log.info("not traced")
        log.info("outside")
        deeper, inside = await collector.seen()
    lines = {line["event"]: line for line in map(json.loads, out.getvalue().splitlines())}
    events = ("inside", "deeper", "not traced", "outside")
    named = [f"{lines[event].get('trace_id')}-{lines[event].get('span_id')}" for event in events]
    assert named == [inside.context, deeper.context, "None-None", "None-None"]


async def test_a_caller_that_is_not_traced_makes_no_spans() -> None:
    async with collecting() as collector:
        with collector.spans.request("POST /x", {TRACEPARENT: CALLER[:-2] + "00"}, {}):
            assert collector.spans.carried() == ()
        assert await collector.seen() == []


@pytest.mark.parametrize(("one_in", "traced"), [(1, 100), (1_000_000, 0)])
async def test_of_requests_without_a_trace_one_in_so_many_is_traced(one_in: int, traced: int) -> None:
    async with collecting(one_in) as collector:
        for _ in range(100):
            with collector.spans.request("POST /x", {}, {}):
                pass
        assert len(await collector.seen()) == traced


async def test_a_batch_is_linked_to_the_traced_ones_of_its_causes_each_once() -> None:
    causes = [context(1), context(2, "00"), b"", b"no context at all 1", context(1), context(3)]
    async with collecting(one_in=1_000_000) as collector:
        with collector.spans.batch("process", causes, {}):
            assert len(collector.spans.carried()) == 1
        (seen,) = await collector.seen()
    assert seen.links == (f"{TRACE}-{1:016x}", f"{TRACE}-{3:016x}")
    assert seen.parent == ""
    assert not seen.context.startswith(TRACE)


async def test_links_are_bounded_and_no_more_is_read_than_they_need() -> None:
    causes = iter([context(number) for number in range(1, 4_000)])
    async with collecting() as collector:
        with collector.spans.batch("process", causes, {}):
            pass
        (seen,) = await collector.seen()
    assert len(seen.links) == MOST_LINKS
    assert next(causes) == context(MOST_LINKS + 1)


async def test_junk_in_place_of_contexts_is_not_read_for_ever() -> None:
    causes = iter([f"junk {number} 1".encode() for number in range(4_000)])
    async with collecting() as collector:
        with collector.spans.batch("process", causes, {}):
            pass
        assert await collector.seen() == []
    assert len(list(causes)) > 3_000


async def test_a_batch_in_which_nothing_is_traced_makes_a_span_only_where_a_line_begins() -> None:
    async with collecting() as collector:
        with collector.spans.batch("process", [context(1, "00")], {}) as tell:
            tell("lost", 1)
            assert collector.spans.carried() == ()
        with collector.spans.batch("release", [], {}, begins=True):
            pass
        assert [seen.name for seen in await collector.seen()] == ["release"]


async def test_a_failure_is_told_by_its_kind_and_not_by_its_words() -> None:
    async with collecting() as collector:
        with pytest.raises(ValueError, match="anna"), collector.spans.request("POST /x", {}, {}):
            raise ValueError("anna@example.org")
        (seen,) = await collector.seen()
        assert b"anna" not in collector.received
    assert (seen.failed, seen.facts) == (True, {"error.type": "ValueError"})


async def test_a_collector_that_is_away_keeps_nobody_from_working_and_ending() -> None:
    async with http_receiver() as receiver:
        port = receiver.port
    spans = Spans(f"http://127.0.0.1:{port}", one_in=1, service="sqm-till", version="1")
    for _ in range(10_000):
        with spans.request("POST /x", {}, {}):
            pass
    await asyncio.to_thread(spans.close)


def test_without_an_endpoint_there_are_no_traces() -> None:
    assert open_tracing(TracingSettings(), "till") is UNTRACED


@pytest.mark.parametrize("missing", ["nobody_has_this", "nobody_has_this.sdk"])
def test_traces_without_what_makes_them_are_refused_with_the_command_that_installs_it(missing: str) -> None:
    settings = TracingSettings(endpoint="http://127.0.0.1:4318")
    with pytest.raises(Misconfigured, match=r"SQM_TRACING__ENDPOINT .* pip install 'sqm\[tracing\]', or unset it"):
        open_tracing(settings, "till", needed=(missing,))


class Untouchable:
    """
    A record that must not be looked at.
    """

    @property
    def headers(self) -> list[tuple[str, bytes]]:
        raise AssertionError("nobody asked for traces")


def test_without_traces_no_header_is_read_and_nothing_is_carried() -> None:
    with UNTRACED.batch("process", contexts_of([Untouchable()]), {}, begins=True) as tell:
        tell("lost", 1)
        assert UNTRACED.carried() == ()
    with UNTRACED.request("POST /x", {TRACEPARENT: CALLER}, {}):
        assert UNTRACED.carried() == ()
    UNTRACED.close()


def test_contexts_are_those_of_the_headers_of_their_name() -> None:
    records = [
        TopicRecord(0, b"", headers=[("content-type", b"x"), (TRACEPARENT, b"one")]),
        TopicRecord(1, b""),
        TopicRecord(2, b"", headers=[(TRACEPARENT, b"two")]),
    ]
    assert list(contexts_of(records)) == [b"one", b"two"]
