"""
What vendors publish as their payloads, each through its shipped connector: what it yields, and that nothing breaks it.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas.base import format_instant
from services.ingest.engine.connector import Delivered, MappedPayload, Outcome, PassedOver, RejectedPayload
from tests.conftest import REAL_DATA
from tests.fakes.connectors import shipped

NOW = 1_800_000_000_000
PAYLOADS = REAL_DATA / "payloads"
CONNECTORS = {
    "amazon_connect": "amazon-connect", "genesys_cloud": "genesys-cloud", "shopify": "shopify", "square": "square",
    "zendesk": "zendesk",
}  # fmt: skip
TOPICS = {
    "order": "orders/create", "fulfillment": "fulfillments/create", "fulfillment_event": "fulfillment_events/create",
    "refund": "refunds/create",
}  # fmt: skip
"""Of Shopify's payloads: what its header says; lists are no webhooks and have none."""

OVER = "passed over"
NOTHING: list[str] = []
TABLE: dict[str, str | list[str]] = {
    # Answered from the queue, bare and in camelCase; the other is outbound, wrapped, and in both spellings.
    "amazon_connect/contact-events-1-connected_to_agent": [
        "journey.arrived 2021-08-04T17:29:04.000Z", "journey.called 2021-08-04T17:29:09.000Z",
        "service.started 2021-08-04T17:29:09.000Z",
    ],
    "amazon_connect/contact-events-2-disconnected": OVER,
    "genesys_cloud/conversation_api_object": [
        "journey.arrived 2025-04-10T13:31:57.837Z", "journey.called 2025-04-10T13:32:02.464Z",
        "service.started 2025-04-10T13:32:02.464Z", "service.completed 2025-04-10T13:32:40.942Z",
    ],
    "genesys_cloud/notification_topic_chat_member": OVER,
    "genesys_cloud/notification_topic_chat_message": OVER,
    "shopify/events": OVER,
    "shopify/orders": OVER,
    # A fulfilment that is pending is no parcel yet.
    "shopify/fulfillment": NOTHING,
    "shopify/fulfillment_event": ["milestone.reached 2021-01-25T21:32:23.000Z"],
    "shopify/order": ["journey.arrived 2008-01-10T16:00:00.000Z"],
    "shopify/refund": ["return.processed 2016-06-20T17:35:06.000Z"],
    "square/booking.created": ["milestone.reached 2020-12-08T19:56:53.000Z"],
    "square/booking.updated": ["milestone.reached 2020-12-08T19:56:53.000Z"],
    "square/order.created": ["journey.arrived 2020-04-16T23:14:26.129Z"],
    "square/order.updated": ["journey.arrived 2020-04-16T23:14:26.129Z"],
    "square/order.fulfillment.updated": [
        "journey.arrived 2020-04-16T23:14:26.129Z", "milestone.reached 2020-04-16T23:16:30.789Z",
    ],
    # Approved is not yet paid, and pending not yet returned.
    "square/payment.created": NOTHING,
    "square/payment.updated": ["milestone.reached 2020-11-22T21:19:00.832Z", "sale.completed 2020-11-22T21:19:00.832Z"],
    "square/refund.created": NOTHING,
    "square/refund.updated": ["return.processed 2020-02-06T22:14:16.381Z"],
    **{f"square/dispute.{kind}": OVER for kind in (
        "created", "evidence.added", "evidence.created", "evidence.deleted", "evidence.removed", "state.changed",
        "state.updated",
    )},
    **{f"square/invoice.{kind}": OVER for kind in (
        "canceled", "created", "deleted", "payment_made", "published", "refunded", "scheduled_charge_failed", "updated",
    )},
    **{f"square/terminal.{kind}": OVER for kind in (
        "action.created", "action.updated", "checkout.created", "checkout.updated", "refund.created", "refund.updated",
    )},
    # Ids as numbers and as texts, times with nine decimals.
    "zendesk/ticket.created": ["journey.arrived 2025-01-08T10:12:07.000Z"],
    "zendesk/ticket.agent_assignment_changed": [
        "journey.arrived 2025-01-08T10:12:07.000Z", "journey.transferred 2025-01-08T12:15:45.789Z",
    ],
    "zendesk/ticket.status_changed": [
        "journey.arrived 2025-01-08T10:12:07.000Z", "service.completed 2025-01-08T16:45:20.987Z",
    ],
}  # fmt: skip


def file_of(name: str) -> Path:
    return PAYLOADS / f"{name}.json"


def outcomes(name: str, body: Any) -> list[Outcome]:  # noqa: ANN401 - whatever JSON holds
    vendor, _, kind = name.partition("/")
    headers = {"x-shopify-topic": TOPICS[kind]} if kind in TOPICS else {}
    return list(shipped(CONNECTORS[vendor]).outcomes(Delivered(json.dumps(body).encode(), headers, "centre", NOW)))


def told(found: list[Outcome]) -> str | list[str]:
    (outcome,) = found
    assert not isinstance(outcome, RejectedPayload), outcome
    if isinstance(outcome, PassedOver):
        return OVER
    return [f"{event.type.removeprefix('sqm.')} {format_instant(event.time_ms)}" for event in outcome.events]


def read(name: str) -> Any:  # noqa: ANN401 - as above
    return json.loads(file_of(name).read_text("utf-8"))


def test_the_table_holds_every_payload() -> None:
    assert {str(file.relative_to(PAYLOADS).with_suffix("")) for file in PAYLOADS.rglob("*.json")} == TABLE.keys()


@pytest.mark.parametrize("name", TABLE)
def test_a_payload_yields_what_the_table_says(name: str) -> None:
    assert told(outcomes(name, read(name))) == TABLE[name]


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401 - as above
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path


def replaced(body: Any, path: tuple[str | int, ...], by: object) -> Any:  # noqa: ANN401 - as above
    if not path:
        return by
    first, *rest = path
    if isinstance(body, dict):
        return {key: replaced(value, tuple(rest), by) if key == first else value for key, value in body.items()}
    return [replaced(value, tuple(rest), by) if at == first else value for at, value in enumerate(body)]


STRANGE: tuple[object, ...] = (None, "", -1, 10**30, 1.5, True, [], {}, "x" * 10_000, "1970-01-01T00:00:00.001Z")


@pytest.mark.parametrize("name", [name for name, yields in TABLE.items() if yields != OVER])
def test_no_strange_value_breaks_a_connector_or_makes_an_event_that_none_takes(name: str) -> None:
    body = read(name)
    for path in leaves(body):
        for strange in STRANGE:
            for outcome in outcomes(name, replaced(body, path, strange)):
                if isinstance(outcome, MappedPayload):
                    assert all(event.time_ms >= 0 and event.subject and event.facts.site for event in outcome.events)
                if isinstance(outcome, RejectedPayload):
                    assert outcome.detail
                    assert len(outcome.value) < 200


IDS = {"id", "order_id", "contactId", "event_id"}


@pytest.mark.parametrize("name", TABLE)
def test_an_id_may_be_a_number_or_a_text(name: str) -> None:
    body = read(name)
    for path in leaves(body):
        value = body
        for step in path:
            value = value[step]
        if path[-1] in IDS:
            other: object = str(value) if isinstance(value, int) else 4_503_599_627_370_497
            assert told(outcomes(name, replaced(body, path, other))) == TABLE[name]


def test_a_contact_that_never_reached_an_agent_was_abandoned_whichever_way_never_is_written() -> None:
    whole = read("amazon_connect/contact-events-2-disconnected")
    inbound = {**whole["detail"], "initiationMethod": "INBOUND"}
    nobody = {key: value for key, value in inbound.items() if key != "AgentInfo"}
    never = {"connectedToAgentTimestamp": "1970-01-01T00:00:00.001Z"}
    expected = ["journey.arrived 2021-08-04T17:29:04.000Z", "journey.abandoned 2021-08-04T17:18:37.000Z"]
    for detail in (nobody, {**nobody, "AgentInfo": never}, {**nobody, "agentInfo": never}, {**nobody, "agentInfo": {}}):
        for body in (detail, {**whole, "detail": detail}):
            assert told(outcomes("amazon_connect/x", body)) == expected
    answered = [
        "journey.arrived 2021-08-04T17:29:04.000Z", "journey.called 2021-08-04T17:29:09.000Z",
        "service.started 2021-08-04T17:29:09.000Z", "service.completed 2021-08-04T17:18:37.000Z",
    ]  # fmt: skip
    assert (
        told(outcomes("amazon_connect/x", {**whole, "detail": {**inbound, "initiationMethod": "TRANSFER"}})) == answered
    )
    assert told(outcomes("amazon_connect/x", {**nobody, "queueInfo": None})) == NOTHING
