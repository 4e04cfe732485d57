"""
PagerDuty's Events API v2: one event for each alert, known there by a digest of the alert's key, so that what we raise,
acknowledge and resolve is one incident there, and a copy of a message makes no second one.
"""

import hashlib
import json
from typing import Final, Literal

from schemas.alert_labels import Severity
from schemas.alerts import Alert, AlertState
from schemas.base import format_instant
from schemas.receivers import PagerDuty
from services.alerts.shell.notifiers.harmless import one_line, some_lines, web_address
from services.alerts.shell.notifiers.message import Message
from services.alerts.shell.notifiers.posting import Poster
from services.runtime.clock import Clock
from services.runtime.secrets import Secrets

__all__ = ["PagerDutyChannel", "dedup_key", "pagerduty_event"]

Action = Literal["trigger", "acknowledge", "resolve"]
_ACTIONS: Final[dict[AlertState, Action]] = {
    "pending": "trigger",
    "firing": "trigger",
    "acknowledged": "acknowledge",
    "resolved": "resolve",
    "retracted": "resolve",
}
_SEVERITIES: Final[dict[Severity, str]] = {"info": "info", "ticket": "warning", "page": "critical"}
_SUMMARY: Final = 1_024
"""PagerDuty cuts what is longer."""
_DETAIL: Final = 2_000


class PagerDutyChannel:
    """
    Sends to one integration.
    """

    def __init__(self, pagerduty: PagerDuty, poster: Poster, secrets: Secrets, clock: Clock) -> None:
        self._pagerduty = pagerduty
        self._poster = poster
        self._secrets = secrets
        self._clock = clock

    async def send(self, message: Message, reached: set[str]) -> None:
        routing_key = self._secrets.reveal(self._pagerduty.routing_key)
        for alert in message.alerts:
            part = f"{alert.id} {alert.seq}"
            if part in reached:
                continue
            body = json.dumps(
                {"routing_key": routing_key, **pagerduty_event(alert, message)}, ensure_ascii=False
            ).encode()
            await self._poster.post(
                self._pagerduty.url,
                body,
                {"Content-Type": "application/json"},
                private=message.receiver.private_addresses,
                now=self._clock.now_ms(),
            )
            reached.add(part)


def dedup_key(alert: Alert) -> str:
    """
    Return what PagerDuty knows the alert by: it takes at most 255 characters, and a key may be longer.
    """
    return hashlib.sha256(alert.key.encode()).hexdigest()


def pagerduty_event(alert: Alert, message: Message) -> dict[str, object]:
    """
    Write an event about an alert, all but the integration's key.
    """
    action = _ACTIONS[alert.state]
    event: dict[str, object] = {"event_action": action, "dedup_key": dedup_key(alert)}
    if action != "trigger":
        return event
    about, labels = message.about(alert), alert.labels
    what = about.standard or labels.get("standard", alert.key)
    where = about.site or labels.get("scope") or labels.get("site", "sqm")
    details: dict[str, object] = {str(name): text for name, text in labels.items()}
    details |= {"key": alert.key, "seq": alert.seq, "open": alert.open, "seen": alert.seen}
    if about.do:
        details["do"] = some_lines(about.do, _DETAIL)
    payload = {
        "summary": one_line(f"{what} – {where}", _SUMMARY),
        "source": one_line(where, _SUMMARY),
        "severity": _SEVERITIES[alert.severity],
        "timestamp": format_instant(alert.begun_at),
        "component": labels.get("queue"),
        "group": labels.get("region"),
        "class": labels.get("category") or labels.get("kind"),
        "custom_details": details,
    }
    links = [
        {"href": url, "text": message.words[word]}
        for word, address in (("runbook", about.runbook), ("dashboard", about.dashboard))
        if (url := web_address(address))
    ]
    said = {name: value for name, value in payload.items() if value is not None}
    return {**event, "payload": said, "client": "sqm", "links": links}
