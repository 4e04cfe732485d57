"""
The reference pages: every event, document, outcome, topic and metric, for whoever connects a system or owns a standard.
"""

import json
from typing import Any, Final

from schemas.base import DAY_MS
from schemas.events import Envelope, Facts
from schemas.export import introductions
from schemas.export.asyncapi import CARRIED, FLOWS
from schemas.export.fields import Field, fields_of, table
from schemas.export.messages import MESSAGES, NOTICE, Family, Message, Schema
from schemas.export.yaml_text import yaml_text
from schemas.metric_labels import LABELS
from schemas.metrics import METRICS
from schemas.topics import TOPICS, Topic

__all__ = ["reference_pages"]

_FIRST_LINE: Final = f"<!-- {NOTICE} -->"
_WRITTEN: Final = ("document", "alerting")
"""Families that people write, in YAML."""
_COMMON: Final = frozenset(Facts.model_fields)
_ENVELOPE: Final = frozenset(Envelope.model_fields) | {"type", "data"}


def reference_pages() -> list[tuple[str, str]]:
    """
    File name and text of each page.
    """
    return [
        ("events.md", _page("Service events", introductions.EVENTS_TEXT, _event_sections())),
        (
            "standards.md",
            _page("Standards, calendars, sites and sources", introductions.STANDARDS_TEXT, _sections("document")),
        ),
        ("outcomes.md", _page("Outcomes", introductions.OUTCOMES_TEXT, _sections("outcome"))),
        ("alerting.md", _page("Configuration of alerts", introductions.ALERTING_TEXT, _sections("alerting"))),
        ("alerts.md", _page("Alerts, messages and commands", introductions.ALERTS_TEXT, _sections("alert"))),
        ("topics.md", _page("Topics", introductions.TOPICS_TEXT, [_topic_table(), *_dead_letters(), *_webhooks()])),
        ("metrics.md", _page("Metrics", introductions.METRICS_TEXT, [_metric_table(), _label_table()])),
    ]


def _page(title: str, text: str, sections: list[str]) -> str:
    return "\n\n".join([_FIRST_LINE, f"# {title}", text.strip(), *sections]) + "\n"


def _of(family: Family) -> list[Message]:
    return [message for message in MESSAGES if message.family == family]


def _example(message: Message) -> Any:  # noqa: ANN401 - any plain data
    return max(message.good_examples(), key=lambda example: len(json.dumps(example)), default=None)


def _code(example: object, language: str) -> str:
    text = yaml_text(example) if language == "yaml" else json.dumps(example, indent=2, ensure_ascii=False) + "\n"
    return f"```{language}\n{text}```"


def _data(message: Message) -> tuple[Schema, dict[str, Schema], object]:
    schema = message.schema()
    definitions = schema.get("$defs", {})
    name = schema["properties"]["data"]["$ref"].rsplit("/", 1)[-1]
    return definitions[name], definitions, (_example(message) or {}).get("data")


def _event_sections() -> list[str]:
    events = _of("event")
    first = events[0].schema()
    envelope = [field for field in fields_of(first, {}, _example(events[0])) if field.name in _ENVELOPE]
    facts, definitions, data = _data(events[0])
    sections = [
        "## The envelope",
        table([field._replace(kind="mapping", bounds="") if field.name == "data" else field for field in envelope]),
        introductions.EXTENSIONS_TEXT.strip(),
        "## Facts that every event may carry in `data`",
        table(fields_of(facts, definitions, data)),
        "## The types",
    ]
    for message in events:
        facts, definitions, data = _data(message)
        own = [field for field in fields_of(facts, definitions, data) if field.name not in _COMMON or _stricter(field)]
        journey = "Belongs to a journey: `subject` is required." if "subject" in message.schema()["required"] else ""
        sections += [f"### `sqm.{message.name}`", f"{message.title} {journey}".strip()]
        if own:
            sections.append(table(own))
        sections += [part for name, part in _parts(definitions, data) if name != _data_name(message)]
        sections.append(_code(_example(message), "json"))
    return sections


def _data_name(message: Message) -> str:
    return str(message.schema()["properties"]["data"]["$ref"].rsplit("/", 1)[-1])


def _stricter(field: Field) -> bool:
    return field.required and field.name != "site"


def _parts(definitions: dict[str, Schema], example: object) -> list[tuple[str, str]]:
    return [
        (name, f"#### {name}\n\n{_flat(schema)}\n\n{table(fields_of(schema, definitions, _found(example, schema)))}")
        for name, schema in sorted(definitions.items())
        if schema.get("properties")
    ]


def _flat(schema: Schema) -> str:
    paragraphs = str(schema.get("description", "")).split("\n\n")
    return "\n\n".join(paragraph.replace("\n", " ").replace("``", "`") for paragraph in paragraphs)


def _found(example: object, schema: Schema) -> object:
    """
    The part of an example that has the required fields of a schema, the first that is met.
    """
    if isinstance(example, dict):
        required = schema.get("required", [])
        if required and all(name in example for name in required) and set(example) <= set(schema["properties"]):
            return example
        example = list(example.values())
    if isinstance(example, list):
        return next((found for item in example if (found := _found(item, schema)) is not None), None)
    return None


def _sections(family: Family) -> list[str]:
    sections: list[str] = []
    told: set[str] = set()
    for message in _of(family):
        schema, example = message.schema(), _example(message)
        definitions = schema.get("$defs", {})
        sections += [f"## {message.model.__name__}", _flat(schema), table(fields_of(schema, definitions, example))]
        models = {other.model.__name__ for other in _of(family)}
        for name, part in _parts(definitions, example):
            if name not in told and name not in models:
                told.add(name)
                sections.append(part)
        if message.name != "published":
            sections.append(_code(example, "yaml" if family in _WRITTEN else "json"))
    return sections


def _topic_table() -> str:
    lines = [
        "| topic | carries | key | written by | read by | partitions | kept | cleanup | times | largest record |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for topic in TOPICS:
        readers = ", ".join(flow.who for flow in FLOWS if flow.topic is topic and flow.action == "receive")
        cells = (
            f"`{topic.name}`",
            f"{topic.carries} ({_carried(topic)})",
            topic.key,
            topic.owner,
            readers,
            str(topic.partitions or "by setting"),
            "for ever" if topic.retention_ms < 0 else f"{topic.retention_ms // DAY_MS} days",
            topic.cleanup,
            topic.timestamps,
            f"{topic.max_message_bytes // 1024} KiB",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _carried(topic: Topic) -> str:
    names = CARRIED[topic.name]
    return "the service events" if len(names) > 1 else names[0]


def _dead_letters() -> list[str]:
    (message,) = _of("dead_letter")
    return ["## Headers of a dead letter", introductions.DEAD_LETTERS_TEXT.strip(), _headers(message)]


def _webhooks() -> list[str]:
    (message,) = _of("raw")
    return ["## Headers of a stored webhook", introductions.WEBHOOKS_TEXT.strip(), _headers(message)]


def _headers(message: Message) -> str:
    schema = message.schema()
    return table(fields_of(schema, schema.get("$defs", {}), _example(message)))


def _metric_table() -> str:
    lines = ["| metric | kind | meaning | labels |", "| --- | --- | --- | --- |"]
    lines += [
        f"| `{metric.name}` | {metric.kind} | {metric.help} | {', '.join(f'`{label}`' for label in metric.labels)} |"
        for metric in METRICS
    ]
    return "\n".join(lines)


def _label_table() -> str:
    lines = ["## Labels", "", "| label | values |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| `{label}` | {meaning} |" for label, meaning in LABELS.items())])
