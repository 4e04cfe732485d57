"""
Tells the fields of a model in words: type, bounds, meaning and an example, read from its JSON Schema.
"""

import json
from typing import Any, Final, NamedTuple

from schemas.alert_routes import RECURRENCE
from schemas.base import DURATION, PERCENT, PRINTABLE, RFC_3339, SITE, SLUG, SOURCE, URL
from schemas.events import CONTENT_TYPE, EVENT_MODELS
from schemas.export.messages import Schema
from schemas.on_call import TARGET
from schemas.receivers import MAIL, NAMED

__all__ = ["Field", "fields_of", "table"]

_FORMS: Final[dict[str, str]] = {
    PRINTABLE: "",
    SLUG: "lower-case letters, digits, `.` `_` `-`",
    SITE: "1 to 64 letters, digits, `.` `_` `-`",
    RFC_3339: "RFC 3339 with an offset",
    SOURCE: "no spaces or quotes",
    DURATION: "like `20s` or `1h30m`; at most 400 days",
    PERCENT: "like `80%` or `99.5%`",
    URL: "`http://…` or `https://…`",
    MAIL: "a mail address",
    NAMED: "capital letters, digits, `_`",
    RECURRENCE: "a rule of RFC 5545, hourly at the most often",
    TARGET: "`person:`, `team:`, `schedule:` or `receiver:`, and its id",
    CONTENT_TYPE: "`application/json`, alone or with `charset=utf-8`",
}
_KINDS: Final[dict[str, str]] = {RFC_3339: "time", DURATION: "duration", PERCENT: "share"}


class Field(NamedTuple):
    """
    One field as the reference shows it.
    """

    name: str
    kind: str
    required: bool
    meaning: str
    bounds: str
    example: str


def fields_of(schema: Schema, definitions: dict[str, Schema], example: object) -> list[Field]:
    """
    The fields of one object; ``example`` is a message of it, from which the values are taken.
    """
    shown = example if isinstance(example, dict) else {}
    return [
        _field(name, field, name in schema.get("required", []), definitions, shown.get(name))
        for name, field in schema.get("properties", {}).items()
    ]


def table(fields: list[Field]) -> str:
    """
    The fields as a table of Markdown.
    """
    lines = ["| field | type | required | meaning | bounds | example |", "| --- | --- | --- | --- | --- | --- |"]
    for field in fields:
        cells = (
            f"`{field.name}`",
            field.kind,
            "yes" if field.required else "",
            field.meaning,
            field.bounds,
            f"`{field.example}`" if field.example else "",
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return "\n".join(lines)


def _field(name: str, schema: Schema, required: bool, definitions: dict[str, Schema], example: object) -> Field:  # noqa: FBT001 - a fact of the field, not a switch
    options = [option for option in schema.get("anyOf", [schema]) if option.get("type") != "null"]
    nullable = len(options) < len(schema.get("anyOf", [schema]))
    kinds = list(dict.fromkeys(_kind(option, definitions) for option in options))
    bounds = list(dict.fromkeys(text for option in options for text in _bounds(option)))
    if nullable and required:
        kinds.append("null")
    default = schema.get("default")
    if isinstance(default, list):
        default = ", ".join(default)
    if not required and _shown(default):
        bounds.append(f"default `{_shown(default)}`")
    return Field(name, " or ".join(kinds), required, schema.get("description", ""), "; ".join(bounds), _shown(example))


def _kind(schema: Schema, definitions: dict[str, Schema]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if schema.get("type") == "array":
        inner = schema.get("items", {})
        kinds = dict.fromkeys(_kind(option, definitions) for option in inner.get("anyOf", [inner]))
        return "list of " + " or ".join(kinds)
    if schema.get("pattern") in _KINDS:
        return _KINDS[schema["pattern"]]
    if "const" in schema:
        return "constant"
    if "enum" in schema:
        return "word"
    words = {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "object": "mapping",
    }
    return words.get(schema.get("type", ""), "any")


def _bounds(schema: Schema) -> list[str]:
    said = [*_values(schema), *_length(schema), *_range(schema)]
    if schema.get("type") == "array":
        inner = schema.get("items", {})
        said += [text for option in inner.get("anyOf", [inner]) for text in _bounds(option)]
    return said


def _values(schema: Schema) -> list[str]:
    if "const" in schema:
        return [f"`{schema['const']}`"]
    values = schema.get("enum", [])
    if EVENT_MODELS.keys() <= set(values):
        return ["type of a [service event](events.md)"]
    return [", ".join(f"`{value}`" for value in values)] if values else []


def _length(schema: Schema) -> list[str]:
    said: list[str] = []
    pattern = schema.get("pattern")
    if pattern is not None:
        said.append(_FORMS.get(pattern, f"form `{pattern}`"))
    if "maxLength" in schema and pattern not in _KINDS and pattern != CONTENT_TYPE:
        said.append(f"{schema.get('minLength', 0)} to {schema['maxLength']} characters")
    if "maxItems" in schema:
        said.append(f"{schema.get('minItems', 0)} to {schema['maxItems']} entries")
    if "maxProperties" in schema:
        said.append(f"at most {schema['maxProperties']} entries")
    return [text for text in said if text]


def _range(schema: Schema) -> list[str]:
    words = (("minimum", "from"), ("exclusiveMinimum", "above"), ("maximum", "to"), ("exclusiveMaximum", "below"))
    return [f"{word} {_number(schema[keyword])}" for keyword, word in words if keyword in schema]


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _shown(value: Any) -> str:  # noqa: ANN401 - any plain data
    if value is None or isinstance(value, dict | list):
        return ""
    return value if isinstance(value, str) else json.dumps(value)
