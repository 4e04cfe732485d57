"""
Explanations: every way in which a verdict can come about has its words.
"""

from datetime import UTC
from typing import Any

import pytest

from domain.explanations import compared, explain_measurement, explain_violation, told
from schemas.outcomes import Violation
from tests.fakes.outcomes import T0, entry, measurement, standard, violation


def test_a_broken_promise_is_told_with_what_was_promised_and_by_how_much() -> None:
    explanation = explain_measurement(measurement(), standard())
    assert explanation.headline == ("Broken: E1 at centre waited 2 min 33 s; the promise is 20 s; over by 2 min 13 s")
    text = told(explanation, UTC)
    assert "14:13:20  arrived: starts the clock  [/pbx]" in text
    assert "14:15:53  was called: stops the clock  [/pbx]" in text
    assert "14:13:20 → 14:15:53  2 min 33 s, counts" in text
    assert "promise  Calls answered: at most 20 s (call-answer, version 1)" in text
    assert "because  nobody likes to wait" in text
    assert text.endswith("id  m:call-answer@1:0:centre:E1")


@pytest.mark.parametrize(
    ("value", "said"),
    [(20_000, "exactly on the limit, which still keeps it"), (12_000, "8 s to spare"), (20_001, "over by 1 ms")],
)
def test_a_value_is_told_against_its_limit(value: int, said: str) -> None:
    assert compared(value, 20_000).endswith(said)


@pytest.mark.parametrize(
    ("changes", "headline"),
    [
        ({"met": True, "value_ms": 12_000}, "Kept: E1 at centre waited 12 s"),
        ({"met": None, "ended_by": "abandoned"}, "Left: E1 at centre left after 2 min 33 s"),
        ({"met": None, "ended_by": "cancelled"}, "No verdict: E1 at centre: the contact was called off"),
        ({"met": None, "ended_by": "expired"}, "No verdict: E1 at centre: nothing was heard of it for 2 min 33 s"),
        ({"met": None, "validity": "too_long"}, "No verdict: E1 at centre: 2 min 33 s is too long to be true"),
        ({"met": None, "state": "withdrawn"}, "Withdrawn: E1 at centre: a later report"),
    ],
)
def test_every_way_in_which_a_clock_can_end_has_its_words(changes: dict[str, Any], headline: str) -> None:
    assert explain_measurement(measurement(**changes), standard()).headline.startswith(headline)


def test_pauses_are_shown_and_do_not_count() -> None:
    pieces = [
        {"from_at": T0, "to_at": T0 + 60_000, "counts": True},
        {"from_at": T0 + 60_000, "to_at": T0 + 90_000, "counts": False},
    ]
    text = told(explain_measurement(measurement(segments=pieces, paused_ms=30_000), None), UTC)
    assert "30 s, paused, does not count" in text
    assert "stood still for 30 s" in text


def test_without_the_standard_it_says_took_and_quotes_nothing() -> None:
    explanation = explain_measurement(measurement(), None)
    assert " took 2 min 33 s" in explanation.headline
    assert explanation.why_promised is None


@pytest.mark.parametrize(
    ("changes", "headline"),
    [
        ({}, "Broken and still running: E1 at centre has had to wait longer than the promised 20 s"),
        (
            {"state": "closed", "reason": "ended_late", "closed_at": T0 + 153_000, "value_ms": 153_000},
            "Broken: E1 at centre waited 2 min 33 s; the promise is 20 s; over by 2 min 13 s",
        ),
        ({"state": "retracted", "reason": "ended_in_time"}, "Retracted: E1 at centre: a later report shows"),
        ({"kind": "at_risk", "reason": "warning_passed"}, "At risk: E1 at centre: the clock has used"),
        (
            {"kind": "at_risk", "state": "closed", "reason": "ended", "closed_at": T0 + 1},
            "No longer at risk: E1 at centre",
        ),
    ],
)
def test_every_state_of_a_violation_has_its_words(changes: dict[str, Any], headline: str) -> None:
    assert explain_violation(violation(**changes), standard()).headline.startswith(headline)


def test_how_quickly_it_was_noticed_is_said() -> None:
    assert "It was noticed 300 ms after the limit had passed." in explain_violation(violation(), None).judgement


def test_a_journey_over_midnight_shows_the_days() -> None:
    trail = [entry(T0, "journey.arrived", "start"), entry(T0 + 86_400_000, "journey.called", "stop")]
    text = told(explain_measurement(measurement(trail=trail), None), UTC)
    assert "2026-09-22 14:13:20  was called" in text


def test_every_reason_of_the_contract_has_words() -> None:
    for reason in Violation.model_fields["reason"].annotation.__args__:  # type: ignore[union-attr]
        assert explain_violation(violation(reason=reason), None).judgement[0].endswith(".")


def test_a_short_abandon_is_told_to_say_nothing_about_the_service() -> None:
    left = measurement(met=None, ended_by="abandoned", value_ms=3_000, short_abandon=True)
    assert any("says nothing about the service" in line for line in explain_measurement(left, None).judgement)


def test_a_value_exactly_on_the_limit_is_kept_and_told_so() -> None:
    explanation = explain_measurement(measurement(met=True, value_ms=20_000), None)
    assert "exactly on the limit" in explanation.headline
    assert "within the limit" in explanation.judgement[1]


def test_a_facts_less_journey_and_a_reopened_one_are_told() -> None:
    assert told(explain_measurement(measurement(queue=None), None), UTC).count("(queue") == 0
    assert "reopened 2 time(s)" in explain_measurement(measurement(cycle=2), None).about


def test_a_violation_without_a_trail_can_still_be_told() -> None:
    assert "What was reported\n" in told(explain_violation(violation(trail=[]), None), UTC)


def test_what_is_about_the_past_says_so_and_nothing_else_does() -> None:
    assert "Worth knowing" in told(explain_measurement(measurement(late=True), None), UTC)
    assert "Worth knowing" not in told(explain_measurement(measurement(), None), UTC)
