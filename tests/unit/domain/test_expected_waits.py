"""
Expected waits: two methods by name, and each says when it does not know.
"""

import pytest

from domain.expected_waits import (
    ExpectedWait,
    NotEnoughData,
    WaitMethod,
    wait_by_last_answered,
    wait_by_position,
    wait_by_sums,
)


@pytest.mark.parametrize(("position", "wait_ms"), [(0, 0), (1, 60_000), (4, 240_000)])
def test_a_place_in_line_is_worth_its_share_of_the_handling_time(position: int, wait_ms: int) -> None:
    assert wait_by_position(position, 180_000, agents=3) == ExpectedWait(WaitMethod.POSITION, wait_ms)


def test_an_expected_wait_is_rounded_up() -> None:
    assert wait_by_position(1, 100, agents=3).wait_ms == 34
    assert wait_by_last_answered([1, 1, 2], last=3).wait_ms == 2


def test_without_agents_or_handling_times_a_place_in_line_says_nothing() -> None:
    assert wait_by_position(1, 180_000, agents=0) == (WaitMethod.POSITION, None, NotEnoughData.NO_AGENTS)
    assert wait_by_position(1, None, agents=3) == (WaitMethod.POSITION, None, NotEnoughData.NO_HANDLING_TIME)


def test_only_the_last_answered_count() -> None:
    assert wait_by_last_answered([900_000, 10_000, 20_000, 30_000], last=3) == (WaitMethod.LAST_ANSWERED, 20_000, None)


@pytest.mark.parametrize(("waits", "last"), [([], 10), ([5] * 9, 10), ([5], 0)])
def test_of_too_few_answered_nothing_is_said(waits: list[int], last: int) -> None:
    assert wait_by_last_answered(waits, last) == (WaitMethod.LAST_ANSWERED, None, NotEnoughData.TOO_FEW_ANSWERED)


def test_sums_of_minutes_do_where_the_single_waits_are_gone() -> None:
    minutes = [(3, 30_000), (0, 0), (8, 180_000), (50, 9_000_000)]
    assert wait_by_sums(minutes) == ExpectedWait(WaitMethod.LAST_ANSWERED, 19_091)
    assert wait_by_sums(minutes[:2]) == (WaitMethod.LAST_ANSWERED, None, NotEnoughData.TOO_FEW_ANSWERED)
