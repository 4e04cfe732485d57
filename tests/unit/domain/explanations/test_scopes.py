"""
Verdicts on many journeys together in words: the figure, what it is of, and what it is held to.
"""

from typing import Any, get_args

import pytest

from domain.explanations import At, Length, Share, Verbatim, explain_scope, pace_of, say
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
    ],
)  # fmt: skip
def test_a_figure_is_told_with_its_counts(more: dict[str, Any], figure: object) -> None:
    assert figure_of(of_scope(**more)) == figure


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
