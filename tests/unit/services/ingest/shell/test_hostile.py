"""
What happens to ingest when somebody means it ill: a clear answer, bounded memory, and service for everybody else.
"""

import asyncio
import gzip
import json
import ssl
import sys
import tracemalloc
from collections.abc import AsyncIterator

import httpx
import pytest

from services.ingest.engine import EVERY_SOURCE, Accepted, Policy, admit, normalise
from services.ingest.shell.http_api import RequestLimits
from services.runtime.http import HttpServer, Limits
from tests.fakes.ingest_api import BATCH, NOW, STRUCTURED, IngestApi
from tests.fakes.ingest_events import as_json, event


class Served:
    """
    The API on a real socket, with short patience.
    """

    def __init__(self) -> None:
        self.api = IngestApi(limits=RequestLimits(body_bytes=1_000_000, body_seconds=0.5))
        self.server = HttpServer(
            self.api.app, host="127.0.0.1", port=0, limits=Limits(head_seconds=0.5, connections=20, headers=50)
        )

    async def post(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        # A plain context, since loading the certificates of the world takes longer than all else here.
        plain = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.server.port}", verify=plain) as client:
            return await client.post(
                "/v1/events", content=body, headers={"authorization": f"Bearer {self.api.token}", **headers}
            )

    async def talk(self, *pieces: bytes) -> bytes:
        """
        Write the pieces on one connection and return all that comes back until the server closes it.
        """
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            return await asyncio.wait_for(reader.read(), 20)
        finally:
            writer.close()

    async def serves_others(self) -> None:
        answer = await self.post(as_json(event()), STRUCTURED)
        assert answer.status_code == 200


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    one = Served()
    async with one.server:
        yield one


def head(served: Served, *lines: bytes) -> bytes:
    return b"\r\n".join(
        [
            b"POST /v1/events HTTP/1.1",
            b"Host: x",
            b"Authorization: Bearer " + served.api.token.encode(),
            b"Content-Type: application/cloudevents+json",
            *lines,
            b"",
            b"",
        ]
    )


async def test_a_body_of_ten_megabytes_is_refused_and_not_kept(served: Served) -> None:
    piece = b" " * 100_000
    tracemalloc.start()
    try:
        answer = await served.talk(head(served, b"Content-Length: 10000000"), *[piece] * 100)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"body_too_large" in answer
    assert peak < 3_000_000
    await served.serves_others()


async def test_a_client_that_sends_ten_megabytes_before_it_listens_still_gets_the_answer(served: Served) -> None:
    answer = await served.post(b"[" + b" " * 10_000_000 + b"]", BATCH)
    assert (answer.status_code, answer.json()["reason"]) == (413, "body_too_large")


async def test_a_body_without_a_length_is_cut_off_at_the_limit_though_it_never_ends(served: Served) -> None:
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    answer = await served.talk(head(served, b"Transfer-Encoding: chunked"), *[chunk] * 20)
    assert answer.startswith(b"HTTP/1.1 413 ")
    await served.serves_others()


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b"[" + b"[" * 100_000 + b"]" * 100_000 + b"]",
        b'[{"a":' * 50_000,
        b"[" + b'{"data":' * 100_000 + b"1" + b"}" * 100_000 + b"]",
    ],
)
async def test_deep_nesting_is_refused(served: Served, body: bytes) -> None:
    answer = await served.post(body, BATCH)
    assert answer.status_code in (400, 422), answer.text
    assert served.api.publisher.of("events") == []
    await served.serves_others()


async def test_a_gzip_bomb_is_never_unpacked(served: Served) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    answer = await served.post(bomb, {**STRUCTURED, "content-encoding": "gzip"})
    assert (answer.status_code, answer.json()["reason"]) == (415, "content_encoding")
    await served.serves_others()


async def test_a_head_that_never_ends_is_given_up(served: Served) -> None:
    assert await served.talk(b"POST /v1/events HTTP/1.1\r\nHost: x\r\nX-Slow: ") == b""
    assert await served.talk() == b""
    await served.serves_others()


async def test_a_body_that_never_comes_is_given_up(served: Served) -> None:
    answer = await served.talk(head(served, b"Content-Length: 100"), b"{")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"body_too_slow" in answer
    await served.serves_others()


@pytest.mark.parametrize(
    "lines",
    [
        [b"X-%d: y" % number for number in range(5_000)],
        [b"X: " + b"y" * 1_000_000],
        [b"X" * 1_000_000 + b": y"],
    ],
    ids=["many", "one long value", "one long name"],
)
async def test_too_large_a_head_is_refused_before_the_application_sees_it(served: Served, lines: list[bytes]) -> None:
    try:
        answer = await served.talk(head(served, *lines))
    except ConnectionError:
        # Closed while we were still writing, which is as good an answer.
        answer = b"HTTP/1.1 431 "
    assert answer.startswith(b"HTTP/1.1 431 ")
    await served.serves_others()


@pytest.mark.parametrize(
    "lines",
    [
        [b"Content-Length: 5", b"Transfer-Encoding: chunked"],
        [b"Content-Length: 5", b"Content-Length: 6"],
        [b"Content-Length: -1"],
        [b"Content-Length: 1e3"],
        [b"Transfer-Encoding: chunked, identity"],
    ],
)
async def test_a_request_with_two_lengths_is_no_request(served: Served, lines: list[bytes]) -> None:
    answer = await served.talk(head(served, *lines), b"0\r\n\r\nPOST /v1/events HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"HTTP/1.1 200" not in answer
    await served.serves_others()


async def test_two_content_types_are_none(served: Served) -> None:
    answer = await served.talk(
        head(served, b"Content-Type: text/plain", b"Content-Length: 2", b"Connection: close"), b"{}"
    )
    assert answer.startswith(b"HTTP/1.1 415 ")


async def test_more_connections_than_allowed_are_closed_and_the_others_served(served: Served) -> None:
    opened = [await asyncio.open_connection("127.0.0.1", served.server.port) for _ in range(40)]
    try:
        # Half a second later the silent ones are given up, too.
        assert [await asyncio.wait_for(reader.read(), 20) for reader, _ in opened] == [b""] * 40
    finally:
        for _, writer in opened:
            writer.close()
    await served.serves_others()


async def test_something_that_is_not_http_gets_an_answer_and_is_closed(served: Served) -> None:
    assert (await served.talk(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200)).startswith(
        b"HTTP/1.1 400 "
    )
    await served.serves_others()


async def test_a_batch_of_every_kind_of_nonsense_is_answered_item_by_item(served: Served) -> None:
    items = [
        b"null",
        b"1e5",
        b'"x"',
        b"[]",
        b"{}",
        b'{"type":1}',
        b'{"type":"sqm.journey.arrived","data":[[[]]]}',
        b"true",
    ]
    answer = await served.post(b"[" + b",".join(items) + b"]", BATCH)
    assert answer.status_code == 422
    assert len(answer.json()["items"]) == len(items)


def test_distinct_sites_leave_nothing_behind_in_the_engine() -> None:
    template = as_json(event(id="event-~", data={"site": "site-~"}))
    policy = Policy()

    def send(first: int, count: int) -> None:
        for number in range(first, first + count):
            raw = template.replace(b"~", str(number).encode())
            [verdict] = admit([normalise(raw, NOW + number, policy)], EVERY_SOURCE)
            assert isinstance(verdict, Accepted)

    # The reader of JSON keeps some sixteen thousand short texts for reuse: fill that first.
    send(0, 20_000)
    before = sys.getallocatedblocks()
    send(20_000, 20_000)
    assert sys.getallocatedblocks() - before < 2_000


async def test_senders_cannot_make_the_metrics_grow(served: Served) -> None:
    await served.post(as_json([event(1), event(2, type="x"), 1]), BATCH)
    before = len(served.api.meters.exposition()[0].splitlines())
    for number in range(50):
        sent = [
            event(number, source=f"/branch/berlin/{number}", data={"site": f"s{number}"}),
            event(2, type=f"x{number}"),
        ]
        await served.post(as_json(sent), BATCH)
    assert len(served.api.meters.exposition()[0].splitlines()) <= before + 2


def test_json_of_the_standard_library_is_not_what_decides() -> None:
    # Python's own reader takes NaN; ours must not, or what is published could not be read elsewhere.
    raw = as_json(event(data={"queue": float("nan")}))
    assert json.loads(raw)
    assert not isinstance(normalise(raw, NOW, Policy()), Accepted)
