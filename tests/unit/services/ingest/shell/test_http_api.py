"""
What a source system gets for what it sends.
"""

import json

import pytest

from schemas.metrics import INGEST_SKEW
from services.ingest.shell.http_api import RequestLimits
from services.ingest.shell.identities import IdentitiesAway
from services.runtime.errors import Transient, Unreachable
from services.runtime.tokens import TokenBook
from tests.fakes.ingest_api import BATCH, STRUCTURED, IngestApi
from tests.fakes.ingest_events import as_json, event

BINARY = {
    "content-type": "application/json",
    **{f"ce-{name}": str(value) for name, value in event(5).items() if name not in ("data", "datacontenttype")},
}


async def test_a_structured_event_is_published_under_its_site_and_accepted() -> None:
    api = IngestApi()
    answer = await api.post(as_json(event(3)), STRUCTURED)
    assert answer.status_code == 200
    assert answer.json() == {
        "accepted": 1,
        "duplicates": 0,
        "refused": 0,
        "items": [{"index": 0, "result": "accepted"}],
    }
    [record] = api.publisher.records
    assert (record.topic, record.key) == ("events", b"berlin-3")
    assert list(record.headers) == [("content-type", b"application/cloudevents+json")]
    assert json.loads(record.value or b"")["id"] == "arrived-3"


async def test_a_binary_event_becomes_a_structured_one() -> None:
    api = IngestApi()
    answer = await api.post(as_json(event(5)["data"]), BINARY)
    assert answer.status_code == 200, answer.text
    await api.post(as_json(event(5)), STRUCTURED)
    as_binary, as_structured = api.publisher.records
    assert json.loads(as_binary.value or b"") == json.loads(as_structured.value or b"")


async def test_each_event_of_a_batch_gets_its_own_answer_in_order() -> None:
    api = IngestApi()
    sent = [event(1), event(2, time="yesterday"), event(1), 7, event(3, source="/branch/munich"), event(4)]
    answer = await api.post(as_json(sent), BATCH)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["accepted"], told["duplicates"], told["refused"]) == (2, 1, 3)
    assert [(item["index"], item["result"], item.get("reason"), item.get("pointer")) for item in told["items"]] == [
        (0, "accepted", None, None),
        (1, "refused", "invalid_time", "/time"),
        (2, "duplicate", None, None),
        (3, "refused", "not_an_object", ""),
        (4, "refused", "source_not_allowed", "/source"),
        (5, "accepted", None, None),
    ]
    assert [json.loads(record.value or b"")["id"] for record in api.publisher.of("events")] == [
        "arrived-1",
        "arrived-4",
    ]


async def test_an_empty_batch_is_fine() -> None:
    answer = await IngestApi().post(b"[]", BATCH)
    assert (answer.status_code, answer.json()["items"]) == (200, [])


async def test_where_all_are_refused_the_status_says_so_and_the_items_say_why() -> None:
    answer = await IngestApi().post(as_json([event(drop=("type",)), 1]), BATCH)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [item["reason"] for item in answer.json()["items"]] == ["unknown_type", "not_an_object"]
    assert answer.json()["reason"] == "all_refused"


async def test_where_only_the_token_is_wrong_for_the_sources_the_answer_is_forbidden() -> None:
    api = IngestApi()
    answer = await api.post(as_json([event(1, source="/branch/berlinale"), event(2, source="/x")]), BATCH)
    assert answer.status_code == 403
    assert api.publisher.records == []


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer sqm_aaaaaaaa_x",
        "Basic {token}",
        "{token}",
        "Bearer {token}x",
        "Bearer {token} x",
    ],
)
async def test_nothing_is_accepted_without_a_token(authorization: str) -> None:
    api = IngestApi()
    async with api.client(authorization=authorization.format(token=api.token)) as client:
        answer = await client.post("/v1/events", content=as_json(event()), headers=STRUCTURED)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert "www-authenticate" in answer.headers
    assert api.publisher.records == []


async def test_two_authorization_headers_are_no_token() -> None:
    api = IngestApi()
    async with api.client() as client:
        request = client.build_request("POST", "/v1/events", content=as_json(event()), headers=STRUCTURED)
        request.headers = type(request.headers)([*request.headers.multi_items(), ("authorization", "Bearer x")])
        answer = await client.send(request)
    assert answer.status_code == 401


async def test_a_token_that_is_revoked_is_refused_from_then_on() -> None:
    api = IngestApi()
    assert (await api.post(as_json(event()), STRUCTURED)).status_code == 200
    api.book = TokenBook([])
    assert (await api.post(as_json(event()), STRUCTURED)).status_code == 401


async def test_the_development_switch_accepts_everybody() -> None:
    api = IngestApi(open_to_all=True)
    async with api.client(authorization="") as client:
        answer = await client.post("/v1/events", content=as_json(event(source="/any")), headers=STRUCTURED)
    assert answer.status_code == 200


async def test_a_broker_that_is_away_answers_503_and_one_that_is_behind_429_both_with_a_time() -> None:
    api = IngestApi()
    api.publisher.away()
    answer = await api.post(as_json(event()), STRUCTURED)
    assert (answer.status_code, answer.json()["reason"]) == (503, "broker_away")
    assert int(answer.headers["retry-after"]) > 0
    api.publisher.behind()
    answer = await api.post(as_json(event()), STRUCTURED)
    assert (answer.status_code, answer.json()["reason"], answer.headers["retry-after"]) == (429, "broker_behind", "2")
    assert api.publisher.records == []


async def test_a_store_of_identities_that_is_away_answers_503_and_nothing_leaves() -> None:
    api = IngestApi()
    api.identities.fault_on_commit = IdentitiesAway("deleted")
    answer = await api.post(as_json(event()), STRUCTURED)
    assert (answer.status_code, answer.json()["reason"]) == (503, "identities_away")
    assert int(answer.headers["retry-after"]) > 0
    assert api.publisher.records == []


async def test_an_event_whose_identity_was_lost_by_the_failure_of_another_is_not_called_accepted() -> None:
    api = IngestApi()
    api.identities.loses = True
    anna = event(data={"customer": "anna@example.org"})
    for body, mode in ((anna, STRUCTURED), ([anna], BATCH)):
        answer = await api.post(as_json(body), mode)
        assert (answer.status_code, answer.json()["reason"]) == (503, "identities_away")
    assert api.publisher.records == []


@pytest.mark.parametrize("fault", [Unreachable("gone"), Transient("not enough replicas")])
async def test_what_the_broker_did_not_acknowledge_is_not_called_accepted(fault: Transient) -> None:
    api = IngestApi()
    api.publisher.fault_on_publish = fault
    answer = await api.post(as_json([event(1), 5]), BATCH)
    assert answer.status_code == 503
    assert "items" not in answer.json()
    assert api.figure('sqm_ingest_events_accepted_total{way="http"}') == 0
    assert api.figure('sqm_ingest_dead_letters_total{reason="not_an_object"}') == 0


async def test_refused_events_go_to_the_dead_letters_byte_for_byte() -> None:
    api = IngestApi()
    raw = b'{ "type":"sqm.nothing",  "id":"\xc3\xa9" }'
    await api.post(b"[" + raw + b"]", BATCH)
    [letter] = api.identities.opened(api.publisher.of("dead"))
    assert (letter.value, letter.reason, letter.stage, letter.field) == (raw, "unknown_type", "ingest", "/type")
    assert list(letter.headers) == [("content-type", b"application/cloudevents+json")]


async def test_a_refused_binary_event_keeps_its_attributes_in_the_dead_letters() -> None:
    api = IngestApi()
    await api.post(b'{"site": 5}', BINARY)
    [letter] = api.identities.opened(api.publisher.of("dead"))
    assert letter.value == b'{"site": 5}'
    assert dict(letter.headers)["ce_id"] == b"arrived-5"


async def test_events_of_foreign_sources_cannot_come_back_through_the_dead_letters() -> None:
    api = IngestApi()
    await api.post(as_json([event(1, source="/x"), event(2)]), BATCH)
    assert api.publisher.of("dead") == []


@pytest.mark.parametrize(
    ("headers", "status", "reason"),
    [
        ({"content-type": "text/plain"}, 415, "unsupported_content_type"),
        ({"content-type": "application/json"}, 415, "unsupported_content_type"),
        ({}, 415, "unsupported_content_type"),
        ({**STRUCTURED, "content-encoding": "gzip"}, 415, "content_encoding"),
        ({**STRUCTURED, "content-encoding": "gzip, identity"}, 415, "content_encoding"),
    ],
)
async def test_what_ingest_cannot_read_is_an_unsupported_media_type(
    headers: dict[str, str], status: int, reason: str
) -> None:
    answer = await IngestApi().post(as_json(event()), headers)
    assert (answer.status_code, answer.json()["reason"]) == (status, reason)


@pytest.mark.parametrize(
    ("body", "headers", "reason"),
    [
        (b"{", STRUCTURED, "not_json"),
        (b"", STRUCTURED, "not_json"),
        (b"", BATCH, "not_json"),
        (b"[", BATCH, "not_json"),
        (b"{}", BATCH, "not_a_batch"),
        (b"[1]]", BATCH, "not_json"),
        (b"{", BINARY, "not_json"),
    ],
)
async def test_a_body_that_is_not_what_its_type_says_is_a_bad_request(
    body: bytes, headers: dict[str, str], reason: str
) -> None:
    answer = await IngestApi().post(body, headers)
    assert (answer.status_code, answer.json()["reason"]) == (400, reason)


async def test_too_many_bytes_or_items_are_too_large() -> None:
    api = IngestApi(limits=RequestLimits(body_bytes=10_000, items=20))
    answer = await api.post(b"[" + b" " * 10_000 + b"]", BATCH)
    assert (answer.status_code, answer.json()["reason"]) == (413, "body_too_large")
    answer = await api.post(b"[" + b",".join([b"1"] * 21) + b"]", BATCH)
    assert (answer.status_code, answer.json()["reason"]) == (413, "too_many_items")
    assert api.publisher.records == []


async def test_an_unknown_path_and_a_wrong_method_answer_as_problems_too() -> None:
    async with IngestApi().client() as client:
        for answer, status in ((await client.get("/nothing"), 404), (await client.get("/v1/events"), 405)):
            assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_figures_count_what_was_acknowledged_and_what_was_refused() -> None:
    api = IngestApi()
    await api.post(as_json([event(1), event(1), event(2), 5]), BATCH)
    assert api.figure('sqm_ingest_events_accepted_total{way="http"}') == 2
    assert api.figure('sqm_ingest_events_duplicate_total{way="http"}') == 1
    assert api.figure('sqm_ingest_events_refused_total{reason="not_an_object",way="http"}') == 1
    assert api.figure('sqm_ingest_request_duration_seconds_count{route="/v1/events",status="200"}') == 1
    assert api.figure(INGEST_SKEW.name + '{source="berlin"}') > 0
    assert api.figure("sqm_ingest_requests_open") == 0


async def test_a_storm_of_names_that_nobody_has_seen_does_not_grow_what_prometheus_is_told() -> None:
    api = IngestApi()

    async def storm(start: int) -> int:
        for at in range(start, start + 40):
            mine = event(at, source=f"/branch/berlin/till-{at}", type=f"sqm.made.up{at}")
            await api.post(as_json([mine, event(at, source=f"/of/nobody/{at}"), {f"x{at}": at}]), BATCH)
            async with api.client(authorization=f"Bearer {at}") as client:
                await client.post("/v1/events", content=b"{}", headers=STRUCTURED | {f"x-{at}": str(at)})
        return len(api.meters.exposition()[0].splitlines())

    assert await storm(0) == await storm(1_000)
