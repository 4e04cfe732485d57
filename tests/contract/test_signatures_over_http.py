"""
Whatever may be right or wrong with a signature, over a real connection: what is answered, counted and stored.
"""

from typing import NamedTuple

import httpx
import pytest

from services.ingest.engine.connector import MappedPayload
from services.runtime.http import HttpServer
from tests.fakes.desk_webhooks import BODY, PATH, Desk
from tests.fakes.ingest_api import NOW

HOUR = 3_600_000
LARGE = BODY + b" " * 10_000_000
RIGHT = {"x-desk-kind": "ticket"}


class Sent(NamedTuple):
    """
    What is sent, how often, and what comes of each time: the answer, the outcome that is counted, what is stored.
    """

    headers: dict[str, str]
    status: int
    outcome: str
    body: bytes = BODY
    times: int = 1

    @property
    def stored(self) -> list[bytes]:
        return [self.body] * self.times if self.outcome == "stored" else []


def table(desk: Desk) -> dict[str, Sent]:
    right = desk.proof()
    return {
        "right": Sent(right, 200, "stored"),
        "of the old secret": Sent(desk.proof(secret=b"old"), 200, "stored"),
        "replayed": Sent(right, 200, "stored", times=3),
        "wrong": Sent(desk.proof(secret=b"guessed"), 401, "wrong"),
        "a byte altered": Sent(right, 401, "wrong", BODY.replace(b"17", b"18")),
        "stale": Sent(desk.proof(at=NOW - HOUR), 401, "stale"),
        "of another time": Sent(right | {"x-desk-time": str(NOW // 1_000 + 1)}, 401, "wrong"),
        "early": Sent(desk.proof(at=NOW + HOUR), 401, "early"),
        "missing": Sent({}, 401, "missing"),
        "without its time": Sent({"x-desk-signature": right["x-desk-signature"]}, 401, "missing"),
        "malformed": Sent(right | {"x-desk-signature": "zz"}, 401, "malformed"),
        "of 10 MB": Sent(desk.proof(LARGE), 413, "body", LARGE),
    }


@pytest.mark.parametrize("case", list(table(Desk(timed=True))))
async def test_each_signature_has_its_outcome(case: str) -> None:
    desk = Desk(timed=True)
    sent = table(desk)[case]
    async with (
        HttpServer(desk.app, host="127.0.0.1", port=0) as server,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client,
    ):
        for _ in range(sent.times):
            answer = await client.post(PATH, content=sent.body, headers=RIGHT | sent.headers)
            assert answer.status_code == sent.status
            if sent.status == 401:
                assert answer.json()["reason"] == "not_accepted"
                assert sent.outcome not in answer.text
    assert desk.counted("desk", sent.outcome) == sent.times
    assert [one.delivered.body for one in desk.stored()] == sent.stored


async def test_a_request_that_is_replayed_in_time_yields_the_same_events_and_no_others() -> None:
    desk = Desk(timed=True)
    for _ in range(3):
        assert (await desk.post()).status_code == 200
    first, *others = ([*desk.connector.outcomes(one.delivered)] for one in desk.stored())
    assert others == [first, first]
    assert isinstance(first[0], MappedPayload)
