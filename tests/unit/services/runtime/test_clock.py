"""
The clocks: the machine's, and the one that tests move.
"""

from hypothesis import given
from hypothesis import strategies as st

from services.runtime.clock import Clock, SystemClock
from tests.fakes.clock import ManualClock

A_DAY_OF_2024 = 1_704_067_200_000


def test_the_machine_s_clock_counts_milliseconds_since_the_epoch() -> None:
    assert A_DAY_OF_2024 < SystemClock().now_ms() < 2 * A_DAY_OF_2024


def test_the_monotonic_reading_never_runs_backwards() -> None:
    clock = SystemClock()
    readings = [clock.monotonic_ms() for _ in range(1000)]
    assert readings == sorted(readings)


@given(st.lists(st.integers(min_value=0, max_value=10**9)))
def test_a_manual_clock_moves_by_what_it_is_told(steps: list[int]) -> None:
    clock = ManualClock(A_DAY_OF_2024)
    told: Clock = clock
    for step in steps:
        clock.advance(step)
    assert told.now_ms() - A_DAY_OF_2024 == told.monotonic_ms() == sum(steps)
