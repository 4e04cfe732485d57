"""
Stored webhooks become events like those that come in otherwise; what cannot be mapped is named, and its body stays
where it was.
"""

import json
from typing import Any

from services.ingest.engine import Policy
from services.ingest.engine.connector import Delivered
from services.ingest.engine.stored import stored_headers
from services.ingest.shell.intake import Destinations, Intake
from services.ingest.shell.meters import Meters
from services.ingest.shell.payload_mapping import PayloadMapper
from services.ingest.shell.sealing import Original, sealed
from services.runtime.deadletter import DeadLetter
from services.runtime.metrics import Metrics
from services.runtime.tracing import TRACEPARENT, UNTRACED, Tracing
from tests.fakes.clock import ManualClock
from tests.fakes.desk_connector import TICKET, connector, delivered
from tests.fakes.identities import FakeIdentities
from tests.fakes.ingest_api import NOW
from tests.fakes.publishers import FakePublisher
from tests.fakes.records import FakeRecord
from tests.fakes.tracing import CARRIED, RecordedTracing


class Stage:
    """
    The stage of one connector on a broker that is a list.
    """

    def __init__(self, tracing: Tracing = UNTRACED) -> None:
        self.publisher = FakePublisher()
        self.identities = FakeIdentities()
        self.meters = Meters(Metrics("ingest", version="1"))
        clock = ManualClock(NOW)
        self.mapper = PayloadMapper(
            Intake(self.publisher, Destinations("events", "dead", "raw"), self.identities, clock, self.meters, tracing),
            self.identities,
            connectors={"desk": connector()},
            policy=Policy(),
            clock=clock,
            meters=self.meters,
            group="g",
        )

    async def take(self, *found: Delivered, of: str = "desk") -> None:
        await self.read(
            *[FakeRecord(place, one.body, b"k", headers=stored_headers(of, one, [])) for place, one in enumerate(found)]
        )

    async def read(self, *records: FakeRecord) -> None:
        await self.mapper.handle({("raw", 0): records})

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(record.value or b"") for record in self.publisher.of("events")]

    def letters(self) -> list[DeadLetter]:
        return self.identities.opened(self.publisher.of("dead"))


async def test_a_stored_webhook_becomes_events_under_their_site() -> None:
    stage = Stage()
    await stage.take(delivered(), delivered(kind="note"))
    [event] = stage.events()
    assert (event["source"], event["id"]) == ("/webhooks/desk/north", "desk/17/journey.arrived")
    assert event["receivedat"] == "2026-02-02T02:40:00.500Z"
    assert [record.key for record in stage.publisher.of("events")] == [b"riga"]
    text = stage.meters.exposition()[0].decode()
    for outcome in ("mapped", "passed_over"):
        assert f'sqm_ingest_payloads_total{{connector="desk",outcome="{outcome}"}} 1.0' in text


async def test_no_identity_leaves_the_edge() -> None:
    stage = Stage()
    await stage.take(delivered(), delivered(opened="broken"), delivered(kind="call"))
    assert b"anna" not in b"".join(part or b"" for one in stage.publisher.records for part in (one.key, one.value))
    assert all(b"anna" not in value for one in stage.publisher.records for _, value in one.headers)


async def test_what_cannot_be_mapped_is_named_with_reason_connector_field_and_path() -> None:
    stage = Stage()
    await stage.take(delivered(), delivered(opened="broken"))
    [letter] = stage.letters()
    assert (letter.stage, letter.reason, letter.field, letter.value) == ("mapping", "bad_field", "opened", None)
    assert letter.detail.startswith("connector desk, payload 1, opened (opened in the payload): expected an instant")
    assert letter.origin is not None
    assert (letter.origin.topic, letter.origin.offset, letter.origin.group) == ("events", 1, "g")
    assert len(stage.events()) == 1


async def test_what_ingest_refuses_of_a_payload_is_a_letter_that_can_be_sent_again() -> None:
    stage = Stage()
    await stage.take(delivered(opened="2046-01-01T00:00:00Z"))
    [letter] = stage.letters()
    assert (letter.stage, letter.reason, letter.origin) == ("ingest", "in_the_future", None)
    assert json.loads(letter.value or b"")["id"] == "desk/17/journey.arrived"


async def test_a_webhook_of_a_connector_that_is_gone_and_a_record_of_nobody_are_letters() -> None:
    stage = Stage()
    await stage.take(delivered(), of="till")
    await stage.read(FakeRecord(7, b"{}", headers=[("x", b"y")]))
    assert [letter.reason for letter in stage.letters()] == ["unknown_connector", "not_a_webhook"]


async def test_a_copy_gives_the_same_events() -> None:
    stage = Stage()
    await stage.take(delivered(TICKET), delivered(TICKET))
    first, second = stage.events()
    assert first == second


async def test_a_webhook_that_was_erased_is_counted_and_passed_over() -> None:
    stage = Stage()
    body = delivered().body
    value, header = sealed(stage.identities, Original(None, body, [("http-x-desk-kind", b"ticket")]))
    ours = [*stored_headers("desk", delivered(), []), header]
    await stage.read(FakeRecord(1, value, b"k", headers=ours))
    assert len(stage.events()) == 1
    await stage.read(FakeRecord(2, value[:-1] + b"?", b"k", headers=ours))
    assert [letter.reason for letter in stage.letters()] == ["damaged"]
    stage.identities.seals.clear()
    await stage.read(FakeRecord(3, value, b"k", headers=ours))
    assert len(stage.publisher.records) == 2
    text = stage.meters.exposition()[0].decode()
    assert 'sqm_ingest_payloads_total{connector="unknown",outcome="erased"} 1.0' in text


async def test_the_events_of_a_stored_webhook_lead_back_to_its_request() -> None:
    tracing = RecordedTracing()
    stage = Stage(tracing)
    found = delivered()
    headers = [*stored_headers("desk", found, []), (TRACEPARENT, b"theirs")]
    await stage.read(FakeRecord(0, found.body, b"k", headers=headers))
    assert [(name, causes) for name, causes, _ in tracing.spans] == [("process sqm.raw.v1", [b"theirs"])]
    assert [CARRIED in record.headers for record in stage.publisher.of("events")] == [True]
