"""
The engine: events, standards and a clock go in, decisions come out. It never reads a clock, a file, a socket or a
random number.
"""

from services.sla.engine.book import Book, Publication
from services.sla.engine.chunks import Header, UnreadableChunkError, peek
from services.sla.engine.duty import Duty
from services.sla.engine.events import Event, EventFacts, decode_event
from services.sla.engine.fold import Record, advance, fold
from services.sla.engine.live import NOBODY, Line, Live, LiveSite, Waiting, live, waiting
from services.sla.engine.objectives import Objectives, UnreadableObjectivesError
from services.sla.engine.objectives import advance as advance_objectives
from services.sla.engine.objectives import take as take_rows
from services.sla.engine.outcomes import (
    Attainment,
    Decision,
    Measurement,
    Outcome,
    Reason,
    Segment,
    TrailEntry,
    Violation,
    decode_row,
    encode_outcome,
)
from services.sla.engine.partition import ClockKind, Gauges, Partition, Policy, changed_rows, drain_attainment
from services.sla.engine.stages import Said, Stages

__all__ = [
    "NOBODY",
    "Attainment",
    "Book",
    "ClockKind",
    "Decision",
    "Duty",
    "Event",
    "EventFacts",
    "Gauges",
    "Header",
    "Line",
    "Live",
    "LiveSite",
    "Measurement",
    "Objectives",
    "Outcome",
    "Partition",
    "Policy",
    "Publication",
    "Reason",
    "Record",
    "Said",
    "Segment",
    "Stages",
    "TrailEntry",
    "UnreadableChunkError",
    "UnreadableObjectivesError",
    "Violation",
    "Waiting",
    "advance",
    "advance_objectives",
    "changed_rows",
    "decode_event",
    "decode_row",
    "drain_attainment",
    "encode_outcome",
    "fold",
    "live",
    "peek",
    "take_rows",
    "waiting",
]
