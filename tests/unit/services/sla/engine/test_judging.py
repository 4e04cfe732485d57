"""
Single judgements that late, early and odd events ask of a journey.
"""

from typing import Any

from schemas.standards import Published, Standard
from services.sla.engine import Book, ClockKind, Measurement, Partition, Policy, Reason, Violation, advance, fold
from tests.properties.drawing import BASE_MS, HOUR, MINUTE, SECOND, book, event, retirement, standard
from tests.properties.running import Ledger, Written, facts

WALL = Policy(chunks=1, grace_ms=0)


class Line:
    """One partition, its log written event by event."""

    def __init__(self, *documents: Any, policy: Policy = WALL) -> None:  # noqa: ANN401 - documents
        self.book: Book = book(*documents)
        self.state, self.ledger, self.offset, self.now = Partition(policy), Ledger(), 0, BASE_MS

    def hear(self, at: int, kind: str, *, received: int | None = None, subject: str | None = "j", **said: Any) -> None:  # noqa: ANN401 - attributes
        self.now = max(self.now, BASE_MS + (at if received is None else received))
        ident = said.pop("ident", f"{kind}@{at}")
        self.ledger.take(
            fold(self.state, [(self.offset, self.now, event(at, kind, subject, ident, **said))], self.book)
        )
        self.offset += 1

    def wait(self, until: int) -> None:
        self.now = BASE_MS + until
        self.ledger.take(advance(self.state, self.book, self.now))

    def violation(self, kind: str = "journey") -> Violation:
        [one] = [o for o in self.ledger.by_id.values() if isinstance(o, Violation) and o.kind == kind]
        return one

    def measurement(self) -> Measurement:
        [one] = [o for o in self.ledger.by_id.values() if isinstance(o, Measurement)]
        return one


WAIT = standard("wait", clock={"warn_at": "50%"})
QUIET = standard("wait")
HANDLING = standard(
    "handling",
    clock={
        "start": "service.started",
        "stop": "service.completed",
        "pause": "service.paused",
        "resume": "service.resumed",
    },
)


def test_a_journey_that_begins_with_a_reopening_is_its_second_cycle() -> None:
    line = Line(standard("again", clock={"start": "journey.reopened", "stop": "journey.called"}))
    line.hear(0, "journey.reopened")
    line.hear(5 * SECOND, "journey.called")
    assert line.measurement().cycle == 1
    assert [entry.role for entry in line.measurement().trail] == ["start", "stop"]


def test_what_comes_after_the_end_moves_nothing() -> None:
    line = Line(QUIET)
    line.hear(0, "journey.arrived")
    line.hear(5 * SECOND, "journey.called")
    line.hear(9 * SECOND, "journey.abandoned")
    assert line.measurement().ended_by == "stopped"
    assert len(line.ledger.said) == 1


def test_an_arrival_that_is_heard_of_last_moves_a_clock_that_ended() -> None:
    line = Line(standard("wait", clock={"start": "service.started", "stop": "journey.called"}))
    line.hear(SECOND, "service.started", queue="a")
    line.hear(3 * SECOND, "journey.abandoned")
    line.hear(5 * SECOND, "journey.arrived", queue="b")
    assert line.measurement().queue == "b"
    assert line.measurement().arrived_at == BASE_MS + 5 * SECOND


def test_another_arrival_may_take_a_journey_out_of_a_standard() -> None:
    line = Line(standard("wait", clock={"warn_at": "50%"}, applies_to={"queue": "vip"}))
    line.hear(0, "journey.arrived", queue="vip", ident="vip")
    line.wait(12 * SECOND)
    assert line.violation("at_risk").state == "opened"
    line.wait(25 * SECOND)
    assert line.violation().state == "opened"
    line.hear(-SECOND, "journey.arrived", received=26 * SECOND, queue="cash")
    assert (line.violation().state, line.violation().reason) == ("retracted", "no_such_clock")
    assert line.state.gauges().open_journeys == 0
    assert line.ledger.notes[Reason.UNCOVERED] == 1


def test_a_warning_ends_with_a_clock_that_never_was() -> None:
    line = Line(standard("wait", clock={"warn_at": "50%"}, applies_to={"queue": "vip"}))
    line.hear(0, "journey.arrived", queue="vip")
    line.wait(12 * SECOND)
    line.hear(-SECOND, "journey.arrived", received=13 * SECOND, queue="cash")
    assert (line.violation("at_risk").state, line.violation("at_risk").reason) == ("closed", "no_such_clock")


def test_a_measurement_is_withdrawn_where_its_standard_does_not_apply() -> None:
    line = Line(standard("wait", applies_to={"queue": "vip"}))
    line.hear(0, "journey.arrived", queue="vip")
    line.hear(SECOND, "journey.called")
    line.hear(-SECOND, "journey.arrived", received=SECOND, queue="cash")
    assert line.measurement().state == "withdrawn"
    assert line.measurement().met is None


def test_a_cycle_that_loses_its_start_is_withdrawn() -> None:
    """A late re-opening cuts the journey before its start: the clock of the first cycle never ran."""
    line = Line(QUIET)
    line.hear(2 * SECOND, "journey.arrived")
    line.hear(30 * SECOND, "journey.called")
    line.hear(SECOND, "journey.reopened", received=31 * SECOND)
    held = {o.cycle: o for o in line.ledger.by_id.values() if isinstance(o, Measurement)}
    assert (held[0].state, held[1].state) == ("withdrawn", "standing")
    violations = {o.cycle: o.state for o in line.ledger.by_id.values() if isinstance(o, Violation)}
    assert violations == {0: "retracted", 1: "closed"}


def test_a_late_reopening_lets_an_ended_clock_run_again() -> None:
    line = Line(QUIET)
    line.hear(0, "journey.arrived")
    line.hear(9 * SECOND, "journey.called")
    line.hear(5 * SECOND, "journey.reopened", received=10 * SECOND)
    assert line.measurement().state == "withdrawn"
    assert (line.measurement().value_ms, line.measurement().ended_at) == (0, BASE_MS)
    line.wait(21 * SECOND)
    assert line.violation().state == "opened"


def test_a_pause_heard_first_does_not_hide_a_limit_that_passed() -> None:
    line = Line(HANDLING)
    line.hear(30 * SECOND, "service.paused")
    line.hear(0, "service.started", received=31 * SECOND)
    assert (line.violation().state, line.violation().opened_at) == ("opened", BASE_MS + 20 * SECOND)


def test_a_due_time_that_moves_updates_the_violation() -> None:
    line = Line(HANDLING)
    line.hear(0, "service.started")
    line.hear(10 * SECOND, "service.resumed")
    line.wait(40 * SECOND)
    line.hear(5 * SECOND, "service.paused", received=41 * SECOND)
    assert (line.violation().state, line.violation().reason) == ("updated", "due_moved")
    assert line.violation().opened_at == BASE_MS + 25 * SECOND


def test_a_violation_that_was_retracted_may_be_opened_again() -> None:
    line = Line(HANDLING)
    line.hear(0, "service.started")
    line.wait(25 * SECOND)
    line.hear(5 * SECOND, "service.paused", received=26 * SECOND)
    assert (line.violation().state, line.violation().reason) == ("retracted", "due_moved")
    line.hear(6 * SECOND, "service.resumed", received=27 * SECOND)
    assert (line.violation().state, line.violation().reason) == ("opened", "limit_passed")


def test_a_warning_is_over_when_the_clock_pauses() -> None:
    line = Line(
        standard(
            "handling",
            clock={
                "start": "service.started", "stop": "service.completed", "pause": "service.paused",
                "resume": "service.resumed", "warn_at": "50%",
            },
        )
    )  # fmt: skip
    line.hear(0, "service.started")
    line.wait(12 * SECOND)
    line.hear(13 * SECOND, "service.paused")
    assert (line.violation("at_risk").state, line.violation("at_risk").reason) == ("closed", "due_moved")


def test_a_closed_violation_is_told_again_when_its_end_moves() -> None:
    line = Line(QUIET)
    line.hear(0, "journey.arrived")
    line.hear(50 * SECOND, "journey.called", ident="late")
    line.hear(30 * SECOND, "journey.called", received=51 * SECOND, ident="earlier")
    assert (line.violation().state, line.violation().closed_at) == ("closed", BASE_MS + 30 * SECOND)


def test_an_end_beyond_expiry_comes_too_late_for_the_clock() -> None:
    line = Line(standard("wait", clock={"expires_after": "1m"}))
    line.hear(0, "journey.arrived")
    line.hear(2 * MINUTE, "journey.called")
    assert (line.measurement().ended_by, line.measurement().value_ms) == ("expired", MINUTE)


def test_a_pause_without_end_lasts_until_the_clock_ends() -> None:
    line = Line(HANDLING)
    line.hear(-9 * SECOND, "service.paused")
    line.hear(-8 * SECOND, "service.resumed")
    line.hear(0, "service.started")
    line.hear(5 * SECOND, "service.resumed")
    line.hear(8 * SECOND, "service.paused")
    line.hear(9 * SECOND, "service.paused")
    line.hear(MINUTE, "service.completed")
    one = line.measurement()
    assert (one.value_ms, one.paused_ms) == (8 * SECOND, 52 * SECOND)
    assert [piece.counts for piece in one.segments] == [True, False]


def test_a_pause_of_the_whole_clock_leaves_one_segment() -> None:
    line = Line(HANDLING)
    line.hear(-SECOND, "service.paused")
    line.hear(0, "service.started")
    line.hear(MINUTE, "service.completed")
    assert [(piece.to_at - piece.from_at, piece.counts) for piece in line.measurement().segments] == [(MINUTE, False)]


def test_an_event_that_both_pauses_and_resumes_pauses() -> None:
    both = {
        "start": "service.started",
        "stop": "service.completed",
        "pause": "service.paused",
        "resume": "service.paused",
    }
    line = Line(standard("odd", clock=both))
    line.hear(0, "service.started")
    line.hear(5 * SECOND, "service.paused", ident="one")
    line.hear(7 * SECOND, "service.paused", ident="two")
    line.hear(9 * SECOND, "service.completed")
    assert line.measurement().value_ms == 5 * SECOND


def test_two_starts_at_once_are_one_clock() -> None:
    line = Line(HANDLING)
    line.hear(0, "service.started", ident="a")
    line.hear(0, "service.started", ident="b")
    line.hear(SECOND, "service.completed")
    assert [entry.id for entry in line.measurement().trail if entry.role == "start"] == ["a"]


def test_the_event_that_ends_says_who_served() -> None:
    line = Line(QUIET)
    line.hear(0, "journey.arrived", employee="door")
    line.hear(SECOND, "journey.called", employee="ann", team="cash")
    assert (line.measurement().employee, line.measurement().team) == ("ann", "cash")
    other = Line(QUIET)
    other.hear(0, "journey.arrived", employee="door")
    other.hear(SECOND, "journey.called")
    assert other.measurement().employee == "door"


def test_an_expired_clock_stays_expired_for_what_comes_after() -> None:
    line = Line(standard("wait", clock={"expires_after": "1m"}))
    line.hear(0, "journey.arrived")
    line.wait(2 * MINUTE)
    line.hear(3 * MINUTE, "journey.called")
    assert line.measurement().ended_by == "expired"


def test_a_grace_is_counted_once() -> None:
    line = Line(HANDLING, policy=Policy(chunks=1, grace_ms=10 * SECOND))
    line.hear(0, "service.started", received=HOUR)
    line.hear(SECOND, "service.paused", received=HOUR + SECOND)
    line.hear(2 * SECOND, "service.resumed", received=HOUR + 2 * SECOND)
    line.wait(HOUR + 9 * SECOND)
    assert not line.ledger.violations()
    line.wait(HOUR + 11 * SECOND)
    assert line.violation().detected_at == BASE_MS + HOUR + 10 * SECOND


def test_a_revision_of_wording_keeps_the_clocks() -> None:
    line = Line(QUIET)
    line.hear(0, "journey.arrived", ident="second")
    worded: Standard = QUIET.model_copy(update={"metadata": QUIET.metadata.model_copy(update={"title": "Better"})})
    line.book, _ = line.book.add(Published(document=worded, published_at=1, published_by="q"))
    line.hear(-SECOND, "journey.arrived", received=SECOND, ident="first")
    line.hear(4 * SECOND, "journey.called")
    assert line.measurement().value_ms == 5 * SECOND
    assert [o.state for o in line.ledger.said if isinstance(o, Measurement)] == ["standing"]


def test_an_unknown_standard_in_written_state_is_left_out() -> None:
    line = Line(QUIET)
    line.hear(0, "journey.arrived")
    written = Written()
    written.save(line.state)
    other = book(HANDLING)
    state = written.open(WALL, other, eager=True)
    assert not advance(state, other, BASE_MS + HOUR).timed


def test_a_journey_of_event_time_is_never_late() -> None:
    line = Line(QUIET, policy=Policy(clock=ClockKind.EVENT))
    line.hear(0, "journey.arrived", received=100 * HOUR)
    line.hear(30 * SECOND, "journey.called")
    assert not line.violation().late
    assert "late" not in facts(line.measurement())


def test_an_arrival_heard_of_between_warning_and_limit_is_at_risk_at_once() -> None:
    line = Line(WAIT)
    line.hear(0, "journey.arrived", received=12 * SECOND)
    line.wait(12 * SECOND + 1)
    assert line.violation("at_risk").state == "opened"


def test_the_trail_of_an_expired_clock_ends_with_it() -> None:
    line = Line(standard("wait", clock={"expires_after": "1m"}))
    line.hear(0, "journey.arrived")
    line.hear(2 * MINUTE, "journey.called")
    assert [entry.role for entry in line.measurement().trail] == ["start"]


def test_a_late_end_within_the_expiry_corrects_the_trail() -> None:
    line = Line(standard("wait", clock={"expires_after": "1m"}))
    line.hear(0, "journey.arrived")
    line.hear(2 * MINUTE, "journey.called", ident="beyond")
    line.hear(SECOND, "journey.arrived", received=2 * MINUTE + 1, ident="again")
    assert [entry.id for entry in line.measurement().trail] == ["journey.arrived@0", "again"]


def test_a_standard_for_other_sites_does_not_judge_here() -> None:
    line = Line(standard("wait", applies_to={"site": "clinic-*"}))
    line.hear(0, "journey.arrived")
    assert line.ledger.notes == {Reason.UNCOVERED: 1}


def test_a_turn_of_no_length_is_one_turn() -> None:
    """What ends turns may lie at the same instant and still come before the start."""
    line = Line(
        standard("turns", clock={"start": "service.started", "stop": ["journey.called", "service.completed"],
                                 "limit": "10s", "repeats": True}),
    )  # fmt: skip
    for kind in ("journey.arrived", "journey.called", "service.started", "service.completed"):
        line.hear(0 if kind == "journey.arrived" else SECOND, kind)
    line.wait(3 * HOUR)
    assert line.measurement().value_ms == 0


def test_a_retirement_ends_a_clock_though_another_is_due_at_the_same_instant() -> None:
    slow, quick = standard("slow", clock={"limit": "20m"}), standard("quick", clock={"limit": "59999ms"})
    line = Line(slow, quick)
    line.hear(0, "journey.arrived")
    line.book = book(slow, quick, retirement("slow", 60))
    line.wait(2 * MINUTE)
    assert line.measurement().standard == "slow"
