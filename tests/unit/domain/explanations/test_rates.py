"""
What is said of something counted, and of contacts that settled what they were about or did not.
"""

from typing import Any

import pytest

from domain.explanations import At, Statement, explain_measurement, say
from schemas.outcomes import Measurement
from schemas.standards import Standard
from tests.fakes.catalogues import text
from tests.fakes.other_kinds import DAY, LOST, SETTLED, TRANSFERS, measured
from tests.fakes.outcomes import T0, entry

LOST_SALE = [entry(T0, "sale.lost", "count")]


def keys(statements: tuple[Statement, ...]) -> list[str]:
    return [one.key for one in statements]


def effects(one: Measurement, of: Standard | None) -> list[str]:
    return [step.effect.key for step in explain_measurement(one, of).steps]


@pytest.mark.parametrize("of", [LOST, None])
def test_what_was_counted_is_named_and_is_neither_kept_nor_broken(of: Standard | None) -> None:
    told = text(measured(LOST, trail=LOST_SALE, reason="price"), of)
    assert told.startswith("Counted: E1 at centre: a sale was lost\n")
    assert "The reason that was stated: price." in told
    assert "neither keeps nor breaks" in told


def test_without_a_trail_it_is_only_said_that_it_was_counted() -> None:
    assert text(measured(LOST)).startswith("Counted: E1 at centre is one of those that the standard counts")


def test_of_what_it_is_counted_is_said_by_the_standard() -> None:
    lost = text(measured(LOST, trail=LOST_SALE), LOST)
    assert "It is counted of the events of this type: a sale was made." in lost
    handed_over = text(measured(TRANSFERS, trail=[entry(T0, "journey.transferred", "count")]), TRANSFERS)
    assert "It is counted of the contacts with this event: was called." in handed_over
    assert keys(explain_measurement(measured(LOST), None).judgement) == ["rate-alone"]


@pytest.mark.parametrize("of", [SETTLED, None])
def test_a_contact_settled_it_or_the_customer_came_back(of: Standard | None) -> None:
    quiet = explain_measurement(measured(SETTLED, met=True, ended_at=T0 + 7 * DAY), of)
    assert quiet.headline.key == "rate-settled"
    assert keys(quiet.judgement)[:2] == ["rate-contact", "rate-quiet"]
    assert quiet.remedies == ()
    again = explain_measurement(measured(SETTLED, met=False, ended_at=T0 + DAY), of)
    assert again.headline.arguments["back"] == At(T0 + DAY)
    assert keys(again.judgement)[:2] == ["rate-contact", "rate-again"]
    assert again.remedies == (() if of is None else (say("keep-settled", due=At(T0 + 7 * DAY)),))


def test_the_contact_is_told_from_what_followed_whatever_the_engine_calls_it() -> None:
    trail = [entry(T0, "journey.arrived", "count"), entry(T0 + DAY, "journey.arrived", "count")]
    back = measured(SETTLED, met=False, ended_at=T0 + DAY, trail=trail)
    assert effects(back, SETTLED) == effects(back, None) == ["role-contact", "role-return"]
    assert effects(measured(LOST, trail=LOST_SALE), LOST) == ["role-count"]


@pytest.mark.parametrize(
    ("of", "changes", "counted"),
    [
        (LOST, {}, "counted-one"),
        (SETTLED, {"met": True}, "counted-both"),
        (SETTLED, {"met": False}, "counted-below"),
        (SETTLED, {"ended_by": "retired"}, "counted-left-out"),
    ],
)
def test_where_it_is_counted_is_said_with_the_formula(of: Standard, changes: dict[str, Any], counted: str) -> None:
    assert keys(explain_measurement(measured(of, **changes), of).judgement)[-2:] == [counted, "metric-formula"]


def test_what_did_not_come_to_its_end_has_no_verdict() -> None:
    retired = explain_measurement(measured(SETTLED, ended_by="retired"), SETTLED)
    assert retired.headline.key == "ended-retired"
    assert keys(retired.judgement)[0] == "unfinished-retired"
    assert retired.remedies == ()


@pytest.mark.parametrize("of", [LOST, SETTLED])
def test_what_was_taken_back_says_so_and_is_counted_nowhere(of: Standard) -> None:
    gone = explain_measurement(measured(of, state="withdrawn"), of, [measured(of)])
    assert gone.headline.key == "measured-taken-back"
    assert keys(gone.judgement) == ["judged-taken-back", "counted-nowhere"]
    assert gone.remedies == ()
    assert len(gone.corrections) == 2
