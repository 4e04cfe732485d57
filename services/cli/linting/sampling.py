"""
Samples of events for the lint: read from files through a mapping, or from files of CloudEvents, one a line.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from domain.linting import Gathering, Sample
from schemas.base import to_millis
from schemas.events import EVENTS
from services.cli.mapping_files import open_file
from services.ingest.engine.mapped import MappedEvent
from services.ingest.engine.mapping import CompiledMapping
from services.ingest.engine.rows import RejectedRow
from services.runtime.errors import Misconfigured

__all__ = ["gather"]

_LONGEST_LINE: Final = 1_048_576


def gather(files: Sequence[Path], mapping: CompiledMapping | None) -> Sample:
    """
    Read a sample. Raises Misconfigured where a file cannot be read, a line is no event, or there is none at all.
    """
    gathering, count = Gathering(), 0
    for file in files:
        if mapping is None:
            count += _cloud_events(file, gathering)
            continue
        for event in _mapped(file, mapping):
            count += 1
            gathering.add(event.type, event.subject, event.time_ms, event.facts.data)
    if not count:
        raise Misconfigured("--events: no event is in the sample; name a file that has some, and its --mapping")
    return gathering.sample()


def _mapped(file: Path, mapping: CompiledMapping) -> Iterator[MappedEvent]:
    with open_file(file) as stream:
        for row in mapping.read(stream, str(file)):
            events = row if isinstance(row, RejectedRow) else mapping.events(row, str(file))
            # What does not fit the mapping is no matter of standards: `sqm mapping try` tells it.
            if not isinstance(events, RejectedRow):
                yield from events


def _cloud_events(file: Path, gathering: Gathering) -> int:
    count = number = 0
    with open_file(file) as stream:
        while line := stream.readline(_LONGEST_LINE + 1):
            number += 1
            if not line.strip():
                continue
            try:
                event = EVENTS.validate_json(line, extra="allow")
            except ValidationError as error:
                first = error.errors(include_url=False)[0]
                field = ".".join(map(str, first["loc"])) or "event"
                fix = "write one CloudEvent a line, or name a --mapping"
                raise Misconfigured(f"{file}:{number}: {field}: {first['msg']}; {fix}") from error
            told = event.model_dump(exclude_none=True)
            gathering.add(told["type"], event.subject, to_millis(event.time), told["data"])
            count += 1
    return count
