"""
The examples of the contracts hold for the code that writes and reads them.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.alerting import ALERTINGS, Alerting
from schemas.dead_letters import DeadLetterHeaders
from schemas.export.messages import EXAMPLES
from schemas.export.yaml_text import yaml_text
from schemas.standards import DOCUMENTS, AnyDocument
from services.runtime.deadletter import DeadLetter, Origin
from services.runtime.faults import describe
from services.runtime.yamlfile import read_documents

KINDS: dict[str, TypeAdapter[Any]] = {
    "standard": DOCUMENTS, "site": DOCUMENTS, "source": DOCUMENTS, "alerting": ALERTINGS,
}  # fmt: skip
TYPES = {kind: Alerting if adapter is ALERTINGS else AnyDocument for kind, adapter in KINDS.items()}
WRITTEN = [file for kind in KINDS for file in sorted((EXAMPLES / kind / "good").glob("*.json"))]
MISWRITTEN = [file for kind in KINDS for file in sorted((EXAMPLES / kind / "bad").glob("*.json"))]


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: f"{file.parents[1].name}/{file.stem}")
def test_a_document_means_the_same_in_yaml_as_in_json(file: Path) -> None:
    text, kind = file.read_text("utf-8"), KINDS[file.parents[1].name]
    (document,) = read_documents(yaml_text(json.loads(text)), "example.yaml")
    assert kind.validate_python(document.value) == kind.validate_json(text)


def told(file: Path) -> tuple[str, str]:
    """
    A bad example in YAML, and the sentence about its fault.
    """
    text = yaml_text(json.loads(file.read_text("utf-8"))["message"])
    (document,) = read_documents(text, "example.yaml")
    with pytest.raises(ValidationError) as caught:
        KINDS[file.parents[1].name].validate_python(document.value)
    (sentence,) = describe(caught.value, document, TYPES[file.parents[1].name])
    return text, sentence


@pytest.mark.parametrize("file", MISWRITTEN, ids=lambda file: f"{file.parents[1].name}/{file.stem}")
def test_a_fault_in_yaml_is_told_with_its_line_and_field(file: Path) -> None:
    bad = json.loads(file.read_text("utf-8"))
    text, sentence = told(file)
    where, field, problem = sentence.split(": ", 2)
    steps = bad["pointer"].split("/")[1:] or ["kind"]
    assert where.startswith("example.yaml:")
    assert field.startswith(steps[0])
    assert problem
    assert "pattern" not in problem, "a form is told in words"
    if bad["kind"] != "missing":
        line = text.splitlines()[int(where.rsplit(":", 1)[1]) - 1]
        names = [step for step in steps if not step.isdigit()]
        assert any(f"{name}:" in line for name in names) or line.lstrip().startswith("- ")


def test_a_secret_that_is_written_where_its_name_belongs_is_not_repeated() -> None:
    text, sentence = told(EXAMPLES / "alerting/bad/secret-written-out.json")
    assert "s3cr3t" in text
    assert "s3cr3t" not in sentence
    assert "must be the name of a secret" in sentence


@pytest.mark.parametrize(
    "letter",
    [
        DeadLetter("unknown_type", "ingest", "no such type", b"k", b"v", (("content-type", b"x"),), 1_772_442_847_123),
        DeadLetter("too_late", "sla", "late", None, b"v", (), 5, 3, Origin("p.sqm.events.v1", 2, 77, 6, "sqm-sla")),
        DeadLetter("bad_cell", "mapping", "x" * 5_000, None, b"a;b", (), 5, file="a.csv", line=12, field="q_start"),
    ],
    ids=lambda letter: letter.stage,
)
def test_the_headers_of_dead_letters_follow_their_contract(letter: DeadLetter) -> None:
    ours = dict(letter.all_headers()[len(letter.headers) :])
    read = DeadLetterHeaders.model_validate(
        {name: value.decode() for name, value in ours.items()}, by_name=False, by_alias=True
    )
    assert (read.headers, read.reason, read.stage) == (str(len(letter.headers)), letter.reason, letter.stage)
