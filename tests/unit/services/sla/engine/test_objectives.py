"""
Objectives fed with rows of attainment, one by one: which sums they make, and what is said at which minute.
"""

from typing import Any

import pytest

from schemas.base import DAY_MS, HOUR_MS, MINUTE_MS
from services.sla.engine import Attainment, Book, Objectives, UnreadableObjectivesError, Violation
from services.sla.engine.buckets import GOOD, TOTAL
from services.sla.engine.objectives import advance, take
from tests.properties.drawing import BASE_MS, book, standard

START = BASE_MS - BASE_MS % HOUR_MS


def aimed(rolling: str = "10m", **objective: Any) -> Book:  # noqa: ANN401 - parts of a document
    return book(standard("wait", objective={"window": {"rolling": rolling}, **objective}))


def aimed_at(metric: str, target: str, clock: Any = (), **objective: Any) -> Book:  # noqa: ANN401 - parts
    return book(standard("wait", clock=dict(clock), objective={"metric": metric, "target": target, **objective}))


def spread(one: Attainment, values: tuple[tuple[int, int], ...]) -> Attainment:
    one.distribution = values
    return one


def row(minute: int, good: int, total: int, revision: int = 1, **more: Any) -> Attainment:  # noqa: ANN401 - fields
    at, site, queue = START + minute * MINUTE_MS, more.get("site", "harbour"), more.get("queue")
    name = f"a:wait@{more.get('version', 1)}:{at}:{site}:{queue or ''}"
    return Attainment(
        name, more.get("standard", "wait"), more.get("version", 1), revision, at, site, queue, at, "sl_all_offered",
        good, total, total, good, 0, 0, 0, 0, 0, 0, 0, 0,
    )  # fmt: skip


def at(minute: int) -> int:
    return START + minute * MINUTE_MS


def told(said: list[Violation]) -> list[tuple[str, str, int]]:
    return [(one.state, one.reason, (one.as_of - START) // MINUTE_MS) for one in said]


def sums(state: Objectives, scope: str = "site:harbour") -> tuple[int, int]:
    (window,) = state.ledgers["wait@1", scope].rolling
    return window.sums[GOOD], window.sums[TOTAL]


def test_a_minute_counts_when_it_is_over() -> None:
    state, held = Objectives(DAY_MS), aimed()
    take(state, [row(0, 0, 1)], held)
    assert advance(state, held, at(1) - 1).violations == []
    assert told(advance(state, held, at(1)).violations) == [("opened", "target_missed", 1)]


def test_a_later_revision_replaces_the_earlier_whatever_the_order() -> None:
    held = aimed()
    first, second = row(0, 0, 3), row(0, 2, 4, 2)
    for rows in ([first, second], [second, first], [first, second, second, first]):
        state = Objectives(DAY_MS)
        take(state, rows, held)
        advance(state, held, at(5))
        assert sums(state) == (2, 4)
        for again in rows:
            take(state, [again], held)
        assert sums(state) == (2, 4)


def test_what_lies_too_far_back_leaves_the_window() -> None:
    state, held = Objectives(DAY_MS), aimed()
    take(state, [row(0, 0, 1), row(3, 1, 1)], held)
    said = advance(state, held, at(30)).violations
    assert told(said) == [("opened", "target_missed", 1), ("closed", "target_kept", 11)]
    assert sums(state) == (0, 0)


@pytest.mark.parametrize(("rolling", "step"), [("2d", MINUTE_MS), ("7d", HOUR_MS), ("60d", DAY_MS)])
def test_a_long_window_is_never_shorter_than_was_said_and_its_sum_stays_exact(rolling: str, step: int) -> None:
    days = int(rolling[:-1])
    state, held = Objectives(DAY_MS), aimed(rolling)
    rows = [row(day * 1_440 + hour * 60 + 7, 1, 2) for day in range(days + 3) for hour in range(0, 24, 5)]
    for one in rows:
        take(state, [one], held)
        advance(state, held, one.minute)
    now = at((days + 3) * 1_440 + 11)
    advance(state, held, now)
    begin = (now - days * DAY_MS) // step * step
    assert sums(state) == (sum(begin <= one.minute for one in rows), sum(2 for one in rows if begin <= one.minute))


def test_a_correction_of_a_minute_that_the_window_has_left_changes_nothing() -> None:
    state, held = Objectives(DAY_MS), aimed()
    take(state, [row(0, 0, 1)], held)
    advance(state, held, at(10))
    take(state, [row(0, 1, 1, 2), row(-100, 5, 5)], held)
    assert (sums(state), state.too_old) == ((1, 1), 1)
    advance(state, held, at(11))
    assert sums(state) == (0, 0)


def test_a_standard_that_is_not_in_the_book_is_left_out() -> None:
    state, held = Objectives(DAY_MS), aimed()
    take(state, [row(0, 0, 1, standard="other")], held)
    assert not state.ledgers


def test_a_version_that_is_over_closes_what_is_open_and_opens_nothing() -> None:
    later = standard("wait", 2, metadata={"effective_from": "2026-03-02T09:05:00Z"})
    state, held = Objectives(DAY_MS), book(standard("wait"), later)
    take(state, [row(0, 0, 1), row(4, 0, 1), row(5, 0, 1, version=2)], held)
    said = advance(state, held, at(8)).violations
    assert [(one.version, one.state, one.reason, (one.as_of - START) // MINUTE_MS) for one in said] == [
        (1, "opened", "target_missed", 1),
        (1, "closed", "standard_over", 6),
        (2, "opened", "target_missed", 6),
    ]


def test_what_nothing_can_ask_for_any_more_is_forgotten() -> None:
    state, held = Objectives(DAY_MS), aimed()
    take(state, [row(0, 0, 1)], held)
    advance(state, held, at(180))
    assert (state.ledgers, state.lanes) == ({}, {})
    advance(state, held, at(400 * 1_440))
    assert state.now == at(400 * 1_440)


def test_cutting_anywhere_gives_the_same_verdicts_and_bytes() -> None:
    held = aimed("1h", minimum_n=2)
    rows = [row(minute, minute % 3 == 0, 1, queue=("till" if minute % 2 else None)) for minute in range(90)]
    whole, cut = Objectives(DAY_MS), Objectives(DAY_MS)
    said: list[Violation] = []
    said_cut: list[Violation] = []
    for one in rows:
        take(whole, [one], held)
        take(cut, [one], held)
        said += advance(whole, held, one.minute).violations
        said_cut += advance(cut, held, one.minute).violations
        cut = Objectives.decode(cut.encode(), held)
    assert said == said_cut
    assert said
    assert whole.encode() == cut.encode()


def test_bytes_of_another_version_are_refused() -> None:
    for blob in (b"", b"\xff1"):
        with pytest.raises(UnreadableObjectivesError):
            Objectives.decode(blob, aimed())


def test_a_standard_that_left_the_book_is_left_out_of_what_was_written() -> None:
    state, held = Objectives(DAY_MS), aimed()
    take(state, [row(0, 0, 1)], held)
    assert Objectives.decode(state.encode(), Book()).ledgers == {}


def test_time_that_has_heard_of_nothing_passes_at_once() -> None:
    state, held = Objectives(DAY_MS), aimed()
    assert advance(state, held, at(5) + 3) == ([], [])
    assert state.now == at(5)


def test_a_budget_of_time_counts_the_minutes_that_missed() -> None:
    state = Objectives(DAY_MS)
    held = aimed(budget={"in": "time"}, target="80%")
    take(state, [row(0, 0, 1), row(1, 9, 10), row(5, 3, 10)], held)
    advance(state, held, at(10))
    (stood,) = state.standings()
    (line,) = stood.budgets
    assert (line.counted_in, line.bad, line.total, line.budget.left_whole) == ("time", 2, 10, 0)
    assert line.formula_of("sl_all_offered") == "2 of the minutes so far may go wrong − 2 of 10 that did = 0"
    assert line.exhausted_in_ms == 0
    assert stood.interval is not None


def test_a_mean_has_neither_budget_nor_interval() -> None:
    state, held = Objectives(DAY_MS), aimed(metric="asa", target="20s")
    take(state, [row(0, 40_000, 1)], held)
    assert told(advance(state, held, at(1)).violations) == [("opened", "target_missed", 1)]
    (stood,) = state.standings()
    assert (stood.budgets, stood.interval, stood.partly) == ((), None, False)


def test_what_can_no_longer_change_is_kept_in_buckets_and_few_values_as_they_are() -> None:
    windows = [{"rolling": "7d"}, {"calendar": "month"}, {"calendar": "hour"}]
    state, held = Objectives(HOUR_MS), aimed_at("p90", "1m", windows=windows, clock={"expires_after": "1h"})
    many = tuple((value * 1_000, 1) for value in range(1, 101))
    take(state, [spread(row(0, 60, 100), many), spread(row(120, 1, 1), ((5_000, 1),))], held)
    advance(state, held, at(150))
    ledger = state.ledgers["wait@1", "site:harbour"]
    for shapes in ledger.shapes:
        assert not shapes.aged
    advance(state, held, at(2 * 1_440))
    counted = ledger.shapes[0]
    hours = sorted((start - START) // HOUR_MS for start in counted.levels[HOUR_MS])
    assert hours == [0, 2]
    first, second = (counted.levels[HOUR_MS][START + hour * HOUR_MS] for hour in hours)
    assert (first.values, sum(first.buckets.values()), second.values) == ({}, 100, {5_000: 1})
    assert counted.levels[MINUTE_MS] == {}
    assert [(shape.values, shape.n) for shape in counted.aged.values()] == [({}, 101)]
    long = [one for one in state.standings() if one.window != "calendar:hour"]
    assert {one.percentile_ms for one in long} == {90_111}
    taken_back = Objectives.decode(state.encode(), held)
    assert taken_back.encode() == state.encode()
    assert [one.percentile_ms for one in taken_back.standings()] == [one.percentile_ms for one in state.standings()]
    advance(state, held, at(35 * 1_440))
    assert not counted.aged


def test_a_percentile_that_keeps_its_target_is_never_told_beyond_it() -> None:
    state, held = Objectives(DAY_MS), aimed_at("p90", "90s")
    take(state, [spread(row(0, 90, 100), ((90_000, 90), (95_000, 10)))], held)
    assert advance(state, held, at(1)).violations == []
    assert [one.percentile_ms for one in state.standings()] == [90_000]


def test_a_burn_of_a_percentile_says_what_its_long_window_came_to() -> None:
    burn = {"share_of_budget": "30%", "long": "10m", "short": "5m", "severity": "page"}
    state, held = Objectives(DAY_MS), aimed_at("p50", "1m", window={"calendar": "hour"}, burn_alerts=[burn])
    take(state, [spread(row(0, 0, 2), ((70_000, 1), (80_000, 1)))], held)
    told = [(one.kind, one.value_ms, one.good, one.total) for one in advance(state, held, at(1)).violations]
    assert told == [("objective", 70_000, 0, 2), ("burn", 70_000, 0, 2)]


def test_between_two_parts_of_the_day_nothing_is_judged_and_nothing_stands() -> None:
    parts = [{"name": "morning", "from": "09:00", "until": "09:30"}]
    held = book(
        standard("wait", clock={"day_parts": parts}, objective={"window": {"calendar": "day_part"}, "target": "80%"})
    )
    state = Objectives(DAY_MS)
    take(state, [row(0, 0, 1), row(45, 0, 1)], held)
    said = advance(state, held, at(60)).violations
    assert [(one.window, one.state, one.reason, (one.as_of - START) // MINUTE_MS) for one in said] == [
        ("calendar:day_part:morning", "opened", "target_missed", 1),
        ("calendar:day_part:morning", "closed", "window_over", 30),
    ]
    assert [(one.window, one.total, one.partly) for one in state.standings()] == [
        ("calendar:day_part:morning", 1, False)
    ]
    assert {one.id.rsplit(":", 1)[1] for one in said} == {str(START)}
    take(state, [row(1_440, 0, 1)], held)
    assert told(advance(state, held, at(1_450)).violations) == [("opened", "target_missed", 1_441)]


def test_a_window_of_the_calendar_is_final_when_no_row_of_it_can_change_any_more() -> None:
    state, held = Objectives(HOUR_MS), book(standard("wait", clock={"expires_after": "1h"}, objective=HOURLY))
    take(state, [row(0, 1, 1)], held)
    settled = [(hour, advance(state, held, at(hour * 60)).settled) for hour in range(1, 6)]
    assert [(hour, [one.total for one in ones]) for hour, ones in settled if ones] == [(4, [1]), (5, [0])]
    take(state, [row(30, 1, 1)], held)
    assert state.too_old == 1


HOURLY = {"window": {"calendar": "hour"}, "target": "80%"}


def test_a_failed_window_that_was_never_seen_failing_is_told_when_it_is_over() -> None:
    state, held = Objectives(DAY_MS), book(standard("wait", objective={**HOURLY, "no_data": "bad"}))
    take(state, [row(0, 1, 1)], held)
    said = advance(state, held, at(121)).violations
    assert told(said) == [("closed", "window_over", 120)]
    take(state, [row(180, 0, 1), row(179, 0, 1)], held)
    assert told(advance(state, held, at(180)).violations) == [("closed", "window_over", 180)]


def test_the_windows_of_a_version_that_is_over_come_to_their_end() -> None:
    later = standard("wait", 2, metadata={"effective_from": "2026-03-02T09:05:00Z"}, objective=HOURLY)
    state, held = Objectives(DAY_MS), book(standard("wait", objective={**HOURLY, "burn_alerts": ()}), later)
    take(state, [row(0, 1, 1), row(4, 1, 1)], held)
    said = advance(state, held, at(3 * 1_440 + 120))
    assert said.violations == []
    assert ("wait@1", "site:harbour") not in state.ledgers


def test_a_scope_without_region_or_queue_counts_where_it_can() -> None:
    state, held = Objectives(DAY_MS), aimed(scopes=["queue", "region"])
    take(state, [row(0, 0, 1), row(1, 0, 1, queue="till")], held)
    assert {scope for _, scope in state.ledgers} == {"queue:harbour/till"}
