"""
The circuit breaker: it holds after failures in a row, lets one message try, and flows again when that arrived.
"""

import pytest

from services.alerts.engine.breaker import Admission, Breaker, BreakerRule, admitted, after_failure, at_rest

RULE = BreakerRule(failures=3, hold_ms=1_000)


def failing(times: int, now: int = 0) -> Breaker:
    breaker = Breaker()
    for _ in range(times):
        breaker = after_failure(breaker, now, RULE)
    return breaker


@pytest.mark.parametrize(
    ("failures", "admission"), [(0, Admission.FLOWS), (2, Admission.FLOWS), (3, Admission.HELD), (9, Admission.HELD)]
)
def test_it_holds_from_so_many_failures_in_a_row_on(failures: int, admission: Admission) -> None:
    assert admitted(failing(failures), 999)[1] is admission


def test_after_its_time_one_message_tries_and_the_others_wait_for_it() -> None:
    breaker, first = admitted(failing(3), 1_000)
    assert first is Admission.PROBES
    assert admitted(breaker, 1_000)[1] is Admission.HELD
    assert admitted(breaker, 90_000)[1] is Admission.HELD


def test_a_probe_that_fails_makes_it_hold_as_long_again() -> None:
    probing, _ = admitted(failing(3), 1_000)
    held = after_failure(probing, 1_500, RULE)
    assert admitted(held, 2_499)[1] is Admission.HELD
    assert admitted(held, 2_500)[1] is Admission.PROBES


def test_a_receiver_that_asks_for_rest_gets_it_and_is_then_tried_by_one() -> None:
    resting = at_rest(Breaker(), 5_000)
    assert admitted(resting, 4_999)[1] is Admission.HELD
    assert admitted(resting, 5_000)[1] is Admission.PROBES


def test_a_shorter_rest_does_not_shorten_one_that_was_asked_for() -> None:
    assert at_rest(at_rest(Breaker(), 5_000), 2_000).held_until == 5_000


def test_who_has_answered_counts_from_nothing_again() -> None:
    assert admitted(after_failure(Breaker(), 0, RULE), 0)[1] is Admission.FLOWS
