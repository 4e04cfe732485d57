"""
What the laws are tried on: standards with guarded conditions and changing versions, and logs of nasty events.

Small worlds on purpose: few journeys, few instants, so that ties, repetitions and re-openings happen in most examples.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st

from schemas.calendars import Calendar
from schemas.standards import DOCUMENTS, Published, Standard
from services.sla.engine import Book, Event, EventFacts, Record
from services.sla.engine.events import ItemFacts

BASE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""All small instants are counted from here."""

BASE_MS = int(BASE.timestamp()) * 1_000
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000

TYPES = (
    "journey.arrived", "journey.called", "service.started", "service.paused", "service.resumed", "service.completed",
    "milestone.reached", "journey.abandoned", "journey.cancelled", "journey.reopened", "journey.merged",
    "complaint.opened", "journey.transferred", "feedback.received", "observation.recorded", "sale.lost",
    "staff.state_changed", "source.heartbeat",
)  # fmt: skip
SITES = ("branch-1", "branch-2")
SUBJECTS = ("j1", "j2", "j3", "j4", "j5")
SOURCES = ("/till", "/queue/slow", "/queue")


def instant(ms: int) -> datetime:
    return BASE + timedelta(milliseconds=ms)


def event(at_ms: int, kind: str, subject: str | None, ident: str, **facts: Any) -> Event:  # noqa: ANN401 - attributes
    source = facts.pop("source", "/till")
    revision = facts.pop("revision", 0)
    data = EventFacts(site=facts.pop("site", SITES[0]), **facts)
    return Event(ident, source, "sqm." + kind, instant(at_ms), data, subject, revision)


def standard(ident: str, version: int = 1, **parts: Any) -> Standard:  # noqa: ANN401 - parts of a document
    clock = {"start": "journey.arrived", "stop": "journey.called", "limit": "20s"} | parts.pop("clock", {})
    metadata = {"effective_from": "2020-01-01T00:00:00Z"} | parts.pop("metadata", {})
    return DOCUMENTS.validate_python(
        {
            "apiVersion": "sqm/v1",
            "kind": "Standard",
            "metadata": {"id": ident, "version": version, "title": ident, "owner": "q", "why": "w", **metadata},
            "clock": clock,
            "objective": {"metric": "sl_all_offered", "target": "80%"} | parts.pop("objective", {}),
            **parts,
        }
    )  # type: ignore[return-value] # a Standard, by its kind


def source(ident: str, delay: str) -> Any:  # noqa: ANN401 - a document
    meta = {"id": ident, "title": ident, "expected_delay": delay}
    return DOCUMENTS.validate_python({"apiVersion": "sqm/v1", "kind": "Source", "metadata": meta})


def retirement(ident: str, after_s: int) -> Any:  # noqa: ANN401 - a document
    at = instant(after_s * SECOND).isoformat()
    meta = {"id": ident, "retired_at": at, "owner": "q", "why": "w"}
    return DOCUMENTS.validate_python({"apiVersion": "sqm/v1", "kind": "Retirement", "metadata": meta})


def book(*documents: Any) -> Book:  # noqa: ANN401 - documents of any kind
    return Book.of(Published(document=one, published_at=0, published_by="q") for one in documents)


WAIT = standard("wait", clock={"warn_at": "50%", "short_abandon": "5s", "expires_after": "2h"})
HANDLING = standard(
    "handling",
    clock={
        "start": "service.started",
        "stop": "service.completed",
        "pause": {"event": "service.paused", "where": {"reason": "customer"}},
        "resume": "service.resumed",
        "limit": "40s",
        "warn_at": "75%",
        "validity": {"shortest": "2s", "longest": "10m"},
        "expires_after": "1h",
    },
    objective={"metric": "goal_met"},
)
PAUSED_WAIT = standard(
    "paused-wait",
    clock={
        "start": ["journey.arrived", "journey.reopened"],
        "stop": ["service.started", {"event": "milestone.reached", "where": {"milestone": "seated"}}],
        "pause": "service.paused",
        "resume": ["service.resumed", "journey.transferred"],
        "limit": "30s",
        "expires_after": "25h",
    },
)
VIP_OLD = standard(
    "vip",
    clock={"limit": "10s", "abandon": [], "expires_after": "3h"},
    metadata={"effective_until": "2026-03-02T09:00:45Z"},
    applies_to={"queue": "v*"},
)
VIP_NEW = standard(
    "vip",
    2,
    clock={"limit": "5s", "cancel": ["journey.merged"], "expires_after": "90m"},
    metadata={"effective_from": "2026-03-02T09:00:30Z"},
    applies_to={"queue": ["v*", "w*"], "site": "branch-*"},
)
PROMISED = standard(
    "promised",
    clock={"stop": "service.completed", "limit": "promised", "warn_at": "50%", "pause": "service.paused",
           "resume": "service.resumed", "pause_budget": "15s", "expires_after": "2h"},
)  # fmt: skip
BUDGET = standard(
    "budget",
    clock={"start": "service.started", "stop": "service.completed", "pause": "service.paused",
           "resume": "service.resumed", "limit": "30s", "warn_at": "50%", "pause_budget": "20s", "expires_after": "1h"},
)  # fmt: skip
TABLE = standard(
    "table",
    clock={"limit": "20s", "warn_at": "50%", "expires_after": "2h",
           "day_parts": [{"name": "first", "from": "09:00", "until": "09:01"}],
           "limits": [{"when": {"queue": "v*", "day_part": "first"}, "limit": "5s"},
                      {"when": {"queue": "w"}, "limit": "40s"}]},
)  # fmt: skip
HAND_OFF = standard(
    "hand-off",
    clock={"start": ["journey.arrived", "journey.transferred", "service.started"],
           "stop": ["journey.called", "journey.transferred", "service.completed"],
           "pause": "service.paused", "resume": "service.resumed",
           "limit": "10s", "warn_at": "50%", "expires_after": "1m", "repeats": True,
           "bands": [{"name": "A", "within": "5s"}, {"name": "B", "within": "10s"}]},
    objective={"metric": "p90", "target": "5s"},
)  # fmt: skip
HOURS = Calendar.model_validate(
    {
        "apiVersion": "sqm/v1", "kind": "Calendar",
        "metadata": {"id": "shifts", "version": 1, "title": "s", "owner": "q", "zone": "Asia/Kathmandu",
                     "effective_from": "2020-01-01T00:00:00Z"},
        # 09:00 UTC is 14:45 there.
        "hours": {"monday": [{"from": "14:46", "until": "14:48"}, {"from": "15:00", "until": "18:00"}],
                  "tuesday": [{"from": "10:00", "until": "16:00"}]},
        "exceptions": [{"date": "2026-03-03", "name": "Holi", "closed": True},
                       {"date": "2026-03-05", "name": "Market", "hours": [{"from": "22:00", "until": "02:00"}]}],
    }
)  # fmt: skip
SHIFTS = standard(
    "shifts",
    clock={"stop": "service.completed", "pause": "service.paused", "resume": "service.resumed", "limit": "75s",
           "warn_at": "50%", "pause_budget": "40s", "calendar": "shifts", "expires_after": "2h"},
)  # fmt: skip
BY_THE_DAY = standard(
    "by-the-day",
    clock={"stop": "service.completed", "pause": "service.paused", "resume": "service.resumed",
           "limit": None, "within_business_days": 1, "warn_at": "50%", "calendar": "shifts", "expires_after": "10h"},
)  # fmt: skip


def of_kind(ident: str, kind: str, said: dict[str, Any], metric: str, target: str, **parts: Any) -> Standard:  # noqa: ANN401
    document = standard(ident, **parts).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    del document["clock"]
    document |= {kind: said, "objective": {"metric": metric, "target": target}}
    return Standard.model_validate(document)


TRANSFERS = of_kind(
    "transfers", "rate", {"count": "journey.transferred", "of": "journey.called", "per": "journey"}, "transfer_rate",
    "10%",
)  # fmt: skip
COMPLAINTS = of_kind(
    "complaints", "rate", {"count": ["complaint.opened", "sale.lost"], "of": "journey.arrived"}, "per_100", "5",
    applies_to={"site": "branch-1"},
)  # fmt: skip
SETTLED = of_kind(
    "settled", "rate",
    {"of": "service.completed", "unless": "journey.arrived", "per": "customer", "within": "1m"},
    "first_contact_resolution", "75%",
)  # fmt: skip
CSAT = of_kind(
    "csat", "score",
    {"of": {"event": "feedback.received", "where": {"instrument": "csat"}}, "highest": 5, "lowest": 1, "minimum": "2"},
    "csat_mean", "4",
)  # fmt: skip
CHECKLIST = of_kind(
    "checklist", "score", {"of": "observation.recorded", "minimum": "50%", "categories": ["safety", "courtesy"]},
    "checklist_score", "80%",
)  # fmt: skip
STEPS = of_kind(
    "steps", "sequence",
    {"start": "journey.arrived", "end": "service.completed", "expires_after": "10m", "courses": [
        {"name": "usual", "steps": [
            {"name": "called", "shown_by": "journey.called", "within": "20s"},
            {"name": "paused", "shown_by": "service.paused", "optional": True, "repeats": True},
            {"name": "seated", "shown_by": "milestone.reached", "within": "15s"}]},
        {"name": "handed over", "steps": [{"name": "transferred", "shown_by": "journey.transferred"}]},
    ]},
    "rate", "90%",
)  # fmt: skip
SILENCE = of_kind("silence", "presence", {"every": "30s", "grace": "5s", "forgotten_after": "2h"}, "rate", "100%")
QUIET = of_kind(
    "quiet",
    "presence",
    {"of": "queue", "signs": "journey.called", "every": "20s", "calendar": "shifts"},
    "rate",
    "100%",
)
ALL_KINDS = (TRANSFERS, COMPLAINTS, SETTLED, CSAT, CHECKLIST, STEPS, SILENCE, QUIET)
SLOW = source("/queue/slow", "1m")

DOCUMENTS_OF_ALL = (WAIT, HANDLING, PAUSED_WAIT, VIP_OLD, VIP_NEW, PROMISED, BUDGET, SHIFTS)
"""Those that the oracle can judge: one limit for all."""


@st.composite
def books(draw: st.DrawFn) -> Book:
    chosen = draw(
        st.lists(
            st.sampled_from((*DOCUMENTS_OF_ALL, TABLE, HAND_OFF, BY_THE_DAY, *ALL_KINDS)),
            min_size=1,
            unique_by=lambda one: one.meaning(),
        )
    )
    ended = draw(st.sampled_from(((), ("wait", "vip"), ("settled", "steps", "silence"))))
    retired = [retirement(one, draw(st.sampled_from((15, 60, 75)))) for one in ended]
    return book(*chosen, HOURS, *retired, *([SLOW] if draw(st.booleans()) else []))


def small_instants() -> st.SearchStrategy[int]:
    """Milliseconds from the base: mostly the limits of the standards and next to them, so that ties are common."""
    grid = st.sampled_from((0, 1, 5, 10, 15, 20, 30, 40, 45, 59, 60, 61, 75, 90, 600)).map(lambda s: s * SECOND)
    return st.builds(
        lambda at, off, far: at + off + far,
        grid,
        st.sampled_from((0, 0, 0, 1, -1, 999)),
        st.sampled_from((0, 0, 0, HOUR)),
    )


def promises() -> st.SearchStrategy[datetime | None]:
    """Mostly nothing; else an instant at or near those of the events, or before all of them."""
    return st.sampled_from((None, None, None, -SECOND, 30 * SECOND, 45 * SECOND, MINUTE, HOUR)).map(
        lambda ms: None if ms is None else instant(ms)
    )


@st.composite
def events(draw: st.DrawFn, ident: str, times: st.SearchStrategy[int]) -> Event:
    kind = draw(st.sampled_from(TYPES))
    loose = kind in {"feedback.received", "observation.recorded", "sale.lost"} and draw(st.booleans())
    return event(
        draw(times),
        kind,
        None if loose else draw(st.sampled_from(SUBJECTS)),
        ident,
        site=draw(st.sampled_from(SITES)),
        source=draw(st.sampled_from(SOURCES)),
        queue=draw(st.sampled_from((None, "v1", "w"))),
        employee=draw(st.sampled_from((None, "ann"))),
        reason=draw(st.sampled_from((None, "customer"))),
        milestone="seated" if kind == "milestone.reached" else None,
        promised_at=draw(promises()),
        customer=draw(st.sampled_from((None, "carl", "dora"))),
        **_scored(draw, kind),
    )


def _scored(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    if kind == "feedback.received":
        instrument = draw(st.sampled_from(("csat", "nps")))
        return {"instrument": instrument, "score": draw(st.sampled_from((None, 1, 2, 4.5, 5, 9))), "scale": 5}
    if kind == "observation.recorded":
        results, kinds = st.sampled_from(("passed", "failed", "not_applicable")), st.sampled_from(("safety", "speed"))
        items = st.lists(st.builds(ItemFacts, kinds, results, st.integers(0, 3), st.booleans()), max_size=3)
        return {"items": tuple(draw(items)), "observer": "self", "checklist": "c"}
    return {}


@st.composite
def stories(draw: st.DrawFn) -> list[Event]:
    """Different events, in no order."""
    count = draw(st.integers(1, 16))
    return [draw(events(f"e{number}", small_instants())) for number in range(count)]


@st.composite
def tales(draw: st.DrawFn) -> list[Event]:
    """The events of one journey, in no order: dense enough that clocks start, pause, resume and end in most of them."""
    often = ("journey.arrived", "journey.called", "service.started", "service.completed")
    pauses = ("service.paused", "service.resumed", "service.paused", "service.resumed")
    kinds = st.sampled_from((*often, *pauses, *TYPES))
    who = st.sampled_from((None, "ann"))
    why = st.sampled_from(("customer", "customer", None))
    found = []
    for number in range(draw(st.integers(2, 12))):
        kind = draw(kinds)
        seated = "seated" if kind == "milestone.reached" else None
        facts = {"reason": draw(why), "employee": draw(who), "milestone": seated, "promised_at": draw(promises())}
        found.append(event(draw(small_instants()), kind, "j1", f"e{number}", **facts))
    return found


def revision_of(draw: st.DrawFn, one: Event, number: int, *, whom: bool = True) -> Event:
    """What a source says of an event at another time: perhaps when it was, what for, and whom it concerned."""
    facts: dict[str, Any] = {} if draw(st.booleans()) else {"queue": draw(st.sampled_from(("v1", "w", None)))}
    if draw(st.booleans()):
        facts |= {"reason": draw(st.sampled_from(("customer", None))), "promised_at": draw(promises())}
    if whom and draw(st.booleans()):
        facts |= {"customer": draw(st.sampled_from((None, "carl", "dora")))}
    at = one.time if draw(st.booleans()) else instant(draw(small_instants()))
    data = msgspec.structs.replace(one.data, **facts)
    return msgspec.structs.replace(one, revision=number, time=at, data=data)


@st.composite
def logs(draw: st.DrawFn) -> list[Record]:
    """
    A log as a broker holds it: timestamps never fall; copies, revisions, other content under a known id, dates from
    nowhere.
    """
    found: list[Event] = []
    kinds = ("new", "new", "new", "new", "copy", "revised", "revised", "conflict", "wild", "heartbeat")
    for number in range(draw(st.integers(1, 20))):
        match draw(st.sampled_from(kinds)):
            case "copy" if found:
                found.append(draw(st.sampled_from(found)))
            case "revised" if found:
                found.append(revision_of(draw, draw(st.sampled_from(found)), draw(st.integers(0, 3))))
            case "conflict" if found:
                other = draw(st.sampled_from(found))
                who, site = draw(st.sampled_from((None, "carl", "dora"))), other.data.site
                told = {"site": site, "customer": who, "source": other.source, "revision": draw(st.integers(0, 3))}
                other = event(7 * SECOND, "journey.called", other.subject, other.id, **told)
                found.append(other)
            case "wild":
                far = st.sampled_from((-40 * DAY, -26 * HOUR, 400 * DAY, -50 * 365 * DAY, 200 * 365 * DAY))
                found.append(draw(events(f"e{number}", far)))
            case "heartbeat":
                found.append(event(draw(small_instants()), "source.heartbeat", None, f"e{number}"))
            case _:
                found.append(draw(events(f"e{number}", small_instants())))
    if draw(st.booleans()):
        found.sort(key=lambda one: one.time)
    steps = st.sampled_from((0, 0, 1, SECOND, 10 * SECOND, MINUTE, HOUR, 13 * HOUR))
    timestamp, records = BASE_MS, []
    for number, one in enumerate(found):
        timestamp += draw(steps)
        records.append((number * 3, timestamp, one))
    return records
