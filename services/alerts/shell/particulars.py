"""
What people want to know of an alert and the alert itself does not say: titles, why, what to do, and where to look.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from pydantic import ValidationError

from domain.explanations import Statement, explain_scope, explain_violation
from schemas.alerting import Alerting
from schemas.outcomes import VIOLATIONS, Violation
from schemas.register import Site
from schemas.standards import AnyDocument, Standard
from services.alerts.engine import Alert
from services.alerts.shell.notifiers import Particulars

__all__ = ["Evidence", "particulars_of"]

MOST = 20_000


class Evidence:
    """
    The violations that came last, as they came, so that a message can say why: as many as memory allows.

    After a restart those of before are not known any more; messages then say all but why.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._values: dict[str, bytes] = {}

    def keep(self, name: str, value: bytes) -> None:
        """
        Keep a violation by its id; the oldest make room.
        """
        self._values.pop(name, None)
        self._values[name] = value
        if len(self._values) > self._most:
            del self._values[next(iter(self._values))]

    def of(self, alert: Alert) -> Violation | None:
        """
        The oldest open violation of an alert that is known.
        """
        for name in alert.violations:
            if name in self._values:
                try:
                    return VIOLATIONS.validate_json(self._values[name])
                except ValidationError:
                    return None
        return None


def particulars_of(
    alerts: Iterable[Alert],
    alerting: Alerting,
    documents: Mapping[str, AnyDocument],
    evidence: Evidence,
    public_url: str | None,
) -> dict[str, Particulars]:
    """
    Find the particulars of some alerts, by key.
    """
    rules = {rule.id: rule for rule in alerting.rules}
    found: dict[str, Particulars] = {}
    for alert in alerts:
        standard = documents.get(f"Standard/{alert.labels.get('standard')}/{alert.version}")
        site = documents.get(f"Site/{alert.labels.get('site')}")
        rule = rules.get(alert.rule)
        found[alert.key] = Particulars(
            standard=standard.metadata.title if isinstance(standard, Standard) else None,
            site=site.metadata.title if isinstance(site, Site) else None,
            why=_why(evidence.of(alert), standard if isinstance(standard, Standard) else None),
            do=rule.do if rule is not None else None,
            runbook=rule.runbook if rule is not None else None,
            link=f"{public_url}/alerts/{quote(alert.key, safe='')}" if public_url else None,
        )
    return found


def _why(violation: Violation | None, standard: Standard | None) -> tuple[Statement, ...]:
    if violation is None:
        return ()
    explain = explain_scope if violation.scope is not None else explain_violation
    explained = explain(violation, standard)
    return (explained.headline, *explained.judgement)
