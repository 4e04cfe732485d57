"""
An hour in which nobody takes events costs a tail few attempts and nothing else; a minute afterwards all is there.
"""

import asyncio
import io
import json
from contextlib import closing
from pathlib import Path

import httpx

from services.cli.loading import Summary
from services.cli.outlets import HttpOutlet
from services.cli.rejected_rows import RejectedFile
from services.cli.sending import HttpSender
from services.cli.tail import _OF_FOLLOWING
from services.cli.tailing.follower import Follower
from services.cli.tailing.parcels import Packer
from services.cli.tailing.position import PositionFile
from services.cli.tailing.run import Tail
from services.cli.tailing.status import Status
from tests.fakes.clock import ManualClock
from tests.fakes.hurried_loop import HurriedLoop
from tests.fakes.mappings import HEADER, mapping_of

HOUR = 3_600.0
MINUTE = 60.0


class Ingest(httpx.AsyncBaseTransport):
    """
    Takes events before and after an hour: in its first half nobody is there, in its second the broker is away.
    """

    def __init__(self) -> None:
        self.attempts: list[float] = []
        self.taken: list[tuple[float, str]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        now = asyncio.get_running_loop().time()
        if MINUTE <= now < MINUTE + HOUR:
            self.attempts.append(now)
            if now < MINUTE + HOUR / 2:
                raise httpx.ConnectError("refused", request=request)
            return httpx.Response(503, headers={"retry-after": "1"})
        events = json.loads(await request.aread())
        self.taken += [(now, event["subject"].rpartition("/")[2][11:]) for event in events]
        answer = {
            "accepted": len(events),
            "duplicates": 0,
            "refused": 0,
            "items": [{"result": "accepted"}] * len(events),
        }
        return httpx.Response(200, json=answer)


def add(file: Path, number: int) -> str:
    with file.open("a") as log:
        log.write(f"A{number},d,31.01.2026,08:00:00,-\n")
    return f"A{number}"


async def tailed(folder: Path, ingest: Ingest) -> list[str]:
    """
    Follow a file that gets a line a minute for an hour and a bit; return what was written.
    """
    file, clock, summary = folder / "tickets.csv", ManualClock(0), Summary()
    file.write_text(HEADER)
    place = PositionFile(folder / "position", file, "tickets")
    status = Status(summary, clock, io.StringIO())
    stop = asyncio.Event()
    async with httpx.AsyncClient(transport=ingest) as client:
        sender = HttpSender(client, "http://ingest", None, patience_attempts=_OF_FOLLOWING)
        with RejectedFile(None, add=True) as aside:
            work = Tail(
                Follower(file, None, status.tell), Packer(mapping_of(), summary), HttpOutlet(sender, summary, 4), place,
                aside, status,
            )  # fmt: skip
            with closing(work):
                following = asyncio.create_task(work.follow(stop))
                written = []
                for minute in range(62):
                    written.append(add(file, minute))
                    await asyncio.wait({following}, timeout=MINUTE)
                    position = place.read()
                    assert position is not None
                    if 2 < minute < 60:
                        assert position.line == 2
                stop.set()
                await following
                return written


def test_an_hour_without_ingest_costs_few_attempts_loses_nothing_and_ends_within_a_minute(tmp_path: Path) -> None:
    ingest = Ingest()
    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        written = runner.run(tailed(tmp_path, ingest))
    assert [name for _, name in ingest.taken] == written
    late = [at for at, name in ingest.taken if name in written[1:-1]]
    assert max(late) < MINUTE + HOUR + MINUTE
    assert 100 < len(ingest.attempts) < 600
    assert max(after - before for before, after in zip(ingest.attempts, ingest.attempts[1:], strict=False)) <= 35
