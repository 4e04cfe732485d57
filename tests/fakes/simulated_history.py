"""
History as it would stand after some hours of the simulator: what the engine made of them, stored as topics bring it.
"""

from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

from schemas.base import format_instant
from schemas.standards import AnyDocument, Published, document_key
from services.cli.replay.judging import Judging
from services.cli.simulator import SITES, USUAL_FAULTS, Day, Fault, Report, as_event, play
from services.history.engine import copy_of
from services.history.shell.storing import store
from services.runtime.clickhouse import Database
from services.sla.engine import Attainment, Event, Measurement, Violation, decode_event, encode_outcome
from services.sla.shell.documents import read_documents_of, require
from tests.fakes.stored_replay import put
from tests.fakes.topic_records import TopicRecord, as_json
from tests.project import PROJECT

__all__ = ["BEGINS", "HOUR", "Told", "stored", "told"]

HOUR = 3_600_000
BEGINS = 1_788_220_800_000
"""Tuesday, 1 September 2026, 00:00 UTC: the play begins, 02:00 on the clocks of its sites."""
_DEMO = PROJECT / "deploy" / "demo"


class Told(NamedTuple):
    """
    What the engine says of a play: the truth that figures are held against.
    """

    documents: list[AnyDocument]
    events: list[bytes]
    """As ingest passed them on, copies among them."""
    misspelt: list[tuple[int, bytes]]
    """What ingest put aside, with when."""
    measurements: list[Measurement]
    violations: list[Violation]
    attainment: list[Attainment]


def told(hours: int, *more: AnyDocument) -> Told:
    """
    Play the three sites for some hours and judge what they report, by the standards of the demo and `more`.
    """
    documents = [*(one.document for one in require(read_documents_of([_DEMO]))), *more]
    outcomes = Told(documents, [], [], [], [], [])

    def settle(measurements: list[Measurement], violations: list[Violation], attainment: list[Attainment]) -> None:
        outcomes.measurements.extend(measurements)
        outcomes.violations.extend(violations)
        outcomes.attainment.extend(attainment)

    judging = Judging(documents, settle)
    events: list[Event] = []
    for report in _reports(hours):
        sent = as_event(report, _SITE_OF[dict(report.fact.attributes)["queue"]])
        if report.sent_at is None:
            continue
        if Fault.MISSPELT in report.faults:
            outcomes.misspelt.append((report.sent_at, as_json(sent)))
            continue
        raw = as_json(sent | {"receivedat": format_instant(report.sent_at)})
        outcomes.events.append(raw)
        events.append(decode_event(raw))
    events.sort(key=lambda one: one.time)
    for begin in range(0, len(events), 5_000):
        judging.take(events[begin : begin + 5_000])
    judging.finish()
    return outcomes


_SITE_OF = {line.queue: site.id for site in SITES for line in site.lines}


def _reports(hours: int) -> Iterator[Report]:
    day = Day(begins_at=BEGINS, live_at=BEGINS, wall_clock_ms=2 * HOUR)
    return takewhile(lambda one: one.fact.at < BEGINS + hours * HOUR, play(3, day, SITES, USUAL_FAULTS))


def stored(database: Database, truth: Told) -> None:
    """
    Put it all where the history service would have put it.
    """
    published = [
        Published(document=one, published_at=BEGINS - HOUR, published_by="quality").model_dump_json(
            by_alias=True, exclude_none=True
        )
        for one in truth.documents
    ]
    keys = [document_key(one) for one in truth.documents]
    put(database, "sqm.standards.v1", [one.encode() for one in published], keys)
    put(database, "sqm.events.v1", truth.events)
    aside = (("sqm-reason", b"unknown_field"), ("sqm-stage", b"ingest"))
    letters = [
        TopicRecord(at, raw, headers=aside, timestamp=sent_at) for at, (sent_at, raw) in enumerate(truth.misspelt)
    ]
    assert store(database, copy_of("sqm.events.dead.v1"), letters) == []
    put(database, "sqm.measurements.v1", [encode_outcome(one) for one in truth.measurements])
    put(database, "sqm.violations.v1", [encode_outcome(one) for one in truth.violations])
    put(database, "sqm.attainment.v1", [encode_outcome(one) for one in truth.attainment])
