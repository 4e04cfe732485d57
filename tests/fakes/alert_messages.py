"""
Alerts, notifications and receivers to make messages of.
"""

from collections.abc import Mapping
from datetime import UTC, tzinfo
from pathlib import Path

from domain.wording import LANGUAGES
from schemas.alerts import Alert, Notification, Told
from schemas.receivers import Receiver
from services.alerts.shell.notifiers import Composer, Message, Particulars, TextWriter
from tests.fakes.catalogues import catalogue

NOW = 1_770_000_000_000
KEY = "waiting/queue:harbour/counter"
CATALOGUES = {language: catalogue(language) for language in LANGUAGES}
HOOK = {"webhook": {"url": "http://127.0.0.1:1/hook", "secret": "HOOK"}}


def alert(key: str = KEY, /, **different: object) -> Alert:
    """A queue at which people wait too long, for five minutes now."""
    begun = NOW - 300_000
    labels = {"standard": "waiting", "site": "harbour", "queue": "counter", "scope": "queue:harbour/counter"}
    whole: dict[str, object] = {
        "id": f"{key}@{begun}", "key": key, "seq": 1, "at": NOW, "state": "firing", "reason": "violated",
        "severity": "page", "rule": "waits", "labels": {**labels, "severity": "page"}, "version": 1, "begun_at": begun,
        "fired_at": NOW, "open": 3, "seen": 4,
    }  # fmt: skip
    return Alert.model_validate({**whole, **different})


def over(one: Alert) -> Alert:
    return one.model_copy(update={"state": "resolved", "reason": "quiet_for", "ended_at": NOW, "open": 0, "seq": 2})


def notification(*alerts: Alert, **different: object) -> Notification:
    told = [Told(id=one.id, seq=one.seq, state=one.state, severity=one.severity) for one in alerts]
    firing = any(one.state in ("firing", "acknowledged") for one in alerts)
    whole: dict[str, object] = {
        "id": "floor/harbour@1", "at": NOW, "reason": "new" if firing else "resolved",
        "status": "firing" if firing else "resolved", "receiver": "floor", "group": "harbour", "alerts": told,
    }  # fmt: skip
    return Notification.model_validate({**whole, **different})


def receiver(kind: Mapping[str, object] = HOOK, **different: object) -> Receiver:
    whole = {"id": "floor", "title": "The floor", "private_addresses": True, **kind}
    return Receiver.model_validate({**whole, **different})


def ack_link(key: str, by: str, expires_at: int) -> str:
    """An address that says what it was made from."""
    return f"https://sqm.example/ack/{key.replace('/', '_')}/{by}/{expires_at}"


def composer(folder: Path | None = None) -> Composer:
    return Composer(CATALOGUES, TextWriter(CATALOGUES, folder), ack_link)


def message(
    *alerts: Alert,
    through: Receiver | None = None,
    about: Particulars | None = None,
    zone: tzinfo = UTC,
    **different: object,
) -> Message:
    """A message about these alerts, or about one that fires; `different` are fields of the notification."""
    told = alerts or (alert(),)
    particulars = {one.key: about for one in told} if about else {}
    return composer().compose(notification(*told, **different), told, through or receiver(), particulars, zone)
