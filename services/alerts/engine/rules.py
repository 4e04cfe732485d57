"""
Rules of alerts, compiled: which violations they take, and how grave an alert is at an instant.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from domain.openings import FAR
from schemas.alert_labels import BY, SEVERITIES
from schemas.alert_rules import AlertRule, Grade
from schemas.standards import Standard
from services.alerts.engine.inputs import Violation
from services.alerts.engine.labels import Fits, Labels, ordered, scope_of

__all__ = ["GRAVITY", "NEVER", "OpenViolation", "Rule", "StandardFacts", "facts_of", "gravest"]

NEVER: Final = FAR
"""An instant that is never reached, the same as calendars say."""
GRAVITY: Final[dict[str, int]] = {severity: rank for rank, severity in enumerate(SEVERITIES)}
"""The graver the greater."""


class StandardFacts(NamedTuple):
    """
    What alerts take from a standard: whose it is, and from which value on its clock is in which band (milliseconds).
    """

    category: str
    owner: str
    agreement: str
    bands: tuple[tuple[str, int], ...]


class OpenViolation(NamedTuple):
    """
    A violation that is open: since when, against which limit, with which severity of the standard's own.
    """

    opened_at: int
    limit_ms: int
    standard: str
    burn: str | None


def facts_of(standard: Standard) -> StandardFacts:
    """
    Take from a standard what alerts need of it.
    """
    bands: list[tuple[str, int]] = []
    begin = 0
    for band in standard.clock.bands if standard.clock else ():
        bands.append((band.name, begin))
        begin = band.within if band.within is not None else NEVER
    meta = standard.metadata
    return StandardFacts(meta.category, meta.owner, meta.agreement, tuple(bands))


def gravest(severities: Iterable[str]) -> str:
    """
    The gravest of some severities; `info` of none.
    """
    return max(severities, key=GRAVITY.__getitem__, default=SEVERITIES[0])


class Rule:
    """
    One rule: whether it takes a violation, and how grave what is open is.
    """

    def __init__(self, rule: AlertRule) -> None:
        self.said = rule
        self.id = rule.id
        self.covers = Fits(rule.match)

    def severity(self, violations: Iterable[OpenViolation], at: int, facts: Mapping[str, StandardFacts]) -> str:
        """
        How grave it is at an instant: of the grades that hold, the gravest; the rule's own where none does.
        """
        held = list(violations)
        found = [grade.severity for grade in self.said.grades if self._holds(grade, held, at, facts)]
        return max(found, key=GRAVITY.__getitem__, default=self.said.severity)

    def next_grade(self, violations: Iterable[OpenViolation], at: int, facts: Mapping[str, StandardFacts]) -> int:
        """
        When the passing of time alone may change the severity; NEVER where it cannot.
        """
        soonest = NEVER
        for one in violations:
            for grade in self.said.grades:
                due = _due(grade, one, facts)
                if at < due < soonest:
                    soonest = due
        return soonest

    def _holds(
        self, grade: Grade, violations: list[OpenViolation], at: int, facts: Mapping[str, StandardFacts]
    ) -> bool:
        if grade.open is not None and len(violations) < grade.open:
            return False
        if grade.burn is not None and not any(one.burn == grade.burn for one in violations):
            return False
        if grade.overrun is None and grade.band is None:
            return True
        return any(_due(grade, one, facts) <= at for one in violations)


def _due(grade: Grade, one: OpenViolation, facts: Mapping[str, StandardFacts]) -> int:
    """
    When a violation fulfils what a grade asks of its age: overrun and band both.

    The value goes on from the limit by real time: in closed hours the band is reached sooner than by the calendar.
    """
    due = one.opened_at
    if grade.overrun is not None:
        due += grade.overrun
    if grade.band is not None:
        bands = dict(facts[one.standard].bands) if one.standard in facts else {}
        if grade.band not in bands:
            return NEVER
        due = max(due, one.opened_at + bands[grade.band] - one.limit_ms)
    return due


def labels_of(violation: Violation, facts: StandardFacts | None, region: str | None) -> dict[str, str]:
    """
    Everything that a rule's matcher can ask of a violation: all labels but the severity and the rule's own id.
    """
    scope = scope_of(violation)
    found = {"standard": violation.standard, "kind": violation.kind, "scope": scope}
    if scope.startswith("region:"):
        found["region"] = scope.removeprefix("region:")
    if region is not None:
        found["region"] = region
    said = {"site": violation.site or None, "window": violation.window, "tier": violation.burn_tier}
    said |= {name: getattr(violation, name) for name in ("queue", *BY)}
    found |= {name: value for name, value in said.items() if value is not None}
    if facts is not None:
        found |= {"category": facts.category, "owner": facts.owner, "agreement": facts.agreement}
    return found


def labels_of_alert(labels: Labels, rule: AlertRule) -> dict[str, str]:
    """
    Of a violation's labels those that its alert has: of what tells journeys apart only what the rule names in `by`, for
    another journey of the alert may have another.
    """
    return ordered(
        {name: value for name, value in labels.items() if name not in BY or name in rule.by} | {"rule": rule.id}
    )
