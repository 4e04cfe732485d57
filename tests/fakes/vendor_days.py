"""
Whole days of a vendor's webhooks with known truth: what really happened, and the payloads that are posted of it.

Pure functions of a seed, written to the vendors' documents. `posted` then does to them what networks and vendors do: it
repeats some, delays some past others, and loses some.
"""

import json
import random
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from domain.metrics import Counts
from schemas.base import format_instant
from schemas.connectors import ConnectorId
from services.ingest.engine.connector import Delivered

__all__ = ["CONNECT_LIMIT_MS", "SQUARE_LIMIT_MS", "VendorDay", "connect_day", "posted", "square_day"]

SECOND = 1_000
MINUTE = 60 * SECOND
DAY_START = 1_772_438_400_000
"""2026-03-02T08:00:00Z."""
OPEN_MS = 10 * 60 * MINUTE
CONNECT_LIMIT_MS = 20 * SECOND
SQUARE_LIMIT_MS = 10 * MINUTE


class Post(NamedTuple):
    """
    One payload, and when the vendor sends it.
    """

    at_ms: int
    body: dict[str, Any]


class VendorDay(NamedTuple):
    """
    A day: whose connector reads it, what is posted, and the counts that a standard must find.
    """

    connector: ConnectorId
    posts: list[Post]
    truth: Counts


def posted(
    day: VendorDay, seed: int, *, repeat: float = 0.0, delay_ms: int = 0, lose: float = 0.0
) -> tuple[list[Delivered], list[Delivered]]:
    """
    The day as it arrives, in the order of arrival, and what was lost of it on the way.
    """
    rng = random.Random(seed)
    arrived: list[tuple[int, Delivered]] = []
    lost: list[Delivered] = []
    for post in day.posts:
        body = json.dumps(post.body).encode()
        if rng.random() < lose:
            lost.append(Delivered(body, {}, "site", post.at_ms))
            continue
        for _ in range(1 + (rng.random() < repeat) + (rng.random() < repeat / 2)):
            at = post.at_ms + (rng.randrange(delay_ms) if delay_ms else 0)
            arrived.append((at, Delivered(body, {}, "site", at)))
    arrived.sort(key=lambda pair: pair[0])
    return [delivered for _, delivered in arrived], lost


def _written(ms: int) -> str:
    return format_instant(ms)


def connect_day(seed: int, contacts: int = 300) -> VendorDay:
    """
    A contact centre: calls and chats that are answered, transferred or given up; menus and outbound calls beside them.
    """
    rng = random.Random(seed)
    posts: list[Post] = []
    waits: list[tuple[int, bool]] = []
    wrapped = rng.random() < 0.5
    for number in range(contacts):
        begun = DAY_START + rng.randrange(OPEN_MS)
        posts += _contact(rng, f"{seed}-{number}", begun, waits, wrapped=wrapped)
    posts.sort(key=lambda post: post.at_ms)
    return VendorDay("amazon-connect", posts, _counted(waits, CONNECT_LIMIT_MS))


def _contact(
    rng: random.Random, contact: str, begun: int, waits: list[tuple[int, bool]], *, wrapped: bool
) -> Iterator[Post]:
    method = rng.choices(["INBOUND", "OUTBOUND", "API"], [80, 12, 8])[0]
    known: dict[str, Any] = {
        "contactId": contact,
        "channel": "CHAT" if method == "API" else rng.choice(["VOICE", "Voice"]),
        "instanceArn": "arn:aws:connect:instance",
        "initiationMethod": method,
        "initiationTimestamp": _written(begun),
    }
    for _ in range(3):  # the contact, and at most two that it is transferred to
        yield _told(known, "INITIATED", begun, wrapped=wrapped)
        queued = begun + rng.randrange(1, 90) * SECOND
        if method == "INBOUND" and rng.random() < 0.05:  # hangs up in the menu
            yield _told(known | {"disconnectTimestamp": _written(queued)}, "DISCONNECTED", queued, wrapped=wrapped)
            return
        known = known | {"queueInfo": {"queueArn": "arn:aws:connect:queue/sales", "enqueueTimestamp": _written(queued)}}
        yield _told(known, "QUEUED", queued, wrapped=wrapped)
        patience, wait = rng.randrange(2_000, 180_000), rng.choice([0, rng.randrange(40_000), rng.randrange(120_000)])
        counts = method != "OUTBOUND"
        spelling = rng.choice([("agentInfo", "agentArn"), ("AgentInfo", "AgentArn")])
        if wait > patience:
            never = (
                {spelling[0]: {"connectedToAgentTimestamp": "1970-01-01T00:00:00.001Z"}} if rng.random() < 0.5 else {}
            )
            ended = known | {"disconnectTimestamp": _written(queued + patience)} | never
            yield _told(ended, "DISCONNECTED", queued + patience, wrapped=wrapped)
            yield _told(ended, "COMPLETED", queued + patience + 1, wrapped=wrapped)
            waits += [(patience, False)] * counts
            return
        answered = queued + wait
        waits += [(wait, True)] * counts
        agent = {
            spelling[1]: f"arn:aws:connect:agent/{rng.randrange(9)}",
            "connectedToAgentTimestamp": _written(answered),
        }
        known = known | {spelling[0]: agent}
        yield _told(known, "CONNECTED_TO_AGENT", answered, wrapped=wrapped)
        begun = answered + rng.randrange(20, 600) * SECOND
        ended = known | {"disconnectTimestamp": _written(begun), "disconnectReason": "AGENT_DISCONNECT"}
        yield _told(ended, "DISCONNECTED", begun, wrapped=wrapped)
        yield _told(ended, "COMPLETED", begun + rng.randrange(60) * SECOND, wrapped=wrapped)
        if rng.random() > 0.15:
            return
        first = known.get("initialContactId", known["contactId"])
        contact, method = f"{contact}+", "TRANSFER"
        known = {
            key: value for key, value in known.items() if key not in {"queueInfo", "agentInfo", "AgentInfo"}
        } | {
            "contactId": contact,
            "initialContactId": first,
            "previousContactId": known["contactId"],
            "initiationMethod": method,
            "initiationTimestamp": _written(begun),
        }  # fmt: skip


def _told(detail: dict[str, Any], kind: str, at: int, *, wrapped: bool) -> Post:
    detail = {"eventType": kind, **detail}
    if not wrapped:
        return Post(at, detail)
    return Post(at, {
        "version": "0", "id": f"{detail['contactId']}/{kind}", "detail-type": "Amazon Connect Contact Event",
        "source": "aws.connect", "time": _written(at)[:19] + "Z", "detail": detail,
    })  # fmt: skip


def square_day(seed: int, orders: int = 200) -> VendorDay:
    """
    A shop: orders that are made ready and handed over, or called off; payments, refunds and invoices beside them.
    """
    rng = random.Random(seed)
    posts: list[Post] = []
    waits: list[tuple[int, bool]] = []
    cancelled = 0
    for number in range(orders):
        made = DAY_START + rng.randrange(OPEN_MS)
        order = _Order(rng, f"{seed}-{number}", made)
        posts.append(order.told("order.created", "order_created", made))
        posts += order.paid(made + rng.randrange(1, 60) * SECOND)
        if rng.random() < 0.1:
            posts.append(order.changed(made + rng.randrange(60, 400) * SECOND, state="CANCELED"))
            cancelled += 1
            continue
        ready = made + rng.choice([rng.randrange(30, 1_200) * SECOND, SQUARE_LIMIT_MS])
        posts.append(order.stepped(made + (ready - made) // 3, "PROPOSED", "RESERVED"))
        posts.append(order.stepped(ready, "RESERVED", "PREPARED"))
        waits.append((ready - made, True))
        handed = ready + rng.randrange(1, 300) * SECOND
        posts.append(order.stepped(handed, "PREPARED", "COMPLETED"))
        posts.append(order.changed(handed + SECOND, state="COMPLETED"))
    posts.sort(key=lambda post: post.at_ms)
    return VendorDay("square", posts, _counted(waits, SQUARE_LIMIT_MS)._replace(cancelled=cancelled))


class _Order:
    """
    One order as Square tells it: every change has the next version.
    """

    def __init__(self, rng: random.Random, order: str, made: int) -> None:
        self._rng = rng
        self._order = order
        self._made = made
        self._version = 0

    def told(self, kind: str, key: str, at: int, state: str = "OPEN", **more: Any) -> Post:  # noqa: ANN401 - JSON
        self._version += 1
        about = {
            "order_id": self._order, "location_id": "site", "state": state, "version": self._version,
            "created_at": _written(self._made), **({"updated_at": _written(at)} if self._version > 1 else {}), **more,
        }  # fmt: skip
        return self._event(kind, key, self._order, at, {key: about})

    def changed(self, at: int, state: str) -> Post:
        return self.told("order.updated", "order_updated", at, state)

    def stepped(self, at: int, old: str, new: str) -> Post:
        step = [{"fulfillment_uid": "f", "old_state": old, "new_state": new}]
        return self.told("order.fulfillment.updated", "order_fulfillment_updated", at, fulfillment_update=step)

    def paid(self, at: int) -> Iterator[Post]:
        payment = {
            "id": f"{self._order}/p", "order_id": self._order, "location_id": "site", "created_at": _written(at),
            "total_money": {"amount": self._rng.randrange(100, 9_000), "currency": "EUR"},
        }  # fmt: skip
        for kind, status, when in (("created", "APPROVED", at), ("updated", "COMPLETED", at + 2 * SECOND)):
            told = payment | {"status": status, "updated_at": _written(when)}
            yield self._event(f"payment.{kind}", "payment", str(payment["id"]), when, {"payment": told})

    def _event(self, kind: str, key: str, about: str, at: int, value: dict[str, Any]) -> Post:
        ident = f"{about}/{kind}/{self._version}"
        return Post(at, {
            "merchant_id": "M", "type": kind, "event_id": ident, "created_at": _written(at),
            "data": {"type": key, "id": about, "object": value},
        })  # fmt: skip


def _counted(waits: Sequence[tuple[int, bool]], limit_ms: int) -> Counts:
    answered = [wait for wait, taken in waits if taken]
    left = [wait for wait, taken in waits if not taken]
    return Counts(
        answered=len(answered),
        answered_within=sum(wait <= limit_ms for wait in answered),
        abandoned=len(left),
        abandoned_within=sum(wait <= limit_ms for wait in left),
        answered_wait_ms=sum(answered),
    )
