"""
The API of alerts on alerts that a test gives it, with a trail that it keeps.
"""

import os
from collections.abc import Mapping
from typing import Any, Literal

import httpx
from starlette.applications import Starlette

from domain.wording import LANGUAGES
from schemas.alert_commands import AlertCommand
from schemas.alert_routes import Silence
from schemas.standards import document_key
from services.alerts.engine import Alert, Book
from services.alerts.shell.config_file import read_alerting
from services.alerts.shell.http_api import AlertsApi
from services.alerts.shell.link_pages import LinkPages
from services.alerts.shell.particulars import Evidence
from services.alerts.shell.reading import Readers, ReadingFor
from services.cli.demo.line import alerting_file, demo_folder
from services.runtime.catalogues import load_catalogue
from services.runtime.tokens import RANDOM_BYTES, TokenBook, issue
from services.sla.shell.documents import read_documents_of, require
from tests.fakes.clock import ManualClock

KEY = b"k" * 32
Language = Literal["en", "ru", "lv"]


class SeeingAlerts:
    """
    One process that works, with these alerts and nothing else; or one that stands by.
    """

    def __init__(self, *alerts: Alert, works: bool = True) -> None:
        self._alerts = {one.key: one for one in alerts}
        self._works = works

    def alerts(self) -> Mapping[str, Alert] | None:
        return self._alerts if self._works else None

    def muted(self, key: str) -> str | None:
        return None if key in self._alerts else "silence"

    def lacks(self, command: AlertCommand) -> tuple[str, str] | None:
        known = command.alert is None or command.alert in self._alerts
        return None if known else ("no_such_alert", f"there is no alert {command.alert}")

    def has_taken(self, command: str) -> bool:
        return False

    def silences(self) -> Mapping[str, Silence] | None:
        return {} if self._works else None

    def holding(self) -> tuple[str, ...]:
        return ()

    def schedules(self) -> tuple[str, ...] | None:
        return ("floor",) if self._works else None

    def on_call(self, schedule: str, at: int) -> dict[str, Any] | None:
        return {"schedule": schedule, "person": "shift-lead", "by": f"at {at}"}


class InForceHere:
    """
    The demo's configuration and standards, with people who read as they are told to.
    """

    def __init__(self, *, language: Language = "en", zone: str = "Europe/Berlin") -> None:
        found = [one.document for one in require(read_documents_of([demo_folder()]))]
        said = read_alerting(alerting_file())[0]
        people = tuple(one.model_copy(update={"language": language, "zone": zone}) for one in said.people)
        self.documents = {document_key(one): one for one in found}
        self.book = Book(said.model_copy(update={"people": people}), found)


def readers(in_force: InForceHere, now: int, evidence: Evidence | None = None) -> Readers:
    catalogues = {language: load_catalogue("domain.wording", language) for language in LANGUAGES}
    return Readers(in_force, evidence or Evidence(), catalogues, ManualClock(now), dashboards=None)


class OfferedApi:
    """
    The API and the links with an operator's token; `commands` are those that it wrote to the trail.
    """

    def __init__(self, seeing: SeeingAlerts, now: int, reading: ReadingFor | None = None) -> None:
        self.commands: list[AlertCommand] = []
        kept, self.token = issue("shift-lead", (), os.urandom(RANDOM_BYTES), 0, "operator")
        clock = ManualClock(now)
        api = AlertsApi(seeing, self._offer, tokens=lambda: TokenBook([kept]), clock=clock)
        links = LinkPages(seeing, self._offer, (KEY,), reading or readers(InForceHere(), now).reading, clock)
        self._routes = [*api.routes(), *links.routes()]

    async def _offer(self, *commands: AlertCommand) -> None:
        self.commands += commands

    def client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(Starlette(routes=self._routes))
        bearer = {"authorization": f"Bearer {self.token}"}
        return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8084", headers=bearer)
