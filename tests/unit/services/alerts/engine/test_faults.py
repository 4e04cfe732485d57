"""
Faults of a configuration that take a look at several of its parts: rules by which alerts would mute one another.
"""

from typing import Any

import pytest

from services.alerts.engine import alerting_faults
from tests.fakes.alerting import alerting

MACHINE = {"kind": "presence"}
QUEUE = {"kind": "journey"}
BURN = {"kind": "burn"}


Rule = tuple[dict[str, Any], dict[str, Any], list[str]]


def faults(*rules: Rule) -> list[tuple[tuple[str | int, ...], str]]:
    inhibit = [
        {"id": f"rule-{number}", "source": source, "target": target, "equal": equal}
        for number, (source, target, equal) in enumerate(rules)
    ]
    return alerting_faults(alerting(inhibit=inhibit))


def test_two_rules_that_are_each_others_reverse_are_a_circle() -> None:
    ((path, fault),) = faults((MACHINE, QUEUE, ["site"]), (QUEUE, MACHINE, ["site"]))
    assert path == ("inhibit", 0, "target")
    assert "in a circle (rule-0, rule-1, rule-0): narrow `source` or `target` of one of them" in fault


def test_a_circle_of_several_is_told_once_at_its_first_rule_with_a_shortest_way() -> None:
    rules: list[Rule] = [
        (BURN, MACHINE, []),
        (MACHINE, QUEUE, []),
        (QUEUE, QUEUE | {"queue": "a*"}, []),
        (QUEUE, BURN, []),
    ]
    ((path, fault),) = faults(*rules)
    assert path == ("inhibit", 0, "target")
    assert "(rule-0, rule-1, rule-3, rule-0)" in fault


def test_two_circles_are_two_faults() -> None:
    there: Rule = (MACHINE, QUEUE, [])
    back: Rule = (QUEUE, MACHINE, [])
    slow, fast = {"tier": "6h/*"}, {"tier": "1h/*"}
    assert [path[1] for path, _ in faults(there, (fast, slow, []), back, (slow, fast, []))] == [0, 1]


@pytest.mark.parametrize(
    ("there", "back"),
    [
        ((MACHINE, QUEUE, []), (BURN, MACHINE, [])),
        ((MACHINE, QUEUE, []), ({"tier": "1h/5m"}, {"tier": "6h/30m"}, [])),
        ((MACHINE, {"site": "north-*"}, []), ({"site": "south-*"}, MACHINE, [])),
        ((MACHINE, QUEUE, []), (QUEUE | {"site": "a"}, MACHINE | {"site": "b"}, ["site"])),
    ],
    ids=["a chain", "labels that may not occur together", "other sites", "a rule that can never hold"],
)
def test_what_is_no_circle_for_certain_is_left_to_the_engine(there: Rule, back: Rule) -> None:
    assert not faults(there, back)


def test_a_narrower_rule_back_is_a_circle_all_the_same() -> None:
    back = (QUEUE | {"site": ["x", "a-*"]}, MACHINE | {"site": "*-1"}, ["site"])
    assert faults((MACHINE, QUEUE, ["site"]), back)
