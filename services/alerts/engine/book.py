"""
The book of alerts: the configuration, compiled, with what it needs to know of standards, sites and calendars.
"""

from collections.abc import Iterable

from domain.calendars import OpenHours, compile_hours
from schemas.alerting import Alerting
from schemas.base import WEEK_MS, to_millis
from schemas.calendars import Calendar
from schemas.register import Site
from schemas.standards import AnyDocument, Standard
from services.alerts.engine.labels import Labels
from services.alerts.engine.routing import Routing
from services.alerts.engine.rules import NEVER, Rule, StandardFacts, facts_of

__all__ = ["Book"]


class Book:
    """
    What the engine decides by: immutable, so that a change of the configuration makes a new book.
    """

    def __init__(self, alerting: Alerting, documents: Iterable[AnyDocument] = ()) -> None:
        self.said = alerting
        self.rules = {rule.id: Rule(rule) for rule in alerting.rules}
        self.people = {person.id: person for person in alerting.people}
        self.teams = {team.id: team for team in alerting.teams}
        self.schedules = {schedule.id: schedule for schedule in alerting.schedules}
        self.escalations = {policy.id: policy for policy in alerting.escalations}
        self.receivers = {receiver.id: receiver for receiver in alerting.receivers}
        self.routing = Routing(alerting.route)
        self.standards: dict[str, StandardFacts] = {}
        self._regions: dict[str, str] = {}
        calendars: dict[str, list[Calendar]] = {}
        for document in documents:
            if isinstance(document, Standard):
                self.standards[f"{document.metadata.id}@{document.metadata.version}"] = facts_of(document)
            elif isinstance(document, Site) and document.metadata.region is not None:
                self._regions[document.metadata.id] = document.metadata.region
            elif isinstance(document, Calendar):
                calendars.setdefault(document.metadata.id, []).append(document)
        self._hours = {name: [_compiled(one) for one in versions] for name, versions in calendars.items()}

    def region_of(self, site: str) -> str | None:
        """
        The path of a site's region, if the register has one.
        """
        return self._regions.get(site)

    def rule_for(self, labels: Labels) -> Rule | None:
        """
        The first rule that takes a violation with these labels.
        """
        return next((rule for rule in self.rules.values() if rule.covers(labels)), None)

    def counts(self, rule: str) -> bool:
        """
        Whether a rule counts how many violations were opened within a time.
        """
        return rule in self.rules and self.rules[rule].said.count is not None

    def is_open(self, calendar: str, at: int) -> bool:
        """
        Whether a calendar is open; one that is not in force is closed.
        """
        hours = self.hours_of(calendar, at)
        return hours is not None and hours.is_open(at)

    def next_change(self, calendar: str, at: int) -> int:
        """
        When a calendar opens or closes next, or a week later: then it is asked again.
        """
        hours = self.hours_of(calendar, at)
        now = self.is_open(calendar, at)
        stretches = hours.segments(at, at + WEEK_MS) if hours is not None else ()
        return next((one.from_at for one in stretches if one.open != now), at + WEEK_MS)

    def hours_of(self, calendar: str, at: int) -> OpenHours | None:
        """
        A calendar in its version of an instant; None where none is in force.
        """
        in_force = [one for one in self._hours.get(calendar, ()) if one[0] <= at < one[1]]
        return max(in_force, key=lambda one: one[0])[2] if in_force else None


def _compiled(calendar: Calendar) -> tuple[int, int, OpenHours]:
    meta = calendar.metadata
    until = to_millis(meta.effective_until) if meta.effective_until is not None else NEVER
    return to_millis(meta.effective_from), until, compile_hours(calendar)
