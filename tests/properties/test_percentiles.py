"""
Laws of percentiles as objectives: the pair that decides and the percentile that is told are those of all values counted
one by one, whatever the order of the rows, however old they have become and wherever the state was cut.
"""

from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from domain.aims import Aim, Finding, among, found, percentile_of
from domain.distributions import FEW
from domain.histogram import bounds, bucket_of
from domain.standings import Standing
from schemas.base import DAY_MS, HOUR_MS, MINUTE_MS
from services.sla.engine import Attainment, Book, Objectives
from services.sla.engine.objectives import advance, take
from tests.properties.drawing import BASE_MS, book, standard
from tests.properties.test_objectives import SITES_OF, exclusion

TARGET = 90_000
WINDOWS = [{"rolling": "7m"}, {"rolling": "3d"}, {"rolling": "40d"}, {"calendar": "month", "zone": "Asia/Kathmandu"}]
WAIT = standard(
    "wait",
    clock={"expires_after": "1h"},
    objective={"metric": "p90", "target": "90s", "windows": WINDOWS, "scopes": ["site", "organisation"]},
)
PLAIN, EXCLUDING = book(WAIT, *SITES_OF), book(WAIT, *SITES_OF, exclusion())
AIM = Aim.of("p90", TARGET)


class Row(NamedTuple):
    minute: int
    site: str
    revision: int
    values: tuple[int, ...]


@st.composite
def histories(draw: st.DrawFn) -> list[Row]:
    """Rows of two sites, in a few minutes of several days; some of a minute that many arrived in."""
    found_: list[Row] = []
    for number in range(draw(st.integers(1, 10))):
        values = draw(st.lists(st.sampled_from((0, 200, 30_000, 89_999, 90_000, 90_001, 1_000_003)), max_size=5))
        found_.append(
            Row(
                draw(st.sampled_from((0, 3, 6, 61, 75, 79, 119, 1_445, 4_400, 40_000))),
                draw(st.sampled_from(("harbour", "coast"))),
                number,
                tuple(values * draw(st.sampled_from((1, 1, 1, 20)))),
            )
        )
    return found_


def outcome(row: Row) -> Attainment:
    minute = BASE_MS + row.minute * MINUTE_MS
    counts = {value: row.values.count(value) for value in sorted(set(row.values))}
    made = Attainment(
        f"a:wait@1:{minute}:{row.site}:", "wait", 1, row.revision, row.revision, row.site, None, minute, "p90",
        *among(AIM, counts), len(row.values), 0, 0, 0, 0, sum(row.values), 0, 0, 0, 0,
    )  # fmt: skip
    made.distribution = tuple(counts.items())
    return made


def slow(rows: list[Row], one: Standing, *, excluding: bool) -> dict[int, int]:
    """Collect what a window holds from the last revision of each row, one by one."""
    last = {row[:2]: row for row in sorted(rows, key=lambda row: row.revision)}
    values: dict[int, int] = {}
    for row in last.values():
        at, left_out = BASE_MS + row.minute * MINUTE_MS, excluding and row.site == "harbour" and 60 <= row.minute < 80
        end = one.as_of if one.end is None else min(one.end, one.as_of)
        if one.begin <= at < end and one.scope in {f"site:{row.site}", "organisation"} and not left_out:
            for value in row.values:
                values[value] = values.get(value, 0) + 1
    return values


def holds(told: int | None, values: dict[int, int]) -> bool:
    """Tell whether a percentile is as good as is promised: exact for few, in its bucket and never better for many."""
    exact = percentile_of(AIM, values)
    if exact is None or told is None or sum(values.values()) <= FEW:
        return told == exact
    highest = bounds(bucket_of(exact))[1]
    return told == (min(highest, TARGET) if exact <= TARGET else highest)


def check(rows: list[Row], state: Objectives) -> None:
    for one in state.standings():
        counted, everything = slow(rows, one, excluding=True), slow(rows, one, excluding=False)
        assert (one.good, one.total) == among(AIM, counted)
        assert (one.all_good, one.all_total) == among(AIM, everything)
        assert holds(one.percentile_ms, counted), one
        assert holds(one.all_percentile_ms, everything), one
        if one.percentile_ms is not None:
            assert (one.percentile_ms > TARGET) == (found(one.aim, one.good, one.total) is Finding.MISSED)


@given(rows=histories(), ages=st.lists(st.sampled_from((1, 90, 130, 3_000, 5_000)), max_size=4), cut=st.booleans())
def test_a_percentile_is_that_of_all_values_however_old_they_are(
    rows: list[Row], ages: list[int], *, cut: bool
) -> None:
    state, told = Objectives(HOUR_MS), []
    advance(state, EXCLUDING, BASE_MS)
    for row in sorted(rows, key=lambda one: (one.minute, one.revision)):
        at = BASE_MS + row.minute * MINUTE_MS
        advance(state, EXCLUDING, at - 30 * MINUTE_MS)
        take(state, [outcome(row)], EXCLUDING)
        told.append(row)
        check(told, state)
        advance(state, EXCLUDING, at + 2 * MINUTE_MS)
        check(told, state)
        if cut:
            blob = state.encode()
            state = Objectives.decode(blob, EXCLUDING)
            assert state.encode() == blob
    for age in ages:
        advance(state, EXCLUDING, (state.now or 0) + age * MINUTE_MS)
        check(told, state)


@given(rows=histories(), order=st.permutations(range(20)), late=st.integers(0, 120))
def test_the_order_and_the_repetition_of_rows_change_no_percentile(
    rows: list[Row], order: list[int], late: int
) -> None:
    def run(many: list[Row], first: Book) -> Any:  # noqa: ANN401 - bytes and standings
        half = len(many) // 2
        state = Objectives(DAY_MS)
        advance(state, EXCLUDING, BASE_MS)
        take(state, map(outcome, many[:half]), first)
        advance(state, first, BASE_MS + late * MINUTE_MS)
        take(state, map(outcome, many[half:]), EXCLUDING)
        advance(state, EXCLUDING, BASE_MS + 300 * MINUTE_MS)
        check(rows, state)
        return state.standings()

    twice = [*rows, *rows]
    assert run([twice[place] for place in order if place < len(twice)], PLAIN) == run(rows, EXCLUDING)
