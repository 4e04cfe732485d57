"""
Whom an agreed outage covers, and when: all that it says must fit, and its end is no longer part of it.
"""

import pytest

from domain.exclusions import Excluded
from schemas.base import to_millis
from tests.fakes.recorded import exclusion

BEGIN, UNTIL = "2026-04-14T10:00:00Z", "2026-04-14T10:30:00Z"
CUT = exclusion(BEGIN, UNTIL)
FIRST, END = to_millis(CUT.begin), to_millis(CUT.until)
NAMES = ("wait", "harbour-1", "desk", "north/city")


@pytest.mark.parametrize(("minute", "covered"), [(FIRST - 1, False), (FIRST, True), (END - 1, True), (END, False)])
def test_it_begins_with_its_first_instant_and_ends_before_its_last(minute: int, covered: bool) -> None:
    assert Excluded.of(CUT).covers(minute, NAMES) == covered


@pytest.mark.parametrize(
    ("globs", "names", "covered"),
    [
        ({"site": ["harbour-*"], "region": ["north/*"]}, NAMES, True),
        ({"site": ["harbour-*"], "region": ["south"]}, NAMES, False),
        ({"queue": ["till", "d*"]}, NAMES, True),
        ({"queue": ["*"]}, ("wait", "harbour-1", None, None), False),
        ({"standard": ["wai"]}, NAMES, False),
    ],
)
def test_all_that_it_says_must_fit_and_what_has_no_name_fits_nothing(
    globs: dict[str, list[str]], names: tuple[str | None, ...], covered: bool
) -> None:
    one = exclusion(BEGIN, UNTIL, "power-cut", **globs)
    assert Excluded.of(one).covers(FIRST, names) == covered
