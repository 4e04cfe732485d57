"""
Durations in three languages; the English ones are those of every table.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.moments import spoken_duration
from domain.wording.durations import duration, rounded_up, whole_duration
from tests.fakes.catalogues import catalogue

ENGLISH = catalogue("en")
DAY = 86_400_000
lengths = st.one_of(st.integers(0, 120_000), st.integers(0, 900 * DAY))


@pytest.mark.parametrize(
    ("millis", "english", "russian", "latvian"),
    [
        (0, "0 s", "0 с", "0 s"),  # noqa: RUF001 - Russian
        (1, "1 ms", "1 мс", "1 ms"),
        (250, "250 ms", "250 мс", "250 ms"),
        (1_500, "1.5 s", "1,5 с", "1,5 s"),  # noqa: RUF001 - Russian
        (95_000, "1 min 35 s", "1 мин 35 с", "1 min 35 s"),  # noqa: RUF001 - Russian
        (3_600_000 + 120_000, "1 h 2 min", "1 ч 2 мин", "1 st. 2 min"),
        (2 * DAY + 3_600_000, "2 d 1 h", "2 сут 1 ч", "2 d. 1 st."),
    ],
)
def test_a_duration_has_its_units_in_each_language(millis: int, english: str, russian: str, latvian: str) -> None:
    assert [duration(catalogue(one), millis) for one in ("en", "ru", "lv")] == [english, russian, latvian]


@pytest.mark.parametrize(
    ("millis", "said"), [(0, "0 s"), (25_400, "25 s 400 ms"), (DAY + 71_975_001, "1 d 19 h 59 min 35 s 1 ms")]
)
def test_a_part_of_a_sum_is_not_rounded(millis: int, said: str) -> None:
    assert whole_duration(ENGLISH, millis) == said


@given(lengths)
def test_in_english_it_is_what_the_tables_say(millis: int) -> None:
    assert duration(ENGLISH, millis) == spoken_duration(millis)


@given(lengths)
def test_what_is_rounded_up_is_enough_and_is_said_without_loss(millis: int) -> None:
    up = rounded_up(millis)
    assert up >= millis
    assert rounded_up(up) == up
    assert duration(ENGLISH, max(up - 1, 0)) != duration(ENGLISH, up) or up == 0


@pytest.mark.parametrize(
    ("millis", "up"), [(301, 301), (1_301, 1_400), (61_001, 62_000), (3_660_001, 3_720_000), (DAY + 1, DAY + 3_600_000)]
)
def test_it_is_rounded_up_to_the_smallest_part_that_is_told(millis: int, up: int) -> None:
    assert rounded_up(millis) == up
