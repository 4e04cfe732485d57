"""
Verdicts on many journeys together in words: the figure, what it is of, and what it is held to.
"""

from typing import Any, get_args

import pytest

from domain.explanations import At, Choice, Count, Length, Points, Share, Verbatim, explain_scope, pace_of, say
from domain.explanations.scopes import figure_of, scope_of, window_of
from domain.explanations.statements import SCOPE_REASONS
from schemas.outcomes import ScopeReason, Violation
from tests.fakes.outcomes import standard, violation

T0 = 1_772_439_840_000


def of_scope(**more: Any) -> Violation:  # noqa: ANN401 - fields of a violation
    fields: dict[str, Any] = {
        "kind": "objective", "scope": "site:harbour", "window": "rolling:1h", "metric": "sl_all_offered",
        "target": 8_000, "good": 31, "total": 40, "n": 40, "journey": "", "trail": (), "reason": "target_missed",
        "state": "opened", "closed_at": None, "as_of": T0,
    }  # fmt: skip
    return violation(**fields | more)


def test_every_reason_of_the_contract_has_words() -> None:
    assert set(get_args(ScopeReason)) == set(SCOPE_REASONS)


@pytest.mark.parametrize(
    ("more", "headline"),
    [
        ({}, "objective-missed"),
        ({"closed_at": 5, "reason": "target_kept"}, "objective-over"),
        ({"closed_at": 5, "reason": "window_over"}, "objective-failed"),
        ({"kind": "burn", "reason": "burning"}, "burn-running"),
        ({"kind": "burn", "closed_at": 5, "reason": "burn_over"}, "burn-ended"),
    ],
)
def test_the_headline_says_whether_it_still_holds(more: dict[str, Any], headline: str) -> None:
    assert explain_scope(of_scope(**more), None).headline.key == headline


def test_the_figure_stands_beside_the_objective_that_it_is_held_to() -> None:
    told = explain_scope(of_scope(), standard())
    assert [one.key for one in told.standard] == ["standard-of-many", "objective"]
    assert told.judgement[0] == say("judged-figure", figure=figure_of(of_scope()))
    assert told.why == "nobody likes to wait"


@pytest.mark.parametrize(
    ("more", "figure"),
    [
        (
            {},
            say("figure-share", metric=Verbatim("sl_all_offered"), share=Share(7_750), good=Verbatim("31"),
                total=Verbatim("40")),
        ),
        (
            {"metric": "asa", "target": 20_000, "good": 90_000, "total": 2},
            say("figure-mean", metric=Verbatim("asa"), value=Length(45_000), total=Verbatim("2")),
        ),
        (
            {"metric": "p90", "target": 60_000, "good": 8, "total": 10, "value_ms": 95_000},
            say("figure-percentile", metric=Verbatim("p90"), value=Length(95_000), target=Length(60_000),
                share=Share(8_000), good=Verbatim("8"), total=Verbatim("10")),
        ),
        ({"good": 0, "total": 0}, say("figure-none")),
        (
            {"metric": "complaints_per_1000", "target": 300, "good": 1_000, "total": 399},
            say("figure-mean", metric=Verbatim("complaints_per_1000"), total=Verbatim("399"),
                value=say("target-for-every", number=Verbatim("2.51"), n=Choice("thousand"))),
        ),
        (
            {"metric": "nps", "target": 3_000, "good": -100, "total": 6},
            say("figure-mean", metric=Verbatim("nps"), value=Points(-1_667), total=Verbatim("6")),
        ),
        (
            {"metric": "csat_mean", "target": 425, "good": 850, "total": 2},
            say("figure-mean", metric=Verbatim("csat_mean"), value=Points(425), total=Verbatim("2")),
        ),
    ],
)  # fmt: skip
def test_a_figure_is_told_with_its_counts(more: dict[str, Any], figure: object) -> None:
    assert figure_of(of_scope(**more)) == figure


@pytest.mark.parametrize(
    ("metric", "target", "good", "total"),
    [("sl_all_offered", 8_000, 79_999, 100_000), ("abandonment", 1_000, 10_001, 100_000)],
)
def test_a_figure_that_misses_its_target_never_reads_like_one_that_keeps_it(
    metric: str, target: int, good: int, total: int
) -> None:
    shown = figure_of(of_scope(metric=metric, target=target, good=good, total=total)).arguments["share"]
    assert shown != Share(target)


@pytest.mark.parametrize(
    ("more", "remedies"),
    [
        ({}, (say("keep-fewer-wrong", fewer=Count(1), total=Verbatim("40")),)),
        (
            {"metric": "transfer_rate", "target": 3_000, "good": 15},
            (say("keep-fewer-wrong", fewer=Count(3), total=Verbatim("40")),),
        ),
        (
            {"metric": "lost_sales_per_100", "target": 500, "good": 600, "total": 60},
            (say("keep-fewer", fewer=Count(3), total=Verbatim("60")),),
        ),
        (
            {"metric": "p90", "target": 60_000, "good": 31, "value_ms": 95_000},
            (say("keep-fewer-longer", fewer=Count(5), total=Verbatim("40"), target=Length(60_000)),),
        ),
        ({"metric": "nps", "target": 3_000, "good": 500}, ()),
        ({"good": 32, "reason": "target_kept", "closed_at": T0}, ()),
        ({"kind": "burn", "reason": "burning"}, ()),
        ({"good": 0, "total": 0, "reason": "no_data"}, ()),
    ],
)
def test_what_would_have_kept_the_target_is_the_least_that_does(more: dict[str, Any], remedies: object) -> None:
    assert explain_scope(of_scope(**more), None).remedies == remedies


def test_the_figure_of_a_burn_is_said_to_be_of_its_long_window() -> None:
    burning = of_scope(kind="burn", reason="burning", window="calendar:month", burn_tier="1h/5m")
    over = say("window-rolling", length=Length(3_600_000))
    assert explain_scope(burning, None).judgement[0] == say(
        "judged-figure-over", window=over, figure=figure_of(burning)
    )


def test_since_when_and_until_when_it_was_so() -> None:
    running = explain_scope(of_scope(opened_at=T0), None)
    assert say("held-since", since=At(T0)) in running.judgement
    over = explain_scope(of_scope(opened_at=T0, closed_at=T0 + 5, reason="target_kept"), None)
    assert say("held-between", since=At(T0), until=At(T0 + 5)) in over.judgement
    assert say("metric-formula", metric=Verbatim("sl_all_offered"), formula=Verbatim("A_T / (N + B)")) in over.judgement


def test_the_pace_says_until_when_the_allowance_lasts() -> None:
    burning = of_scope(kind="burn", reason="burning", window="calendar:month")
    month, allowed = say("window-month"), Share(2_000)
    gone_by = say("pace-gone-by", window=month, allowed=allowed, by=At(T0 + 3_600_000))
    assert pace_of(burning.model_copy(update={"exhaustion_ms": 3_600_000})) == gone_by
    assert pace_of(burning.model_copy(update={"exhaustion_ms": 0})) == say("pace-gone", window=month, allowed=allowed)
    assert pace_of(burning) == say("pace-lasts", window=month, allowed=allowed)
    assert explain_scope(burning, None).judgement[-1] == pace_of(burning)


def test_scopes_and_windows_are_said_as_people_say_them() -> None:
    assert scope_of("queue:harbour/till 1") == say("scope-queue", queue=Verbatim("till 1"), site=Verbatim("harbour"))
    assert scope_of("region:north/city") == say("scope-region", region=Verbatim("north/city"))
    assert scope_of("organisation") == say("scope-organisation")
    assert window_of("calendar:day_part:lunch@Europe/Riga") == say("window-day-part")
    assert window_of("calendar:week") == say("window-week")
