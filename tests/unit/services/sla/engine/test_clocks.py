"""
The clock by itself: what single events do to it, and how it is cut into stretches.
"""

from services.sla.engine.clocks import EXPIRED, NEVER, RUNNING, STOPPED, Run, begin, look, value_of
from services.sla.engine.courses import measure
from services.sla.engine.events import TYPE_NAMES, Fact
from services.sla.engine.rules import Rule, compile_rule
from services.sla.engine.stretches import segments
from services.sla.engine.terms import Terms
from tests.properties.drawing import HOUR, SECOND, standard

RULE = compile_rule(
    standard(
        "handling",
        clock={
            "start": "service.started", "stop": "service.completed", "pause": "service.paused",
            "resume": "service.resumed", "limit": "20s", "warn_at": "50%", "expires_after": "1h",
        },
    )
)  # fmt: skip


def cut_of(rule: Rule, story: list[Fact], run: Run) -> list[tuple[int, int, bool]]:
    return [(one.from_at, one.to_at, one.counts) for one in segments(rule, terms_of(rule), story, run)]


def fact(at: int, kind: str) -> Fact:
    return (at, TYPE_NAMES.index("sqm." + kind), "/till", f"{kind}@{at}", (None,) * 12)


def terms_of(rule: Rule) -> Terms:
    assert rule.terms.fixed is not None
    return rule.terms.fixed


def run_of(rule: Rule, story: list[Fact], seen: int) -> Run | None:
    return measure(rule, terms_of(rule), story, seen)


START = fact(0, "service.started")


def test_a_clock_that_nothing_starts_does_not_run() -> None:
    assert run_of(RULE, [fact(0, "journey.arrived"), fact(1, "service.completed")], NEVER) is None


def test_a_running_clock_names_its_next_instant() -> None:
    wakes = [run_of(RULE, [START], seen) for seen in (NEVER, 10 * SECOND, 20 * SECOND + 1)]
    assert [run and (run.ended, run.warned, run.wake_at) for run in wakes] == [
        (RUNNING, False, 10 * SECOND), (RUNNING, True, 20 * SECOND + 1), (RUNNING, False, HOUR),
    ]  # fmt: skip


def test_a_paused_clock_waits_for_its_expiry_alone() -> None:
    run = run_of(RULE, [START, fact(SECOND, "service.paused")], 30 * SECOND)
    assert run is not None
    assert (run.breach_at, run.warned, run.wake_at) == (NEVER, False, HOUR)


def test_a_clock_that_expires_in_a_pause_kept_its_limit() -> None:
    run = run_of(RULE, [START, fact(SECOND, "service.paused")], HOUR)
    assert run is not None
    assert (run.ended, run.ended_at, value_of(run), run.breach_at) == (EXPIRED, HOUR, SECOND, NEVER)


def test_an_end_after_expiry_ends_nothing() -> None:
    run = run_of(RULE, [START, fact(HOUR + 1, "service.completed")], NEVER)
    assert run is not None
    assert run.ended == RUNNING


def test_stretches_of_no_length_are_left_out() -> None:
    story = [
        START, fact(0, "service.paused"), fact(5, "service.resumed"), fact(5, "service.started"),
        fact(9, "service.paused"),
        fact(9, "service.resumed"), fact(10, "service.completed"), fact(12, "service.paused"),
    ]  # fmt: skip
    run = run_of(RULE, story, NEVER)
    assert run is not None
    assert (run.ended, value_of(run)) == (STOPPED, 5)
    assert cut_of(RULE, story, run) == [(0, 5, False), (5, 10, True)]


def test_a_resumption_before_the_start_lifts_the_pause() -> None:
    story = [
        fact(-9, "service.paused"),
        fact(-7, "service.completed"),
        fact(-5, "service.resumed"),
        START,
        fact(7, "service.completed"),
    ]
    run = run_of(RULE, story, NEVER)
    assert run is not None
    assert cut_of(RULE, story, run) == [(0, 7, True)]


def test_a_clock_that_ends_as_it_starts_is_one_empty_stretch() -> None:
    story = [START, fact(0, "service.completed")]
    run = run_of(RULE, story, NEVER)
    assert run is not None
    assert cut_of(RULE, story, run) == [(0, 0, True)]


def test_an_expired_clock_is_cut_up_to_its_expiry() -> None:
    story = [START, fact(5, "service.paused"), fact(9, "service.resumed"), fact(2 * HOUR, "service.paused")]
    run = run_of(RULE, story, HOUR)
    assert run is not None
    assert cut_of(RULE, story, run) == [(0, 5, True), (5, 9, False), (9, HOUR, True)]


def test_a_pause_at_the_end_leaves_nothing_to_count() -> None:
    story = [START, fact(5, "service.paused"), fact(9, "service.resumed")]
    run = run_of(RULE, story, HOUR)
    assert run is not None
    assert cut_of(RULE, story[:2], run)[-1] == (5, HOUR, False)


def test_a_pause_that_begins_as_the_clock_starts_leaves_no_stretch_before_it() -> None:
    story = [START, fact(0, "service.paused"), fact(0, "service.resumed"), fact(4, "service.completed")]
    run = run_of(RULE, story, NEVER)
    assert run is not None
    assert cut_of(RULE, story, run)[-1] == (0, 4, True)


def test_a_plain_clock_that_is_looked_at_before_its_warning_stands_as_it_began() -> None:
    terms = terms_of(compile_rule(standard("wait", clock={"warn_at": "50%"})))
    run = begin(terms, 0)
    assert look(run, terms, 0) == run


def test_a_later_turn_begins_as_the_last_pause_or_resumption_before_it_left_the_journey() -> None:
    again = fact(10 * SECOND, "service.started")
    paused = [START, fact(SECOND, "service.paused"), again]
    resumed = [START, fact(SECOND, "service.paused"), fact(2 * SECOND, "service.resumed"), again]
    runs = [measure(RULE, terms_of(RULE), story, 10 * SECOND, place=len(story) - 1) for story in (paused, resumed)]
    assert [run and (run.started_at, run.wake_at) for run in runs] == [
        (10 * SECOND, HOUR + 10 * SECOND), (10 * SECOND, 20 * SECOND),
    ]  # fmt: skip
