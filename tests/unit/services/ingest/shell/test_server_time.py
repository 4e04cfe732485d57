"""
Every answer of ingest tells its time, finely enough to set a clock by.
"""

import httpx

from services.ingest.shell.server_time import TellingTime
from tests.fakes.ingest_api import NOW, IngestApi


async def test_answers_and_refusals_tell_the_time_at_which_they_begin() -> None:
    ingest = IngestApi()
    ingest.clock.put(NOW + 123)
    app = TellingTime(ingest.app, ingest.clock)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ingest") as client:
        for path, status in (("/v1/events", 401), ("/nowhere", 404)):
            answer = await client.post(path)
            assert (answer.status_code, answer.headers["sqm-time"]) == (status, "2026-02-02T02:40:00.123Z")
            assert answer.json()["status"] == status
