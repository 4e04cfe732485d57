"""
What an event becomes, and what it is refused for.
"""

import json
from itertools import product

import msgspec
import pytest

from schemas.base import format_instant
from schemas.events import EVENTS
from services.ingest.engine import (
    Accepted,
    Policy,
    RefusalReason,
    Refused,
    normalise,
    normalise_attributes,
    normalise_object,
)
from tests.fakes.ingest_events import as_json, event

NOW = 1_770_000_000_000
POLICY = Policy()
KEEPING = Policy(keep_unknown_data=True)


def accepted(raw: bytes, policy: Policy = POLICY) -> Accepted:
    verdict = normalise(raw, NOW, policy)
    assert isinstance(verdict, Accepted), verdict
    return verdict


def refused(raw: bytes, policy: Policy = POLICY) -> Refused:
    verdict = normalise(raw, NOW, policy)
    assert isinstance(verdict, Refused), verdict
    return verdict


def test_an_accepted_event_keeps_all_that_it_said_and_is_stamped() -> None:
    sent = event(7, correlationid="abc", data={"segment": "private"})
    verdict = accepted(as_json(sent))
    assert json.loads(verdict.value) == {**sent, "receivedat": format_instant(NOW)}
    assert (verdict.site, verdict.source, verdict.id) == ("berlin-0", "/branch/berlin/tickets", "arrived-7")


def test_what_is_published_is_itself_a_valid_event_and_stays_as_it_is_when_it_comes_again() -> None:
    once = accepted(as_json(event(time="2026-01-31T09:00:00.1239+01:00"))).value
    EVENTS.validate_json(once)
    assert accepted(once).value == once


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-31T08:00:00.123Z", "2026-01-31T08:00:00.123Z"),
        ("2026-01-31T08:00:00Z", "2026-01-31T08:00:00.000Z"),
        ("2026-01-31T09:00:00.5+01:00", "2026-01-31T08:00:00.500Z"),
        ("2026-01-31 08:00:00.123999z", "2026-01-31T08:00:00.123Z"),
        ("2026-01-30t21:30:00.123456789-10:30", "2026-01-31T08:00:00.123Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
    ],
)
def test_every_way_to_write_an_instant_becomes_one(written: str, meant: str) -> None:
    verdict = accepted(as_json(event(time=written, data={"promised_at": written})))
    read = json.loads(verdict.value)
    assert (read["time"], read["data"]["promised_at"]) == (meant, meant)


def test_skew_is_receipt_minus_occurrence() -> None:
    assert accepted(as_json(event(time=format_instant(NOW - 1_234)))).skew_ms == 1_234
    assert accepted(as_json(event(time=format_instant(NOW + 99)))).skew_ms == -99


def test_an_event_from_the_future_is_refused_beyond_the_tolerance_only() -> None:
    accepted(as_json(event(time=format_instant(NOW + POLICY.future_ms))))
    verdict = refused(as_json(event(time=format_instant(NOW + POLICY.future_ms + 1))))
    assert (verdict.reason, verdict.pointer) == (RefusalReason.IN_THE_FUTURE, "/time")


def test_of_a_repeated_key_the_last_one_is_what_is_checked_and_published() -> None:
    raw = as_json(event()).replace(b'"site": "berlin-0"', b'"site": "nowhere at all", "site": "berlin-1"')
    verdict = accepted(raw)
    assert verdict.site == "berlin-1"
    assert verdict.value.count(b'"site"') == 1
    other = as_json(event()).replace(b'"site": "berlin-0"', b'"site": "berlin-1", "site": "nowhere at all"')
    assert refused(other).pointer == "/data/site"


def test_a_stamp_of_the_sender_is_replaced() -> None:
    verdict = accepted(as_json(event(receivedat="1999-01-01T00:00:00.000Z")))
    assert json.loads(verdict.value)["receivedat"] == format_instant(NOW)
    assert verdict.value.count(b"receivedat") == 1


def test_a_missing_specversion_is_added() -> None:
    assert json.loads(accepted(as_json(event(drop=("specversion",)))).value)["specversion"] == "1.0"


BROKEN = {
    "cut off": (as_json(event())[:-1], RefusalReason.NOT_JSON, ""),
    "empty": (b"", RefusalReason.NOT_JSON, ""),
    "two values": (as_json(event()) + b"{}", RefusalReason.NOT_JSON, ""),
    "byte order mark": (b"\xef\xbb\xbf" + as_json(event()), RefusalReason.NOT_JSON, ""),
    "utf-16": (as_json(event()).decode().encode("utf-16"), RefusalReason.NOT_JSON, ""),
    "invalid utf-8": (as_json(event(subject="~")).replace(b"~", b"\xc3\x28"), RefusalReason.NOT_JSON, ""),
    "lone surrogate": (as_json(event(subject="~")).replace(b"~", b"\\ud800"), RefusalReason.NOT_JSON, ""),
    "NaN": (as_json(event(data={"queue": float("nan")})), RefusalReason.NOT_JSON, ""),
    "Infinity": (as_json(event(data={"queue": float("inf")})), RefusalReason.NOT_JSON, ""),
    "number out of range": (as_json(event(subject="~")).replace(b'"~"', b"1e999"), RefusalReason.NOT_JSON, ""),
    "a hundred thousand brackets": (b"[" * 60_000, RefusalReason.TOO_DEEP, ""),
    "deep data": (as_json(event(subject="~")).replace(b'"~"', b"[" * 400 + b"]" * 400), RefusalReason.TOO_DEEP, ""),
    "array": (b"[]", RefusalReason.NOT_AN_OBJECT, ""),
    "null": (b"null", RefusalReason.NOT_AN_OBJECT, ""),
    "too large": (as_json(event(subject="x" * 70_000)), RefusalReason.TOO_LARGE, ""),
    "unknown type": (as_json(event(type="sqm.journey.arived")), RefusalReason.UNKNOWN_TYPE, "/type"),
    "no type": (as_json(event(drop=("type",))), RefusalReason.UNKNOWN_TYPE, "/type"),
    "type is a list": (as_json(event(type=["sqm.journey.arrived"])), RefusalReason.UNKNOWN_TYPE, "/type"),
    "no subject": (as_json(event(drop=("subject",))), RefusalReason.MISSING_FIELD, "/subject"),
    "no data": (as_json(event(drop=("data",))), RefusalReason.MISSING_FIELD, "/data"),
    "misspelt field": (as_json(event(data={"segmnt": "x"})), RefusalReason.UNKNOWN_FIELD, "/data/segmnt"),
    "awkward field": (as_json(event(data={"a/b~c": "x"})), RefusalReason.UNKNOWN_FIELD, "/data/a~1b~0c"),
    "site is a number": (as_json(event(data={"site": 5})), RefusalReason.INVALID_VALUE, "/data/site"),
    "huge number": (as_json(event(data={"queue": 10**40})), RefusalReason.INVALID_VALUE, "/data/queue"),
    "control character": (as_json(event(data={"queue": "a\x00b"})), RefusalReason.INVALID_VALUE, "/data/queue"),
    "local time": (as_json(event(time="2026-01-31T08:00:00")), RefusalReason.INVALID_TIME, "/time"),
    "year 2500": (as_json(event(time="2500-01-01T00:00:00Z")), RefusalReason.INVALID_TIME, "/time"),
    "before 1970": (as_json(event(time="1969-12-31T23:59:59Z")), RefusalReason.INVALID_TIME, "/time"),
    "year 1": (as_json(event(time="0001-01-01T00:00:00+14:00")), RefusalReason.INVALID_TIME, "/time"),
    "epoch number": (as_json(event(time=1_770_000_000)), RefusalReason.INVALID_TIME, "/time"),
    "promise without offset": (
        as_json(event(data={"promised_at": "2026-01-31"})),
        RefusalReason.INVALID_TIME,
        "/data/promised_at",
    ),
    "extension with an object": (as_json(event(extra={"a": 1})), RefusalReason.INVALID_VALUE, "/extra"),
    "other specversion": (as_json(event(specversion="0.3")), RefusalReason.INVALID_VALUE, "/specversion"),
    "too many extensions": (
        as_json(event() | {f"x{n}": 1 for n in range(32)}),
        RefusalReason.INVALID_VALUE,
        "",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_an_event_is_refused_by_name_and_place(case: str) -> None:
    raw, reason, pointer = BROKEN[case]
    verdict = refused(raw)
    assert (verdict.reason, verdict.pointer) == (reason, pointer), verdict
    assert verdict.detail


@pytest.mark.parametrize(("case", "policy"), list(product(BROKEN, (POLICY, KEEPING))))
def test_a_refusal_never_repeats_what_was_sent(case: str, policy: Policy) -> None:
    verdict = normalise(BROKEN[case][0], NOW, policy)
    if isinstance(verdict, Refused):
        assert len(verdict.detail) < 400
        assert "berlin" not in verdict.detail


def test_thirty_one_extensions_leave_room_for_the_stamp() -> None:
    EVENTS.validate_json(accepted(as_json(event() | {f"x{n}": 1 for n in range(31)})).value)


def test_unknown_data_can_be_kept_by_a_setting_as_far_as_it_is_not_deep() -> None:
    raw = as_json(event(data={"till": {"number": 3}}))
    assert refused(raw).reason is RefusalReason.UNKNOWN_FIELD
    assert json.loads(accepted(raw, KEEPING).value)["data"]["till"] == {"number": 3}
    nested: object = 1
    for _ in range(20):
        nested = [nested]
    assert refused(as_json(event(data={"till": nested})), KEEPING).reason is RefusalReason.TOO_DEEP


def test_binary_data_cannot_smuggle_attributes() -> None:
    attributes = {name: str(value) for name, value in event().items() if name != "data"}
    closing_early = b'{"site":"berlin-0"},"source":"/somebody/else","data":{"site":"berlin-0"}'
    verdict = normalise_attributes(attributes, closing_early, NOW, POLICY)
    assert isinstance(verdict, Refused)
    assert verdict.reason is RefusalReason.NOT_JSON


@pytest.mark.parametrize(
    ("data", "reason", "pointer"),
    [
        (b'"' + b"x" * POLICY.max_event_bytes + b'"', RefusalReason.TOO_LARGE, ""),
        (b"[" * 60_000, RefusalReason.TOO_DEEP, "/data"),
        (b"{", RefusalReason.NOT_JSON, "/data"),
    ],
    ids=["too-large", "too-deep", "cut-off"],
)
def test_binary_data_that_cannot_be_facts_are_refused_by_name(data: bytes, reason: RefusalReason, pointer: str) -> None:
    verdict = normalise_attributes({"id": "a"}, data, NOW, POLICY)
    assert isinstance(verdict, Refused)
    assert (verdict.reason, verdict.pointer) == (reason, pointer)


def test_an_event_that_is_too_deep_to_be_written_again_is_refused() -> None:
    nested: object = 1
    for _ in range(100_000):
        nested = [nested]
    verdict = normalise_object(event(data={"till": nested}), NOW, POLICY)
    assert isinstance(verdict, Refused)
    assert verdict.reason is RefusalReason.TOO_DEEP


def test_binary_and_structured_mode_come_to_the_same() -> None:
    sent = event(data={"segment": "private"})
    attributes = {name: value for name, value in sent.items() if name != "data"}
    assert normalise_attributes(attributes, as_json(sent["data"]), NOW, POLICY) == normalise(as_json(sent), NOW, POLICY)


def test_an_event_read_already_comes_to_the_same_as_its_text() -> None:
    assert normalise_object(event(), NOW, POLICY) == normalise(as_json(event()), NOW, POLICY)


def test_a_raw_piece_of_a_batch_is_read_like_bytes() -> None:
    pieces = msgspec.json.decode(as_json([event(1), event(2)]), type=list[msgspec.Raw])
    assert [normalise(piece, NOW, POLICY) for piece in pieces] == [
        normalise(as_json(event(number)), NOW, POLICY) for number in (1, 2)
    ]
