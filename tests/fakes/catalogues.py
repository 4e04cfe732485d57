"""
Explanations told with the catalogues as they are shipped.
"""

from datetime import UTC, tzinfo

from domain.explanations import Explanation, explain_measurement, explain_scope, explain_violation
from domain.wording import told
from schemas.outcomes import Measurement, Violation
from schemas.standards import Standard
from services.runtime.catalogues import FluentCatalogue, load_catalogue

PACKAGE = "domain.wording"


def catalogue(language: str = "en") -> FluentCatalogue:
    return load_catalogue(PACKAGE, language)


def explained(
    verdict: Measurement | Violation, of: Standard | None = None, *earlier: Measurement | Violation
) -> Explanation:
    if isinstance(verdict, Measurement):
        return explain_measurement(verdict, of, [one for one in earlier if isinstance(one, Measurement)])
    if verdict.scope is not None:
        return explain_scope(verdict, of)
    return explain_violation(verdict, of, [one for one in earlier if isinstance(one, Violation)])


def text(
    verdict: Measurement | Violation,
    of: Standard | None = None,
    *earlier: Measurement | Violation,
    language: str = "en",
    zone: tzinfo = UTC,
) -> str:
    return told(explained(verdict, of, *earlier), zone, catalogue(language))
