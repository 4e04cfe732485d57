"""
Reads configurations of alerts and timelines, and tells every fault by file, line and field.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from schemas.standards import DOCUMENTS, AnyDocument
from services.alerts.shell.config_file import read_alerting
from services.cli.alerting.model import Expectation, Step, Timeline
from services.cli.alerting.playing import Played, note_line, state_line, told_line
from services.runtime.errors import Misconfigured
from services.runtime.faults import describe, problem_of
from services.runtime.yamlfile import Document, read_one_document
from services.sla.shell.documents import read_documents_of, require

__all__ = ["first_fault", "play_file", "read_alerting", "read_timeline"]


def read_timeline(file: Path) -> tuple[Timeline, Document]:
    """
    Read one timeline. Raises Misconfigured with every fault.
    """
    document = read_one_document(file, "a timeline")
    try:
        return Timeline.model_validate(document.value), document
    except ValidationError as error:
        raise Misconfigured("\n  ".join(describe(error, document, Timeline))) from error


def play_file(file: Path, config: Path | None = None, *, after_each: Step | None = None) -> tuple[Played, list[str]]:
    """
    Play a timeline, by its own configuration or that of a file; returns what came, and where it differs from what was
    expected, as `file:line: …`. `after_each` is done after each of its steps, like a restart. Raises Misconfigured with
    every fault.
    """
    timeline, document = read_timeline(file)
    said = _configuration(timeline, file) if config is None else _sections(config)
    documents = _documents(timeline, document, file)
    try:
        played = Played(said, documents, timeline.day)
    except ValidationError as error:
        raise Misconfigured(f"{file}:{document.locate(('alerting',)) or 1}: alerting: {first_fault(error)}") from error
    differing: list[str] = []
    seen = noted = 0
    for number, step in enumerate(timeline.steps):
        line = document.locate(("steps", number)) or 0
        try:
            played.do(step)
        except ValidationError as error:
            raise Misconfigured(f"{file}:{line}: steps[{number}]: {first_fault(error)}") from error
        if after_each is not None:
            played.do(after_each)
        if step.expect is not None:
            differing += [f"{file}:{line}: {one}" for one in _differences(played, step.expect, seen, noted)]
            seen = len(played.messages) if step.expect.told is not None else seen
            noted = len(played.notes) if step.expect.notes is not None else noted
    if timeline.expect is not None:
        line = document.locate(("expect",)) or 0
        differing += [f"{file}:{line}: {one}" for one in _differences(played, timeline.expect, seen, noted)]
    return played, differing


def _differences(played: Played, expected: Expectation, seen: int, noted: int) -> list[str]:
    found: list[str] = []
    if expected.told is not None:
        came = [told_line(one, played.day) for one in played.messages[seen:]]
        found += _compared("message", expected.told, came)
    if expected.notes is not None:
        came = [note_line(one, played.day) for one in played.notes[noted:]]
        found += _compared("note", expected.notes, came)
    if expected.alerts is not None:
        came = [f"{key}: {state_line(alert)}" for key, alert in sorted(played.alerts.items())]
        found += _compared("alert", [f"{key}: {state}" for key, state in sorted(expected.alerts.items())], came)
    return found


def _compared(what: str, expected: Iterable[str], came: Iterable[str]) -> list[str]:
    wanted, there = list(expected), list(came)
    missing = [f"missing {what}: {one}" for one in wanted if one not in there]
    surplus = [f"unexpected {what}: {one}" for one in there if one not in wanted]
    if not missing and not surplus and wanted != there:
        return [f"{what}s came in another order or number: {'; '.join(there)}"]
    return missing + surplus


def _configuration(timeline: Timeline, file: Path) -> dict[str, Any]:
    if timeline.config is not None:
        return _sections(file.parent / timeline.config) | timeline.alerting
    if not timeline.alerting:
        raise Misconfigured(
            f"{file}: says no configuration; write it under `alerting`, or name a file with `config` or --config"
        )
    return timeline.alerting


def _sections(file: Path) -> dict[str, Any]:
    _, document = read_alerting(file)
    return cast("dict[str, Any]", document.value)


def _documents(timeline: Timeline, document: Document, file: Path) -> tuple[AnyDocument, ...]:
    found = [one.document for one in require(read_documents_of(file.parent / name for name in timeline.files))]
    for place, written in enumerate(timeline.documents):
        try:
            found.append(DOCUMENTS.validate_python(written))
        except ValidationError as error:
            line = document.locate(("documents", place)) or 1
            raise Misconfigured(f"{file}:{line}: documents[{place}]: {first_fault(error)}") from error
    return tuple(found)


def first_fault(error: ValidationError) -> str:
    """
    The first fault of a value, by its field where it is of one.
    """
    fault = error.errors(include_url=False)[0]
    field = ".".join(map(str, fault["loc"]))
    return f"{field}: {problem_of(fault)}" if field else problem_of(fault)
