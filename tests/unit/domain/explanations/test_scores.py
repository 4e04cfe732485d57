"""
What is said of answers and of checklists: their figure with its unit, the minimum, and where they are counted.
"""

from typing import Any

import pytest

from domain.explanations import Choice, Points, Share, explain_measurement, explain_violation, say
from schemas.standards import Standard
from services.cli.standard_words import in_words
from tests.fakes.catalogues import catalogue, text
from tests.fakes.other_kinds import CRITICAL, CSAT, LOST, NPS, SCORED, SEEN, TOP2, VISIT, measured, violated


@pytest.mark.parametrize(
    ("of", "changes", "headline"),
    [
        (CSAT, {"met": True, "score": 200, "minimum": 200}, "Kept: E1 at centre scored 2 points; the minimum is 2"),
        (CSAT, {"met": False, "score": 100, "minimum": 200}, "Not kept: E1 at centre scored 1 point; the minimum is"),
        (NPS, {"score": 900}, "Scored: E1 at centre: 9 points"),
        (VISIT, {"met": False, "score": 6_999, "minimum": 7_000}, "Not kept: E1 at centre scored 69.99%; the minimum"),
        (CRITICAL, {"score": 0}, "Scored: E1 at centre: 0%"),
        (NPS, {}, "Scored: E1 at centre: the score was not passed on"),
        (NPS, {"ended_by": "retired"}, "No verdict: E1 at centre: the standard was retired"),
        (NPS, {"state": "withdrawn", "score": 900}, "Withdrawn: E1 at centre: after a later report"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("know", [True, False])
def test_a_score_is_told_with_its_unit(of: Standard, changes: dict[str, Any], headline: str, *, know: bool) -> None:
    trail = SEEN if of is VISIT or of is CRITICAL else SCORED
    assert text(measured(of, trail=trail, **changes), of if know else None).startswith(headline)


def test_a_minimum_that_was_missed_is_what_would_have_kept_it() -> None:
    low = measured(VISIT, met=False, score=6_000, minimum=7_000)
    assert explain_measurement(low, VISIT).remedies == (say("keep-score", minimum=Share(7_000)),)
    reached = measured(CSAT, met=True, score=500, minimum=200)
    assert explain_measurement(reached, CSAT).remedies == ()
    assert "That reaches the minimum (2 points), so the standard was kept." in text(reached, CSAT)
    assert "There is no minimum for a single one" in text(measured(NPS, score=900), NPS)


@pytest.mark.parametrize(("score", "said"), [(0, "nothing"), (7_000, "checklist")])
def test_a_checklist_that_earned_nothing_says_why_that_may_be(score: int, said: str) -> None:
    value = explain_measurement(measured(VISIT, score=score), VISIT).judgement[0]
    assert value == say("score-value", of=Choice(said), score=Share(score))


@pytest.mark.parametrize(
    ("of", "score", "counted"),
    [
        (CSAT, 450, "Its 4.5 points go into the mean of csat_mean."),
        (TOP2, 400, "In csat_top2 it counts in the numerator and in the denominator."),
        (TOP2, 399, "In csat_top2 it counts in the denominator, but not in the numerator."),
        (NPS, 900, "In nps it counts among the promoters."),
        (NPS, 600, "In nps it counts among the detractors."),
        (NPS, 800, "neither as promoter nor as detractor."),
        (VISIT, 8_000, "In checklist_score the weight it earned counts in the numerator"),
        (CRITICAL, 8_000, "In critical_failures it counts in the denominator, and in the numerator if"),
    ],
)
def test_where_a_score_is_counted_is_said_with_the_formula(of: Standard, score: int, counted: str) -> None:
    told = text(measured(of, score=score), of)
    assert counted in told
    assert f"The formula: {of.objective.metric} = " in told


def test_without_the_standard_or_the_score_nothing_is_said_of_the_figures() -> None:
    assert "formula" not in text(measured(NPS, score=900, trail=SCORED))
    assert explain_measurement(measured(NPS), NPS).judgement == ()
    assert explain_measurement(measured(NPS, ended_by="expired"), NPS).judgement == (say("unfinished-expired"),)


@pytest.mark.parametrize("of", [CSAT, None])
def test_a_violation_of_a_minimum_says_no_word_of_a_clock(of: Standard | None) -> None:
    low = violated(CSAT, score=100, minimum=200, trail=SCORED)
    explanation = explain_violation(low, of)
    assert text(low, of).startswith("Not kept: E1 at centre scored 1 point; the minimum is 2 points")
    assert [one.key for one in explanation.judgement] == ["judged-reason", "score-value", "score-below"]
    assert explanation.remedies == (say("keep-score", minimum=Points(200)),)
    assert "0 s" not in text(low, of)
    taken_back = explain_violation(
        violated(CSAT, state="retracted", reason="no_such_clock", score=100, minimum=200), of
    )
    assert taken_back.headline.arguments["reason"] == say("reason-nothing-to-judge")
    assert taken_back.remedies == ()


def test_a_violation_whose_score_is_not_there_still_says_why() -> None:
    assert [one.key for one in explain_violation(violated(CSAT), None).judgement] == ["judged-reason"]


@pytest.mark.parametrize(
    ("hundredths", "en", "ru", "lv"),
    [
        (100, "1 point", "1 балл", "1 punkts"),
        (200, "2 points", "2 балла", "2 punkti"),
        (500, "5 points", "5 баллов", "5 punkti"),
        (1_100, "11 points", "11 баллов", "11 punktu"),
        (450, "4.5 points", "4,5 балла", "4,5 punkti"),
        (-425, "-4.25 points", "-4,25 балла", "-4,25 punkti"),
        (-500, "-5 points", "-5 баллов", "-5 punkti"),
    ],
)
def test_points_are_said_in_the_form_that_the_number_wants(hundredths: int, en: str, ru: str, lv: str) -> None:
    said = {language: text(measured(NPS, score=hundredths), NPS, language=language) for language in ("en", "ru", "lv")}
    for language, points in (("en", en), ("ru", ru), ("lv", lv)):
        assert said[language].splitlines()[0].endswith(f": {points}")
    assert catalogue().say("points", {"n": 0}) == "0 points"


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (CSAT, ["a single one scores at least 2 points", "objective csat_mean at least 4.25 points"]),
        (VISIT, ["a single one scores at least 70%", "objective checklist_score at least 80%"]),
        (NPS, ["a score", "objective nps at least 30 points"]),
        (LOST, ["a rate", "objective lost_sales_per_100 at most 5 for every hundred"]),
    ],
)
def test_what_a_standard_without_a_clock_demands_has_words(of: Standard, words: list[str]) -> None:
    said = " ".join(in_words(of, "en"))
    assert all(one in said for one in words)
