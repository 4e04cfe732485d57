"""
The configuration of alerts, as its owner writes it: one document of rules, routes, people and receivers.

Every id that it mentions is in it (calendars excepted, which are published with the standards), so a broken one is
refused as a whole, with the field, before anybody depends on it.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter, model_validator

from schemas.alert_routes import Inhibition, Route, Silence
from schemas.alert_rules import Rules
from schemas.base import Contract, LongName, Slug, Text, misfit
from schemas.on_call import Escalation, Person, Schedule, Target, Team
from schemas.receivers import Receiver

__all__ = ["ALERTINGS", "Alerting", "AlertingMetadata"]

Path = tuple[str | int, ...]


class AlertingMetadata(Contract):
    """
    Whose configuration this is.
    """

    id: Slug
    """Name of the configuration for machines."""
    owner: LongName
    """Who answers for it."""
    why: Text | None = None
    """What it is for."""


class Alerting(Contract):
    """
    Which violations become alerts, who is told, in which way, and who is next if nobody answers.
    """

    apiVersion: Literal["sqm/v1"]  # noqa: N815 - the name that such documents use everywhere
    """Version of this kind of document."""
    kind: Literal["Alerting"]
    """Which document it is."""
    metadata: AlertingMetadata
    """Whose it is."""
    rules: Rules
    """Which violations become alerts; the first that fits takes one."""
    route: Route
    """The root of the tree of routes."""
    inhibit: Annotated[tuple[Inhibition, ...], Field(max_length=100, strict=False)] = ()
    """What mutes what."""
    silences: Annotated[tuple[Silence, ...], Field(max_length=1_000, strict=False)] = ()
    """Agreed times in which nobody is told; others are added while running."""
    receivers: Annotated[tuple[Receiver, ...], Field(max_length=500, strict=False)] = ()
    """The channels."""
    people: Annotated[tuple[Person, ...], Field(max_length=5_000, strict=False)] = ()
    """Who can be told."""
    teams: Annotated[tuple[Team, ...], Field(max_length=500, strict=False)] = ()
    """Who is told together."""
    schedules: Annotated[tuple[Schedule, ...], Field(max_length=500, strict=False)] = ()
    """Who is on call when."""
    escalations: Annotated[tuple[Escalation, ...], Field(max_length=500, strict=False)] = ()
    """Who is next if nobody answers."""

    @model_validator(mode="after")
    def _ids_are_unique(self) -> "Alerting":
        for section in SECTIONS:
            seen: set[str] = set()
            for place, one in enumerate(getattr(self, section)):
                if one.id in seen:
                    raise misfit("Alerting", (section, place, "id"), one.id, "is there twice")
                seen.add(one.id)
        return self

    @model_validator(mode="after")
    def _ids_lead_somewhere(self) -> "Alerting":
        known = {section: dict.fromkeys(one.id for one in getattr(self, section)) for section in SECTIONS}
        for path, section, wanted in self._references():
            if wanted not in known[section]:
                there = ", ".join(islice(known[section], 20)) or "none"
                raise misfit("Alerting", path, wanted, f"is not among the {section}; there are: {there}")
        return self

    @property
    def calendars(self) -> frozenset[str]:
        """
        Ids of all calendars that it mentions.
        """
        found: set[str] = set()
        for _, route in routes_of(self.route, ("route",)):
            found.update(route.mute_in or (), route.only_in or ())
        found.update(rule.during for person in self.people for rule in person.rules if rule.during)
        found.update(step.during for policy in self.escalations for step in policy.steps if step.during)
        return frozenset(found)

    def _references(self) -> Iterator[tuple[Path, str, str]]:
        yield from _in_routes(self.route)
        for place, person in enumerate(self.people):
            for at, contact in enumerate(person.contacts):
                yield ("people", place, "contacts", at, "receiver"), "receivers", contact.receiver
        for place, team in enumerate(self.teams):
            for at, one in enumerate(team.members):
                yield ("teams", place, "members", at), "people", one
        for place, schedule in enumerate(self.schedules):
            yield from _in_schedule(schedule, ("schedules", place))
        for place, policy in enumerate(self.escalations):
            for number, step in enumerate(policy.steps):
                yield from _in_targets(step.notify, ("escalations", place, "steps", number, "notify"))
            yield from _in_targets(policy.nobody, ("escalations", place, "nobody"))


SECTIONS: Final = ("rules", "inhibit", "silences", "receivers", "people", "teams", "schedules", "escalations")
"""The lists whose entries have ids."""
_OF_TARGETS: Final = {"person": "people", "team": "teams", "schedule": "schedules", "receiver": "receivers"}


def routes_of(route: Route, path: Path) -> Iterator[tuple[Path, Route]]:
    """
    Walk the tree of routes from the root, each with the place where it is written.
    """
    yield path, route
    for place, child in enumerate(route.routes):
        yield from routes_of(child, (*path, "routes", place))


def _in_routes(root: Route) -> Iterator[tuple[Path, str, str]]:
    for path, route in routes_of(root, ("route",)):
        for at, one in enumerate(route.receivers or ()):
            yield (*path, "receivers", at), "receivers", one
        if route.escalation is not None:
            yield (*path, "escalation"), "escalations", route.escalation


def _in_schedule(schedule: Schedule, path: Path) -> Iterator[tuple[Path, str, str]]:
    for place, layer in enumerate(schedule.layers):
        for at, one in enumerate(layer.people):
            yield (*path, "layers", place, "people", at), "people", one
    for place, override in enumerate(schedule.overrides):
        for name in ("person", "replaces"):
            if (one := getattr(override, name)) is not None:
                yield (*path, "overrides", place, name), "people", one


def _in_targets(targets: tuple[Target, ...], path: Path) -> Iterator[tuple[Path, str, str]]:
    for at, target in enumerate(targets):
        kind, _, one = target.partition(":")
        yield (*path, at), _OF_TARGETS[kind], one


ALERTINGS: Final[TypeAdapter[Alerting]] = TypeAdapter(Alerting)
