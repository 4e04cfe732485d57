"""
What people want to know of an alert and the alert itself does not say: titles, why, what to do, and where to look.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from domain.explanations import Statement, Verbatim, explain_scope, explain_violation, say
from schemas.alerting import Alerting
from schemas.register import Site
from schemas.standards import AnyDocument, Standard
from services.alerts.engine import Alert
from services.alerts.shell.evidence import Evidence, Known
from services.alerts.shell.notifiers import Particulars

__all__ = ["Evidence", "particulars_of"]


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


def _why(known: Known | None, standard: Standard | None) -> tuple[Statement, ...]:
    if known is None:
        return ()
    why = [say("why-said", text=Verbatim(text)) for text in known.said]
    if known.violation is not None:
        explain = explain_scope if known.violation.scope is not None else explain_violation
        explained = explain(known.violation, standard)
        why += [explained.headline, *explained.judgement]
    return (*why, say("why-cut")) if known.cut else tuple(why)
