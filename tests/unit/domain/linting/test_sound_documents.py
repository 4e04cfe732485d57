"""
What the lint must not say: documents that are as they should be, and edges where a rule just does not apply.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from domain.linting import Gathering, Papers, Rule, Sample, lint
from domain.linting.hours import uncovered
from domain.linting.samples import most_within
from schemas.base import to_millis
from schemas.calendars import Calendar
from schemas.conditions import Condition
from schemas.standards import DOCUMENTS, AnyDocument

HOURS: Mapping[str, Any] = {"monday": [{"from": "09:00", "until": "17:00"}]}
CLOCK: Mapping[str, Any] = {"start": "journey.arrived", "stop": "journey.called", "limit": "4m"}
MINUTE = 60_000


def instant(day: str) -> str:
    return f"2026-{day}T00:00:00Z"


def document(kind: str, body: Mapping[str, Any] | None = None, **meta: object) -> AnyDocument:
    raw = {"apiVersion": "sqm/v1", "kind": kind, "metadata": meta, **(body or {})}
    return DOCUMENTS.validate_python(raw)


def standard(
    name: str = "wait", since: str = "01-01", until: str | None = None, version: int = 1, **body: object
) -> AnyDocument:
    whole = {"clock": CLOCK, "objective": {"metric": "sl_all_offered", "target": "80%"}} | body
    meta: dict[str, Any] = {"id": name, "version": version, "title": name, "owner": "quality", "why": "people wait"}
    end = {} if until is None else {"effective_until": instant(until)}
    return document("Standard", whole, **meta, effective_from=instant(since), **end)


def calendar(since: str = "01-01", until: str | None = None, version: int = 1, **body: object) -> Calendar:
    end = {} if until is None else {"effective_until": instant(until)}
    made = document(
        "Calendar", body or {"hours": HOURS}, id="shop", version=version, title="shop", owner="quality",
        zone="Europe/Riga", effective_from=instant(since), **end,
    )  # fmt: skip
    assert isinstance(made, Calendar)
    return made


def rules(
    *documents: AnyDocument,
    published: tuple[AnyDocument, ...] = (),
    now: int | None = None,
    sample: Sample | None = None,
) -> list[Rule]:
    return [finding.rule for finding in lint(Papers(documents, published, now, sample))]


def in_hours(named: str = "shop", **clock: object) -> dict[str, Any]:
    return {**CLOCK, "calendar": named, **clock}


SOUND: Sequence[tuple[str, list[AnyDocument]]] = [
    ("a standard alone", [standard()]),
    ("two clocks of the same journeys", [standard(), standard("other", clock={**CLOCK, "stop": "service.started"})]),
    ("the same clock of other journeys", [standard(applies_to={"queue": "a"}),
                                          standard("b", applies_to={"queue": "b"})]),
    ("the same clock at another time", [standard(until="03-01"), standard("other", since="03-01")]),
    ("the same clock at a time before", [standard(since="03-01"), standard("other", until="03-01")]),
    ("the same clock, after a version that took other journeys", [
        standard(), standard(version=2, since="03-01", applies_to={"queue": "a"}),
        standard("other", since="06-01", applies_to={"queue": "b"}),
    ]),
    ("the same clock, after a retirement", [
        standard(), document("Retirement", id="wait", retired_at=instant("02-01"), owner="q", why="w"),
        standard("other", since="02-01"),
    ]),
    ("a promised time", [standard(clock={**CLOCK, "limit": "promised"}, objective={"metric": "asa", "target": "9d"})]),
    ("a calendar", [standard(clock=in_hours()), calendar()]),
    ("business days", [standard(clock={**in_hours(), "within_business_days": 3} | {"limit": None}), calendar()]),
    ("a calendar of a later standard", [standard(since="06-01", clock=in_hours()), calendar(until="03-01"),
                                        calendar("03-01", version=2, hours=HOURS)]),
    ("a site's calendar", [standard(clock=in_hours("site")), calendar(),
                           document("Site", id="pier", title="Pier", calendar="shop")]),
    ("a site of its own", [standard(applies_to={"site": "pier"}), document("Site", id="pier", title="Pier")]),
    ("a version after another", [standard(until="03-01"), standard(version=2, since="03-01", until="04-01")]),
    ("the same again after a gap that was meant", [standard(version=2, since="03-01", clock={**CLOCK, "limit": "5m"})]),
    ("a retirement", [standard(), document("Retirement", id="wait", retired_at=instant("02-01"), owner="q", why="w")]),
    ("rows from narrow to wide", [standard(clock={**CLOCK, "limits": [
        {"when": {"queue": "a*", "segment": "vip"}, "limit": "1m"},
        {"when": {"queue": "a*"}, "limit": "2m"},
        {"when": {"segment": "vip", "day_part": "lunch"}, "limit": "3m"},
        {"when": {"segment": "vip"}, "limit": "4m"},
    ], "day_parts": [{"name": "lunch", "from": "11:00", "until": "13:00"}]}, applies_to={"queue": ["a1", "b1"]})]),
]  # fmt: skip


def test_a_version_that_begins_after_the_retirement_holds() -> None:
    retired = document("Retirement", id="wait", retired_at=instant("02-01"), owner="q", why="w")
    back = standard(version=2, since="03-01", clock={**CLOCK, "limit": "5m"})
    assert rules(standard(), retired, back, standard("other", since="04-01")) == [Rule.MEASURED_TWICE]


@pytest.mark.parametrize("documents", [pytest.param(held, id=name) for name, held in SOUND])
def test_nothing_is_said_of(documents: list[AnyDocument]) -> None:
    assert rules(*documents) == []


def test_what_is_published_already_is_not_told_again() -> None:
    held = [standard(), standard(version=2, since="01-01", clock={**CLOCK, "limit": "9m"})]
    out_of_order = [standard(version=2, since="02-01", clock={**CLOCK, "limit": "9m"}), standard(since="03-01")]
    gone = [standard("gone", until="02-01"), standard("gone", version=2, since="03-01")]
    overlapping = [standard("over", until="05-01"), standard("over", version=2, since="03-01", clock=in_hours())]
    for family in (held, out_of_order, gone, overlapping):
        assert rules(document("Site", id="pier", title="Pier"), published=tuple(family), now=0) == []


def test_a_version_beside_published_ones_is_told_where_it_is_written() -> None:
    ours = standard(version=2, since="01-01", clock={**CLOCK, "limit": "9m"})
    assert rules(ours, published=(standard(),)) == []
    assert rules(standard(), published=(ours,)) == [Rule.VERSION_NEVER_IN_FORCE]
    later = standard(since="03-01")
    assert rules(ours, published=(later,)) == [Rule.VERSIONS_OUT_OF_ORDER]
    assert rules(later, published=(ours,)) == [Rule.VERSIONS_OUT_OF_ORDER]


def test_a_revision_of_what_is_published_is_neither_new_nor_retroactive() -> None:
    assert rules(standard(), published=(standard(),), now=to_millis(calendar("05-01").metadata.effective_from)) == []


@pytest.mark.parametrize(
    ("versions", "first"),
    [
        ([calendar("02-01")], "01-01"),
        ([calendar()], None),
        ([calendar(until="03-01")], "03-01"),
        ([calendar(until="03-01"), calendar("03-01", version=2)], None),
        ([calendar(until="05-01"), calendar("03-01", until="04-01", version=2)], "04-01"),
        ([calendar(until="12-01")], None),
    ],
)
def test_the_first_instant_without_a_calendar_is_found(versions: list[Calendar], first: str | None) -> None:
    begin, end = (to_millis(calendar(day).metadata.effective_from) for day in ("01-01", "06-01"))
    wanted = None if first is None else to_millis(calendar(first).metadata.effective_from)
    assert uncovered(versions, begin, end) == wanted


def gathered(*events: tuple[str, str, int, dict[str, Any]]) -> Gathering:
    gathering = Gathering()
    for event, subject, at, data in events:
        gathering.add(f"sqm.{event}", subject, at, {"site": "pier", **data})
    return gathering


def test_the_arrival_of_a_journey_is_its_first_arriving_event_in_whatever_order_they_come() -> None:
    sample = gathered(
        ("journey.called", "j", 1, {"queue": "b"}),
        ("journey.arrived", "j", 9, {"queue": "c"}),
        ("journey.arrived", "j", 5, {"queue": "a"}),
        ("service.started", "j", 2, {"queue": "d"}),
        ("service.started", "k", 7, {}),
        ("service.started", "k", 6, {"queue": "e"}),
    ).sample()
    assert [(one.at, one.attributes[0]) for one in sample.arrivals] == [(5, "a"), (6, "e")]
    assert sample.seen("queue") == {"a", "e"}
    assert sample.seen("site") == {"pier"}


def test_a_condition_is_met_as_the_engine_reads_it() -> None:
    sample = gathered(
        ("message.exchanged", "j", 1, {"sender": "staff", "recipient": "customer", "closing": True}),
        ("message.exchanged", "j", 2, {"sender": "customer", "recipient": "staff"}),
    ).sample()

    def met(**where: object) -> bool:
        return sample.meets(Condition.model_validate({"event": "message.exchanged", "where": where or None}))

    assert met()
    assert met(sender="staff", closing=True)
    assert met(sender="customer", closing=False)
    assert not met(sender="customer", closing=True)
    assert not met(sender="staff", closing=False)
    assert not sample.meets(Condition.model_validate({"event": "journey.called"}))


def test_the_busiest_window_of_one_site_counts() -> None:
    arrivals = [
        *((at * MINUTE, {}) for at in (0, 1, 2, 60, 119)),
        *((at * MINUTE, {"site": "quay"}) for at in (3, 4)),
    ]
    sample = gathered(*(("journey.arrived", f"j{at}", at, data) for at, data in arrivals)).sample()
    assert most_within(sample.arrivals, 60 * MINUTE) == 3
    assert most_within(sample.arrivals, 61 * MINUTE) == 4
    assert most_within(sample.arrivals, 61 * MINUTE, everywhere=True) == 6
    assert most_within((), MINUTE) == 0


def test_conditions_that_are_only_the_usual_ones_need_not_be_in_the_sample() -> None:
    sample = gathered(
        ("journey.arrived", "j", 1, {"queue": "a", "segment": "vip"}), ("journey.called", "j", 2, {"queue": "a"})
    ).sample()
    assert rules(standard(), sample=sample) == []
    assert rules(standard(clock={**CLOCK, "abandon": "journey.abandoned"}), sample=sample) == [Rule.EVENT_NOT_SEEN]
    sample = gathered(
        ("journey.arrived", "j", 1, {}), ("journey.called", "j", 2, {"queue": "a"}),
        ("journey.called", "k", 2, {"segment": "vip"}),
    ).sample()  # fmt: skip
    both = {"event": "journey.called", "where": {"queue": "a", "segment": "vip"}}
    found = list(lint(Papers((standard(clock={**CLOCK, "stop": ["journey.called", both]}),), sample=sample)))
    assert [(one.rule, one.path) for one in found] == [(Rule.EVENT_NOT_SEEN, ("clock", "stop", 1))]
    assert "no journey.called of the sample has all of it together" in found[0].problem
