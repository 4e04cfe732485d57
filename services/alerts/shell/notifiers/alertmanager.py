"""
Prometheus' Alertmanager by its API v2: our alerts become its alerts, and it routes them further.

Alertmanager knows an alert by all of its labels, and takes one for over when its `endsAt` has passed. So an alert that
runs ends a day from now, well after it is told again (`repeat_interval`); and since the severity is a label, what the
same alert was at another severity is ended with the same post.
"""

import base64
import json
from collections.abc import Iterator
from typing import Final

from schemas.alert_labels import SEVERITIES
from schemas.alerts import OVER, Alert
from schemas.base import DAY_MS, Millis, format_instant
from schemas.receivers import Alertmanager
from services.alerts.shell.notifiers.harmless import one_line, some_lines, web_address
from services.alerts.shell.notifiers.message import Message
from services.alerts.shell.notifiers.posting import Poster
from services.runtime.clock import Clock
from services.runtime.secrets import Secrets

__all__ = ["STANDS_FOR_MS", "AlertmanagerChannel", "alertmanager_alerts"]

STANDS_FOR_MS: Final = DAY_MS
"""How long Alertmanager holds an alert that we do not tell again."""
_PATH: Final = "/api/v2/alerts"
_SENTENCE: Final = 400
_TEXT: Final = 4_000


class AlertmanagerChannel:
    """
    Posts to one Alertmanager.
    """

    def __init__(self, alertmanager: Alertmanager, poster: Poster, secrets: Secrets, clock: Clock) -> None:
        self._alertmanager = alertmanager
        self._poster = poster
        self._secrets = secrets
        self._clock = clock

    async def send(self, message: Message, _: set[str]) -> None:
        now = self._clock.now_ms()
        posted = [one for alert in message.alerts for one in alertmanager_alerts(alert, message, now)]
        await self._poster.post(
            self._alertmanager.url.rstrip("/") + _PATH,
            json.dumps(posted, ensure_ascii=False).encode(),
            {"Content-Type": "application/json", **self._login()},
            private=message.receiver.private_addresses,
            now=now,
        )

    def _login(self) -> dict[str, str]:
        user, password = self._alertmanager.user, self._alertmanager.password
        if user is None:
            return {}
        both = f"{user}:{self._secrets.reveal(password) if password else ''}"
        return {"Authorization": f"Basic {base64.b64encode(both.encode()).decode()}"}


def alertmanager_alerts(alert: Alert, message: Message, now: Millis) -> Iterator[dict[str, object]]:
    """
    Write an alert as Alertmanager's: the one of its severity, and those of other severities as over.
    """
    about = message.about(alert)
    over = alert.state in OVER
    ended = alert.ended_at if over and alert.ended_at is not None else now
    annotations = {
        "summary": message.texts.title
        if len(message.alerts) == 1
        else one_line(about.standard or alert.key, _SENTENCE),
        "description": some_lines(message.texts.long, _TEXT) if len(message.alerts) == 1 else "",
        "do": some_lines(about.do or "", _TEXT),
        "runbook_url": web_address(about.runbook) or "",
        "dashboard_url": web_address(about.dashboard) or "",
        "state": alert.state,
        "owner": alert.owner or "",
    }
    labels = {"alertname": alert.labels.get("standard", alert.rule), "key": alert.key}
    labels |= {str(name): text for name, text in alert.labels.items()}
    for severity in SEVERITIES:
        runs = severity == alert.severity and not over
        yield {
            "labels": {**labels, "severity": severity},
            "annotations": {name: text for name, text in annotations.items() if text},
            "startsAt": format_instant(alert.begun_at),
            "endsAt": format_instant(now + STANDS_FOR_MS if runs else max(ended, alert.begun_at + 1)),
        }
