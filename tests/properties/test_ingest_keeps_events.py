"""
The law of ingest: what is called accepted is published, once, unaltered but for what is documented; nothing else is.
"""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st

from schemas.base import format_instant, to_millis
from schemas.events import EVENTS
from services.runtime.errors import Overloaded, Unreachable
from tests.fakes.ingest_api import BATCH, NOW, IngestApi
from tests.fakes.ingest_events import event

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf")), min_size=1, max_size=12
)
INSTANTS = st.builds(
    lambda at, offset: at.astimezone(timezone(timedelta(minutes=offset))).isoformat(),
    st.datetimes(datetime(1970, 1, 3), datetime(2025, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001  (Hypothesis adds the zone)
    st.integers(-14 * 60, 14 * 60),
)
GOOD = st.builds(
    lambda number, queue, segment, at, promised, extra: event(
        number,
        time=at,
        traceparent=extra,
        data={"queue": queue, "segment": segment, **({"promised_at": promised} if promised else {})},
    ),
    st.integers(0, 6),
    TEXTS,
    TEXTS,
    INSTANTS,
    st.none() | INSTANTS,
    TEXTS | st.booleans() | st.integers(-(2**31), 2**31 - 1),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
SPOILT = st.builds(lambda good, name, value: {**good, name: value}, GOOD, st.sampled_from(sorted(event())), JSON)
BATCHES = st.lists(GOOD | SPOILT | JSON, max_size=12)
FAULTS = st.sampled_from([None, Unreachable("gone"), Overloaded("full")])


def documented(sent: dict[str, Any]) -> dict[str, Any]:
    """
    What ingest says that it makes of an event.
    """

    def utc(text: str) -> str:
        return format_instant(to_millis(datetime.fromisoformat(text)))

    made = {**sent, "time": utc(sent["time"]), "receivedat": format_instant(NOW)}
    promised = sent["data"].get("promised_at")
    if promised is not None:
        made["data"] = {**sent["data"], "promised_at": utc(promised)}
    return made


async def post(api: IngestApi, batch: list[Any]) -> httpx.Response:
    return await api.post(json.dumps(batch).encode(), BATCH)


@given(BATCHES, FAULTS)
async def test_what_is_accepted_is_published_and_nothing_else(batch: list[Any], fault: Unreachable | None) -> None:
    api = IngestApi()
    api.publisher.fault_on_publish = fault
    answer = await post(api, batch)
    published = [json.loads(record.value or b"") for record in api.publisher.of("events")]
    items = answer.json().get("items")
    if items is None:
        assert answer.status_code in (429, 503)
        assert published == []
        return
    assert len(items) == len(batch)
    accepted = [sent for sent, item in zip(batch, items, strict=True) if item["result"] == "accepted"]
    assert published == [documented(sent) for sent in accepted]
    for record in api.publisher.of("events"):
        event_out = EVENTS.validate_json(record.value or b"")
        assert record.key == event_out.data.site.encode()  # type: ignore[attr-defined]  # every member has data
    duplicates = [sent for sent, item in zip(batch, items, strict=True) if item["result"] == "duplicate"]
    identities = {(one["source"], one["id"]) for one in accepted}
    assert len(identities) == len(accepted)
    assert all((one["source"], one["id"]) in identities for one in duplicates)
    refused = [sent for sent, item in zip(batch, items, strict=True) if item["result"] == "refused"]
    reasons = [item.get("reason") for item in items if item["result"] == "refused"]
    letters = [json.loads(letter.value or b"") for letter in api.identities.opened(api.publisher.of("dead"))]
    assert letters == [sent for sent, why in zip(refused, reasons, strict=True) if why != "source_not_allowed"]


@given(st.lists(GOOD, max_size=12))
async def test_every_good_event_is_accepted_or_a_duplicate(batch: list[Any]) -> None:
    answer = await post(IngestApi(), batch)
    assert answer.status_code == 200
    assert answer.json()["refused"] == 0, answer.text
