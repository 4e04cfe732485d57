"""
A signed webhook: a POST of JSON whose sender and age the receiver can check, and whose copies it can tell.

    Content-Type: application/json
    Idempotency-Key: <id of the notification>        a copy, after a retry or a crash, has the same
    SQM-Timestamp: 1770000000                        seconds since the epoch: when this attempt was made
    SQM-Signature: v1=<hex>[,v1=<hex>]               HMAC-SHA256 of "<timestamp>.<body>", one for each secret

A receiver takes the bytes as they came, computes the HMAC with its secret, compares in constant time with each
signature, and refuses what is more than some minutes old. While a secret is changed over both sign.
"""

import hmac
from typing import Final

import msgspec

from schemas.alerts import Alert
from schemas.receivers import Webhook
from services.alerts.shell.notifiers.message import Message
from services.alerts.shell.notifiers.posting import Poster
from services.runtime.clock import Clock
from services.runtime.errors import Rejected
from services.runtime.secrets import Secrets

__all__ = ["NO_ADDRESS", "WebhookChannel", "signatures", "webhook_body"]

NO_ADDRESS: Final = "no_address"
"""Reason where neither the receiver nor the person's contact says where to."""


class WebhookChannel:
    """
    Posts to one receiver.
    """

    def __init__(self, webhook: Webhook, poster: Poster, secrets: Secrets, clock: Clock) -> None:
        self._webhook = webhook
        self._poster = poster
        self._secrets = secrets
        self._clock = clock

    async def send(self, message: Message, _: set[str]) -> None:
        url = self._webhook.url or message.notification.to
        if url is None:
            raise Rejected(NO_ADDRESS, "neither the receiver nor the person's contact says an address")
        names = (self._webhook.secret, self._webhook.previous_secret)
        keys = [self._secrets.reveal(name).encode() for name in names if name is not None]
        body, now = webhook_body(message), self._clock.now_ms()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.notification.id.encode("unicode_escape").decode(),
            "SQM-Timestamp": str(now // 1_000),
            "SQM-Signature": signatures(keys, now // 1_000, body),
        }
        await self._poster.post(url, body, headers, private=message.receiver.private_addresses, now=now)


def signatures(keys: list[bytes], timestamp: int, body: bytes) -> str:
    """
    Sign a body at a time (seconds since the epoch) with each key.
    """
    signed = str(timestamp).encode() + b"." + body
    return ",".join(f"v1={hmac.digest(key, signed, 'sha256').hex()}" for key in keys)


def webhook_body(message: Message) -> bytes:
    """
    Write a message as JSON: the notification, its texts, and each alert in full.
    """
    said = message.notification
    told = said.model_dump(mode="json", exclude={"alerts"})
    # The record of a message lists the first alerts only; here are all that are known, and the rest is counted.
    told["more"] = max(0, len(said.alerts) + said.more - len(message.alerts))
    texts = {"title": message.texts.title, "short": message.texts.short, "text": message.texts.long}
    whole = {"version": "1", **told, **texts, "alerts": [_alert(alert, message) for alert in message.alerts]}
    return msgspec.json.encode(whole)


def _alert(alert: Alert, message: Message) -> dict[str, object]:
    about = message.about(alert)
    links = {
        "runbook": about.runbook,
        "dashboard": about.dashboard,
        "acknowledge": message.acknowledge.get(alert.key),
    }
    return {**alert.model_dump(mode="json"), "links": {name: url for name, url in links.items() if url}}
