"""
The fields of a row of attainment become the sums of its metric, whatever the kind of its standard.
"""

import pytest

from domain.catalogue import CATALOGUE
from domain.metrics import Counts
from domain.recorded import RECORDED, Summed, how_many, sums_of
from domain.sums import RateCounts, ScoreCounts
from schemas.objectives import CHECKLIST_METRICS, CLOCK_METRICS, RATE_METRICS
from schemas.outcomes import Attainment

EACH = {name: place + 1 for place, name in enumerate(RECORDED)}


def test_every_field_of_a_row_that_is_a_sum_is_one() -> None:
    words = {"id", "standard", "version", "rev_offset", "rev_watermark", "site", "queue", "minute", "metric"}
    assert set(RECORDED) == Attainment.model_fields.keys() - words - {"distribution"}


@pytest.mark.parametrize("metric", CLOCK_METRICS)
def test_clocks_take_counts(metric: str) -> None:
    assert sums_of(metric, EACH) == Counts(*range(3, 13))


@pytest.mark.parametrize("metric", CHECKLIST_METRICS)
def test_scores_take_their_own(metric: str) -> None:
    assert sums_of(metric, EACH) == ScoreCounts(*range(13, 22))


@pytest.mark.parametrize("metric", RATE_METRICS)
def test_a_row_of_a_rate_gives_back_the_pair_that_was_written(metric: str) -> None:
    good, total = CATALOGUE[metric].pair(RateCounts(7, 9))
    sums = sums_of(metric, {"good": good, "total": total})
    assert sums == RateCounts(7, 9)
    assert CATALOGUE[metric].pair(sums) == (good, total)


@pytest.mark.parametrize(
    ("sums", "n"), [(Counts(answered=3, abandoned=2), 5), (RateCounts(1, 4), 4), (ScoreCounts(n=6), 6)]
)
def test_n_is_how_many_came_answered_or_were_counted(sums: Summed, n: int) -> None:
    assert how_many(sums) == n
