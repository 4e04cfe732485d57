"""
Of several outcomes with one id the greater revision holds.
"""

from typing import NamedTuple

import pytest

from services.cli.revisions import supersedes


class Said(NamedTuple):
    rev_offset: int
    rev_watermark: int


def test_the_first_outcome_of_an_id_holds() -> None:
    assert supersedes(Said(-1, 0), None)


@pytest.mark.parametrize(
    ("said", "held", "holds"),
    [
        (Said(8, 0), Said(7, 9), True),
        (Said(7, 9), Said(8, 0), False),
        (Said(7, 9), Said(7, 8), True),
        (Said(7, 8), Said(7, 9), False),
        (Said(7, 9), Said(7, 9), True),
    ],
    ids=["later record", "earlier record", "later watermark", "earlier watermark", "the same again"],
)
def test_the_offset_decides_before_the_watermark(said: Said, held: Said, *, holds: bool) -> None:
    assert supersedes(said, held) is holds
