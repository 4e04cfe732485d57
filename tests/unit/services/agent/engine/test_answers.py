"""
What an answer means: nothing counts as delivered that ingest itself has not answered for.
"""

import json

import pytest

from services.agent.engine import Answer, Settled, Smaller, Verdict, Wait, WaitReason, meaning_of

ACCEPTED = {"index": 0, "result": "accepted"}
REFUSED = {
    "index": 1, "result": "refused", "reason": "unknown_field", "pointer": "/data/segmnt", "detail": "say segment",
}  # fmt: skip


def answer(status: int, body: object = None, *, is_ingest: bool = True, retry_after: str = "") -> Answer:
    return Answer(status, is_ingest, retry_after, json.dumps(body).encode() if body is not None else b"")


def test_each_item_of_a_batch_is_answered_for() -> None:
    said = answer(200, {"items": [ACCEPTED, REFUSED, {"index": 2, "result": "duplicate"}]})
    why = Verdict("unknown_field", "/data/segmnt: say segment")
    assert meaning_of(said, 3, events=True) == Settled({1: why})


@pytest.mark.parametrize("status", [403, 422])
def test_a_batch_that_was_refused_as_a_whole_is_answered_for_too(status: int) -> None:
    assert meaning_of(answer(status, {"items": [REFUSED]}), 1, events=True) == Settled(
        {0: Verdict("unknown_field", "/data/segmnt: say segment")}
    )


def test_to_wait_means_just_that() -> None:
    assert meaning_of(Wait(WaitReason.UNREACHABLE), 3, events=True) == Wait(WaitReason.UNREACHABLE)


def test_an_answer_for_fewer_events_than_were_sent_is_none() -> None:
    assert meaning_of(answer(200, {"items": [ACCEPTED]}), 2, events=True) == Wait(WaitReason.NOT_INGEST)


@pytest.mark.parametrize("body", [b"<html>Welcome to the guests' network</html>", b"\xff", b"[" * 100_000])
def test_an_answer_that_is_no_json_answers_for_nothing(body: bytes) -> None:
    said = Answer(200, is_ingest=True, retry_after="", body=body)
    assert meaning_of(said, 1, events=True) == Wait(WaitReason.NOT_INGEST)


@pytest.mark.parametrize("status", [200, 204, 302, 401, 404, 500])
@pytest.mark.parametrize("events", [True, False])
def test_what_somebody_else_answers_never_counts(status: int, *, events: bool) -> None:
    said = answer(status, {"items": [ACCEPTED]}, is_ingest=False)
    assert meaning_of(said, 1, events=events) == Wait(WaitReason.NOT_INGEST)


@pytest.mark.parametrize(
    ("status", "reason"),
    [(429, WaitReason.BEHIND), (503, WaitReason.AWAY), (502, WaitReason.AWAY), (504, WaitReason.AWAY),
     (408, WaitReason.AWAY)],
)  # fmt: skip
@pytest.mark.parametrize("is_ingest", [True, False])
def test_who_is_behind_or_away_is_waited_for(status: int, reason: WaitReason, *, is_ingest: bool) -> None:
    assert meaning_of(answer(status, is_ingest=is_ingest), 7, events=True) == Wait(reason)


@pytest.mark.parametrize(
    ("given", "waits"),
    [("5", 5_000), ("100000", 300_000), ("", 0), ("soon", 0), ("-1", 0), ("9" * 40, 0), ("٣", 0),
     ("Wed, 21 Oct 2026 07:28:00 GMT", 0)],
)  # fmt: skip
def test_ingest_is_given_the_time_that_it_asks_for_up_to_a_bound(given: str, waits: int) -> None:
    assert meaning_of(answer(429, retry_after=given), 1, events=True) == Wait(WaitReason.BEHIND, waits)


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_refused_loses_nothing(status: int) -> None:
    assert meaning_of(answer(status, {"reason": "token"}), 3, events=True) == Wait(WaitReason.TOKEN)


@pytest.mark.parametrize("status", [400, 413, 415, 422])
def test_what_spoils_a_batch_is_looked_for_among_fewer(status: int) -> None:
    assert meaning_of(answer(status, {"reason": "body_too_large"}), 2, events=True) == Smaller()
    assert meaning_of(answer(status, {"reason": "body_too_large", "detail": "smaller"}), 1, events=True) == Settled(
        {0: Verdict("body_too_large", "smaller")}
    )


def test_what_a_proxy_finds_too_large_is_set_aside_once_it_is_alone() -> None:
    assert meaning_of(answer(413, is_ingest=False), 2, events=True) == Smaller()
    assert meaning_of(answer(413, is_ingest=False), 1, events=False) == Settled({0: Verdict("http_413", "")})


def test_ingest_s_own_failure_is_looked_for_among_fewer_and_then_waited_for() -> None:
    assert meaning_of(answer(500), 2, events=True) == Smaller()
    assert meaning_of(answer(500), 1, events=True) == Wait(WaitReason.SERVER_ERROR)
    assert meaning_of(answer(501), 1, events=False) == Wait(WaitReason.SERVER_ERROR)


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_request_is_delivered_by_any_success_of_ingest(status: int) -> None:
    assert meaning_of(answer(status), 1, events=False) == Settled({})


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 415, 422])
def test_a_request_that_ingest_refuses_is_dead(status: int) -> None:
    assert meaning_of(answer(status), 1, events=False) == Settled({0: Verdict(f"http_{status}", "")})


def test_a_request_that_is_sent_elsewhere_is_not_delivered() -> None:
    assert meaning_of(answer(307), 1, events=False) == Wait(WaitReason.NOT_INGEST)


def test_reason_and_detail_are_bounded_and_never_nothing() -> None:
    long = answer(200, {"items": [{"result": "refused", "reason": "r" * 999, "detail": "d" * 999}]})
    assert meaning_of(long, 1, events=True) == Settled({0: Verdict("r" * 64, "d" * 300)})
    assert meaning_of(answer(200, {"items": [{"result": "refused"}]}), 1, events=True) == Settled(
        {0: Verdict("refused", "")}
    )
    assert meaning_of(answer(200, {"items": [7]}), 1, events=True) == Settled({})
