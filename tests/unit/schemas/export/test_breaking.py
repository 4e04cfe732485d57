"""
Every kind of breaking change is found where it is planted, and harmless changes are not.
"""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from schemas.export import MESSAGES, breaking_changes

Schema = dict[str, Any]

OLD: Schema = {
    "$defs": {"Part": {"type": "object", "additionalProperties": False, "properties": {"size": {"type": "integer"}}}},
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^a"},
        "state": {"enum": ["open", "closed"], "type": "string"},
        "note": {"anyOf": [{"type": "string", "maxLength": 10}, {"type": "null"}]},
        "part": {"$ref": "#/$defs/Part"},
        "list": {"type": "array", "items": {"type": "integer", "maximum": 9}, "maxItems": 5},
        "names": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "any": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "required": ["id"],
}


def test_a_part_that_has_itself_as_a_part_is_compared_once() -> None:
    """The branches of a route are routes."""
    (old,) = (message.schema() for message in MESSAGES if message.name == "alerting")
    assert breaking_changes(old, old) == []
    new = copy.deepcopy(old)
    del new["$defs"]["Route"]["properties"]["escalation"]
    assert breaking_changes(old, new) == ["/route/escalation: the field is gone"]


def set_to(*path: str, value: object) -> Callable[[Schema], None]:
    def change(schema: Schema) -> None:
        at = schema
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value

    return change


def without(*path: str) -> Callable[[Schema], None]:
    def change(schema: Schema) -> None:
        at = schema
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]

    return change


def changed(change: Callable[[Schema], None]) -> list[str]:
    new = copy.deepcopy(OLD)
    change(new)
    return breaking_changes(OLD, new)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (without("properties", "state"), "/state: the field is gone"),
        (set_to("required", value=["id", "note"]), "/note: the field is required now"),
        (set_to("properties", "new", value={"type": "string"}), None),
        (set_to("properties", "id", "type", value="integer"), "/id: type string became integer"),
        (set_to("properties", "id", "maxLength", value=63), "/id: maxLength 64 became 63"),
        (set_to("properties", "id", "minLength", value=2), "/id: minLength 1 became 2"),
        (set_to("properties", "id", "pattern", value="^b"), "/id: pattern ^a became ^b"),
        (set_to("properties", "id", "format", value="uri"), "/id: format none became uri"),
        (set_to("properties", "state", "enum", value=["open"]), "/state: no longer accepts 'closed'"),
        (set_to("properties", "state", value={"const": "open"}), "/state: no longer accepts 'closed'"),
        (set_to("properties", "id", "enum", value=["a"]), "/id: accepts only some values now"),
        (set_to("properties", "note", value={"type": "string"}), "/note: type null became string"),
        (set_to("properties", "note", "anyOf", value=[{"type": "null"}]), "/note: type string became null"),
        (set_to("$defs", "Part", "properties", "size", "minimum", value=0), "/part/size: minimum none became 0"),
        (set_to("$defs", "Part", "required", value=["size"]), "/part/size: the field is required now"),
        (set_to("properties", "list", "items", "maximum", value=8), "/list[]: maximum 9 became 8"),
        (set_to("properties", "list", "maxItems", value=4), "/list: maxItems 5 became 4"),
        (
            set_to("properties", "names", value={"type": "array", "items": {"type": "string"}}),
            "/names: type string became array",
        ),
        (set_to("properties", "any", "additionalProperties", value=False), "/any: unknown fields are refused now"),
        (
            set_to("properties", "any", "additionalProperties", value={"type": "integer"}),
            "/any/*: type string became integer",
        ),
    ],
)
def test_a_planted_change_is_told(change: Callable[[Schema], None], told: str | None) -> None:
    assert changed(change) == ([told] if told else [])


@pytest.mark.parametrize(
    "change",
    [
        set_to("properties", "id", "maxLength", value=65),
        without("properties", "id", "pattern"),
        set_to("properties", "state", "enum", value=["open", "closed", "lost"]),
        without("properties", "state", "enum"),
        set_to("properties", "part", value={"anyOf": [{"$ref": "#/$defs/Part"}, {"type": "null"}]}),
        set_to("$defs", "Part", "properties", "size", "type", value="number"),
        set_to("required", value=[]),
        set_to("additionalProperties", value=True),
        set_to("description", value="other words"),
        set_to("properties", "id", "description", value="other words"),
    ],
)
def test_a_harmless_change_is_not_told(change: Callable[[Schema], None]) -> None:
    assert changed(change) == []


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_no_message_breaks_with_itself_and_each_notices_a_lost_field(message: Any) -> None:  # noqa: ANN401 - one of MESSAGES
    old = message.schema()
    assert breaking_changes(old, old) == []
    new = message.schema()
    lost = next(iter(new["properties"]))
    del new["properties"][lost]
    assert f"/{lost}: the field is gone" in breaking_changes(old, new)
