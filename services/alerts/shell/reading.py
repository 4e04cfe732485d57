"""
Who reads the page of a link, and how the alert is told to them: in their language, by their time, with what to do.
"""

from collections.abc import Callable, Mapping
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import msgspec

from domain.wording import LANGUAGES, Catalogue, Voice
from schemas.alerts import ALERTS
from schemas.standards import AnyDocument
from services.alerts.engine import Alert, Book
from services.alerts.shell.ack_page import Reading
from services.alerts.shell.notifiers import view_of
from services.alerts.shell.particulars import Evidence, particulars_of
from services.runtime.clock import Clock

__all__ = ["InForce", "Readers", "ReadingFor", "language_of"]

ReadingFor = Callable[[Alert | None, str, str], Reading]
"""Tells an alert (None: not known, or over) to whoever the link was for (`person:ID`, `receiver:ID`, empty), with the
languages that the browser asks for."""
_USUAL: Final = "en"


class InForce(Protocol):
    """
    The book in force, if there is one, and the documents that were published.
    """

    @property
    def book(self) -> Book | None: ...

    @property
    def documents(self) -> Mapping[str, AnyDocument]: ...


class Readers:
    """
    Tells alerts by the book that is in force.
    """

    def __init__(
        self,
        books: InForce,
        evidence: Evidence,
        catalogues: Mapping[str, Catalogue],
        clock: Clock,
        *,
        dashboards: str | None,
    ) -> None:
        self._books = books
        self._evidence = evidence
        self._catalogues = catalogues
        self._clock = clock
        self._dashboards = dashboards

    def reading(self, alert: Alert | None, by: str, accepted: str) -> Reading:
        """
        See ``ReadingFor``.
        """
        book = self._books.book
        person = book.people.get(by.partition(":")[2]) if book is not None and by.startswith("person:") else None
        language = person.language if person is not None else language_of(accepted)
        zone = ZoneInfo(person.zone if person is not None else "UTC")
        catalogue = self._catalogues[language]
        view = None
        if alert is not None and book is not None:
            documents, evidence, dashboards = self._books.documents, self._evidence, self._dashboards
            about = particulars_of([alert], book.said, documents, evidence, dashboards)[alert.key]
            said = ALERTS.validate_json(msgspec.json.encode(alert))
            view = view_of(said, about, None, catalogue, zone, self._clock.now_ms())
        return Reading(Voice(catalogue, zone), language, str(zone), view)


def language_of(accepted: str) -> str:
    """
    Of the languages that a browser asks for, the first one that there is; English where there is none.
    """
    asked = [one.partition(";")[0].strip().lower().partition("-")[0] for one in accepted.split(",")]
    return next((one for one in asked if one in LANGUAGES), _USUAL)
