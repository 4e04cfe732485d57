"""
Patterns: whether two globs have a text in common.
"""

from itertools import product

import pytest

from domain.patterns import compile_globs, globs_meet

GLOBS = ["", "a", "b", "*", "?", "a*", "*b", "a?", "?*", "a*b", "*a*", "ab", "b*a", "**"]
TEXTS = ["".join(letters) for length in range(6) for letters in product("ab", repeat=length)]


@pytest.mark.parametrize("one", GLOBS)
def test_two_globs_meet_where_some_text_fits_both(one: str) -> None:
    for other in GLOBS:
        common = [text for text in TEXTS if compile_globs((one,))(text) and compile_globs((other,))(text)]
        assert globs_meet(one, other) == bool(common), other


def test_of_sets_of_characters_only_the_same_are_known_to_meet() -> None:
    assert globs_meet("[ab]*", "[ab]*")
    assert not globs_meet("[ab]*", "a")
