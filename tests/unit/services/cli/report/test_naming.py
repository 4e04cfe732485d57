"""
Nobody of whom there is little is named, and nobody's figure can be worked out from those that are.
"""

from collections import defaultdict
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from services.cli.report.naming import without_names
from services.history.engine import By

LEAST = 30


class Counted(NamedTuple):
    by: dict[By, str]
    n: int


def of(**counts: int) -> list[Counted]:
    return [Counted({By.EMPLOYEE: name}, n) for name, n in counts.items()]


def names(found: list[Counted]) -> str:
    return "".join(one.by[By.EMPLOYEE] for one in found)


def test_who_has_too_few_is_left_out() -> None:
    shown, left_out = without_names(of(a=50, b=5, c=40, d=7), [By.EMPLOYEE], LEAST)
    assert (names(shown), names(left_out)) == ("ac", "bd")


def test_one_alone_takes_the_smallest_of_the_others_along() -> None:
    shown, left_out = without_names(of(a=50, b=5, c=40, d=60), [By.EMPLOYEE], LEAST)
    assert (names(shown), names(left_out)) == ("ad", "bc")


def test_one_of_whom_there_is_nothing_hides_nobody() -> None:
    assert names(without_names(of(a=50, b=5, c=0, d=60), [By.EMPLOYEE], LEAST)[0]) == "d"


def test_one_who_is_alone_from_the_start_stays_alone() -> None:
    assert without_names(of(a=5), [By.EMPLOYEE], LEAST) == ([], of(a=5))


def test_whoever_is_not_a_person_is_always_shown() -> None:
    sites = [Counted({By.SITE: "north"}, 1)]
    assert without_names(sites, [By.SITE], LEAST) == (sites, [])


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("xyz"), st.sampled_from("abcdef")), st.integers(0, 3 * LEAST), min_size=1, max_size=12
    )
)
def test_no_total_gives_away_one_alone(cells: dict[tuple[str, str], int]) -> None:
    groups = [Counted({By.TEAM: team, By.EMPLOYEE: name}, n) for (team, name), n in cells.items()]
    shown, left_out = without_names(groups, [By.TEAM, By.EMPLOYEE], LEAST)
    assert [one for one in groups if one in shown] == shown
    assert len(shown) + len(left_out) == len(groups)
    assert all(one.n >= LEAST for one in shown)
    for axis in (By.TEAM, By.EMPLOYEE):
        totals: dict[str, list[Counted]] = defaultdict(list)
        for one in groups:
            totals[one.by[axis]].append(one)
        for line in totals.values():
            unknown = [one for one in line if one in left_out and one.n]
            assert len(unknown) != 1 or not any(one in shown for one in line)
    if all(one.n >= LEAST for one in groups):
        assert not left_out
