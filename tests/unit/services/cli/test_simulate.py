"""
`sqm simulate`: what it sends when, what it makes of answers, and what it refuses to do.
"""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.cli import main
from services.cli.sending import HttpSender
from services.cli.simulate import perform
from services.cli.simulator import NO_FAULTS, SITES, Truth, plan, play
from services.runtime.errors import Misconfigured, Unreachable
from tests.fakes.clock import ManualClock

NOW = 1_790_000_000_000


class FakeIngest:
    """
    Answers as ingest does, with the responses that a test prepares for the first requests.
    """

    def __init__(self, *first: Response | Exception) -> None:
        self._first = list(first)
        self.bodies: list[bytes] = []
        self.tokens: list[str | None] = []
        self.app = Starlette(routes=[Route("/v1/events", self._post, methods=["POST"])])

    async def _post(self, request: Request) -> Response:
        self.bodies.append(await request.body())
        self.tokens.append(request.headers.get("authorization"))
        if self._first:
            prepared = self._first.pop(0)
            if isinstance(prepared, Exception):
                raise prepared
            return prepared
        events = json.loads(self.bodies[-1])
        items = [
            {"index": place, "result": "refused", "reason": "unknown_field"}
            if event.get("bad")
            else {"index": place, "result": "accepted"}
            for place, event in enumerate(events)
        ]
        refused = sum(item["result"] == "refused" for item in items)
        return JSONResponse(
            {"accepted": len(items) - refused, "duplicates": 0, "refused": refused, "items": items},
            422 if refused == len(items) else 200,
        )


async def sent(ingest: FakeIngest, *batches: Sequence[dict[str, Any]], attempts: int = 3) -> HttpSender:
    transport = httpx.ASGITransport(app=ingest.app)
    async with httpx.AsyncClient(transport=transport) as client:
        sender = HttpSender(client, "http://ingest/", "sqm_x", patience_attempts=attempts)
        for batch in batches:
            await sender.send(batch)
    return sender


async def test_what_ingest_answers_is_counted_by_reason() -> None:
    ingest = FakeIngest()
    sender = await sent(ingest, [{"id": 1}, {"bad": True}], [{"bad": True}])
    assert (sender.answers.accepted, sender.answers.refused) == (1, 2)
    assert sender.answers.refused_by_reason == {"unknown_field": 2}
    assert ingest.tokens == ["Bearer sqm_x"] * 2


async def test_an_ingest_that_is_behind_gets_the_same_batch_again() -> None:
    ingest = FakeIngest(Response(status_code=429, headers={"retry-after": "0"}))
    sender = await sent(ingest, [{"id": 1}])
    assert ingest.bodies[0] == ingest.bodies[1]
    assert sender.answers.accepted == 1
    assert sender.answers.repeated_requests == 0


async def test_a_batch_whose_answer_was_lost_is_counted_as_repeated() -> None:
    ingest = FakeIngest(Response(status_code=503, headers={"retry-after": "0"}))
    assert (await sent(ingest, [{"id": 1}])).answers.repeated_requests == 1


@pytest.mark.parametrize("status", [408, 502, 504])
async def test_a_proxy_that_answers_for_an_ingest_that_starts_anew_gets_the_batch_again(status: int) -> None:
    ingest = FakeIngest(Response("<html>", status, headers={"retry-after": "0"}))
    assert (await sent(ingest, [{"id": 1}])).answers.accepted == 1


async def test_an_ingest_that_stays_away_ends_the_play() -> None:
    away = [Response(status_code=503, headers={"retry-after": "0"}) for _ in range(3)]
    with pytest.raises(Unreachable, match="after 3 attempts"):
        await sent(FakeIngest(*away), [{"id": 1}])


async def test_a_wrong_token_ends_the_play_with_what_ingest_said() -> None:
    with pytest.raises(Misconfigured, match="send a token"):
        await sent(FakeIngest(JSONResponse({"detail": "send a token"}, 401)), [{"id": 1}])


async def test_everything_up_to_the_end_is_sent_in_order_and_in_batches() -> None:
    pace = plan(now_ms=NOW, backlog_ms=600_000, lasts_ms=60_000, speed=100_000, wall_clock_ms=12 * 3_600_000)
    batches: list[Sequence[dict[str, Any]]] = []

    async def send(events: Sequence[dict[str, Any]]) -> None:
        batches.append(events)

    truth, clock = Truth(), ManualClock(NOW)
    playing = asyncio.create_task(
        perform(play(3, pace.day, SITES, NO_FAULTS), pace, clock, send, truth, asyncio.Event())
    )
    while not playing.done():
        clock.advance(1)
        await asyncio.sleep(0)
    await playing
    events = [event for batch in batches for event in batch]
    assert len(events) == truth.reported > 500
    assert max(len(batch) for batch in batches) <= 500
    assert max(event["time"] for event in events) <= "2026-09-21T14:13:20.000Z"


async def test_a_stop_ends_the_play_between_two_batches() -> None:
    pace = plan(now_ms=NOW, backlog_ms=3_600_000, lasts_ms=None, speed=1, wall_clock_ms=12 * 3_600_000)
    stop, truth = asyncio.Event(), Truth()

    async def send(events: Sequence[dict[str, Any]]) -> None:
        stop.set()

    await perform(play(3, pace.day, SITES, NO_FAULTS), pace, ManualClock(NOW), send, truth, stop)
    assert truth.reported == 500


def test_printed_events_are_lines_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--for", "2m", "--print"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 50
    assert all(json.loads(line)["specversion"] == "1.0" for line in lines)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--speed", "3"], "add --for"),
        (["--for", "8"], "with its unit"),
        (["--at", "noon"], "a time of day"),
        (["--at", "24:00"], "a time of day"),
        (["--print"], "with --for"),
        (["--token-file", "no-such-file"], "sqm tokens create"),
    ],
)
def test_what_makes_no_sense_is_said(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", *arguments]) == 2
    assert said in capsys.readouterr().err
