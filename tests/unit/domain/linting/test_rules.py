"""
Every rule is explained, and the windows that nobody can write yet are judged by what is kept.
"""

import pytest

from domain.linting import RULES, Rule, Severity
from domain.linting.objectives import HISTORY_MS, TOPIC_MS, kept_for
from schemas.base import DAY_MS


def test_every_rule_has_a_sentence_and_a_fix() -> None:
    assert set(RULES) == set(Rule)
    for rule, reason in RULES.items():
        assert reason.why.endswith("."), rule
        assert reason.why.count(". ") == 0, rule
        assert reason.fix[0].islower(), rule
        assert not reason.fix.endswith("."), rule
    assert {reason.severity for reason in RULES.values()} == set(Severity)


@pytest.mark.parametrize(
    ("window", "rule"),
    [
        (TOPIC_MS, None),
        (TOPIC_MS + 1, Rule.WINDOW_OUTLIVES_TOPIC),
        (HISTORY_MS, Rule.WINDOW_OUTLIVES_TOPIC),
        (HISTORY_MS + 1, Rule.WINDOW_OUTLIVES_HISTORY),
    ],
)
def test_a_window_is_held_against_what_is_kept(window: int, rule: Rule | None) -> None:
    assert kept_for(window) is rule


def test_sums_are_kept_longer_in_history_than_on_their_topic() -> None:
    assert DAY_MS <= TOPIC_MS < HISTORY_MS
