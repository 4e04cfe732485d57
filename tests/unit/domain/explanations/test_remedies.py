"""
What would have kept the standard: until when, and how much earlier.
"""

from typing import Any

import pytest

from domain.explanations import At, Length, Statement, explain_measurement, explain_violation, say
from domain.explanations.remedies import due_at
from schemas.outcomes import Measurement, Segment
from schemas.standards import DOCUMENTS, Standard
from tests.fakes.outcomes import T0, measurement, standard, violation


def pieces(*parts: tuple[int, int, bool, str | None]) -> tuple[Segment, ...]:
    return tuple(
        Segment(from_at=T0 + begin, to_at=T0 + end, counts=counts).model_copy(update={"why": why})
        for begin, end, counts, why in parts
    )


def remedies(measured: Measurement, of: Standard | None = None) -> tuple[Statement, ...]:
    return explain_measurement(measured, of).remedies


def changed(*parts: tuple[int, int, bool, str | None], **fields: object) -> Measurement:
    return measurement().model_copy(update={"segments": pieces(*parts), "ended_at": T0 + parts[-1][1], **fields})


def test_a_clock_that_ran_through_was_due_when_its_limit_passed() -> None:
    assert remedies(measurement()) == (say("keep-by", due=At(T0 + 20_000), earlier=Length(133_000, "up")),)


def test_a_clock_that_was_kept_had_until_its_limit() -> None:
    kept = changed((0, 12_000, True, None), met=True, value_ms=12_000)
    assert remedies(kept) == (say("kept-had-until", due=At(T0 + 20_000), spare=Length(8_000)),)


def test_pauses_move_the_instant_at_which_the_limit_passes() -> None:
    halted = changed((0, 15_000, True, None), (15_000, 45_000, False, "paused"), (45_000, 60_000, True, None))
    assert due_at(halted) == T0 + 50_000


def test_a_limit_that_is_used_up_when_a_pause_begins_may_end_with_the_pause() -> None:
    halted = changed((0, 20_000, True, None), (20_000, 50_000, False, "paused"), (50_000, 60_000, True, None))
    assert due_at(halted) == T0 + 50_000


def test_where_a_night_lies_between_both_the_instant_and_the_time_that_counts_are_said() -> None:
    night = changed(
        (0, 15_000, True, "open"), (15_000, 900_000, False, "closed"), (900_000, 903_000, True, "open"),
        (903_000, 910_000, False, "paused"), (910_000, 917_000, True, "open"), value_ms=25_000,
    )  # fmt: skip
    assert remedies(night) == (say("keep-by", due=At(T0 + 912_000), earlier=Length(5_000, "up")),)
    paused_at_the_end = changed(
        (0, 25_000, True, "open"), (25_000, 900_000, False, "closed"), (900_000, 901_000, True, "open"), value_ms=26_000
    )
    assert remedies(paused_at_the_end) == (
        say("keep-by", due=At(T0 + 20_000), earlier=Length(881_000, "up")),
        say("keep-shorter", by=Length(6_000, "up")),
    )


def test_what_a_calendar_would_have_counted_later_is_not_guessed() -> None:
    kept = changed((0, 5_000, True, "open"), (5_000, 90_000, False, "closed"), met=True, value_ms=5_000)
    assert due_at(kept) is None
    assert remedies(kept) == (say("kept-with", spare=Length(15_000)),)
    named = changed((0, 5_000, True, None), met=True, value_ms=5_000, calendar="shops")
    assert due_at(named) is None


def test_an_outcome_whose_stretches_do_not_reach_the_limit_says_how_much_shorter_it_had_to_be() -> None:
    odd = changed((0, 5_000, True, "open"), (5_000, 90_000, False, "closed"))
    assert remedies(odd) == (say("keep-shorter", by=Length(133_000, "up")),)
    left = odd.model_copy(update={"ended_by": "abandoned", "met": None})
    assert remedies(left) == (say("keep-shorter", by=Length(133_000, "up")),)


@pytest.mark.parametrize(
    ("fields", "remedy"),
    [
        ({"value_ms": 8_000, "ended_at": T0 + 8_000}, say("keep-abandoned-spare", spare=Length(12_000))),
        ({"value_ms": 20_000, "ended_at": T0 + 20_000}, say("keep-abandoned-spare", spare=Length(0))),
        ({}, say("keep-abandoned-before", due=At(T0 + 20_000), left=Length(133_000, "up"))),
    ],
)
def test_whoever_left_could_have_been_served_until_the_limit(fields: dict[str, Any], remedy: Statement) -> None:
    assert remedies(measurement(met=None, ended_by="abandoned", **fields)) == (remedy,)


def test_an_expired_clock_lacks_the_report_of_its_end() -> None:
    lost = {"met": None, "ended_by": "expired"}
    assert remedies(measurement(**lost)) == (say("keep-expired", due=At(T0 + 20_000)),)
    night = changed((0, 5_000, True, "open"), (5_000, 90_000, False, "holiday"), **lost)
    assert remedies(night) == (say("keep-unended", limit=Length(20_000)),)


@pytest.mark.parametrize("fields", [{"ended_by": "cancelled"}, {"state": "withdrawn"}])
def test_where_nothing_was_to_be_kept_nothing_is_said(fields: dict[str, Any]) -> None:
    assert remedies(measurement(met=None, **fields)) == ()


def test_an_implausible_value_is_told_what_would_be_plausible() -> None:
    odd = measurement(met=None, validity="too_long")
    document = standard().model_dump(mode="json", by_alias=True, exclude_none=True)
    document["clock"]["validity"] = {"shortest": "1s", "longest": "2m"}
    bounded = DOCUMENTS.validate_python(document)
    assert isinstance(bounded, Standard)
    assert remedies(odd) == ()
    assert remedies(odd, standard()) == (say("keep-implausible", shortest=Length(0)),)
    assert remedies(odd, bounded) == (say("keep-implausible-between", shortest=Length(1_000), longest=Length(120_000)),)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, (say("keep-running", due=At(T0 + 20_000)),)),
        (
            {"state": "closed", "reason": "ended_late", "closed_at": T0 + 153_000},
            (say("keep-by", due=At(T0 + 20_000), earlier=Length(133_000, "up")),),
        ),
        ({"state": "retracted", "reason": "ended_in_time"}, ()),
        (
            {"kind": "at_risk", "reason": "warning_passed", "value_ms": 15_000},
            (say("keep-at-risk", left=Length(5_000)),),
        ),
        ({"kind": "at_risk", "state": "closed", "reason": "ended", "closed_at": T0 + 16_000}, ()),
    ],
)
def test_a_violation_is_told_until_when_it_could_be_avoided(
    changes: dict[str, Any], said: tuple[Statement, ...]
) -> None:
    assert explain_violation(violation(**changes), None).remedies == said
