"""
Messages to look at: about an example, or about an alert that a service told of.
"""

from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Any, Final, Literal, cast

from domain.wording import LANGUAGES
from schemas.alerting import Alerting
from schemas.alerts import ALERTS, Alert, Notification, Told
from schemas.base import Millis
from services.alerts.shell.notifiers import PARTS, Particulars, TextWriter
from services.runtime.catalogues import load_catalogue

__all__ = ["EXAMPLE", "alert_of", "previewed"]

_AT: Final[Millis] = 1_790_000_000_000
_ASPECTS: Final = ("muted_by",)
"""What the service adds to an alert that is no part of it."""
EXAMPLE: Final = Alert(
    id=f"wait|queue:branch-1/tills#{_AT - 300_000}",
    key="wait|queue:branch-1/tills",
    seq=1,
    at=_AT,
    state="firing",
    reason="violated",
    severity="page",
    rule="waits",
    labels={
        "standard": "wait", "site": "branch-1", "queue": "tills", "severity": "page", "scope": "queue:branch-1/tills",
        "rule": "waits",
    },
    version=1,
    begun_at=_AT - 300_000,
    fired_at=_AT,
    open=3,
    seen=4,
)  # fmt: skip


def alert_of(said: Mapping[str, Any]) -> Alert:
    """
    An alert as the service tells of it.
    """
    return ALERTS.validate_python({name: one for name, one in said.items() if name not in _ASPECTS})


def previewed(
    alert: Alert | None, language: str, templates: Path | None, alerting: Alerting | None
) -> tuple[dict[str, str], list[str]]:
    """
    The texts by part, and what is wrong with the templates.
    """
    shown = alert or EXAMPLE
    rules = {rule.id: rule for rule in alerting.rules} if alerting is not None else {}
    rule = rules.get(shown.rule)
    about = Particulars(do=rule.do if rule else None, runbook=rule.runbook if rule else None)
    notification = Notification(
        id="preview",
        at=shown.at,
        reason="new",
        status="firing",
        receiver="preview",
        language=cast("Literal['en', 'ru', 'lv']", language),
        group="preview",
        alerts=(Told(id=shown.id, seq=shown.seq, state=shown.state, severity=shown.severity),),
    )
    writer = TextWriter({name: load_catalogue("domain.wording", name) for name in LANGUAGES}, templates)
    texts = writer.write(notification, [shown], {shown.key: about}, {}, UTC)
    found = {part: str(getattr(texts, part)) for part in PARTS}
    return found, [*writer.faults, *texts.faults]
