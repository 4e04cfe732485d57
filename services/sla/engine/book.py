"""
The book of standards in force: what was published, and which version covers which journey.

The choice of a version is a function of content, so it is the same on every worker and at every repetition.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from domain.calendars import OpenHours, compile_hours
from schemas.base import to_millis
from schemas.calendars import Calendar
from schemas.clocks import SITE_CALENDAR
from schemas.events import LIFE_ORDER
from schemas.register import Site, SiteMetadata, Source
from schemas.retirements import Retirement
from schemas.standards import AnyDocument, Published, Standard, Versioned, document_key
from services.sla.engine.events import ARRIVALS, LAST_OF_LIFE, REOPENINGS, Attributes
from services.sla.engine.patterns import Covers
from services.sla.engine.rules import CUSTOMER, JOURNEY, PRESENCE, Rule, compile_rule
from services.sla.engine.terms import FOR_EVER, Terms

_MOST_REMEMBERED: Final = 20_000


class Publication(StrEnum):
    """What a publication did to the book."""

    ADDED = "added"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    CONTRADICTS = "contradicts"
    """Another meaning under an id and version that are taken: ignored, the first stands."""


class MissingCalendarError(LookupError):
    """What was judged in the hours of a calendar cannot go on, because that version of it is not published here."""

    def __init__(self, ident: str, version: str) -> None:
        """Say which, and what to do about it."""
        super().__init__(
            f"calendar {ident!r}, version {version}, which is not published: publish that version again "
            "(`sqm standards publish FILE`), then start the worker"
        )


class InForce(NamedTuple):
    """The hours of a version of a calendar, and from when up to when it is in force."""

    begin: int
    end: int
    hours: OpenHours


class Coverage(NamedTuple):
    """The rules that cover a journey, and whether an event of a rank can matter to any of them."""

    rules: tuple[Rule, ...]
    matters: tuple[bool, ...]

    @classmethod
    def of(cls, rules: tuple[Rule, ...]) -> "Coverage":
        """Sum up what the rules look at; arrivals and re-openings always matter."""
        always = ARRIVALS | REOPENINGS
        return cls(
            rules, tuple(rank in always or any(r.cares_for(rank) for r in rules) for rank in LIFE_ORDER.values())
        )


class Book:
    """
    The standards, sites and sources that were published: immutable, so that a change makes a new book.

    ``documents`` holds each by its key as it reads now, with the number of its revision; ``rules`` the standards,
    compiled. The first publication of a standard's id and version fixes its meaning.
    """

    def __init__(self) -> None:
        """Begin with nothing in force."""
        self.documents: dict[str, tuple[int, AnyDocument]] = {}
        self.rules: dict[str, Rule] = {}
        self.delays: dict[str, int] = {}
        self.ends: dict[str, int] = {}
        """When rules are retired, by their keys; only those that somebody retired."""
        self.loose: frozenset[int] = frozenset()
        """Ranks of events that need no journey and that some rule asks for."""
        self.contacts: frozenset[int] = frozenset()
        """Ranks that matter to a rule about a customer's contacts."""
        self.signs: dict[int, frozenset[str]] = {}
        """By rank, of whom an event is a sign."""
        self._calendars: dict[str, tuple[Calendar, ...]] = {}
        self._hours: dict[str, OpenHours] = {}
        self._covers: dict[str, Covers] = {}
        self._bounds: list[int] = []
        self._choices: dict[tuple[int, str, Attributes, str], Coverage] = {}
        self._coverages: dict[tuple[str, ...], Coverage] = {}
        self._source_delays: dict[str, int] = {}

    @classmethod
    def of(cls, published: Iterable[Published]) -> "Book":
        """Read a book from publications, oldest first."""
        book = cls()
        for one in published:
            book._enter(one)
        return book

    def add(self, published: Published) -> tuple["Book", Publication]:
        """Return the book with one more publication, and what it did."""
        book = Book()
        book.documents, book.rules, book.delays = dict(self.documents), dict(self.rules), dict(self.delays)
        book.ends, book.loose = dict(self.ends), self.loose
        book.contacts, book.signs = self.contacts, self.signs
        # Versions never change what they mean, so what was worked out of them goes on to the next book.
        book._calendars, book._hours = dict(self._calendars), self._hours
        book._covers, book._bounds = dict(self._covers), list(self._bounds)
        return book, book._enter(published)

    def _enter(self, published: Published) -> Publication:
        document = published.document
        key = document_key(document)
        revision, held = self.documents.get(key, (0, None))
        if held == document:
            return Publication.UNCHANGED
        if _other_meaning(held, document):
            return Publication.CONTRADICTS
        self.documents[key] = (revision + 1, document)
        if isinstance(document, Source):
            self.delays[document.metadata.id] = document.metadata.expected_delay
        elif isinstance(document, Standard) and held is None:
            # A revision keeps the rule: it decides the same, and running clocks hold on to it.
            rule = compile_rule(document)
            self.rules[rule.key] = rule
            self._watch(rule)
            self._covers[rule.key] = Covers(document.applies_to)
            self._bounds = sorted({*self._bounds, rule.effective_from, rule.effective_until})
        if isinstance(document, Calendar):
            others = [one for one in self._calendars.get(document.metadata.id, ()) if document_key(one) != key]
            self._calendars[document.metadata.id] = tuple(sorted((*others, document), key=_comes))
        if isinstance(document, Standard | Retirement):
            self._retire(document.metadata.id)
        return Publication.REVISED if revision else Publication.ADDED

    def _watch(self, rule: Rule) -> None:
        """Note which events a rule needs beyond those of journeys."""
        ranks = {rank for rank in range(len(LIFE_ORDER)) if rule.cares_for(rank)}
        if rule.watches != PRESENCE:
            # Also of contacts: what a journey remembers is not counted again under the name of another customer.
            self.loose |= {rank for rank in ranks if rank > LAST_OF_LIFE}
        if rule.watches == CUSTOMER:
            self.contacts |= ranks
        elif rule.watches == PRESENCE:
            self.signs = self.signs | {rank: self.signs.get(rank, frozenset()) | {rule.of} for rank in ranks}

    def _retire(self, ident: str) -> None:
        """Note when the versions of a standard end that were in force before it was retired."""
        entry = self.documents.get(f"Retirement/{ident}")
        if entry is None or not isinstance(entry[1], Retirement):
            return
        at = to_millis(entry[1].metadata.retired_at)
        self._bounds = sorted({*self._bounds, at})
        self.ends |= {key: at for key, rule in self.rules.items() if rule.id == ident and rule.effective_from < at}

    def retired_at(self, rule: Rule) -> int:
        """Say when a rule is retired; far away where nobody retired it."""
        return self.ends.get(rule.key, FOR_EVER) if self.ends else FOR_EVER

    def coverage(self, site: str, attributes: Attributes, arrived_at: int, watched: str = JOURNEY) -> "Coverage":
        """Choose the rules that cover a journey: of each standard the newest version in force, if it covers it."""
        key = (bisect_right(self._bounds, arrived_at), site, attributes, watched)
        chosen = self._choices.get(key)
        if chosen is None:
            rules = self._choose(site, attributes, arrived_at)
            chosen = self.coverage_again(rule.key for rule in rules if rule.watches == watched)
            if len(self._choices) >= _MOST_REMEMBERED:
                self._choices.clear()
            self._choices[key] = chosen
        return chosen

    def terms(self, rule: Rule, site: str, attributes: Attributes, arrived_at: int) -> Terms | None:
        """
        Choose what a journey's clock is held to, by its arrival; the parts of the day are those of its site.

        None where the standard names a calendar that is not in force then.
        """
        if rule.terms.fixed is not None:
            return rule.terms.fixed
        place = self._place(site)
        hours, wanted = None, rule.terms.calendar
        if wanted is not None:
            hours = self._hours_of(wanted, arrived_at, place)
            if hours is None:
                return None
        return rule.terms.choose(attributes, arrived_at, place.zone if place else "UTC", hours)

    def _place(self, site: str) -> SiteMetadata | None:
        held = self.documents.get(f"Site/{site}")
        return held[1].metadata if held is not None and isinstance(held[1], Site) else None

    def _versions_of(self, wanted: str, place: SiteMetadata | None) -> tuple[Calendar, ...]:
        """Give the versions of a calendar, or of that of a site, in the order in which they come into force."""
        ident = ((place and place.calendar) or "") if wanted == SITE_CALENDAR else wanted
        return self._calendars.get(ident, ())

    def _hours_of(self, wanted: str, arrived_at: int, place: SiteMetadata | None) -> OpenHours | None:
        """Choose the version of a calendar that is in force at an instant."""
        begun = [
            one for one in self._versions_of(wanted, place) if to_millis(one.metadata.effective_from) <= arrived_at
        ]
        return self._hours_at(begun[-1], place) if begun and arrived_at < _end_of(begun[-1]) else None

    def _hours_at(self, calendar: Calendar, place: SiteMetadata | None) -> OpenHours:
        """Return the hours of a version of a calendar; a site's own zone stands before the calendar's."""
        meta = calendar.metadata
        own = place is not None and "zone" in place.model_fields_set and place.zone != meta.zone
        return self.hours(f"{meta.id}@{meta.version}" + (f"/{place.zone}" if own and place else ""))

    def openings(self, wanted: str, site: str) -> tuple[InForce, ...]:
        """
        Return the versions of a calendar in the order of time, each as long as it is in force; ``wanted`` is its id, or
        asks for that of the site.
        """
        place = self._place(site)
        versions = self._versions_of(wanted, place)
        begins = [to_millis(one.metadata.effective_from) for one in versions]
        return tuple(
            InForce(begin, min(_end_of(one), following), self._hours_at(one, place))
            for one, begin, following in zip(versions, begins, [*begins[1:], FOR_EVER], strict=False)
        )

    def hours(self, key: str) -> OpenHours:
        """
        Return the hours of a calendar by its id, version and, where it is not its own, zone. Raises
        MissingCalendarError where it was not published.
        """
        known = self._hours.get(key)
        if known is None:
            named, _, zone = key.partition("/")
            ident, _, version = named.partition("@")
            versions = {str(one.metadata.version): one for one in self._calendars.get(ident, ())}
            if version not in versions:
                raise MissingCalendarError(ident, version)
            known = self._hours[key] = compile_hours(versions[version], zone or None)
        return known

    def coverage_again(self, keys: Iterable[str]) -> "Coverage":
        """Return the coverage by some rules, as a written journey was frozen with; what the book lacks is left out."""
        named = tuple(keys)
        known = self._coverages.get(named)
        if known is None:
            # Asked for every journey of a state that is loaded, and for all sites; most have the same rules.
            known = Coverage.of(tuple(self.rules[key] for key in named if key in self.rules))
            self._coverages[named] = known
        return known

    def _choose(self, site: str, attributes: Attributes, arrived_at: int) -> tuple[Rule, ...]:
        newest: dict[str, Rule] = {}
        for rule in self.rules.values():
            if rule.effective_from <= arrived_at:
                held = newest.get(rule.id)
                if held is None or (held.effective_from, held.version) < (rule.effective_from, rule.version):
                    newest[rule.id] = rule
        return tuple(
            rule
            for _, rule in sorted(newest.items())
            if arrived_at < min(rule.effective_until, self.retired_at(rule))
            and self._covers[rule.key](site, attributes)
        )

    def expected_delay(self, source: str) -> int:
        """Milliseconds by which a source is known to report late; the longest matching prefix decides."""
        delay = self._source_delays.get(source)
        if delay is None:
            matching = [prefix for prefix in self.delays if source.startswith(prefix)]
            delay = self.delays[max(matching, key=len)] if matching else 0
            if len(self._source_delays) >= _MOST_REMEMBERED:
                self._source_delays.clear()
            self._source_delays[source] = delay
        return delay


def _comes(calendar: Calendar) -> tuple[datetime, int]:
    return calendar.metadata.effective_from, calendar.metadata.version


def _end_of(calendar: Calendar) -> int:
    until = calendar.metadata.effective_until
    return FOR_EVER if until is None else to_millis(until)


def _other_meaning(held: AnyDocument | None, document: AnyDocument) -> bool:
    """Tell whether a document says another thing than the one that stands; a site or a source may say anything new."""
    fixed = Versioned | Retirement
    return isinstance(held, fixed) and isinstance(document, fixed) and held.meaning() != document.meaning()
