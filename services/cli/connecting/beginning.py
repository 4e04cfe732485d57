"""
Begins a connector: reads sample payloads, writes the sketch, and sees whether it reads what it was made from.
"""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from schemas.connectors import IDENTITIES, LONGEST_ID
from services.cli.connecting.bodies import Body, not_json, read_bodies
from services.cli.connecting.fields import items_of
from services.cli.connecting.finding import line_of
from services.cli.connecting.sketch import example_of, pruned, sketch
from services.cli.connector_files import ReadConnector, compile_document
from services.ingest.engine.connector import Delivered, MappedPayload, RejectedPayload
from services.ingest.engine.connector_examples import EXAMPLE_SOURCE, RECEIVED_AT
from services.ingest.engine.paths import ROOT
from services.runtime.errors import Misconfigured
from services.runtime.yamlfile import read_documents

__all__ = ["Begun", "begin", "ident_of"]

_MOST_SAMPLES: Final = 100


class Begun(NamedTuple):
    """
    A document, and the faults that stand in the way of its own sample, each with its line.
    """

    text: str
    faults: list[str]


def begin(ident: str, files: Sequence[Path], name: str) -> Begun:
    """
    Begin a connector from the payloads of some files; messages call the document `name`. Raises Misconfigured.
    """
    bodies = [(body, _decoded(body)) for body in islice(read_bodies(files), _MOST_SAMPLES)]
    items = items_of(bodies[0][1])
    payloads = [payload for body, value in bodies for payload in _payloads(body, value, items)]
    text = sketch(ident, payloads, items)
    read = _read(text, name)
    columns = read.document.columns.items()
    paths = [path for name, column in columns if name not in IDENTITIES for path in column.name or ()]
    sample = pruned(payloads[0], paths)
    whole = sample if items is None else [sample] if items == ROOT else _within(items.split("."), [sample])
    events = []
    for outcome in read.compiled.outcomes(Delivered(msgspec.json.encode(whole), {}, EXAMPLE_SOURCE, RECEIVED_AT)):
        if isinstance(outcome, RejectedPayload):
            return Begun(text, [f"{name}:{line_of(read.yaml, outcome)}: {outcome.where}: {outcome.detail}"])
        if isinstance(outcome, MappedPayload):
            events += outcome.events
    return Begun(text + example_of(f"A payload of {files[0].name}", whole, events), [])


def ident_of(name: str) -> str:
    """
    An id for a connector, after the name of a file.
    """
    words = "".join(char if char.isascii() and char.isalnum() else " " for char in name.lower()).split()
    return "-".join(words)[:LONGEST_ID].rstrip("-") or "my-system"


def _decoded(body: Body) -> object:
    problem = f"{body.place}: larger than a webhook may be" if body.raw is None else not_json(body)
    if problem:
        raise Misconfigured(problem)
    try:
        return msgspec.json.decode(body.raw or b"")
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Misconfigured(f"{body.place}: {error}") from error


def _payloads(body: Body, value: object, items: str | None) -> list[object]:
    found: object = [value]
    if items is not None:
        found = value
        for step in () if items == ROOT else items.split("."):
            found = found.get(step) if isinstance(found, dict) else None
    payloads = [one for one in found if isinstance(one, dict) and one] if isinstance(found, list) else []
    if not payloads:
        raise Misconfigured(f"{body.place}: holds no payload: an object with fields, or a list of such")
    return list(payloads)


def _within(steps: list[str], inner: object) -> object:
    return inner if not steps else {steps[0]: _within(steps[1:], inner)}


def _read(text: str, name: str) -> ReadConnector:
    (document,) = read_documents(text, name)
    return compile_document(Path(name), document)
