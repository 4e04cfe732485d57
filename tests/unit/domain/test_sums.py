"""
What answers and checklists add to running sums, and that it can be taken out again.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.sums import Item, ScoreCounts, tally_answer, tally_checklist

items = st.lists(st.builds(Item, st.integers(0, 10), st.sampled_from([True, False, None]), st.booleans()), max_size=8)
answers = st.tuples(st.integers(0, 1_000), st.sampled_from([500, 700, 1_000]))


def answered(*given: tuple[int, int]) -> ScoreCounts:
    counts = [0] * len(ScoreCounts._fields)
    for score, highest in given:
        tally_answer(counts, 1, score, highest)
    return ScoreCounts(*counts)


def observed(*checklists: list[Item]) -> ScoreCounts:
    counts = [0] * len(ScoreCounts._fields)
    for one in checklists:
        tally_checklist(counts, 1, one)
    return ScoreCounts(*counts)


@pytest.mark.parametrize(
    ("score", "promoter", "detractor"),
    [(1_000, 1, 0), (900, 1, 0), (899, 0, 0), (800, 0, 0), (700, 0, 0), (600, 0, 1), (0, 0, 1)],
)
def test_who_recommends_gives_nine_or_ten_and_who_does_not_six_or_less(
    score: int, promoter: int, detractor: int
) -> None:
    found = answered((score, 1_000))
    assert (found.promoters, found.detractors) == (promoter, detractor)


def test_only_a_scale_to_ten_knows_promoters() -> None:
    found = answered((500, 500), (100, 500), (700, 700))
    assert (found.promoters, found.detractors) == (0, 0)


@pytest.mark.parametrize(("score", "highest", "top"), [(500, 500, 1), (400, 500, 1), (399, 500, 0), (600, 700, 1)])
def test_the_two_highest_boxes_are_those_of_the_scale(score: int, highest: int, top: int) -> None:
    assert answered((score, highest)).top2 == top


def test_scores_and_their_squares_are_summed() -> None:
    assert answered((400, 500), (500, 500))[:6] == (2, 0, 0, 900, 410_000, 0)


def test_an_item_that_does_not_apply_is_in_neither_sum() -> None:
    found = observed(
        [Item(3, passed=True, critical=False), Item(1, passed=False, critical=False), Item(9, None, critical=True)]
    )
    assert (found.n, found.earned, found.possible, found.sum, found.failed_critical) == (1, 3, 4, 7_500, 0)


def test_a_failed_critical_item_fails_the_checklist() -> None:
    found = observed([Item(3, passed=True, critical=False), Item(1, passed=False, critical=True)])
    assert (found.n, found.earned, found.possible, found.sum, found.failed_critical) == (1, 0, 4, 0, 1)


def test_a_critical_item_without_weight_still_fails_the_checklist() -> None:
    found = observed([Item(0, passed=False, critical=True)])
    assert (found.n, found.possible, found.failed_critical) == (1, 0, 1)


def test_a_checklist_of_which_nothing_applied_is_not_counted() -> None:
    assert observed([Item(3, None, critical=True)], []) == ScoreCounts()


@given(st.lists(answers), st.lists(items), st.data())
def test_what_was_counted_can_be_taken_out_in_any_order(
    some: list[tuple[int, int]], seen: list[list[Item]], data: st.DataObject
) -> None:
    counts = [0] * len(ScoreCounts._fields)
    for score, highest in some:
        tally_answer(counts, 1, score, highest)
    for one in seen:
        tally_checklist(counts, 1, one)
    for one in data.draw(st.permutations(seen)):
        tally_checklist(counts, -1, one)
    for score, highest in data.draw(st.permutations(some)):
        tally_answer(counts, -1, score, highest)
    assert ScoreCounts(*counts) == ScoreCounts()


@given(st.lists(items))
def test_a_checklist_never_earns_more_than_was_possible(seen: list[list[Item]]) -> None:
    found = observed(*seen)
    assert 0 <= found.earned <= found.possible
    assert 0 <= found.sum <= 10_000 * found.n
    assert found.failed_critical <= found.n
