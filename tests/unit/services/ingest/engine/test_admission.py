"""
Who may send for which source, and which events of a request are copies.
"""

import pytest

from services.ingest.engine import (
    EVERY_SOURCE,
    Accepted,
    Duplicate,
    Policy,
    RefusalReason,
    Refused,
    admit,
    normalise,
    within,
)
from tests.fakes.ingest_events import as_json, event


def judged(*sent: dict[str, object]) -> list[Accepted | Refused]:
    return [normalise(as_json(one), 1_770_000_000_000, Policy()) for one in sent]


@pytest.mark.parametrize(
    ("source", "prefix"),
    [
        ("/pos/1", "/pos/1"),
        ("/pos/1/till", "/pos/1"),
        ("/pos/1", "/pos/"),
        ("/pos?x", "/pos"),
        ("/pos#x", "/pos"),
        ("https://tills.example/7", "https://tills.example"),
        ("urn:bank:acd", "urn:bank"),
        ("anything", ""),
    ],
)
def test_a_source_lies_under_its_prefix(source: str, prefix: str) -> None:
    assert within(source, prefix)


@pytest.mark.parametrize(
    ("source", "prefix"),
    [
        ("/pos/12", "/pos/1"),
        ("/pos", "/pos/1"),
        ("/po", "/pos"),
        ("https://tills.example.evil/", "https://tills.example"),
        ("https://tills.example@evil/", "https://tills.example"),
        ("https://tills.example:8080/", "https://tills.example"),
        ("urn:bankrupt", "urn:bank"),
        ("/POS/1", "/pos/1"),
        ("/pos/%31/x", "/pos/1"),
        ("x/pos/1", "/pos/1"),
    ],
)
def test_a_source_does_not_lie_under_what_only_looks_like_its_prefix(source: str, prefix: str) -> None:
    assert not within(source, prefix)


def test_events_of_another_source_are_refused_one_by_one() -> None:
    verdicts = admit(judged(event(1), event(2, source="/branch/berlinale")), ["/branch/berlin", "/other"])
    assert isinstance(verdicts[0], Accepted)
    assert isinstance(verdicts[1], Refused)
    assert (verdicts[1].reason, verdicts[1].pointer) == (RefusalReason.SOURCE_NOT_ALLOWED, "/source")


def test_no_prefix_at_all_allows_nothing() -> None:
    assert [type(verdict) for verdict in admit(judged(event(1)), [])] == [Refused]


def test_the_second_of_two_events_with_one_identity_is_a_duplicate_whatever_it_says() -> None:
    verdicts = admit(judged(event(1), event(1, type="sqm.journey.called")), EVERY_SOURCE)
    assert [type(verdict) for verdict in verdicts] == [Accepted, Duplicate]


def test_the_same_id_of_two_sources_is_two_events() -> None:
    verdicts = admit(judged(event(1), event(1, source="/branch/berlin/other")), EVERY_SOURCE)
    assert [type(verdict) for verdict in verdicts] == [Accepted, Accepted]


def test_a_refused_event_does_not_make_its_correction_a_duplicate() -> None:
    verdicts = admit(judged(event(1, type="nothing"), event(1)), EVERY_SOURCE)
    assert [type(verdict) for verdict in verdicts] == [Refused, Accepted]


def test_verdicts_keep_the_order_of_events() -> None:
    verdicts = admit(judged(event(3), event(1), event(2)), EVERY_SOURCE)
    assert [getattr(verdict, "id", None) for verdict in verdicts] == ["arrived-3", "arrived-1", "arrived-2"]
