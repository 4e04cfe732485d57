"""
Ten standards of all kinds on every journey, beside one: processor time an event, in the same run and over the same
log, and memory for each open journey.

Every customer answers a question when served, and one of ten complains, so that each of the standards has its events.
"""

import time
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from benchmarks.measuring import Figure, watched
from benchmarks.processes import held_open
from benchmarks.workload import STANDARD, Sent, book, events, newest
from schemas.calendars import Calendar
from schemas.standards import DOCUMENTS, Published
from services.runtime.process import calm_garbage_collector
from services.sla.engine import Book, Partition, Policy, Record, decode_event, fold

TITLE = "ten standards of all kinds"
_FETCH: Final = 500
_OPEN: Final = 50_000
_COMPLAINS: Final = 10
"""Of so many customers one."""
_WHEN: Final = "2020-01-01T00:00:00Z"
_WEEK: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS: Final[dict[str, Any]] = {
    "apiVersion": "sqm/v1", "kind": "Calendar",
    "metadata": {
        "id": "hours", "version": 1, "title": "Hours", "owner": "b", "zone": "Europe/Riga", "effective_from": _WHEN,
    },
    "hours": {day: [{"from": "00:30", "until": "12:00"}, {"from": "13:00", "until": "23:30"}] for day in _WEEK},
}  # fmt: skip
_RATE: Final = {"metric": "rate", "target": "90%"}
_GOAL: Final = {"metric": "goal_met", "target": "90%"}
KINDS: Final[dict[str, dict[str, Any]]] = {
    "wait": {"clock": STANDARD["clock"], "objective": STANDARD["objective"]},
    "handling": {"clock": {"start": "journey.called", "stop": "service.completed", "limit": "2m", "warn_at": "80%",
                           "pause": "service.paused", "resume": "service.resumed", "pause_budget": "5m"},
                 "objective": _GOAL},
    "in-hours": {"clock": {"start": "journey.arrived", "stop": "service.completed", "limit": "5m", "calendar": "hours"},
                 "objective": _GOAL},
    "graded": {"clock": {"start": "journey.arrived", "stop": "journey.called", "limit": "30s", "limits": [
        {"when": {"queue": "counter-1"}, "limit": "20s"}], "bands": [{"name": "A", "within": "10s"}, {"name": "F"}]},
        "objective": _GOAL},
    "hand-off": {"clock": {"start": ["journey.arrived", "journey.transferred"], "limit": "20s", "repeats": True,
                           "stop": ["journey.called", "journey.transferred"]}, "objective": _GOAL},
    "transfers": {"rate": {"count": "journey.transferred", "of": "journey.called", "per": "journey"},
                  "objective": {"metric": "transfer_rate", "target": "10%"}},
    "complaints": {"rate": {"count": "complaint.opened", "of": "journey.arrived"},
                   "objective": {"metric": "complaints_per_1000", "target": "3"}},
    "answers": {"score": {"of": "feedback.received", "highest": 5},
                "objective": {"metric": "csat_mean", "target": "4"}},
    "steps": {"sequence": {"start": "journey.arrived", "end": "service.completed", "steps": [
        {"name": "called", "shown_by": "journey.called", "within": "30s"}]}, "objective": _RATE},
    "queues-move": {"presence": {"of": "queue", "signs": "journey.called", "every": "30m"}},
}  # fmt: skip


def all_kinds() -> Book:
    """Return the book that holds the ten."""
    documents: list[Any] = [Calendar.model_validate(_HOURS)]
    for name, parts in KINDS.items():
        meta = {**STANDARD["metadata"], "id": name}
        frame = {"apiVersion": STANDARD["apiVersion"], "kind": STANDARD["kind"], "metadata": meta}
        documents.append(DOCUMENTS.validate_python({**frame, **parts}))
    return Book.of(Published(document=one, published_at=0, published_by="benchmarks") for one in documents)


def run(scale: float) -> Iterator[Figure]:
    """Fold one log under one standard, and again under ten."""
    made = list(_with_answers(events(int(100_000 * scale))))
    calm_garbage_collector()
    one = _folding(made, book())
    yield Figure("one standard", one, "us of CPU/event")
    ten = _folding(made, all_kinds())
    yield Figure("ten standards of all kinds", ten, "us of CPU/event")
    yield Figure("ten beside one", ten / one, "x")
    count = max(1_000, int(_OPEN * scale))
    held = [held_open(count, count // 100, kinds=kinds)["megabytes"] * 10_000 / count for kinds in (False, True)]
    yield Figure("memory for 10,000 open journeys, under one", held[0], "MB")
    yield Figure("memory for 10,000 open journeys, under ten", held[1], "MB")


def _with_answers(made: list[Sent]) -> Iterator[Sent]:
    served = 0
    for one in made:
        yield one
        event = msgspec.json.decode(one.value)
        if event["type"] == "sqm.service.completed":
            served += 1
            yield _more(one, event, "feedback.received", {"instrument": "csat", "score": 1 + served % 5, "scale": 5})
            if served % _COMPLAINS == 0:
                yield _more(one, event, "complaint.opened", {})


def _more(one: Sent, event: dict[str, Any], kind: str, said: dict[str, Any]) -> Sent:
    told = {**event, "type": f"sqm.{kind}", "id": f"{kind}-{event['id']}", "data": {**event["data"], **said}}
    return Sent(one.site, one.at, msgspec.json.encode(told))


def _folding(made: list[Sent], standards: Book) -> float:
    state, begin, decoding = Partition(Policy(chunk_max_bytes=1 << 40)), newest(made), 0.0
    with watched() as watch:
        for first in range(0, len(made), _FETCH):
            before = time.process_time()
            fetch = enumerate(made[first : first + _FETCH], start=first)
            records: list[Record] = [(place, begin + place // 90, decode_event(one.value)) for place, one in fetch]
            decoding += time.process_time() - before
            fold(state, records, standards)
    return (watch.spent.cpu_seconds - decoding) * 1e6 / len(made)
