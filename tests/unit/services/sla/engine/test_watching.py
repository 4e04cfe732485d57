"""
Those who watch beside the journey itself: the contacts of one customer, and who should report.
"""

from typing import Any

import pytest

from services.sla.engine import (
    Attainment,
    Measurement,
    Partition,
    Policy,
    Reason,
    Violation,
    drain_attainment,
    fold,
)  # fmt: skip
from services.sla.engine.journeys import OF_CUSTOMER, OF_PRESENCE, own_key
from tests.properties.drawing import (
    BASE_MS,
    CSAT,
    DAY,
    HOUR,
    HOURS,
    MINUTE,
    SECOND,
    SETTLED,
    SILENCE,
    STEPS,
    book,
    event,
    of_kind,
    standard,
)  # fmt: skip
from tests.unit.services.sla.engine.test_judging import WALL, Line

SETTLED_IN_A_WEEK = of_kind(
    "in-a-week", "rate",
    {"of": "service.completed", "unless": "journey.arrived", "per": "customer", "within": "7d"},
    "first_contact_resolution", "75%",
)  # fmt: skip


def silent(line: Line) -> list[tuple[str, str, str, str]]:
    """Every word about silence: standard, who, state and why."""
    return [
        (one.standard, one.journey, one.state, one.reason)
        for one in line.ledger.said
        if isinstance(one, Violation) and one.kind == "presence"
    ]


def good_of_total(line: Line) -> tuple[int, int]:
    line.ledger.keep(drain_attainment(line.state, line.book))
    rows = [one for one in line.ledger.by_id.values() if isinstance(one, Attainment)]
    return sum(row.good for row in rows), sum(row.total for row in rows)


def test_a_subject_that_looks_like_a_key_of_the_engine_is_no_journey() -> None:
    line = Line(SETTLED)
    line.hear(0, "service.completed", subject="\x01c\ncarl", customer="carl")
    assert line.ledger.notes == {Reason.NOT_A_JOURNEY: 1}


def test_of_a_regular_customer_only_what_may_still_change_is_remembered() -> None:
    line = Line(SETTLED)
    for visit in range(120):
        line.hear(visit * DAY, "journey.arrived", subject=f"v{visit}", customer="carl", ident=f"a{visit}")
        line.hear(visit * DAY + MINUTE, "service.completed", subject=f"v{visit}", customer="carl", ident=f"c{visit}")
    line.wait(130 * DAY)
    [site] = line.state.sites.values()
    [chunk] = site.chunks.values()
    kept = [*chunk.journeys.values()]
    assert good_of_total(line) == (120, 120)
    assert max(len(one.facts) for one in kept) < 60 if kept else True


def test_a_contact_that_is_still_open_is_remembered_however_many_came_before() -> None:
    patient = of_kind(
        "patient", "rate",
        {"of": "service.completed", "unless": "complaint.opened", "per": "customer", "within": "300d"},
        "first_contact_resolution", "75%",
    )  # fmt: skip
    line = Line(patient)
    for visit in range(60):
        line.hear(visit * DAY, "service.completed", subject=f"v{visit}", customer="carl", ident=f"c{visit}")
    line.hear(60 * DAY, "complaint.opened", subject="complaint", customer="carl")
    assert good_of_total(line) == (0, 60)


def test_a_site_that_is_full_refuses_what_it_cannot_remember_of_a_customer() -> None:
    line = Line(SETTLED, policy=Policy(chunks=1, chunk_max_bytes=300))
    line.hear(0, "service.completed", subject="a", customer="carl", ident="1")
    line.hear(1, "service.completed", subject="a", customer="dora", ident="2")
    assert [reason for _, reason in line.ledger.rejected] == [Reason.SITE_FULL]


def test_a_site_that_is_full_refuses_a_sign_that_it_cannot_remember() -> None:
    line = Line(SILENCE, policy=Policy(chunks=1, chunk_max_bytes=300))
    line.hear(0, "source.heartbeat", subject=None, ident="1", source="/a")
    line.hear(1, "source.heartbeat", subject=None, ident="2", source="/b")
    assert [reason for _, reason in line.ledger.rejected] == [Reason.SITE_FULL]


def presence(ident: str, said: dict[str, Any], **parts: Any) -> Any:  # noqa: ANN401 - parts of a document
    return of_kind(ident, "presence", {"every": "30s"} | said, "rate", "100%", **parts)


def test_each_is_awaited_by_the_standard_that_asks_for_it() -> None:
    line = Line(presence("queues", {"of": "queue", "signs": "journey.called"}), presence("sources", {}))
    line.hear(0, "journey.called", queue="loans")
    line.hear(0, "journey.called", ident="without-a-queue")
    line.hear(0, "source.heartbeat", subject=None)
    line.wait(MINUTE)
    assert sorted(silent(line)) == [
        ("queues", "loans", "opened", "silent"), ("sources", "/till", "opened", "silent"),
    ]  # fmt: skip


def test_signs_of_one_source_may_differ_by_standard() -> None:
    line = Line(presence("hearts", {}), presence("sales", {"signs": ["sale.completed", "source.heartbeat"]}))
    line.hear(0, "source.heartbeat", subject=None, ident="h")
    line.hear(20 * SECOND, "sale.completed", subject=None, ident="s")
    line.wait(31 * SECOND)
    assert silent(line) == [("hearts", "/till", "opened", "silent")]
    line.wait(51 * SECOND)
    assert silent(line)[1:] == [("sales", "/till", "opened", "silent")]
    line.hear(60 * SECOND, "sale.completed", subject=None, ident="s2")
    assert silent(line)[2:] == [("sales", "/till", "closed", "reported_again")]


def test_a_sale_alone_starts_no_wait_for_heartbeats() -> None:
    line = Line(presence("hearts", {}), presence("sales", {"signs": ["sale.completed", "source.heartbeat"]}))
    line.hear(0, "sale.completed", subject=None, ident="s")
    line.wait(HOUR)
    assert silent(line) == [("sales", "/till", "opened", "silent")]


def test_what_a_chunk_contains_is_told_to_nobody_again() -> None:
    line = Line(SETTLED)
    line.hear(0, "service.completed", subject="a", customer="carl", ident="1")
    line.offset = 0
    line.hear(0, "service.completed", subject="a", customer="carl", ident="1")
    assert line.ledger.notes[Reason.ALREADY_APPLIED] == 1
    line.wait(HOUR)
    assert good_of_total(line) == (1, 1)


def test_a_step_after_the_sequence_was_given_up_changes_nothing() -> None:
    said = {"start": "journey.arrived", "end": "service.completed", "expires_after": "1m",
            "steps": [{"name": "called", "shown_by": "journey.called"}]}  # fmt: skip
    line = Line(of_kind("steps", "sequence", said, "rate", "90%"))
    line.hear(0, "journey.arrived")
    line.hear(2 * MINUTE, "journey.called")
    line.hear(3 * MINUTE, "service.completed")
    [told] = [one for one in line.ledger.by_id.values() if isinstance(one, Measurement)]
    assert (told.ended_by, [one.fault for one in told.faults]) == ("expired", ["missing"])


def test_a_silence_ends_with_the_version_that_asked() -> None:
    until = {"effective_until": "2026-03-02T09:01:00Z"}
    line = Line(presence("hearts", {}, metadata=until))
    line.hear(0, "source.heartbeat", subject=None, ident="1")
    line.wait(45 * SECOND)
    line.hear(2 * MINUTE, "source.heartbeat", subject=None, ident="2")
    line.wait(HOUR)
    assert silent(line) == [
        ("hearts", "/till", "opened", "silent"), ("hearts", "/till", "closed", "reported_again"),
    ]  # fmt: skip


def test_nobody_is_awaited_in_the_hours_of_a_calendar_that_is_not_there() -> None:
    line = Line(presence("hearts", {"calendar": "elsewhere"}), HOURS)
    line.hear(0, "source.heartbeat", subject=None)
    line.wait(HOUR)
    assert silent(line) == []
    assert line.ledger.notes == {Reason.NO_CALENDAR: 1}


def test_an_older_sign_changes_nothing() -> None:
    line = Line(presence("hearts", {}))
    line.hear(20 * SECOND, "source.heartbeat", subject=None, ident="new")
    line.hear(0, "source.heartbeat", subject=None, ident="old", received=25 * SECOND)
    line.wait(45 * SECOND)
    assert silent(line) == []


def test_a_step_that_is_taken_late_is_late_by_its_own_instant() -> None:
    line = Line(
        of_kind("steps", "sequence",
                {"start": "journey.arrived", "end": "service.completed",
                 "steps": [{"name": "called", "shown_by": "journey.called", "within": "10s"}]}, "rate", "90%"),
        policy=WALL,
    )  # fmt: skip
    line.hear(0, "journey.arrived")
    line.hear(20 * SECOND, "journey.called")
    line.hear(30 * SECOND, "service.completed")
    [told] = [one for one in line.ledger.by_id.values() if isinstance(one, Measurement)]
    assert [(one.step, one.fault) for one in told.faults] == [("called", "late")]
    assert told.met is False


def test_a_standard_of_another_kind_is_compiled_without_a_clock_of_its_own() -> None:
    assert standard("wait").kind_of == "clock"
    assert (SETTLED.kind_of, SILENCE.kind_of) == ("rate", "presence")


def test_contacts_of_a_customer_may_come_in_any_order_and_are_noted_by_their_journeys_alone() -> None:
    line = Line(SETTLED)
    line.hear(20 * SECOND, "service.completed", subject="b", customer="carl", ident="2")
    line.hear(0, "service.completed", subject="a", customer="carl", ident="1", received=25 * SECOND)
    line.hear(0, "service.completed", subject="a", customer="carl", ident="1", received=26 * SECOND)
    line.wait(HOUR)
    assert Reason.OUT_OF_ORDER not in line.ledger.notes
    assert line.ledger.notes[Reason.DUPLICATE] == 1
    assert good_of_total(line) == (2, 2)


def test_a_sign_told_again_with_other_content_is_the_same_sign() -> None:
    line = Line(SILENCE)
    line.hear(0, "source.heartbeat", subject=None, ident="h")
    line.hear(0, "source.heartbeat", subject=None, ident="h", queue="v1")
    line.wait(MINUTE)
    assert silent(line) == [("silence", "/till", "opened", "silent")]


def test_no_sign_is_lost_whichever_chunks_take_it() -> None:
    line = Line(
        *(
            of_kind(of, "presence", {"of": of, "every": "30s", "signs": ["journey.called"]}, "rate", "100%")
            for of in ("source", "queue", "employee")
        ),
        policy=Policy(chunks=2, grace_ms=0),
    )
    who = [f"{number * 7919}" for number in range(20)]
    for number in who:
        line.hear(0, "journey.called", subject=f"j{number}", ident=number, source=f"/t{number}", queue=f"q{number}",
                  employee=f"e{number}")  # fmt: skip
    line.wait(MINUTE)
    assert len(silent(line)) == 3 * len(who)


def test_what_is_forgotten_of_a_regular_customer_weighs_nothing() -> None:
    line = Line(SETTLED)
    for visit in range(400):
        line.hear(visit * HOUR, "service.completed", subject=f"v{visit}", customer="carl", ident=f"c{visit}")
    [site] = line.state.sites.values()
    [chunk] = site.chunks.values()
    carl = chunk.journeys[own_key(OF_CUSTOMER, "", "carl")]
    assert len(carl.facts) < 60
    assert carl.weight < 60 * 200


def test_contacts_that_only_another_standard_of_a_customer_counts_are_counted() -> None:
    begun = {"of": "service.started", "unless": "journey.arrived", "per": "customer", "within": "1m"}
    line = Line(SETTLED, of_kind("begun", "rate", begun, "first_contact_resolution", "75%", applies_to={"queue": "v"}))
    line.hear(0, "service.completed", ident="c", customer="carl")
    line.hear(SECOND, "service.started", ident="s", customer="carl", queue="v")
    line.wait(HOUR)
    assert good_of_total(line) == (2, 2)


def test_what_is_too_much_of_one_customer_is_noted_and_no_dead_letter() -> None:
    line = Line(SETTLED)
    for visit in range(501):
        line.hear(0, "journey.arrived", subject=f"v{visit}", customer="guest", ident=f"a{visit}")
    assert line.ledger.rejected == []
    assert line.ledger.notes[Reason.JOURNEY_FULL] == 1


@pytest.mark.parametrize("at", [0, 5 * SECOND], ids=["the same but for the customer", "other content"])
def test_what_its_journey_refuses_is_no_contact_of_another_customer(at: int) -> None:
    line = Line(SETTLED)
    line.hear(0, "service.completed", subject="a", customer="carl", ident="1")
    line.hear(at, "service.completed", subject="a", customer="dora", ident="1", received=10 * SECOND)
    line.wait(HOUR)
    assert good_of_total(line) == (1, 1)


def test_a_contact_without_a_journey_of_its_own_is_one_customers_too() -> None:
    said = {"of": "service.completed", "unless": "feedback.received", "per": "customer", "within": "1m"}
    line = Line(of_kind("quiet", "rate", said, "first_contact_resolution", "75%"))
    line.hear(0, "service.completed", subject="a", customer="carl", ident="1")
    line.hear(0, "service.completed", subject="b", customer="dora", ident="2")
    line.hear(SECOND, "feedback.received", subject=None, customer="carl", ident="f")
    line.hear(2 * SECOND, "feedback.received", subject=None, customer="dora", ident="f")
    line.wait(HOUR)
    assert good_of_total(line) == (1, 2)
    assert line.ledger.notes[Reason.CONFLICT] == 1


@pytest.mark.parametrize("rests", [True, False])
def test_what_was_refused_before_a_crash_is_no_contact_after_it(*, rests: bool) -> None:
    line = Line(SETTLED, policy=Policy(chunks=64))
    line.hear(0, "service.completed", subject="a", customer="carl", ident="1")
    line.hear(5 * SECOND, "service.completed", subject="a", customer="dora", ident="1")
    line.hear(6 * SECOND, "journey.called", subject="a", ident="2")
    if rests:
        line.wait(HOUR)
        for site, part in line.state.dirty():
            line.state.encode(site, part)
    line.offset = 1
    line.hear(5 * SECOND, "service.completed", subject="a", customer="dora", ident="1", received=HOUR)
    line.wait(2 * HOUR)
    assert good_of_total(line) == (1, 1)


def test_names_are_whole_whatever_is_in_them() -> None:
    line = Line(SILENCE, SETTLED, CSAT)
    line.hear(0, "source.heartbeat", subject=None, ident="h", source="/till\n1")
    line.hear(0, "service.completed", subject="a", ident="c", customer="carl\n7")
    line.hear(0, "feedback.received", subject=None, ident="f\n1", source="/poll\n2", instrument="csat", score=1)
    line.wait(HOUR)
    said = {one.journey for one in line.ledger.said if not isinstance(one, Attainment)}
    assert said == {"/till\n1", "carl\n7", "f\n1"}


def test_two_of_whom_one_is_named_like_a_key_of_the_other_are_two() -> None:
    assert own_key(OF_PRESENCE, "queue", "1\nx") != own_key(OF_PRESENCE, "queue1\n", "x")


def test_an_answer_on_another_scale_is_left_out_and_noted() -> None:
    line = Line(CSAT)
    for number, answer in enumerate([{"score": 4}, {"score": 9}, {"score": 4, "scale": 10}, {}]):
        line.hear(number, "feedback.received", subject="a", ident=f"{number}", instrument="csat", **answer)
    assert line.ledger.notes == {Reason.OTHER_SCALE: 2}
    assert sum(row.n for row in drain_attainment(line.state, line.book)) == 1


def test_what_is_long_forgotten_by_the_time_that_it_is_noticed_is_said_once() -> None:
    line = Line(SILENCE)
    line.hear(0, "source.heartbeat", subject=None, ident="h", received=5 * HOUR)
    line.wait(6 * HOUR)
    assert silent(line) == [("silence", "/till", "closed", "forgotten")]


def test_the_default_holds_ten_thousand_customers_of_a_site() -> None:
    state, both = Partition(Policy()), book(standard("wait"), SETTLED_IN_A_WEEK)
    for number in range(10_000):
        who = {"customer": f"customer-{number}", "queue": "loans", "channel": "walk_in"}
        for step, kind in enumerate(("journey.arrived", "journey.called", "service.completed")):
            one = event(number * SECOND + step, kind, f"visit-{number}", f"{kind}-{number}", **who)
            assert fold(state, [(3 * number + step, BASE_MS + 11 * HOUR, one)], both).rejected == []


def test_a_chunk_is_estimated_from_above_and_not_by_much() -> None:
    line = Line(standard("wait"), SETTLED_IN_A_WEEK, STEPS, CSAT, policy=Policy(chunks=1))
    for number in range(200):
        who: dict[str, Any] = {"subject": f"visit-{number}", "customer": f"customer-{number}", "queue": "loans"}
        for step, kind in enumerate(("journey.arrived", "journey.called", "service.completed", "feedback.received")):
            line.hear(number * SECOND + step, kind, ident=f"{kind}-{number}", instrument="csat", score=5, **who)
    [site] = line.state.sites.values()
    [chunk] = site.chunks.values()
    estimated = chunk.size()
    assert 0.6 < len(line.state.encode(site.id, chunk.part)) / estimated < 1


def test_what_signs_take_is_estimated_from_above_however_often_they_come() -> None:
    line = Line(SILENCE, policy=Policy(chunks=1))
    for number in range(200):
        line.hear(number, "source.heartbeat", subject=None, ident=f"{number}", source=f"/till/{number % 100}")
    [site] = line.state.sites.values()
    estimated = site.chunks[0].size()
    assert 0.6 < len(line.state.encode(site.id, 0)) / estimated < 1


def test_a_sign_of_long_ago_and_a_type_that_nobody_knows_are_named_as_such() -> None:
    line = Line(SILENCE)
    line.hear(0, "source.heartbeat", subject=None, ident="1")
    line.hear(-2 * DAY, "source.heartbeat", subject=None, ident="2")
    line.hear(0, "source.unheard_of", subject=None, ident="3")
    assert [reason for _, reason in line.ledger.rejected] == [Reason.TOO_LATE]
    assert line.ledger.notes == {Reason.NOT_A_JOURNEY: 1}


@pytest.mark.parametrize(("count", "noted"), [(500, {Reason.JOURNEY_FULL: 1}), (499, {})])
def test_a_customer_who_rests_and_takes_nothing_more_goes_on_resting(count: int, noted: dict[Reason, int]) -> None:
    line = Line(SETTLED)
    for visit in range(count):
        line.hear(0, "service.completed", subject=f"v{visit}", customer="carl", ident=f"c{visit}")
    line.wait(HOUR)
    line.state.encode("branch-1", 0)
    line.hear(0, "service.completed", subject="one-more", customer="carl", ident="one-more", received=HOUR)
    assert {reason: n for reason, n in line.ledger.notes.items() if reason is not Reason.UNCOVERED} == noted


def test_a_contact_that_a_customer_knows_of_is_told_again_to_no_effect() -> None:
    line = Line(SETTLED, policy=Policy(chunks=64))
    line.hear(0, "service.completed", subject="a", customer="carl", ident="1")
    line.wait(HOUR)
    for site, part in line.state.dirty():
        line.state.encode(site, part)
    carl = own_key(OF_CUSTOMER, "", "carl")
    [chunk] = [one for one in line.state.sites["branch-1"].chunks.values() if carl in one.resting]
    chunk.last_offset, line.offset = -1, 0
    line.hear(0, "service.completed", subject="a", customer="carl", ident="1", received=HOUR)
    assert carl in chunk.resting
    assert good_of_total(line) == (1, 1)
