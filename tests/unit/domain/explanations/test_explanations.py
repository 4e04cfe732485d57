"""
Explanations: every way in which a verdict can come about has its statements.
"""

from typing import Any, get_args

import pytest

from domain.explanations import STATEMENTS, Choice, Length, Verbatim, explain_measurement, explain_violation, say
from domain.explanations.statements import REASONS, ROLES, Statement
from schemas.base import DAY_MS
from schemas.outcomes import JourneyReason, Measurement, Segment, TrailEntry, Violation
from services.cli.standard_words import in_words
from tests.fakes.catalogues import text
from tests.fakes.outcomes import T0, entry, measurement, standard, violation
from tests.properties.drawing import standard as drawn


def keys(verdict: Measurement | Violation, part: str, *, known: bool = True) -> list[str]:
    """The keys of one part of an explanation."""
    of = standard() if known else None
    told = explain_measurement(verdict, of) if isinstance(verdict, Measurement) else explain_violation(verdict, of)
    return [one.key for one in getattr(told, part)]


@pytest.mark.parametrize(
    ("changes", "headline"),
    [
        ({"met": True, "value_ms": 12_000}, "Kept: E1 at centre waited 12 s"),
        ({}, "Not kept: E1 at centre waited 2 min 33 s; the limit is 20 s; over by 2 min 13 s"),
        ({"met": None, "ended_by": "abandoned"}, "Left: E1 at centre left after 2 min 33 s"),
        ({"met": None, "ended_by": "cancelled"}, "No verdict: E1 at centre: the contact was called off"),
        ({"met": None, "ended_by": "expired"}, "No verdict: E1 at centre: nothing was heard of it for 2 min 33 s"),
        ({"met": None, "validity": "too_long"}, "No verdict: E1 at centre: 2 min 33 s is too long to be true"),
        ({"met": None, "state": "withdrawn"}, "Withdrawn: E1 at centre: a later report"),
    ],
)
def test_every_way_in_which_a_clock_can_end_has_its_headline(changes: dict[str, Any], headline: str) -> None:
    assert text(measurement(**changes), standard()).startswith(headline)


@pytest.mark.parametrize(
    ("changes", "headline"),
    [
        ({}, "Not kept and still running: E1 at centre has passed the limit of 20 s"),
        (
            {"state": "closed", "reason": "ended_late", "closed_at": T0 + 153_000, "value_ms": 153_000},
            "Not kept: E1 at centre waited 2 min 33 s; the limit is 20 s; over by 2 min 13 s",
        ),
        ({"state": "retracted", "reason": "ended_in_time"}, "Retracted: E1 at centre: a later report shows"),
        ({"kind": "at_risk", "reason": "warning_passed"}, "At risk: E1 at centre: the clock has used"),
        (
            {"kind": "at_risk", "state": "closed", "reason": "ended", "closed_at": T0 + 1},
            "No longer at risk: E1 at centre",
        ),
        (
            {"kind": "at_risk", "state": "closed", "reason": "no_such_clock", "closed_at": T0 + 1},
            "Taken back: E1 at centre was never at risk: a later report shows that this clock never ran",
        ),
        (
            {"kind": "at_risk", "state": "closed", "reason": "violated", "closed_at": T0 + 1},
            "Not kept after the warning: E1 at centre",
        ),
    ],
)
def test_every_state_of_a_violation_has_its_headline(changes: dict[str, Any], headline: str) -> None:
    assert text(violation(**changes), standard()).startswith(headline)


def test_every_reason_and_role_and_end_of_the_contract_has_words() -> None:
    assert set(get_args(JourneyReason)) <= set(REASONS)
    assert set(TrailEntry.model_fields["role"].annotation.__args__) <= set(ROLES)  # type: ignore[union-attr]
    ends = Measurement.model_fields["ended_by"].annotation.__args__  # type: ignore[union-attr]
    whys = [why for why in get_args(Segment.model_fields["why"].annotation) if why is not type(None)]
    assert {f"stretch-{why}" for each in whys for why in get_args(each)} <= STATEMENTS.keys()
    assert {f"measured-{end}" for end in ends} - {"measured-stopped"} <= STATEMENTS.keys()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value_ms": 20_000, "met": True}, "exactly on the limit, which still keeps it"),
        ({"value_ms": 12_000, "met": True}, "8 s to spare"),
        ({"value_ms": 20_001}, "over by 1 ms"),
    ],
)
def test_a_value_is_told_against_its_limit(changes: dict[str, Any], said: str) -> None:
    assert text(measurement(**changes)).splitlines()[0].endswith(said)


def test_without_the_standard_it_says_took_and_quotes_nothing() -> None:
    explanation = explain_measurement(measurement(), None)
    assert explanation.headline.arguments["measure"] == Choice("took")
    assert explanation.why is None
    assert [one.key for one in explanation.standard] == ["standard-untitled"]


def test_the_owners_reason_is_quoted_on_one_line() -> None:
    assert explain_violation(violation(), standard()).why == "nobody likes to wait"


def test_only_what_is_known_about_a_journey_is_said() -> None:
    assert keys(measurement(queue=None), "about") == ["about-journey"]
    assert keys(measurement(cycle=2, turn=1, team="blue"), "about") == [
        "about-journey", "about-queue", "about-team", "about-reopened", "about-restarted",
    ]  # fmt: skip


def test_an_event_that_has_no_words_is_named_by_its_type() -> None:
    trail = [entry(T0, "journey.arrived", "start"), entry(T0 + 1_000, "robot.waved", "stop")]
    [_, waved] = explain_measurement(measurement(trail=trail), None).steps
    assert waved.what == say("event-other", type=Verbatim("robot.waved"))


@pytest.mark.parametrize(
    ("changes", "counted"),
    [
        ({}, ["counted-answered", "counted-below", "metric-formula"]),
        ({"met": True, "value_ms": 1}, ["counted-answered", "counted-both", "metric-formula"]),
        ({"met": None, "ended_by": "abandoned"}, ["counted-abandoned", "counted-below", "metric-formula"]),
        (
            {"met": None, "ended_by": "abandoned", "value_ms": 3_000, "short_abandon": True},
            ["counted-abandoned", "counted-short-abandon", "counted-below", "metric-formula"],
        ),
        ({"met": None, "ended_by": "cancelled"}, ["counted-cancelled", "counted-left-out", "metric-formula"]),
        ({"met": None, "ended_by": "expired"}, ["counted-expired", "counted-left-out", "metric-formula"]),
        ({"met": None, "validity": "too_long"}, ["counted-implausible", "counted-left-out", "metric-formula"]),
        ({"met": None, "state": "withdrawn"}, ["counted-nowhere"]),
    ],
)
def test_where_a_clock_is_counted_is_said(changes: dict[str, Any], counted: list[str]) -> None:
    said = [key for key in keys(measurement(**changes), "judgement") if key.startswith(("counted", "metric"))]
    assert said == counted


def test_without_the_standard_only_the_counts_are_said() -> None:
    assert keys(measurement(), "judgement", known=False)[-1] == "counted-answered"


def test_a_mean_takes_the_time_itself() -> None:
    document = standard()
    aim = document.objective.model_copy(update={"metric": "asa", "target": "30s"})
    explanation = explain_measurement(measurement(), document.model_copy(update={"objective": aim}))
    assert say("counted-mean", metric=Verbatim("asa"), value=Length(153_000)) in explanation.judgement
    assert explanation.standard[1].arguments["target"] == Length(30_000)
    assert explanation.standard[1].arguments["side"] == Choice("at_most")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, say("counted-percentile", metric=Verbatim("p90"), value=Length(153_000))),
        ({"ended_by": "abandoned"}, say("counted-left-out", metric=Verbatim("p90"))),
    ],
)
def test_a_percentile_takes_the_time_of_those_who_were_served(changes: dict[str, Any], said: Statement) -> None:
    document = standard()
    aim = document.objective.model_copy(update={"metric": "p90", "target": "30s"})
    explanation = explain_measurement(measurement(**changes), document.model_copy(update={"objective": aim}))
    assert said in explanation.judgement
    assert explanation.standard[1].arguments["target"] == Length(30_000)


def test_pauses_are_shown_and_do_not_count() -> None:
    pieces = [
        {"from_at": T0, "to_at": T0 + 60_000, "counts": True},
        {"from_at": T0 + 60_000, "to_at": T0 + 90_000, "counts": False},
    ]
    halted = measurement(segments=pieces, paused_ms=30_000, value_ms=123_000)
    assert [one.why.key for one in explain_measurement(halted, None).stretches] == ["stretch-counts", "stretch-paused"]
    assert "less 30 s that did not count" in text(halted)


@pytest.mark.parametrize(
    ("why", "name", "key"),
    [
        (None, None, "stretch-paused"),
        ("paused", None, "stretch-paused"),
        ("closed", None, "stretch-closed"),
        ("closed", "Stocktaking", "stretch-closed-for"),
        ("holiday", None, "stretch-holiday"),
        ("holiday", "Lāčplēsis Day", "stretch-holiday-named"),
    ],
)
def test_why_a_stretch_did_not_count_is_said(why: str | None, name: str | None, key: str) -> None:
    piece = {"from_at": T0, "to_at": T0 + 1_000, "counts": False, "why": why, "name": name}
    [stretch] = explain_measurement(measurement(segments=[piece]), None).stretches
    assert stretch.why.key == key
    assert not stretch.counts


def test_the_calendar_and_the_band_are_named_where_the_outcome_has_them() -> None:
    graded = measurement(calendar="riga-shops@2 Europe/Riga", band="B")
    assert keys(graded, "standard") == ["standard-titled", "objective", "calendar", "band"]
    assert "calendar riga-shops@2 Europe/Riga" in text(graded)


def test_a_clock_of_a_retired_standard_has_no_verdict_and_is_counted_apart() -> None:
    retired = measurement(met=None, ended_by="retired")
    assert text(retired).startswith("No verdict: E1 at centre: the standard was retired when the clock showed 2 min")
    assert keys(retired, "judgement") == [
        "value-formula", "judged-retired", "counted-retired", "counted-left-out", "metric-formula",
    ]  # fmt: skip
    assert keys(retired, "remedies") == []


def test_corrections_say_what_was_said_before() -> None:
    told = text(measurement(rev_offset=9), standard(), measurement(met=True, value_ms=12_000))
    assert "It has been corrected 1 time" in told
    assert "As of 14:13:20 it said: Kept: E1" in told
    assert "Corrections since" not in text(measurement(), standard())


def test_what_is_about_the_past_says_so_and_nothing_else_does() -> None:
    assert "Worth knowing" in text(measurement(late=True))
    assert "Worth knowing" not in text(measurement())


@pytest.mark.parametrize(
    ("calendar", "value_ms", "limit_ms", "said"),
    [
        ("shops@1", DAY_MS, 0, True),
        ("shops@1", 0, DAY_MS, True),
        ("shops@1", DAY_MS - 1, DAY_MS - 1, False),
        (None, DAY_MS, DAY_MS, False),
    ],
)
def test_where_open_time_is_told_in_days_it_says_what_a_day_is(
    calendar: str | None, value_ms: int, limit_ms: int, *, said: bool
) -> None:
    changes: dict[str, Any] = {"value_ms": value_ms, "limit_ms": limit_ms}
    clock = {"limit": "2d"} if calendar is None else {"limit": "2d", "calendar": "shops"}
    ended = explain_measurement(measurement(calendar=calendar, **changes), None)
    broken = explain_violation(violation(**changes), drawn("wait", clock=clock))
    for told in (ended, broken):
        assert (say("remark-open-days") in told.remarks) is said
    assert say("remark-open-days") not in explain_violation(violation(**changes), None).remarks


def test_how_quickly_it_was_noticed_is_said() -> None:
    assert "It was noticed 300 ms after the limit had passed." in text(violation())


def test_a_violation_without_a_trail_can_still_be_told() -> None:
    assert "What was reported" not in text(violation(trail=[]))
    assert "Why it was judged so" in text(violation(trail=[]))


def test_a_journey_over_midnight_shows_the_days() -> None:
    trail = [entry(T0, "journey.arrived", "start"), entry(T0 + 86_400_000, "journey.called", "stop")]
    assert "22 September 2026, 14:13:20  was called" in text(measurement(trail=trail))


def test_a_statement_with_other_arguments_than_its_message_takes_is_a_bug() -> None:
    with pytest.raises(ValueError, match="margin-over takes"):
        say("margin-over")
    with pytest.raises(KeyError):
        say("no-such-statement")


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        ({"limit": "90s"}, "limit 1 min 30 s"),
        ({"limit": "promised"}, "limit as promised to the customer"),
        ({"within_business_days": 3, "calendar": "office"}, "limit by the close of business day 3 after its start"),
    ],
)
def test_whatever_a_clock_is_held_to_has_words(clock: dict[str, Any], words: str) -> None:
    said = " ".join(in_words(drawn("wait", clock={"limit": None} | clock), "en"))
    assert words in said
    assert ("office" in said) == ("calendar" in clock)


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        ({"limit": "promised"}, "limit as promised to the customer (wait, version 1)"),
        ({"within_business_days": 3, "calendar": "office"}, "limit by the close of business day 3 after its start"),
    ],
)
def test_a_verdict_says_what_its_limit_follows_from_and_what_it_came_to(clock: dict[str, Any], words: str) -> None:
    of = drawn("wait", clock={"limit": None} | clock)
    for verdict in (measurement(), violation()):
        said = " ".join(text(verdict, of).split())
        assert words in said
        assert "for this one that is 20 s" in said


def test_a_risk_that_is_over_says_when_it_was_warned_and_not_what_the_clock_shows() -> None:
    over = violation(
        kind="at_risk", state="closed", reason="ended", closed_at=T0 + 2_000, value_ms=15_000, limit_ms=20_000
    )
    told = explain_violation(over, None)
    assert say("warned", value=Length(15_000), limit=Length(20_000)) in told.judgement


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ({"rolling": "1h"}, "the last 1 h"),
        ({"calendar": "hour"}, "the hour"),
        ({"calendar": "day"}, "the day"),
        ({"calendar": "week", "zone": "Europe/Riga"}, "the week"),
        ({"calendar": "month"}, "the month"),
    ],
)
def test_whatever_an_objective_is_judged_over_has_words(window: dict[str, str], words: str) -> None:
    of = drawn("wait", objective={"metric": "goal_met", "target": "80%", "window": window})
    assert f"over {words}," in in_words(of, "en")[-1]
