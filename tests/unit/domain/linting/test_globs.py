"""
Globs that share a value show one, and those that do not, share none: held against the matcher that the engine uses.
"""

from fnmatch import fnmatchcase
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.linting.globs import Search, matches

GLOBS = st.lists(st.text("ab*?", min_size=1, max_size=4), min_size=1, max_size=3).map(tuple)
CLASSES = st.lists(st.text("ab*?[]!-", min_size=1, max_size=6), min_size=1, max_size=2).map(tuple)
SHORT = ["".join(letters) for length in range(1, 5) for letters in product("abx", repeat=length)]


@given(GLOBS | CLASSES, GLOBS | CLASSES)
def test_two_sets_of_globs_share_a_value_or_none(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    value = Search().shown_value([one, other])
    if value is None:
        assert Search().apart(one, other)
        assert [word for word in SHORT if matches(word, one) and matches(word, other)] == []
    else:
        assert matches(value, one)
        assert matches(value, other)


@given(GLOBS | CLASSES, GLOBS | CLASSES)
def test_globs_swallow_others_or_there_is_a_value_to_show(wide: tuple[str, ...], narrow: tuple[str, ...]) -> None:
    if Search().swallows(wide, narrow):
        assert [word for word in SHORT if matches(word, narrow) and not matches(word, wide)] == []
    else:
        value = Search().shown_value([narrow], wide)
        assert value is not None
        assert matches(value, narrow)
        assert not matches(value, wide)


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        ("harbour-*", "*-1", "harbour-1"),
        ("a*c", "*b*", "abc"),
        ("*", "*", "x"),
        ("a", "b", None),
        ("a?", "a", None),
        ("[a-c]", "[c-e]", "c"),
        ("[a-c]", "[!a-c]", None),
        ("[", "[[]", "["),
        ("[!]", "[!]", "[!]"),
        ("[]]", "]", "]"),
        ("[! -~]", "?", "é"),
    ],
)
def test_overlap_is_decided_wherever_stars_stand(one: str, other: str, value: str | None) -> None:
    assert Search().shown_value([(one,), (other,)]) == value
    assert value is None or (fnmatchcase(value, one) and fnmatchcase(value, other))


def test_several_globs_together_may_swallow_what_none_of_them_does_alone() -> None:
    assert Search().swallows(("a*", "[!a]*"), ("*",))
    assert not Search().swallows(("a*", "b*"), ("*",))


def test_nothing_is_claimed_of_globs_that_nobody_writes() -> None:
    one, other = ("*a" + "?" * 60,), ("*b" + "?" * 60,)
    search = Search()
    assert search.shown_value([one], other) is None
    assert not search.swallows(other, one)
    assert not search.apart(other, one)
    assert search.undecided == 3


def test_all_questions_together_end_as_well() -> None:
    search = Search(steps=1_000)
    for number in range(20, 60):
        assert not search.swallows(("*a" + "?" * number,), ("*b" + "?" * number,))
    assert search.undecided == 40
    assert not search.swallows(("*",), ("a",)), "nothing is left for what would be easy"


def test_what_is_absent_matches_nothing() -> None:
    assert not matches(None, ("*",))
