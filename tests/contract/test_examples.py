"""
Every message has good examples, which model and JSON Schema accept, and bad ones, refused for the reason beside them.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from schemas.export.messages import EXAMPLES, MESSAGES, Message

BY_NAME = {message.name: message for message in MESSAGES}
GOOD = sorted(EXAMPLES.glob("*/good/*.json"))
BAD = sorted(EXAMPLES.glob("*/bad/*.json"))
TOLD_APART = {"event", "document"}
"""Families that are validated as a union, whose faults begin with the member that was chosen."""

LOOSER: dict[str, str] = {
    # kind of fault that only the models find: the reason why a JSON Schema cannot say it
    "misfit": "compares two fields",
    "value_error": "needs arithmetic, or counts the extensions without the attributes",
    "instant": "a pattern knows no calendar",
    "finite_number": "the schema cannot see what Python made of the text",
    "json_invalid": "the text is no JSON, so there is nothing to check",
}


class Bad(NamedTuple):
    message: Message
    text: str
    reason: str
    pointer: str
    kind: str


def name_of(file: Path) -> str:
    return f"{file.parents[1].name}/{file.stem}"


def read_bad(file: Path) -> Bad:
    content: dict[str, Any] = json.loads(file.read_text("utf-8"))
    text = content["text"] if "text" in content else json.dumps(content["message"])
    return Bad(BY_NAME[file.parents[1].name], text, content["reason"], content["pointer"], content["kind"])


def pointer_of(message: Message, loc: tuple[int | str, ...]) -> str:
    steps = loc[1:] if message.family in TOLD_APART and message.name != "published" else loc
    return "".join(f"/{step}" for step in steps)


def validator(message: Message) -> Draft202012Validator:
    return Draft202012Validator(message.schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_every_message_has_a_good_and_a_bad_example(message: Message) -> None:
    assert list((EXAMPLES / message.name / "good").glob("*.json"))
    assert list((EXAMPLES / message.name / "bad").glob("*.json"))


def test_every_example_belongs_to_a_message() -> None:
    assert {folder.name for folder in EXAMPLES.iterdir()} == BY_NAME.keys()
    assert {file.parent.name for file in EXAMPLES.rglob("*.json")} == {"good", "bad"}


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_every_json_schema_is_one(message: Message) -> None:
    Draft202012Validator.check_schema(message.schema())


@pytest.mark.parametrize("file", GOOD, ids=name_of)
def test_a_good_example_is_accepted_by_model_and_schema(file: Path) -> None:
    message = BY_NAME[file.parents[1].name]
    text = file.read_text("utf-8")
    assert isinstance(message.validate(text), message.model)
    assert [fault.message for fault in validator(message).iter_errors(json.loads(text))] == []


@pytest.mark.parametrize("file", GOOD, ids=name_of)
def test_what_was_accepted_is_accepted_again_as_it_is_written_back(file: Path) -> None:
    message = BY_NAME[file.parents[1].name]
    once = message.validate(file.read_text("utf-8")).model_dump_json(by_alias=True)
    assert message.validate(once).model_dump_json(by_alias=True) == once


@pytest.mark.parametrize("file", BAD, ids=name_of)
def test_a_bad_example_is_refused_at_its_place_for_its_reason(file: Path) -> None:
    bad = read_bad(file)
    with pytest.raises(ValidationError) as caught:
        bad.message.validate(bad.text)
    faults = caught.value.errors(include_url=False, include_input=False)
    assert [(pointer_of(bad.message, fault["loc"]), fault["type"]) for fault in faults] == [(bad.pointer, bad.kind)]
    assert bad.reason.endswith((".", "?"))


@pytest.mark.parametrize("file", BAD, ids=name_of)
def test_a_bad_example_is_refused_by_the_schema_too_unless_no_schema_could(file: Path) -> None:
    bad = read_bad(file)
    if bad.kind in LOOSER:
        return
    assert list(validator(bad.message).iter_errors(json.loads(bad.text)))
