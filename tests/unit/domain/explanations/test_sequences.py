"""
What is said of steps: each fault by name and instant, the course that was taken, what would have kept the standard.
"""

from typing import Any

import pytest

from domain.explanations import At, Statement, Verbatim, explain_measurement, explain_violation, say
from schemas.standards import Standard
from services.cli.standard_words import in_words
from tests.fakes.catalogues import text
from tests.fakes.other_kinds import BAD, COUNTER, OBJECTION, fault, measured, violated
from tests.fakes.outcomes import T0, entry

LATE = {"state": "opened", "reason": "step_late", "closed_at": None, "faults": [fault("greeted", "late", 10_000)]}


def keys(statements: tuple[Statement, ...]) -> list[str]:
    return [one.key for one in statements]


@pytest.mark.parametrize("of", [COUNTER, None])
def test_each_fault_is_a_sentence_and_has_its_remedy(of: Standard | None) -> None:
    bad = measured(COUNTER, met=False, **BAD)
    told = text(bad, of)
    assert "greeted was taken only after a later one: 14:14:05; and 2 more faults\n" in told
    assert told.count("Step greeted was taken once more: 14:14:10.") == 1
    explanation = explain_measurement(bad, of)
    assert keys(explanation.remedies) == ["keep-out-of-order", "keep-repeated", "keep-missing"]
    assert explanation.remedies[-1] == say("keep-missing", step=Verbatim("farewell"), due=At(T0 + 55_000))
    assert explanation.stretches == ()


@pytest.mark.parametrize(
    ("changes", "headline", "verdict"),
    [
        ({"met": True}, "steps-kept", "steps-all-taken"),
        ({"met": False}, "steps-broken", "steps-not-kept"),
        ({"ended_by": "abandoned"}, "ended-abandoned", "unfinished-abandoned"),
        ({"ended_by": "cancelled"}, "ended-cancelled", "unfinished-cancelled"),
        ({"ended_by": "expired"}, "ended-expired", "unfinished-expired"),
        ({"ended_by": "retired"}, "ended-retired", "unfinished-retired"),
    ],
)
def test_every_way_in_which_steps_can_end_has_words(changes: dict[str, Any], headline: str, verdict: str) -> None:
    explanation = explain_measurement(measured(COUNTER, **changes), None)
    assert explanation.headline.key == headline
    assert keys(explanation.judgement) == ["steps-span", verdict]


@pytest.mark.parametrize(
    ("changes", "counted"),
    [({"met": True}, "counted-both"), ({"met": False}, "counted-below"), ({"ended_by": "expired"}, "counted-left-out")],
)
def test_where_steps_are_counted_is_said_with_the_formula(changes: dict[str, Any], counted: str) -> None:
    judgement = explain_measurement(measured(COUNTER, **changes), COUNTER).judgement
    assert keys(judgement)[-2:] == [counted, "metric-formula"]


def test_the_course_is_named() -> None:
    assert "It was held to the course that it keeps best: handed over." in text(
        measured(OBJECTION, met=True, course="handed over")
    )
    assert "course handed over: supervisor called" in in_words(OBJECTION, "en")
    assert "steps: greeted, paid, farewell" in in_words(COUNTER, "en")


@pytest.mark.parametrize("of", [COUNTER, None])
def test_a_step_that_is_late_is_told_while_there_is_time(of: Standard | None) -> None:
    late = violated(COUNTER, **LATE)
    assert text(late, of).startswith("Not kept and still going on: E1 at centre: step greeted was not taken in time")
    assert explain_violation(late, of).remedies == (say("keep-late", step=Verbatim("greeted"), due=At(T0 + 10_000)),)
    assert "0 s" not in text(late, of)


@pytest.mark.parametrize(
    ("reason", "ended"), [("expired", "expired"), ("cancelled", "cancelled"), ("standard_retired", "retired")]
)
def test_a_violation_that_ended_without_an_end_says_how(reason: str, ended: str) -> None:
    over = violated(COUNTER, reason=reason, faults=LATE["faults"])
    assert explain_violation(over, None).headline.key == "steps-broken"
    assert keys(explain_violation(over, None).judgement) == ["judged-reason", f"unfinished-{ended}"]


@pytest.mark.parametrize("of", [COUNTER, None])
@pytest.mark.parametrize("reason", ["ended_in_time", "due_moved"])
def test_what_was_no_fault_is_taken_back_without_a_word_of_a_clock(reason: str, of: Standard | None) -> None:
    explanation = explain_violation(violated(COUNTER, state="retracted", reason=reason, closed_at=None), of)
    assert explanation.headline.arguments["reason"] == say("reason-not-broken")
    assert keys(explanation.judgement) == ["judged-reason"]
    assert explanation.remedies == ()


def test_a_violation_without_its_faults_is_still_one_of_steps() -> None:
    for one in (violated(COUNTER, reason="step_missing"), violated(OBJECTION, reason="expired", course="explained")):
        assert explain_violation(one, None).headline.arguments["fault"] == say("fault-unknown")


def test_events_are_told_as_steps_and_not_as_a_clock() -> None:
    roles = ("start", "step", "stop", "abandon", "cancel", "other")
    trail = [entry(T0, "journey.called", role) for role in roles]
    effects = [step.effect.key for step in explain_measurement(measured(COUNTER, trail=trail), None).steps]
    assert effects == [f"role-{role}" + ("" if role == "step" else "-steps") for role in roles]
