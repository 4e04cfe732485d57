"""
Which agreements a question is asked about, what history is asked for them, and what is left out of the answer.
"""

from typing import Any

import pytest

from schemas.base import to_millis
from services.history.engine import Agreements, By, LeftOut, Question
from tests.fakes.recorded import exclusion, summed

CUT = exclusion("2026-04-14T10:00:30Z", "2026-04-14T13:30:00Z", site=["harbour-*"])
NEXT = exclusion("2026-04-14T12:00:00Z", "2026-04-15T00:00:00Z", "strike", region=["north/*"])
TEN, NOON, HALF_PAST, MIDNIGHT = (
    1_776_160_860_000, to_millis(NEXT.begin), to_millis(CUT.until), to_millis(NEXT.until)
)  # fmt: skip
REGIONS = {"harbour-1": "north/city", "harbour-2": None}


def test_time_is_cut_at_whole_minutes_and_only_stretches_with_an_agreement_are_asked_for() -> None:
    gap = exclusion("2026-04-13T00:00:00Z", "2026-04-13T01:00:00Z", "drill")
    sql, parameters = Agreements.of(Question("wait", (By.SITE,)), [CUT, NEXT, gap], REGIONS).sql()
    bounds = [to_millis(gap.begin), to_millis(gap.until), TEN, NOON, HALF_PAST, MIDNIGHT]
    assert parameters == {
        "standard": "wait", "bounds": str(bounds), "stretches": "[1, 3, 4, 5]", "first": bounds[0], "last": bounds[-1],
    }  # fmt: skip
    assert "arrayCount(x -> x <= toUnixTimestamp64Milli(minute), {bounds:Array(Int64)}) AS stretch" in sql
    assert "GROUP BY standard, version, by_site, of_site, of_queue, stretch" in sql


@pytest.mark.parametrize(
    ("question", "globs", "asked"),
    [
        (Question("wait"), {}, True),
        (Question("wait"), {"standard": ["w*"]}, True),
        (Question("wait"), {"standard": ["handling"]}, False),
        (Question("wait", from_ms=HALF_PAST - 1), {}, True),
        (Question("wait", from_ms=HALF_PAST), {}, False),
        (Question("wait", until_ms=to_millis(CUT.begin) + 1), {}, True),
        (Question("wait", until_ms=to_millis(CUT.begin)), {}, False),
    ],
)
def test_an_agreement_matters_where_it_is_about_the_standard_and_reaches_into_the_span(
    question: Question, globs: dict[str, Any], asked: bool
) -> None:
    one = exclusion("2026-04-14T10:00:30Z", "2026-04-14T13:30:00Z", **globs)
    assert bool(Agreements.of(question, [one], {}).exclusions) == asked


def test_what_two_agreements_cover_is_left_out_once_and_both_are_named() -> None:
    rows = [
        summed(of_site=site, of_queue=None, stretch=stretch, answered=10**place)
        for place, (site, stretch) in enumerate(
            [("harbour-1", 1), ("harbour-1", 2), ("harbour-1", 3), ("harbour-2", 1), ("harbour-2", 3), ("inland", 2)]
        )
    ]
    agreements = Agreements.of(Question("wait"), [NEXT, CUT], REGIONS)
    assert [one.metadata.id for one in agreements.exclusions] == ["power-cut", "strike"]
    ((group, out),) = agreements.left_out(rows).items()
    assert (group, out.recorded["answered"], out.by) == ((1,), 1_111, ("power-cut", "strike"))


def test_of_nothing_counted_nothing_is_left_out() -> None:
    agreements = Agreements.of(Question("wait"), [CUT], {})
    assert agreements.left_out([summed(of_site="harbour-1", of_queue=None, stretch=1)]) == {}
    one = summed(of_site="harbour-1", of_queue=None, stretch=1, cancelled=1)
    assert agreements.left_out([one])[1,] == LeftOut({name[2:]: n for name, n in one.items() if name[:2] == "n_"},
                                                     ("power-cut",))  # fmt: skip
