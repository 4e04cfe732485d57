"""
Those who watch beside the journey itself: the contacts of one customer, and who should report.
"""

from typing import Any

from services.sla.engine import Attainment, Measurement, Policy, Reason, Violation, drain_attainment
from tests.properties.drawing import DAY, HOUR, HOURS, MINUTE, SECOND, SETTLED, SILENCE, of_kind, standard
from tests.unit.services.sla.engine.test_judging import WALL, Line


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
    line = Line(SETTLED, policy=Policy(chunks=1, chunk_max_bytes=700))
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
    carl = chunk.journeys["\x01c\ncarl"]
    assert len(carl.facts) < 60
    assert carl.weight < 60 * 100


def test_what_is_too_much_of_one_customer_is_noted_and_no_dead_letter() -> None:
    line = Line(SETTLED)
    for visit in range(501):
        line.hear(0, "journey.arrived", subject=f"v{visit}", customer="guest", ident=f"a{visit}")
    assert line.ledger.rejected == []
    assert line.ledger.notes[Reason.JOURNEY_FULL] == 1
