"""
When a consumer stops instead of draining its topic into the dead letters.
"""

from hypothesis import given
from hypothesis import strategies as st

from services.runtime.stopping import StopReason, StopRule


def test_a_run_of_refusals_stops_it_at_the_limit_and_not_before() -> None:
    watch = StopRule(in_a_row=3, minimum=1_000).watch()
    assert [watch.count(accepted=False) for _ in range(3)] == [None, None, StopReason.TOO_MANY_IN_A_ROW]


def test_one_success_begins_the_run_anew() -> None:
    watch = StopRule(in_a_row=3, minimum=1_000).watch()
    assert not any(watch.count(accepted=number % 3 == 2) for number in range(300))


def test_a_large_share_stops_it_once_enough_were_seen() -> None:
    watch = StopRule(in_a_row=1_000, share_percent=50, window=100, minimum=10).watch()
    told = [watch.count(accepted=number % 3 == 0) for number in range(10)]
    assert told[:9] == [None] * 9
    assert told[9] is StopReason.TOO_LARGE_A_SHARE


def test_exactly_the_share_does_not_stop_it() -> None:
    watch = StopRule(in_a_row=1_000, share_percent=50, window=100, minimum=10).watch()
    assert not any(watch.count(accepted=number % 2 == 0) for number in range(1_000))


def test_what_lies_behind_the_window_is_forgotten() -> None:
    watch = StopRule(in_a_row=1_000, share_percent=50, window=100, minimum=10).watch()
    watch.count(accepted=True, records=100_000)
    told = [watch.count(accepted=False) for _ in range(51)]
    assert told == [None] * 50 + [StopReason.TOO_LARGE_A_SHARE]


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 9)), max_size=60), st.integers(1, 100), st.integers(1, 40))
def test_it_agrees_with_a_plain_count_over_the_last_records(
    runs: list[tuple[bool, int]], percent: int, window: int
) -> None:
    watch = StopRule(in_a_row=10**9, share_percent=percent, window=window, minimum=1).watch()
    history: list[bool] = []
    for accepted, length in runs:
        told = watch.count(accepted=accepted, records=length)
        history += [accepted] * length
        seen = history[-window:]
        assert (told is StopReason.TOO_LARGE_A_SHARE) == (seen.count(False) * 100 > percent * len(seen))
