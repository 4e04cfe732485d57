"""
Payloads through a connector: what becomes of each, which journeys they build, and what standards make of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlencode

import msgspec

from schemas.connectors import Connector
from schemas.mappings import Constant, EventRule, Identity
from schemas.standards import AnyDocument, Standard
from services.cli.connecting.bodies import Body, not_json, read_bodies
from services.cli.connecting.finding import line_of
from services.cli.connecting.needs import Gap, Said, Weight, gaps_of
from services.cli.connector_files import ReadConnector
from services.cli.event_revisions import standing
from services.cli.replay.judging import BATCH
from services.cli.replay.reading import Rejections
from services.cli.replay.run import Replay, Result
from services.cli.timeline import in_time_order
from services.ingest.engine.connector import Delivered, MappedPayload, Outcome, RejectedPayload
from services.ingest.engine.mapped import MappedEvent
from services.ingest.engine.paths import ROOT
from services.ingest.engine.rows import RowReason

__all__ = ["Judged", "Posting", "Tried", "TriedPayload", "can_say", "journeys_of", "judge", "try_files"]


class Posting(NamedTuple):
    """
    How the bodies would have been posted: by whom, with which headers (names in small letters), and when.
    """

    source: str
    headers: dict[str, str]
    received_at: int


class TriedPayload(NamedTuple):
    """
    What became of one payload, with the line of the connector that decided where it yields nothing.
    """

    body: Body
    outcome: Outcome
    line: int | None

    @property
    def is_rejected(self) -> bool:
        return isinstance(self.outcome, RejectedPayload)


class Judged(NamedTuple):
    """
    A standard, and what it lacks; nothing that is more than a remark where it can be judged.
    """

    standard: Standard
    gaps: list[Gap]

    @property
    def can_be(self) -> bool:
        return all(gap.weight is Weight.REMARK for gap in self.gaps)


class Tried:
    """
    Everything that came out of the payloads. A source of events for a replay, too.
    """

    def __init__(self) -> None:
        self.rejections = Rejections()
        self.events: list[MappedEvent] = []
        self.rows = self.mapped = self.passed_over = self.rejected = 0

    def add(self, tried: TriedPayload) -> None:
        """
        Count one payload, and keep its events.
        """
        self.rows += 1
        if isinstance(tried.outcome, MappedPayload):
            self.mapped += 1
            self.events += tried.outcome.events
        elif isinstance(tried.outcome, RejectedPayload):
            self.rejected += 1
        else:
            self.passed_over += 1

    def batches(self) -> Iterator[list[MappedEvent]]:
        """
        Yield all events by their time, in pieces that the engine takes at once.
        """
        ordered = in_time_order(self.events)
        while batch := list(islice(ordered, BATCH)):
            yield batch


_TOO_LARGE: Final = RejectedPayload(
    1, "", "body", "", "", RowReason.FIELD_TOO_LONG, "the payload is larger than a webhook may be"
)


def try_files(read: ReadConnector, files: Iterable[Path], posting: Posting) -> Iterator[TriedPayload]:
    """
    What becomes of each payload of some files. Raises Misconfigured where one cannot be read.
    """
    # Where one body is a list itself, a file of one holds no more than that.
    for body in read_bodies(files, lists=read.document.body.items != ROOT):
        if body.raw is None:
            yield TriedPayload(body, _TOO_LARGE, None)
            continue
        raw = _posted(read.document, body.raw)
        delivered = Delivered(raw, posting.headers, posting.source, posting.received_at)
        for outcome in read.compiled.outcomes(delivered):
            if not isinstance(outcome, RejectedPayload):
                over = None if isinstance(outcome, MappedPayload) else read.yaml.locate(("passes_over",))
                yield TriedPayload(body, outcome, over)
                continue
            why = not_json(body) if outcome.reason is RowReason.NOT_JSON else ""
            yield TriedPayload(body, outcome._replace(detail=why or outcome.detail), line_of(read.yaml, outcome))


def journeys_of(events: Iterable[MappedEvent]) -> dict[tuple[str, str], list[MappedEvent]]:
    """
    The journeys, by site and subject: of each event the highest revision, in the order of time.
    """
    latest = standing(events, lambda event: (event.source, event.id), lambda event: event.revision)
    journeys: dict[tuple[str, str], list[MappedEvent]] = {}
    for event in sorted(latest.values(), key=lambda one: one.time_ms):
        journeys.setdefault((event.facts.site, event.subject), []).append(event)
    return journeys


def can_say(read: ReadConnector) -> list[Said]:
    """
    What the mappings of a connector can tell, each with its file and line.
    """
    return [
        Said(
            rule.type, _facts(one.journey, rule), f"{read.file}:{read.yaml.locate(('mappings', key, 'events', place))}"
        )
        for key, one in read.document.mappings.items()
        for place, rule in enumerate(one.events)
    ]


def judge(tried: Tried, read: ReadConnector, documents: Sequence[AnyDocument]) -> tuple[list[Judged], Result | None]:
    """
    What each standard lacks, and the figures of those that lack nothing; None where there are none of these.
    """
    can = can_say(read)
    saw = [Said(event.type, event.facts.data) for events in journeys_of(tried.events).values() for event in events]
    judged = [Judged(one, gaps_of(one, can, saw)) for one in documents if isinstance(one, Standard)]
    unfit = {id(one.standard) for one in judged if not one.can_be}
    if len(unfit) == len(judged):
        return judged, None
    kept = [one for one in documents if id(one) not in unfit]
    return judged, Replay(read.document.zone, kept, (), None).run(tried)


def _facts(journey: Identity, rule: EventRule) -> dict[str, object]:
    told = {"site": journey.site, **rule.data}
    return {name: fact.text if isinstance(fact, Constant) else None for name, fact in told.items()}


def _posted(document: Connector, raw: bytes) -> bytes:
    """
    The body of a form, where its fields were written down as JSON.
    """
    if document.body.format == "json":
        return raw
    try:
        fields = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return raw
    return urlencode(fields).encode() if isinstance(fields, dict) else raw
