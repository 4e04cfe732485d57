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
    dashboards: str | None,
) -> dict[str, Particulars]:
    """
    Find the particulars of some alerts, by key. `dashboards` is the address of Grafana, if there is one.
    """
    rules = {rule.id: rule for rule in alerting.rules}
    found: dict[str, Particulars] = {}
    for alert in alerts:
        document = documents.get(f"Standard/{alert.labels.get('standard')}/{alert.version}")
        standard = document if isinstance(document, Standard) else None
        promise = standard.metadata if standard is not None else None
        site = documents.get(f"Site/{alert.labels.get('site')}")
        rule = rules.get(alert.rule)
        known = evidence.of(alert)
        found[alert.key] = Particulars(
            standard=promise.title if promise is not None else None,
            site=site.metadata.title if isinstance(site, Site) else None,
            why=_why(known, standard),
            # Whoever answers for the promise knows better than a rule for many.
            do=next((one.do for one in (promise, rule) if one is not None and one.do is not None), None),
            runbook=next((one.runbook for one in (promise, rule) if one is not None and one.runbook is not None), None),
            dashboard=None if dashboards is None else f"{dashboards}/d/{_dashboard(alert, known)}",
        )
    return found


def _dashboard(alert: Alert, known: Known | None) -> str:
    """Say which of `dashboards/json` shows most of it: its violation, or else its site, or else all that is live."""
    if known is not None and known.violation is not None:
        return f"sqm-violation?var-violation={quote(known.violation.id, safe='')}"
    site = alert.labels.get("site")
    return "sqm-operations" if site is None else f"sqm-site?var-site={quote(site, safe='')}"


def _why(known: Known | None, standard: Standard | None) -> tuple[Statement, ...]:
    if known is None:
        return ()
    why = [say("why-said", text=Verbatim(text)) for text in known.said]
    if known.violation is not None:
        explain = explain_scope if known.violation.scope is not None else explain_violation
        explained = explain(known.violation, standard)
        why += [explained.headline, *explained.judgement]
    return (*why, say("why-cut")) if known.cut else tuple(why)
