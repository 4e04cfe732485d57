"""
Comparing: events of an export with those that are there already, by their ids.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from schemas.base import parse_instant
from schemas.connectors import IDENTITIES
from services.cli.event_revisions import standing
from services.ingest.engine.depersonalising import depersonalised
from services.ingest.engine.mapped import MappedEvent, cloud_event

__all__ = ["Differing", "Export", "Found", "Known", "Told", "compare", "nobody_known", "told"]

_SAID: Final = ("type", "subject", "time")

Known = Callable[[str, str], str | None]
"""The pseudonym of somebody: whose it is (customer, employee), and the identity; None where that cannot be told."""


def nobody_known(_whose: str, _name: str) -> None:
    """
    Tell nobody's pseudonym: the store of identities is elsewhere.
    """


class Export(NamedTuple):
    """
    What an export says: its events by id, and the span that they lie in (milliseconds, the last included).
    """

    events: Mapping[str, MappedEvent]
    from_ms: int
    until_ms: int

    @classmethod
    def of(cls, events: Iterable[MappedEvent]) -> "Export":
        """
        Take all events; of each the highest revision, and of those at one revision the first.
        """
        known = standing(events, lambda event: event.id, lambda event: event.revision)
        times = [event.time_ms for event in known.values()]
        return cls(known, min(times, default=0), max(times, default=0))


class Told(NamedTuple):
    """
    An event as people are told of it.
    """

    time: str
    type: str
    subject: str
    id: str


class Differing(NamedTuple):
    """
    A field of an event that the export and the live line say differently; None: one of them does not say it.
    """

    event: Told
    field: str
    export: object
    live: object


class Found(NamedTuple):
    """
    What a comparison found.
    """

    live: int
    """Events of the export's span that had arrived."""
    missing: list[MappedEvent]
    """Only in the export, in the order of time."""
    newer: list[MappedEvent]
    """In both, the export's of a higher revision, which will stand once it is sent; in the order of time."""
    differing: list[Differing]
    """At the same revision."""
    only_live: list[Told]

    @property
    def to_send(self) -> list[MappedEvent]:
        """
        What is missing or newer, in the order of time.
        """
        return sorted([*self.missing, *self.newer], key=lambda event: event.time_ms)

    @property
    def doubt(self) -> str:
        """
        What makes it likely that the export is not of the same events as the live line, or is read in another zone;
        empty where nothing does. Then what is missing would be added beside what it should be.
        """
        shared = self.live - len(self.only_live)
        elsewhen = len({one.event.id for one in self.differing if one.field == "time"})
        if self.only_live and not shared:
            found = f"none of its events had arrived, and {len(self.only_live):,} others of the same time had"
        elif 2 * elsewhen > shared:
            found = f"of {shared:,} events that are in both, {elsewhen:,} have another time"
        else:
            return ""
        return f"{found}; look at the mapping, its zone and its ids (`sqm load` adds the whole file if it is right)"


def compare(export: Export, live: Iterable[str | bytes], known: Known = nobody_known) -> Found:
    """
    Hold what is there, as JSON in any order, against an export. Of each event the highest revision stands, and the
    first that came of those at one revision, as in the worker and in history. What lies outside the span of the export
    is only looked at where the export has it, too. The export says who somebody is and the live line a pseudonym:
    `known` gives the one to the other, and who is not known is not compared.
    """
    export = export._replace(
        events={str(_without_names(event, known)["id"]): event for event in export.events.values()}
    )
    looked_at = (there for there in map(json.loads, live) if _concerns(export, there))
    arrived: dict[str, dict[str, Any]] = standing(looked_at, lambda there: there["id"], _revision)
    newer: list[MappedEvent] = []
    differing: list[Differing] = []
    only_live: list[Told] = []
    for ident, there in arrived.items():
        ours = export.events.get(ident)
        if ours is None:
            only_live.append(_told(there))
        elif ours.revision > _revision(there):
            newer.append(ours)
        elif ours.revision == _revision(there):
            differing += _differences(_as_live(_without_names(ours, known), there, known), there)
    missing = [event for ident, event in export.events.items() if ident not in arrived]
    return Found(
        len(arrived),
        sorted(missing, key=lambda event: event.time_ms),
        sorted(newer, key=lambda event: event.time_ms),
        differing,
        sorted(only_live),
    )


def told(event: MappedEvent) -> Told:
    """
    Say of which event one is.
    """
    return _told(cloud_event(event))


def _told(event: Mapping[str, Any]) -> Told:
    return Told(
        str(event["time"]), str(event["type"]).removeprefix("sqm."), str(event.get("subject") or ""), event["id"]
    )


def _concerns(export: Export, there: Mapping[str, Any]) -> bool:
    at = parse_instant(there["time"])
    return export.from_ms <= at <= export.until_ms or there["id"] in export.events


def _revision(there: Mapping[str, Any]) -> int:
    return int(there.get("revision") or 0)


def _without_names(event: MappedEvent, known: Known) -> dict[str, Any]:
    """
    The event as ingest has it, which replaces people not in their facts only, but in its id, too.
    """
    ours = cloud_event(event)
    ours = ours | {"data": dict(ours["data"])}
    depersonalised(ours, lambda whose, name: known(whose, name) or name)
    return ours


def _as_live(ours: dict[str, Any], there: Mapping[str, Any], known: Known) -> dict[str, Any]:
    facts = dict(ours["data"])
    for fact, whose in IDENTITIES.items():
        if fact in facts and (live := there["data"].get(fact)) is not None:
            facts[fact] = known(whose, facts[fact]) or live
    return ours | {"data": facts}


def _differences(ours: Mapping[str, Any], there: Mapping[str, Any]) -> list[Differing]:
    pairs = [(name, ours[name], there.get(name)) for name in _SAID]
    mine, theirs = ours["data"], there["data"]
    pairs += [(f"data.{name}", mine.get(name), theirs.get(name)) for name in dict.fromkeys([*mine, *theirs])]
    return [Differing(_told(ours), name, one, other) for name, one, other in pairs if one != other]
