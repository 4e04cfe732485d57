"""
Rules: how grave what is open is, and when that changes by itself.
"""

from typing import Any

import pytest

from schemas.alert_rules import AlertRule
from services.alerts.engine.rules import NEVER, OpenViolation, Rule, StandardFacts, gravest
from tests.fakes.alerting import MINUTE

FACTS = {"wait@1": StandardFacts("journey", "branches", "customer", (("good", 0), ("slow", 10 * MINUTE)))}


def rule(*grades: dict[str, Any]) -> Rule:
    return Rule(AlertRule.model_validate({"id": "waits", "severity": "info", "grades": grades}))


def since(minute: int, standard: str = "wait@1", burn: str | None = None) -> OpenViolation:
    return OpenViolation(minute * MINUTE, 5 * MINUTE, standard, burn)


def test_of_the_grades_that_hold_the_gravest_counts() -> None:
    both = rule({"severity": "ticket", "open": 1}, {"severity": "page", "open": 2})
    assert [both.severity([since(0)] * count, 0, FACTS) for count in range(3)] == ["info", "ticket", "page"]


def test_all_that_a_grade_says_must_hold() -> None:
    graded = rule({"severity": "page", "overrun": "10m", "band": "slow"})
    # The clock stood at its limit of five minutes when it was opened, so it is slow five minutes later.
    assert graded.next_grade([since(0)], 0, FACTS) == 10 * MINUTE
    assert graded.severity([since(0)], 10 * MINUTE - 1, FACTS) == "info"
    assert graded.severity([since(0)], 10 * MINUTE, FACTS) == "page"
    assert graded.next_grade([since(0)], 10 * MINUTE, FACTS) == NEVER


@pytest.mark.parametrize("one", [since(0, "wait@2"), since(0)])
def test_a_grade_that_nobody_knows_never_holds(one: OpenViolation) -> None:
    graded = rule({"severity": "page", "band": "lost"})
    assert graded.severity([one], 1_000 * MINUTE, FACTS) == "info"
    assert graded.next_grade([one], 0, FACTS) == NEVER


def test_a_burn_is_as_grave_as_the_standard_says() -> None:
    graded = rule({"severity": "page", "burn": "page"})
    assert graded.severity([since(0, burn="ticket")], 0, FACTS) == "info"
    assert graded.severity([since(0, burn="ticket"), since(0, burn="page")], 0, FACTS) == "page"


def test_the_gravest_of_none_is_the_lightest() -> None:
    assert gravest(["ticket", "page", "info"]) == "page"
    assert gravest([]) == "info"
