"""
Laws of the figures: six service levels keep their inequalities, sums of parts are the whole, nothing counted has no
value.
"""

from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from domain.aims import Aim, among
from domain.metrics import METRICS, Counts
from services.sla.engine import Attainment, Book, ClockKind, Event, Measurement, Policy
from tests.properties.drawing import BASE_MS, DAY, HOUR, MINUTE, books, stories
from tests.properties.running import counts_of, run

LAST = BASE_MS + 3 * HOUR
SHARES = [name for name, metric in METRICS.items() if metric.unit == "share"]


@st.composite
def counts(draw: st.DrawFn) -> Counts:
    """Counts as they can come about where the short-abandon length is at most the limit."""
    answered, abandoned = draw(st.integers(0, 50)), draw(st.integers(0, 50))
    within = draw(st.integers(0, abandoned))
    short = draw(st.integers(0, within))
    other = draw(st.lists(st.integers(0, 5), min_size=4, max_size=4))
    return Counts(
        answered, draw(st.integers(0, answered)), abandoned, within, short, draw(st.integers(0, 10**9)), *other
    )


def value(name: str, of: Counts) -> Fraction | None:
    good, total = METRICS[name].pair(of)
    return Fraction(good, total) if total else None


def at_most(left: Fraction | None, right: Fraction | None) -> bool:
    return left is None or right is None or left <= right


@given(counts())
def test_the_six_service_levels_keep_their_inequalities(of: Counts) -> None:
    level = {name: value(name, of) for name in METRICS}
    assert at_most(level["sl_all_offered"], level["sl_short_excluded"])
    assert at_most(level["sl_short_excluded"], level["sl_late_abandons"])
    assert at_most(level["sl_late_abandons"], level["sl_answered_only"])
    assert at_most(level["sl_late_abandons"], level["sl_abandons_credited"])
    assert at_most(level["sl_all_offered"], level["sl_short_credited"])
    assert at_most(level["sl_short_credited"], level["sl_abandons_credited"])
    assert at_most(level["sl_short_excluded"], level["sl_short_credited"])


@given(counts())
def test_a_share_lies_between_nothing_and_all(of: Counts) -> None:
    for name in SHARES:
        good, total = METRICS[name].pair(of)
        assert 0 <= good <= total


def test_nothing_counted_has_no_value() -> None:
    assert all(metric.pair(Counts())[1] == 0 for metric in METRICS.values())
    assert Counts.total([]) == Counts()


@given(st.lists(counts(), min_size=1), st.data())
def test_sums_of_parts_are_the_whole(parts: list[Counts], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(parts)))
    whole = Counts.total(parts)
    assert Counts.total([Counts.total(parts[:cut]), Counts.total(parts[cut:])]) == whole
    for metric in METRICS.values():
        pairs = [metric.pair(part) for part in parts]
        assert metric.pair(whole) == (sum(good for good, _ in pairs), sum(total for _, total in pairs))


@given(book=books(), story=stories(), chunks=st.integers(1, 5))
def test_attainment_is_a_count_of_the_standing_measurements(book: Book, story: list[Event], chunks: int) -> None:
    log = [(offset, LAST, one) for offset, one in enumerate(story)]
    _, ledger = run(Policy(clock=ClockKind.EVENT, chunks=chunks), book, log, until=LAST + 5 * DAY)
    recounted: dict[tuple[str, int, str, str | None, int], list[int]] = {}
    values: dict[tuple[str, int, str, str | None, int], list[int]] = {}
    for one in ledger.by_id.values():
        if not isinstance(one, Measurement) or one.state != "standing" or one.kind != "clock":
            continue
        key = (one.standard, one.version, one.site, one.queue, one.arrived_at - one.arrived_at % MINUTE)
        row = recounted.setdefault(key, [0] * 10)
        match one.ended_by, one.validity:
            case "cancelled", _:
                row[7] += 1
            case "expired", _:
                row[8] += 1
            case "retired", _:
                row[9] += 1
            case _, "too_short" | "too_long":
                row[6] += 1
            case "abandoned", _:
                row[2] += 1
                row[3] += one.value_ms <= one.limit_ms
                row[4] += one.short_abandon
            case _:
                row[0] += 1
                row[1] += bool(one.met)
                row[5] += one.value_ms
                values.setdefault(key, []).append(one.value_ms)
    rows = [one for one in ledger.by_id.values() if isinstance(one, Attainment) and any(counts_of(one))]
    by_key = {(one.standard, one.version, one.site, one.queue, one.minute): one for one in rows}
    assert {key: list(counts_of(one)) for key, one in by_key.items()} == recounted
    for key, one in by_key.items():
        if one.metric in METRICS:
            assert (one.good, one.total) == METRICS[one.metric].pair(Counts(*counts_of(one)))
        else:
            held = Counter(values.get(key, ()))
            aim = Aim.of(one.metric, book.rules[f"{one.standard}@{one.version}"].standard.objective.target_value)
            assert one.distribution == tuple(sorted(held.items()))
            assert (one.good, one.total) == among(aim, held)
