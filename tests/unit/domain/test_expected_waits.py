"""
Expected waits: two methods by name, and each says when it does not know.
"""

import pytest

from domain.expected_waits import ExpectedWait, NoFigure, WaitMethod, wait_by_last_answered, wait_by_position


@pytest.mark.parametrize(("position", "wait_ms"), [(0, 0), (1, 60_000), (4, 240_000)])
def test_a_place_in_line_is_worth_its_share_of_the_handling_time(position: int, wait_ms: int) -> None:
    assert wait_by_position(position, 180_000, agents=3) == ExpectedWait(WaitMethod.POSITION, wait_ms)


def test_an_expected_wait_is_rounded_up() -> None:
    assert wait_by_position(1, 100, agents=3).wait_ms == 34
    assert wait_by_last_answered([(10, 11)]).wait_ms == 2


def test_without_agents_or_handling_times_a_place_in_line_says_nothing() -> None:
    assert wait_by_position(1, 180_000, agents=0) == (WaitMethod.POSITION, None, NoFigure.NO_AGENTS)
    assert wait_by_position(1, None, agents=3) == (WaitMethod.POSITION, None, NoFigure.NO_HANDLING_TIME)


def test_of_the_answered_only_the_last_minutes_count() -> None:
    minutes = [(3, 30_000), (0, 0), (8, 180_000), (50, 9_000_000)]
    assert wait_by_last_answered(minutes) == ExpectedWait(WaitMethod.LAST_ANSWERED, 19_091)


@pytest.mark.parametrize("minutes", [[], [(9, 90_000)], [(3, 30_000), (0, 0), (6, 60_000)]])
def test_of_too_few_answered_nothing_is_said(minutes: list[tuple[int, int]]) -> None:
    assert wait_by_last_answered(minutes) == (WaitMethod.LAST_ANSWERED, None, NoFigure.TOO_FEW_ANSWERED)
