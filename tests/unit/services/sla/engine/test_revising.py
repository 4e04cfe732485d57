"""
A source may correct what it said of an event: the highest revision stands, and what rested on an earlier one is said
anew or taken back.
"""

from services.sla.engine import Measurement, Policy, Reason
from services.sla.engine.duty import Duty, on_duty
from tests.properties.drawing import BASE_MS, COMPLAINTS, CSAT, HOUR, SECOND, SETTLED, STEPS
from tests.properties.running import Written
from tests.unit.services.sla.engine.test_judging import QUIET, WALL, Line
from tests.unit.services.sla.engine.test_watching import good_of_total


def told(line: Line) -> list[tuple[bool | None, int]]:
    return [(one.met, one.value_ms) for one in line.ledger.by_id.values() if isinstance(one, Measurement)]


def test_a_higher_revision_moves_the_end_of_a_clock_and_a_lower_one_nothing() -> None:
    line = Line(QUIET)
    line.hear(0, "journey.arrived")
    line.hear(9 * SECOND, "journey.called", ident="c", revision=2)
    line.hear(5 * SECOND, "journey.called", ident="c", revision=3)
    line.hear(7 * SECOND, "journey.called", ident="c", revision=1)
    assert told(line) == [(True, 5 * SECOND)]
    assert (line.ledger.notes[Reason.REVISED], line.ledger.notes[Reason.OUTDATED]) == (1, 1)
    assert [entry.id for entry in line.measurement().trail] == ["journey.arrived@0", "c"]


def test_a_revised_arrival_chooses_the_standards_again() -> None:
    line = Line(QUIET)
    line.hear(0, "journey.arrived", ident="a", revision=1)
    line.hear(9 * SECOND, "journey.called")
    line.hear(4 * SECOND, "journey.arrived", ident="a", revision=2)
    assert told(line) == [(True, 5 * SECOND)]


def test_a_revision_that_says_the_same_is_kept_and_nothing_is_said_again() -> None:
    line = Line(QUIET)
    line.hear(0, "journey.arrived", ident="a", revision=1)
    line.hear(9 * SECOND, "journey.called", ident="c", revision=1)
    said = len(line.ledger.said)
    line.hear(0, "journey.arrived", ident="a", revision=3)
    line.hear(9 * SECOND, "journey.called", ident="c", revision=2)
    assert len(line.ledger.said) == said
    line.hear(5 * SECOND, "journey.arrived", ident="a", revision=2)
    assert line.ledger.notes[Reason.OUTDATED] == 1


def test_a_revision_of_another_type_is_a_contradiction() -> None:
    line = Line(QUIET)
    line.hear(0, "journey.arrived", ident="a", revision=1)
    line.hear(0, "journey.called", ident="a", revision=2)
    assert line.ledger.notes[Reason.CONFLICT] == 1


def test_an_answer_that_is_corrected_counts_once() -> None:
    line = Line(CSAT)
    line.hear(0, "feedback.received", subject=None, ident="f", revision=1, instrument="csat", score=1.0, scale=5.0)
    assert good_of_total(line) == (100, 1)
    line.hear(SECOND, "feedback.received", subject=None, ident="f", revision=2, instrument="csat", score=5.0, scale=5.0)
    assert good_of_total(line) == (500, 1), "the mean is a sum of hundredths"


def test_an_answer_that_is_corrected_to_another_question_counts_no_more() -> None:
    line = Line(CSAT)
    line.hear(0, "feedback.received", subject=None, ident="f", revision=1, instrument="csat", score=1.0, scale=5.0)
    line.hear(0, "feedback.received", subject=None, ident="f", revision=2, instrument="nps", score=9.0, scale=10.0)
    assert good_of_total(line) == (0, 0)


def test_an_event_without_a_revision_is_another_one_with_an_outcome_of_its_own() -> None:
    line = Line(COMPLAINTS)
    line.hear(SECOND, "sale.lost", subject=None, ident="e")
    line.hear(0, "sale.lost", subject=None, ident="e", revision=1)
    line.hear(2 * SECOND, "sale.lost", subject=None, ident="e", revision=2)
    told = {one.id: one.started_at - BASE_MS for one in line.ledger.by_id.values() if isinstance(one, Measurement)}
    assert sorted(told.values()) == [SECOND, 2 * SECOND]


def test_a_customers_contact_is_corrected_too() -> None:
    line = Line(SETTLED)
    line.hear(0, "service.completed", subject="a", customer="carl", ident="1", revision=1)
    line.hear(SECOND, "service.completed", subject="a", customer="carl", ident="1", revision=2)
    line.hear(SECOND, "service.completed", subject="a", customer="carl", ident="1", revision=1)
    line.wait(HOUR)
    assert good_of_total(line) == (1, 1)


def test_a_contact_that_was_followed_by_a_corrected_one_is_judged_again() -> None:
    line = Line(SETTLED)
    line.hear(SECOND, "service.completed", subject="a", customer="carl", ident="1", revision=1)
    line.hear(5 * SECOND, "journey.arrived", subject="b", customer="carl", ident="2", revision=1)
    line.hear(0, "journey.arrived", subject="b", customer="carl", ident="2", revision=2)
    line.wait(HOUR)
    assert good_of_total(line) == (1, 1)


def test_a_revision_is_known_after_a_restart() -> None:
    line = Line(QUIET)
    line.hear(0, "journey.arrived")
    line.hear(9 * SECOND, "journey.called", ident="c", revision=1)
    line.hear(9 * SECOND, "journey.called", ident="c", revision=4)
    written = Written()
    written.save(line.state)
    line.state = written.open(WALL, line.book, eager=True)
    line.hear(7 * SECOND, "journey.called", ident="c", revision=3)
    assert told(line) == [(True, 9 * SECOND)]
    line.hear(8 * SECOND, "journey.called", ident="c", revision=5)
    assert told(line) == [(True, 8 * SECOND)]


def test_steps_are_followed_anew_from_where_a_revision_says_that_they_began() -> None:
    line = Line(STEPS)
    line.hear(0, "journey.arrived", ident="a", revision=1)
    line.hear(9 * SECOND, "journey.called")
    line.hear(4 * SECOND, "journey.arrived", ident="a", revision=2)
    line.hear(30 * SECOND, "service.completed")
    assert line.measurement().started_at == BASE_MS + 4 * SECOND


def test_a_customer_whom_an_outdated_revision_names_keeps_the_contact_as_if_it_had_come_in_time() -> None:
    forwards, backwards = Line(SETTLED), Line(SETTLED)
    for line, order in ((forwards, (1, 2)), (backwards, (2, 1))):
        for revision in order:
            customer = "carl" if revision == 1 else None
            line.hear(0, "service.completed", subject="a", customer=customer, ident="1", revision=revision)
        line.wait(HOUR)
    assert good_of_total(backwards) == good_of_total(forwards) == (1, 1)


def test_who_serves_is_as_the_highest_revision_says() -> None:
    for first, second in ((1, 2), (2, 1)):
        line = Line(QUIET)
        for revision in (first, second):
            state, at = ("available", 9) if revision == 1 else ("break", 5)
            line.hear(at * SECOND, "staff.state_changed", subject=None, employee="ann", ident="s", revision=revision,
                      state=state)  # fmt: skip
        chunks = line.state.sites["branch-1"].chunks.values()
        assert on_duty(chunks, BASE_MS)[None] == Duty(agents=0, free=0)


def test_what_contradicted_before_a_crash_is_no_contact_after_it() -> None:
    line = Line(SETTLED, policy=Policy(chunks=64))
    line.hear(0, "journey.arrived", subject="a", ident="1", revision=1)
    line.hear(0, "service.completed", subject="a", ident="1", revision=2, customer="carl")
    assert line.ledger.notes[Reason.CONFLICT] == 1
    line.hear(6 * SECOND, "journey.called", subject="a", ident="2")
    line.offset = 1
    line.hear(0, "service.completed", subject="a", ident="1", revision=2, customer="carl", received=HOUR)
    line.wait(2 * HOUR)
    assert good_of_total(line) == (0, 0)
