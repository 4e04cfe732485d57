"""
Posting to a real HTTP server: the address that was checked is the one that is connected to, and each answer means what
can be done about it.
"""

import asyncio
import ssl

import pytest

from services.alerts.shell.notifiers.addresses import AddressFault
from services.alerts.shell.notifiers.posting import Poster, PostFault
from services.runtime.errors import Overloaded, Rejected, Transient, Unreachable
from tests.fakes.alert_messages import NOW
from tests.fakes.http_receiver import Answer, client_context, http_receiver
from tests.fakes.resolving import Answers

SECRET = "T0SECRETB0SECRET"


async def post(poster: Poster, url: str, *, private: bool = True) -> None:
    await poster.post(url, b"{}", {"X-Ours": "1"}, private=private, now=NOW)


def poster(*addresses: str, context: ssl.SSLContext | None = None) -> Poster:
    return Poster(Answers(*addresses), context or client_context())


async def test_the_connection_goes_to_the_address_that_was_checked_and_the_name_is_asked_for_once() -> None:
    resolve = Answers("127.0.0.1")
    async with http_receiver() as receiver:
        await post(Poster(resolve, client_context()), f"http://no-such-host.test:{receiver.port}/a/b?c=d")
    (got,) = receiver.got
    assert resolve.asked == [("no-such-host.test", receiver.port)]
    assert got.headers["host"] == f"no-such-host.test:{receiver.port}"
    assert got.headers["x-ours"] == "1"
    assert got.path == "/a/b"


async def test_over_tls_the_certificate_must_be_for_the_name_although_the_connection_is_by_address() -> None:
    async with http_receiver(tls=True) as receiver:
        await post(poster("127.0.0.1"), f"https://hook.test:{receiver.port}/")
        with pytest.raises(Unreachable, match="no connection"):
            await post(poster("127.0.0.1"), f"https://other.test:{receiver.port}/")
        with pytest.raises(Unreachable, match="no connection"):
            await post(poster("127.0.0.1", context=ssl.create_default_context()), f"https://hook.test:{receiver.port}/")
    assert len(receiver.got) == 1


async def test_of_several_addresses_the_next_one_is_tried_where_the_first_does_not_connect() -> None:
    async with http_receiver() as receiver:
        await post(poster("::1", "127.0.0.1"), f"http://two.test:{receiver.port}/")
    assert len(receiver.got) == 1


async def test_a_receiver_in_a_private_network_gets_nothing_unless_it_is_allowed() -> None:
    async with http_receiver() as receiver:
        with pytest.raises(Rejected) as caught:
            await post(poster("127.0.0.1"), f"http://innocent.test:{receiver.port}/", private=False)
        for address in ("::ffff:127.0.0.1", "::1", "169.254.169.254"):
            with pytest.raises(Rejected):
                await post(poster(address), f"http://innocent.test:{receiver.port}/", private=False)
    assert caught.value.reason == AddressFault.PRIVATE
    assert receiver.got == []


async def test_a_redirect_is_not_followed() -> None:
    async with http_receiver() as inside, http_receiver() as receiver:
        receiver.answers = [Answer(307, {"Location": inside.url})]
        with pytest.raises(Rejected, match="redirects are not followed") as caught:
            await post(poster("127.0.0.1"), receiver.url)
    assert caught.value.reason == PostFault.REDIRECTED
    assert inside.got == []


@pytest.mark.parametrize("status", [200, 202, 204])
async def test_every_kind_of_yes_is_one(status: int) -> None:
    async with http_receiver() as receiver:
        receiver.answers = [Answer(status, body=b"")]
        await post(poster("127.0.0.1"), receiver.url)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422])
async def test_a_refusal_is_not_tried_again(status: int) -> None:
    async with http_receiver() as receiver:
        receiver.answers = [Answer(status)]
        with pytest.raises(Rejected, match=str(status)) as caught:
            await post(poster("127.0.0.1"), receiver.url)
    assert caught.value.reason == (PostFault.DENIED if status in (401, 403) else PostFault.REFUSED)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_fault_of_the_receiver_may_be_over_later(status: int) -> None:
    async with http_receiver() as receiver:
        receiver.answers = [Answer(status)]
        with pytest.raises(Transient, match=str(status)):
            await post(poster("127.0.0.1"), receiver.url)


@pytest.mark.parametrize(
    ("status", "retry_after", "rest_ms"),
    [
        (429, "7", 7_000),
        (429, None, None),
        (408, None, None),
        (503, "120", 120_000),
        (429, "Mon, 02 Feb 2026 02:40:30 GMT", 30_000),
        (429, "Mon, 02 Feb 2026 02:00:00 GMT", 0),
        (429, "Mon, 02 Feb 2026 02:00:00 -0000", None),
        (429, "soon", None),
        (429, "-5", None),
        (429, "99999999999999999999", 3_600_000),
    ],
)
async def test_a_receiver_that_asks_for_time_says_how_much(
    status: int, retry_after: str | None, rest_ms: int | None
) -> None:
    async with http_receiver() as receiver:
        receiver.answers = [Answer(status, {"Retry-After": retry_after} if retry_after else {})]
        with pytest.raises(Overloaded) as caught:
            await post(poster("127.0.0.1"), receiver.url)
    assert caught.value.retry_after_ms == rest_ms


async def test_a_connection_that_breaks_may_hold_later() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(Transient, match="the connection broke"):
        await post(poster("127.0.0.1"), f"http://127.0.0.1:{port}/{SECRET}")
    server.close()
    await server.wait_closed()


async def test_nobody_at_the_address_is_unreachable(free_port: int) -> None:
    with pytest.raises(Unreachable, match="no connection"):
        await post(poster("127.0.0.1"), f"http://127.0.0.1:{free_port}/")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.test/",
        "http://",
        "http://[::x]/",
        f"http://a.test:99999/{SECRET}",
        f"https://user:{SECRET}@a.test/",
        "x" * 10,
    ],
)
async def test_what_is_no_address_of_a_receiver_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Rejected) as caught:
        await post(poster("127.0.0.1"), url)
    assert caught.value.reason == PostFault.BAD_ADDRESS
    assert SECRET not in str(caught.value)


async def test_an_error_says_nothing_of_the_address_s_path_and_has_no_cause_that_does(free_port: int) -> None:
    with pytest.raises(Unreachable) as caught:
        await post(poster("127.0.0.1"), f"http://127.0.0.1:{free_port}/services/{SECRET}")
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_a_connection_is_used_again_by_one_that_keeps_them_and_by_no_other(free_port: int) -> None:
    keeping = Poster(Answers("127.0.0.1"), client_context(), keeps=True)
    async with http_receiver(port=free_port) as receiver:
        for _ in range(2):
            await post(keeping, receiver.url)
            await post(poster("127.0.0.1"), receiver.url)
    await keeping.close()
    async with http_receiver(port=free_port) as receiver_anew:
        await post(keeping, receiver_anew.url)
    await keeping.close()
    ports = [one.connection for one in receiver.got]
    assert ports[0] == ports[2]
    assert len({*ports}) == 3
    assert len(receiver_anew.got) == 1


async def test_a_connection_that_was_made_to_one_name_serves_no_other_one_at_its_address() -> None:
    keeping = Poster(Answers("127.0.0.1"), client_context(), keeps=True)
    async with http_receiver(tls=True) as receiver:
        await post(keeping, f"https://hook.test:{receiver.port}/")
        with pytest.raises(Unreachable):
            await post(keeping, f"https://other.test:{receiver.port}/")
        await keeping.close()
    assert len(receiver.got) == 1


async def test_what_was_allowed_for_one_receiver_is_not_for_another_over_the_same_connection() -> None:
    keeping = Poster(Answers("127.0.0.1"), client_context(), keeps=True)
    async with http_receiver() as receiver:
        await post(keeping, receiver.url)
        with pytest.raises(Rejected):
            await post(keeping, receiver.url, private=False)
        await keeping.close()
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"200 OK\r\nContent-Length: 9\r\n\r\nhalf", id="that-breaks-off"),
        pytest.param(b"200 OK\r\nContent-Length: 999999\r\n\r\n" + b"x" * 100_000, id="that-is-long"),
        pytest.param(b"204 No Content\r\n\r\n", id="without-a-body"),
    ],
)
async def test_an_answer_counts_by_its_status_whatever_follows(answer: bytes) -> None:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        writer.write(b"HTTP/1.1 " + answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(say, "127.0.0.1", 0)
    await post(poster("127.0.0.1"), f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    server.close()
    await server.wait_closed()


async def test_an_answer_that_does_not_end_keeps_nobody_waiting_for_long() -> None:
    heard = asyncio.Event()

    async def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        await reader.read()
        heard.set()
        writer.close()

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    await post(poster("127.0.0.1"), f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    await heard.wait()
    server.close()
    await server.wait_closed()
