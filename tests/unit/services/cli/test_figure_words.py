"""
Figures are written alike in every report, each with its unit.
"""

import pytest

from services.cli.figure_words import mean_time, shown


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "0.0 s"), (35.04, "35.0 s"), (3_599.94, "3599.9 s"), (3_600.0, "1 h"), (417_998.1, "4 d 20 h")],
)
def test_a_mean_time_of_hours_is_told_in_hours_and_days(seconds: float, words: str) -> None:
    assert mean_time(seconds) == words


def test_a_mean_is_told_the_same_from_its_sums() -> None:
    assert (shown("asa", 7_300_000, 2), shown("asa", 70_000, 2), shown("asa", 0, 0)) == ("1 h", "35.0 s", "–")
