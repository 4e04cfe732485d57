"""
What a standard lacks, by what a connector can say and what payloads said.
"""

from typing import Any

import pytest

from schemas.events import EVENT_MODELS
from schemas.standards import DOCUMENTS, Standard
from services.cli.connecting.needs import WHEN, Said, Weight, gaps_of

CLOCK = {"start": "journey.arrived", "stop": "service.started", "limit": "5m"}
LEFT = Said("sqm.journey.abandoned", {"site": None}, "x.yaml:9")
ARRIVED = Said("sqm.journey.arrived", {"site": None, "channel": "walk_in"}, "x.yaml:4")
STARTED = Said("sqm.service.started", {"site": None}, "x.yaml:5")


def standard(applies_to: dict[str, Any] | None = None, metric: str = "sl_all_offered", **kind: Any) -> Standard:  # noqa: ANN401
    document = {
        "apiVersion": "sqm/v1",
        "kind": "Standard",
        "metadata": {
            "id": "wait", "version": 1, "title": "Wait", "owner": "quality", "why": "tested",
            "effective_from": "2020-01-01T00:00:00Z",
        },
        "applies_to": applies_to or {},
        **kind,
    }  # fmt: skip
    if "presence" not in kind:
        document["objective"] = {"metric": metric, "target": "80%" if metric != "csat_mean" else "4"}
    found = DOCUMENTS.validate_python(document)
    assert isinstance(found, Standard)
    return found


def told(one: Standard, can: list[Said], saw: list[Said]) -> list[tuple[str, str, str]]:
    return [(gap.weight.value, gap.part, gap.told) for gap in gaps_of(one, can, saw)]


def seen(*said: Said) -> list[Said]:
    return [one._replace(facts={"site": "s1"} | {k: v for k, v in one.facts.items() if v is not None}) for one in said]


def test_every_type_of_event_has_words() -> None:
    assert {f"sqm.{name}" for name in WHEN} == set(EVENT_MODELS)


def test_a_standard_that_hears_everything_lacks_nothing() -> None:
    assert told(standard(clock=CLOCK), [ARRIVED, STARTED, LEFT], seen(ARRIVED, STARTED)) == []


def test_what_no_mapping_can_say_is_never_there() -> None:
    assert told(standard(clock=CLOCK), [ARRIVED, LEFT], seen(ARRIVED)) == [
        ("never", "stop", "no event says when service began (service.started)")
    ]


def test_what_could_be_said_and_was_not_names_the_mapping() -> None:
    also = STARTED._replace(where="x.yaml:7")
    other = STARTED._replace(where="y.yaml:2")
    assert told(standard(clock=CLOCK), [ARRIVED, STARTED, also, other, LEFT], seen(ARRIVED)) == [
        ("not_yet", "stop", "none of these payloads says when service began; x.yaml:5, 7, y.yaml:2 can")
    ]


def test_what_a_clock_can_do_without_is_remarked() -> None:
    clock = CLOCK | {"pause": "service.paused", "resume": ["service.resumed", "message.exchanged"]}
    assert told(standard(clock=clock), [ARRIVED, STARTED], seen(ARRIVED, STARTED)) == [
        ("remark", "abandon", "no event says when the customer gave up (journey.abandoned)"),
        ("remark", "pause", "no event says when the work was paused (service.paused)"),
        (
            "remark", "resume",
            "no event says when the work went on, or when a message was written (service.resumed, message.exchanged)",
        ),
    ]  # fmt: skip


STEP = Said("sqm.milestone.reached", {"site": None, "milestone": "paid"}, "x.yaml:6")
MESSAGE = Said("sqm.message.exchanged", {"site": None, "sender": None}, "x.yaml:8")


@pytest.mark.parametrize(
    ("stop", "can", "problem"),
    [
        (
            {"event": "milestone.reached", "where": {"milestone": ["ready", "done"]}},
            STEP,
            "milestone.reached is told with the milestone paid alone (x.yaml:6), and ready or done is asked for",
        ),
        (
            {"event": "milestone.reached", "where": {"team": "red"}},
            STEP,
            "milestone.reached is told without its team (x.yaml:6), and red is asked for",
        ),
        (
            {"event": "message.exchanged", "where": {"closing": True}},
            MESSAGE,
            "message.exchanged is told without its closing (x.yaml:8), and True is asked for",
        ),
        (
            {"event": "complaint.resolved", "where": {"topic": ["wait", "tone"], "severity": "grave"}},
            STEP,
            "no event says when a complaint was resolved with severity grave, topic wait or tone (complaint.resolved)",
        ),
        (
            {"event": "message.exchanged", "where": {"closing": True}},
            STEP,
            "no event says when a message was written with closing True (message.exchanged)",
        ),
    ],
)
def test_a_fact_that_is_never_told_is_named(stop: dict[str, Any], can: Said, problem: str) -> None:
    assert told(standard(clock=CLOCK | {"stop": stop}), [ARRIVED, can, LEFT], seen(ARRIVED, can)) == [
        ("never", "stop", problem)
    ]


@pytest.mark.parametrize(
    "stop",
    [
        {"event": "message.exchanged", "where": {"sender": "staff", "closing": False}},
        {"event": "milestone.reached", "where": {"milestone": "paid"}},
    ],
)
def test_a_fact_that_is_worked_out_may_be_anything(stop: dict[str, Any]) -> None:
    saw = seen(ARRIVED, STEP, MESSAGE._replace(facts={"sender": "staff"}))
    assert told(standard(clock=CLOCK | {"stop": stop}), [ARRIVED, STEP, MESSAGE, LEFT], saw) == []


def test_a_promised_time_has_to_be_told_by_some_event() -> None:
    promised = standard(clock=CLOCK | {"limit": "promised"})
    can = [ARRIVED, STARTED, LEFT]
    saw = seen(*can)
    assert told(promised, can, saw) == [
        ("never", "limit", "no event says which time the customer was promised (promised_at)")
    ]
    able = [*can, ARRIVED._replace(facts={"promised_at": None}, where="x.yaml:11")]
    assert told(promised, able, saw) == [
        ("not_yet", "limit", "none of these payloads says which time was promised; x.yaml:11 can")
    ]
    assert told(promised, able, [*saw, ARRIVED._replace(facts={"promised_at": "2026-01-31T08:00:00Z"})]) == []


@pytest.mark.parametrize(
    ("can", "saw", "gaps"),
    [
        (ARRIVED, {"channel": "walk_in"}, []),
        (ARRIVED._replace(facts={"channel": None}), {"channel": "walk_in"}, []),
        (
            ARRIVED._replace(facts={"channel": None}), {"channel": "phone"},
            [("not_yet", "applies_to.channel", "walk_* or desk is asked for, and these payloads say phone")],
        ),
        (
            ARRIVED._replace(facts={"channel": None}), {},
            [("not_yet", "applies_to.channel", "walk_* or desk is asked for, and these payloads say none")],
        ),
        (
            ARRIVED._replace(facts={"channel": "web"}), {"channel": "web"},
            [("never", "applies_to.channel", "walk_* or desk is asked for, and the connector says web")],
        ),
        (
            ARRIVED._replace(facts={}), {},
            [
                ("never", "applies_to.channel",
                 "walk_* or desk is asked for, and what begins a journey does not tell its channel"),
            ],
        ),
    ],
)  # fmt: skip
def test_whom_a_standard_covers_is_held_against_what_begins_a_journey(
    can: Said, saw: dict[str, object], gaps: list[tuple[str, str, str]]
) -> None:
    covered = standard({"channel": ["walk_*", "desk"]}, clock=CLOCK)
    assert told(covered, [can, STARTED, LEFT], [can._replace(facts=saw), *seen(STARTED)]) == gaps


def test_without_an_arrival_any_event_may_begin_a_journey() -> None:
    clock = standard({"channel": "walk_in"}, clock=CLOCK | {"start": "service.started", "stop": "service.completed"})
    can = [STARTED._replace(facts={"channel": None}), Said("sqm.service.completed", {}, "x.yaml:6"), LEFT]
    saw = [STARTED._replace(facts={"channel": "walk_in"}), Said("sqm.service.completed", {})]
    assert told(clock, can, saw) == []
    assert [gap.weight for gap in gaps_of(clock, [], [])] == [Weight.NEVER, Weight.NEVER, Weight.REMARK]
    assert [gap.part for gap in gaps_of(clock, can, [])] == ["start", "stop"]


def test_a_rate_counts_what_may_be_told_though_it_was_not() -> None:
    complaints = standard(metric="rate", rate={"count": "complaint.opened", "of": "journey.arrived"})
    complaint = Said("sqm.complaint.opened", {}, "x.yaml:3")
    assert told(complaints, [ARRIVED, complaint], seen(ARRIVED)) == []
    assert told(complaints, [ARRIVED], seen(ARRIVED)) == [
        ("never", "count", "no event says when a complaint was received (complaint.opened)")
    ]


def test_a_rate_by_customers_needs_to_know_them() -> None:
    rate = {"of": "service.started", "per": "customer", "unless": "journey.arrived", "within": "7d"}
    again = standard(metric="rate", rate=rate)
    assert told(again, [ARRIVED, STARTED], seen(ARRIVED, STARTED)) == [
        ("never", "of", "service.started is told without its customer (x.yaml:5)"),
        ("never", "unless", "journey.arrived is told without its customer (x.yaml:4)"),
    ]


@pytest.mark.parametrize(
    ("score", "metric", "event", "fact"),
    [
        ({"of": "feedback.received", "highest": 5}, "csat_mean", "feedback.received", "score"),
        ({"of": "observation.recorded"}, "checklist_score", "observation.recorded", "items"),
    ],
)
def test_a_score_needs_what_is_scored(score: dict[str, Any], metric: str, event: str, fact: str) -> None:
    one = standard(metric=metric, score=score)
    bare = Said(f"sqm.{event}", {}, "x.yaml:3")
    assert told(one, [bare], [bare]) == [("never", "of", f"{event} is told without its {fact} (x.yaml:3)")]
    full = bare._replace(facts={fact: None})
    assert told(one, [full], [full]) == []


def test_a_presence_needs_a_sign_of_whom_it_watches() -> None:
    beat = Said("sqm.source.heartbeat", {}, "x.yaml:3")
    assert told(standard(presence={"every": "5m"}), [beat], [beat]) == []
    assert told(standard(presence={"every": "5m", "of": "queue"}), [beat], [beat]) == [
        ("never", "signs", "source.heartbeat is told without its queue (x.yaml:3)")
    ]


def steps(**said: Any) -> Standard:  # noqa: ANN401
    return standard(metric="rate", sequence={"start": "journey.arrived", "end": "service.started", **said})


def step(name: str, *, optional: bool = False) -> dict[str, Any]:
    shown = {"event": "milestone.reached", "where": {"milestone": name}}
    return {"name": name, "shown_by": shown, "optional": optional}


NEEDED = "milestone.reached is told with the milestone paid alone (x.yaml:6), and greeted is asked for"


def test_steps_are_needed_unless_they_may_be_left_out() -> None:
    can = [ARRIVED, STARTED, STEP, LEFT]
    saw = seen(*can)
    assert told(steps(steps=[step("paid")]), can, saw) == []
    assert told(steps(steps=[step("paid"), step("greeted")]), can, saw) == [("never", "step 'greeted'", NEEDED)]
    assert told(steps(steps=[step("paid"), step("greeted", optional=True)]), can, saw) == [
        ("remark", "step 'greeted'", NEEDED)
    ]


def test_one_course_that_can_be_taken_is_enough() -> None:
    can = [ARRIVED, STARTED, STEP, LEFT]
    short = {"name": "short", "steps": [step("paid")]}
    long = {"name": "long", "steps": [step("greeted")]}
    assert told(steps(courses=[short, long]), can, seen(*can)) == [("remark", "step 'greeted' of 'long'", NEEDED)]
    other = {"name": "other", "steps": [step("greeted")]}
    assert told(steps(courses=[long, other]), can, seen(*can)) == [
        ("never", "step 'greeted' of 'long'", NEEDED),
        ("never", "step 'greeted' of 'other'", NEEDED),
    ]
