"""
The clock is compared as well as the way to the server allows, and what is said of it is true.
"""

from hypothesis import given
from hypothesis import strategies as st

from services.agent.engine import ClockCheck, Skew

HOUR = 3_600_000


def test_nothing_is_said_before_the_first_answer() -> None:
    assert ClockCheck().skew(1_000_000, 0) is None


def test_the_middle_of_the_round_trip_is_compared() -> None:
    check = ClockCheck()
    # Sent at 1,000 here; there it is 5 s later by the wall when the answer leaves; back at 1,040.
    check.heard(1_005_020, sent=1_000, received=1_040)
    assert check.skew(now_ms=1_000_040, monotonic=1_040) == Skew(-5_000, 21)


def test_the_shortest_round_trip_knows_best() -> None:
    check = ClockCheck()
    check.heard(10_000_000, sent=0, received=10)
    check.heard(10_000_700, sent=500, received=2_500)
    skew = check.skew(now_ms=10_002_500, monotonic=2_500)
    assert skew == Skew(5, 6)


def test_a_good_comparison_that_is_old_gives_way_to_a_newer_one() -> None:
    check = ClockCheck()
    check.heard(0, sent=0, received=0)
    # Ten hours later the first may be off by 3.6 s; a round trip of 200 ms is better.
    check.heard(10 * HOUR + 100, sent=10 * HOUR, received=10 * HOUR + 200)
    assert check.skew(10 * HOUR + 200, 10 * HOUR + 200) == Skew(0, 101)


def test_setting_this_machine_s_clock_shows_at_once() -> None:
    check = ClockCheck()
    check.heard(1_000_000, sent=0, received=0)
    assert check.skew(1_060_000, 0) == Skew(60_000, 1)
    assert check.skew(1_000_010, 10) == Skew(0, 1)


def test_what_cannot_be_true_any_more_is_forgotten() -> None:
    check = ClockCheck()
    check.heard(1_000_000, sent=0, received=0)
    # The machine slept for an hour: the clock that only goes forward stood still, the server's did not.
    check.heard(1_000_000 + HOUR, sent=1_000, received=1_300)
    assert check.skew(1_000_150 + HOUR, 1_300) == Skew(0, 151)


@given(
    ahead=st.integers(-(10**12), 10**12),
    trips=st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 5_000)), min_size=1, max_size=40),
)
def test_the_truth_lies_within_the_error_that_is_stated(ahead: int, trips: list[tuple[int, int]]) -> None:
    check, now = ClockCheck(), 10**13
    for there, back in trips:
        check.heard(now + there, sent=now, received=now + there + back)
        now += there + back + 60_000
    skew = check.skew(now + ahead, now)
    assert skew is not None
    assert abs(skew.ms - ahead) <= skew.error_ms
    assert skew.error_ms <= min(there + back for there, back in trips[-16:]) // 2 + 1 + 70_000 * 16 // 10_000
