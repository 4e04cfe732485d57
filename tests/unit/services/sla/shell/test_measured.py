"""
What measurements say is counted by standard and site, and lies in buckets on the standards' own limits.
"""

from typing import Any

import pytest

from schemas.metrics import MINUTES
from services.sla.engine import Book, Measurement, Partition, Policy, fold
from services.sla.shell.measured import Measured, Result
from tests.properties.drawing import BASE_MS, SECOND, book, event, standard

GRADED = [{"name": "A", "within": "10s"}, {"name": "B", "within": "40s"}, {"name": "C"}]
WAIT = standard("wait", clock={"bands": GRADED, "expires_after": "2h"})


def said(rules: Book, *waits: float, end: str = "journey.called", site: str = "s1") -> list[Measurement]:
    """
    The measurements of journeys that waited so many seconds.
    """
    state, found = Partition(Policy()), []
    for number, seconds in enumerate(waits):
        arrived = event(0, "journey.arrived", f"j{number}", f"a{number}", site=site)
        ended = event(int(seconds * SECOND), end, f"j{number}", f"e{number}", site=site)
        decision = fold(state, [(2 * number, BASE_MS, arrived), (2 * number + 1, BASE_MS, ended)], rules)
        found += decision.measurements
    return found


def test_a_measurement_counts_once_by_what_it_says() -> None:
    rules = book(WAIT)
    measured = Measured(lambda: rules)
    measured.count(said(rules, 5, 20, 21))
    measured.count(said(rules, 7, end="journey.abandoned"))
    measured.count(said(rules, 7, end="journey.cancelled"))
    assert measured.take_results() == {
        ("wait", "s1", Result.KEPT): 2,
        ("wait", "s1", Result.MISSED): 1,
        ("wait", "s1", Result.ABANDONED): 1,
        ("wait", "s1", Result.NOT_JUDGED): 1,
    }
    assert measured.take_results() == {}


def test_what_is_withdrawn_does_not_count() -> None:
    rules = book(WAIT)
    measured = Measured(lambda: rules)
    (one,) = said(rules, 5)
    one.state = "withdrawn"
    measured.count([one])
    assert measured.take_results() == {}
    assert list(measured.waits()) == []


def test_buckets_lie_on_the_limit_and_the_grades_and_at_the_limit_is_within() -> None:
    rules = book(WAIT)
    measured = Measured(lambda: rules)
    measured.count(said(rules, 10, 20, 20.001, 300))
    measured.count(said(rules, 15, end="journey.abandoned"))
    ((labels, within, count, total),) = measured.waits()
    assert labels == ("wait",)
    bounds = dict(within)
    assert {10.0, 20.0, 40.0} < set(bounds)
    assert list(bounds) == sorted(bounds)
    assert (bounds[10.0], bounds[20.0], bounds[40.0]) == (1, 2, 3)
    assert (count, total) == (4, 350.001)


def test_a_standard_whose_limits_change_begins_anew_and_others_go_on() -> None:
    other = standard("other")
    rules = [book(WAIT, other)]
    measured = Measured(lambda: rules[0])
    measured.count(said(rules[0], 10))
    new = {"effective_from": "2026-03-01T00:00:00Z"}
    rules[0] = book(WAIT, other, standard("wait", 2, clock={"limit": "30s"}, metadata=new))
    measured.count(said(rules[0], 10))
    counts = {labels[0]: (count, [bound for bound, _ in within]) for labels, within, count, _ in measured.waits()}
    assert counts["wait"][0] == 1
    assert {20.0, 30.0} < set(counts["wait"][1])
    assert counts["other"][0] == 2


@pytest.mark.parametrize("about", [[], [standard("wait", clock={"limit": "promised"})]], ids=["gone", "promised"])
def test_where_no_limit_is_known_in_advance_the_buckets_are_those_of_a_day(about: list[Any]) -> None:
    measured = Measured(lambda: book(*about))
    measured.count(said(book(standard("wait")), 10))
    ((_, within, _, _),) = measured.waits()
    assert tuple(bound for bound, _ in within) == MINUTES


def test_beyond_the_bound_what_is_counted_is_other_and_further_standards_have_no_distribution() -> None:
    rules = book(WAIT)
    measured = Measured(lambda: rules)
    many = []
    for number in range(205):
        (one,) = said(rules, 5, site=f"s{number}")
        one.standard = f"w{number}"
        many.append(one)
    measured.count(many, most=3)
    results = measured.take_results()
    assert sum(results.values()) == 205
    assert results["other", "other", Result.KEPT] == 202
    assert len(list(measured.waits())) == 200


def test_rates_are_not_counted_for_only_the_bad_ones_are_told_one_by_one() -> None:
    rules = book(WAIT)
    measured = Measured(lambda: rules)
    (one,) = said(rules, 5)
    one.kind = "rate"
    measured.count([one])
    one.kind = "score"
    measured.count([one])
    assert measured.take_results() == {("wait", "s1", Result.KEPT): 1}
    assert list(measured.waits()) == []
