"""
What becomes of records that other systems write to Kafka themselves.
"""

import json

import pytest

from services.cli.rejected_rows import dead_letter_of
from services.ingest.engine import Policy
from services.ingest.engine.modes import STRUCTURED as STRUCTURED_EVENT
from services.ingest.engine.rows import RejectedRow, RowReason
from services.ingest.shell.direct_writers import MARK_OF_ERASURE, DirectWriters
from services.ingest.shell.intake import Destinations, Intake
from services.ingest.shell.meters import Meters
from services.runtime.deadletter import Origin, replay_headers
from services.runtime.errors import Misconfigured, Unreachable
from services.runtime.kafka.records import Headers
from services.runtime.metrics import Metrics
from services.runtime.stopping import StopRule
from services.runtime.tracing import TRACEPARENT, UNTRACED, Tracing
from tests.fakes.clock import ManualClock
from tests.fakes.identities import FakeIdentities
from tests.fakes.ingest_api import NOW
from tests.fakes.ingest_events import as_json, event
from tests.fakes.publishers import FakePublisher
from tests.fakes.tracing import CARRIED, RecordedTracing

STRUCTURED: Headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]


class Written:
    """
    One record as it was read from the topic.
    """

    def __init__(self, value: bytes | None, headers: Headers = (), key: bytes | None = None, offset: int = 0) -> None:
        self.topic = "in"
        self.partition = 3
        self.offset = offset
        self.timestamp = NOW - 5
        self.key = key
        self.value = value
        self.headers = headers


class Reader:
    """
    Direct writers on a broker that is a list.
    """

    def __init__(self, rule: StopRule | None = None, tracing: Tracing = UNTRACED) -> None:
        self.publisher = FakePublisher()
        self.identities = FakeIdentities()
        meters = Meters(Metrics("ingest", version="1"))
        clock = ManualClock(NOW)
        topics = Destinations("events", "dead", "raw")
        intake = Intake(self.publisher, topics, self.identities, clock, meters, tracing)
        self.writers = DirectWriters(intake, policy=Policy(), rule=rule or StopRule(), clock=clock, group="g")

    async def read(self, *records: Written) -> None:
        await self.writers.handle({("in", 3): records})


BINARY: Headers = [
    ("content-type", b"application/json"),
    *(
        (f"ce_{name}", str(value).encode())
        for name, value in event(1).items()
        if name not in ("data", "datacontenttype")
    ),
]


@pytest.mark.parametrize(
    "record",
    [
        Written(as_json(event(1)), STRUCTURED),
        Written(as_json(event(1)), [("Content-Type", b"APPLICATION/CLOUDEVENTS+JSON")]),
        Written(as_json(event(1))),
        Written(as_json(event(1)["data"]), BINARY),
        Written(as_json(event(1)), STRUCTURED, b"any key"),
    ],
    ids=["structured", "capitals", "no headers", "binary", "with a key"],
)
async def test_an_event_in_any_mode_is_passed_on_under_its_site(record: Written) -> None:
    reader = Reader()
    await reader.read(record)
    [published] = reader.publisher.records
    assert (published.topic, published.key) == ("events", b"berlin-1")
    assert json.loads(published.value or b"")["id"] == "arrived-1"


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (Written(None, STRUCTURED, b"k"), "empty"),
        (Written(None), "empty"),
        (Written(b""), "not_json"),
        (Written(b"\xff\xfe", STRUCTURED), "not_json"),
        (Written(b"{}", [("content-type", b"text/plain")]), "unsupported_content_type"),
        (Written(b"[]", [("content-type", b"application/cloudevents-batch+json")]), "unsupported_content_type"),
        (Written(b"{}", [*BINARY, ("ce_id", b"again")]), "invalid_header"),
        (Written(b"{}", [("ce_id", b"\xff"), ("ce_type", b"x")]), "invalid_header"),
        (Written(as_json(event(drop=("subject",))), [("x", b""), ("x", b"\x00\xff")]), "missing_field"),
    ],
)
async def test_anything_else_goes_to_the_dead_letters_as_it_came(record: Written, reason: str) -> None:
    reader = Reader()
    record.offset = 42
    await reader.read(record)
    [published] = reader.publisher.records
    assert published.topic == "dead"
    assert published.key is None
    [letter] = reader.identities.opened([published])
    assert (letter.key, letter.value, list(letter.headers)) == (record.key, record.value, list(record.headers))
    assert (letter.reason, letter.stage, letter.attempt) == (reason, "ingest", 1)
    assert letter.origin == Origin("in", 3, 42, NOW - 5, "g")


async def test_a_replayed_letter_that_is_refused_again_counts_its_attempts_and_keeps_its_headers() -> None:
    reader = Reader()
    await reader.read(Written(b"no", [("a", b"b")]))
    for attempt in (1, 2, 3):
        [letter] = reader.identities.opened(reader.publisher.records[-1:])
        assert (letter.attempt, list(letter.headers), letter.first_failed_at) == (attempt, [("a", b"b")], NOW)
        await reader.read(Written(letter.value, replay_headers(letter)))


async def test_too_many_refused_in_a_row_stop_the_reading_before_any_of_them_is_passed_on() -> None:
    reader = Reader(StopRule(in_a_row=3))
    await reader.read(Written(b"1"), Written(b"2"))
    assert len(reader.publisher.records) == 2
    with pytest.raises(Misconfigured, match="in/3 at offset 9: too_many_refused_in_a_row"):
        await reader.read(Written(b"3", offset=9), Written(as_json(event(1))))
    assert len(reader.publisher.records) == 2


async def test_good_records_between_keep_the_reading_going() -> None:
    reader = Reader(StopRule(in_a_row=3, minimum=1_000))
    for _ in range(20):
        await reader.read(Written(b"1"), Written(b"2"), Written(as_json(event(1))))
    assert len(reader.publisher.of("dead")) == 40


async def test_copies_do_not_count_as_refused() -> None:
    reader = Reader(StopRule(in_a_row=2, share_percent=10, minimum=5))
    await reader.read(*[Written(as_json(event(1)))] * 100)
    assert len(reader.publisher.of("events")) == 1


async def test_what_the_broker_did_not_take_is_told_to_the_consumer_so_that_it_does_not_commit() -> None:
    reader = Reader()
    reader.publisher.fault_on_publish = Unreachable("gone")
    with pytest.raises(Unreachable):
        await reader.read(Written(as_json(event(1))))


async def test_rows_that_the_command_line_could_not_map_are_sealed_and_marks_of_erasures_passed_over() -> None:
    reader = Reader()
    row = RejectedRow("calls.csv", 7, "came", "anna", RowReason.BAD_FIELD, "no time", "anna,noon\n")
    sent = dead_letter_of(row, "utf-8", NOW)
    mark = Written(None, [MARK_OF_ERASURE])
    await reader.read(Written(sent.value, sent.all_headers()), mark, Written(as_json(event(1)), STRUCTURED))
    letters, events = reader.publisher.of("dead"), reader.publisher.of("events")
    assert len(events) == 1
    assert b"anna" not in (letters[0].value or b"")
    [letter] = reader.identities.opened(letters)
    assert (letter.value, letter.stage, letter.reason, letter.file, letter.line) == (
        b"anna,noon\n", "mapping", "bad_field", "calls.csv", 7,
    )  # fmt: skip
    assert reader.identities.committed > 0


async def test_a_fetch_is_linked_to_what_its_writers_traced_and_what_is_passed_on_leads_back() -> None:
    tracing = RecordedTracing()
    reader = Reader(tracing=tracing)
    await reader.read(Written(as_json(event(1)), [*STRUCTURED, (TRACEPARENT, b"theirs")]), Written(as_json(event(2))))
    assert [(name, causes) for name, causes, _ in tracing.spans] == [("process sqm.events.in.v1", [b"theirs"])]
    assert tracing.spans[0][2]["messaging.batch.message_count"] == 2
    assert [record.headers for record in reader.publisher.records] == [(*STRUCTURED_EVENT, CARRIED)] * 2
