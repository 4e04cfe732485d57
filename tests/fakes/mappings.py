"""
Mappings for tests: a small one, written as its owner would, a standard for what it yields, and a way to change parts
of it.
"""

from io import BytesIO
from typing import Any

from schemas.mappings import MAPPINGS
from services.ingest.engine.mapped import MappedEvent
from services.ingest.engine.mapping import CompiledMapping, compile_mapping
from services.ingest.engine.rows import RejectedRow
from services.runtime.yamlfile import read_documents

TICKETS = """
apiVersion: sqm/v1
kind: Mapping
metadata: {id: tickets, title: Tickets of a branch, owner: Branch IT}
source: urn:sqm:files:tickets
zone: Europe/Berlin
options:
  sites: {title: which site, default: main, values: [main, desk]}
columns:
  ticket: {name: Ticket, required: true}
  desk: {name: Desk}
  day: {name: Day, type: date, format: "%d.%m.%Y", required: true}
  came: {name: Came, type: time_of_day, date: day, required: true}
  called: {name: Called, type: time_of_day, date: day, rolls_over_after: came, not_reached: "-"}
journey:
  site: 'sites == "desk" ? desk : "branch"'
  subject: "{day}-{ticket}"
events:
  - {type: journey.arrived, time: came, data: {queue: desk}}
  - {type: journey.called, when: called != null, time: called, data: {queue: desk}}
"""

WAIT = """
apiVersion: sqm/v1
kind: Standard
metadata:
  id: wait
  version: 1
  title: Nobody waits longer than five minutes
  owner: Branch
  effective_from: 2020-01-01T00:00:00Z
  why: Because.
clock: {start: journey.arrived, stop: journey.called, limit: 5m}
objective: {metric: sl_all_offered, target: 80%}
"""
"""A standard for the tickets of the mapping."""

HEADER = "Ticket,Desk,Day,Came,Called\n"

Outcome = MappedEvent | RejectedRow


def document_of(text: str = TICKETS, **changes: object) -> dict[str, Any]:
    """
    The mapping's YAML as a value; keyword arguments replace fields at its top.
    """
    (document,) = read_documents(text, "mapping.yaml")
    assert isinstance(document.value, dict)
    return {**document.value, **changes}


def mapping_of(text: str = TICKETS, options: dict[str, str] | None = None, **changes: object) -> CompiledMapping:
    """
    The compiled mapping.
    """
    return compile_mapping(MAPPINGS.validate_python(document_of(text, **changes)), options or {})


def mapped(mapping: CompiledMapping, content: str | bytes) -> list[Outcome]:
    """
    All that a file yields: events and rejected rows, in order.
    """
    stream = BytesIO(content if isinstance(content, bytes) else content.encode())
    found: list[Outcome] = []
    for row in mapping.read(stream, "file.csv"):
        events = row if isinstance(row, RejectedRow) else mapping.events(row, "file.csv")
        found += [events] if isinstance(events, RejectedRow) else events
    return found
