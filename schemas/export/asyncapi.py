"""
The AsyncAPI document: which topic carries which messages, who writes and who reads them, and how the broker keeps them.
"""

from typing import Any, Final, NamedTuple

from schemas.export.messages import MESSAGES, Message
from schemas.tables import TABLES
from schemas.topics import (
    ALERT_COMMANDS,
    ALERTING,
    ALERTS,
    ATTAINMENT,
    DEAD_LETTERS,
    DELIVERIES,
    EVENTS,
    EVENTS_IN,
    MEASUREMENTS,
    NOTIFICATIONS,
    RAW,
    STANDARDS,
    TOPICS,
    VIOLATIONS,
    Topic,
)

__all__ = ["CARRIED", "FLOWS", "Flow", "asyncapi_document", "channel_id"]

BINDING: Final = "0.5.0"
USUAL_PARTITIONS: Final = 4
_EVENT_NAMES: Final = tuple(message.name for message in MESSAGES if message.family == "event")

CARRIED: Final[dict[str, tuple[str, ...]]] = {
    EVENTS_IN.name: _EVENT_NAMES,
    RAW.name: ("webhook-headers",),
    EVENTS.name: _EVENT_NAMES,
    DEAD_LETTERS.name: ("dead-letter-headers",),
    STANDARDS.name: ("published",),
    MEASUREMENTS.name: ("measurement",),
    ATTAINMENT.name: ("attainment",),
    VIOLATIONS.name: ("violation",),
    ALERTING.name: ("alerting",),
    ALERT_COMMANDS.name: ("alert-command",),
    ALERTS.name: ("alert",),
    NOTIFICATIONS.name: ("notification",),
    DELIVERIES.name: ("delivery",),
}
"""Names of the messages on each topic."""


class Flow(NamedTuple):
    """
    Who does what with a topic.
    """

    who: str
    action: str
    topic: Topic


FLOWS: Final = (
    Flow("anyone", "send", EVENTS_IN),
    Flow("ingest", "receive", EVENTS_IN),
    Flow("ingest", "send", RAW),
    Flow("ingest", "receive", RAW),
    Flow("ingest", "send", EVENTS),
    Flow("ingest", "send", DEAD_LETTERS),
    Flow("cli", "receive", RAW),
    Flow("cli", "send", STANDARDS),
    Flow("sla", "receive", EVENTS),
    Flow("sla", "receive", STANDARDS),
    Flow("sla", "send", MEASUREMENTS),
    Flow("sla", "send", ATTAINMENT),
    Flow("sla", "send", VIOLATIONS),
    Flow("sla", "send", DEAD_LETTERS),
    Flow("cli", "send", ALERTING),
    Flow("alerts", "receive", VIOLATIONS),
    Flow("alerts", "receive", STANDARDS),
    Flow("alerts", "receive", ALERTING),
    Flow("alerts", "receive", ALERT_COMMANDS),
    Flow("alerts", "send", ALERTING),
    Flow("alerts", "send", ALERT_COMMANDS),
    Flow("alerts", "send", ALERTS),
    Flow("alerts", "send", NOTIFICATIONS),
    Flow("alerts", "send", DELIVERIES),
    *(Flow("history", "receive", topic) for topic in TOPICS if topic.name in {table.topic for table in TABLES}),
    Flow("history", "send", DEAD_LETTERS),
)


def channel_id(topic: Topic) -> str:
    """
    The topic's name without what every topic has in common.
    """
    return topic.name.removeprefix("sqm.").removesuffix(".v1").replace(".", "-")


def asyncapi_document() -> dict[str, Any]:
    """
    The whole document as plain data.
    """
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "sqm",
            "version": "1.0.0",
            "description": (
                "Service events in, verdicts about service standards and alerts out. Names of topics are logical: "
                "a deployment may put its own prefix in front of all of them."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {channel_id(topic): _channel(topic) for topic in TOPICS},
        "operations": {_operation_id(flow): _operation(flow) for flow in FLOWS},
        "components": {"messages": {message.name: _message(message) for message in MESSAGES if _carriers(message)}},
    }


def _carriers(message: Message) -> list[Topic]:
    return [topic for topic in TOPICS if message.name in CARRIED[topic.name]]


def _channel(topic: Topic) -> dict[str, Any]:
    return {
        "address": topic.name,
        "title": topic.name,
        "description": _sentence(topic),
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in CARRIED[topic.name]},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions or USUAL_PARTITIONS,
                "topicConfiguration": {
                    "cleanup.policy": [topic.cleanup],
                    "retention.ms": topic.retention_ms,
                    "max.message.bytes": topic.max_message_bytes,
                    "message.timestamp.type": topic.timestamps,
                },
                "bindingVersion": BINDING,
            }
        },
    }


def _sentence(topic: Topic) -> str:
    partitions = "" if topic.partitions else " As many partitions as the deployment's setting says."
    return f"{topic.carries[0].upper()}{topic.carries[1:]}. Key: {topic.key}. Written by: {topic.owner}.{partitions}"


def _operation_id(flow: Flow) -> str:
    return f"{flow.who}.{flow.action}.{channel_id(flow.topic)}"


def _operation(flow: Flow) -> dict[str, Any]:
    verb = "writes" if flow.action == "send" else "reads"
    return {
        "action": flow.action,
        "channel": {"$ref": f"#/channels/{channel_id(flow.topic)}"},
        "summary": f"{flow.who} {verb} {flow.topic.name}",
        "tags": [{"name": flow.who}],
        "bindings": {"kafka": {"bindingVersion": BINDING}},
    }


def _message(message: Message) -> dict[str, Any]:
    reference = {"$ref": f"./json/{message.name}.json"}
    about: dict[str, Any] = {"name": message.name, "title": message.title, "summary": message.title}
    key = {"type": "string", "description": f"Key: {_carriers(message)[0].key}."}
    about["bindings"] = {"kafka": {"key": key, "bindingVersion": BINDING}}
    if message.family in ("dead_letter", "raw"):
        # The value is whatever came, so there is no schema of it.
        return {**about, "contentType": "application/octet-stream", "headers": reference}
    if message.family == "event":
        about["contentType"] = "application/cloudevents+json"
        about["traits"] = [{"description": _MODES}]
    return {**about, "payload": reference, "examples": [{"payload": one} for one in message.good_examples()[:1]]}


_MODES: Final = (
    "On sqm.events.in.v1 also in binary mode: the attributes as headers (ce_id, ce_source, ce_type …), "
    "the value is the data alone. On sqm.events.v1 always structured, with the extension receivedat."
)
