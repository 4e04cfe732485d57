"""
Made-up configurations, violations and commands for tests of alerts.
"""

from typing import Any, Final

import msgspec

from schemas.alert_commands import AlertCommand
from schemas.alerting import ALERTINGS, Alerting
from schemas.outcomes import Violation as Contract
from schemas.standards import DOCUMENTS, AnyDocument
from services.alerts.engine import Given, Received, Violation

__all__ = ["MINUTE", "MONDAY", "alerting", "calendar", "given", "opened", "revised", "standard", "violation_of"]

MINUTE: Final = 60_000
MONDAY: Final = 1_772_445_600_000
"""Ten o'clock of a Monday in March, UTC."""


def alerting(**sections: Any) -> Alerting:  # noqa: ANN401 - sections of a document
    """
    A configuration of one rule, a room, and a lead with a phone; each section may be another.
    """
    usual = {
        "apiVersion": "sqm/v1",
        "kind": "Alerting",
        "metadata": {"id": "floor", "owner": "tests"},
        "rules": [{"id": "waits", "keep_firing_for": "0s"}],
        "route": {"receivers": ["room"], "group_wait": "0s", "group_interval": "0s"},
        "receivers": [
            {"id": "room", "title": "Room", "chat": {"url": "ROOM"}},
            {"id": "sms", "title": "Texts", "apprise": {"url": "SMS"}},
        ],
        "people": [{"id": "lead", "title": "Lead", "contacts": [{"id": "phone", "receiver": "sms", "to": "+1"}]}],
    }
    return ALERTINGS.validate_python(usual | sections)


def opened(name: str, minute: int = 0, **fields: Any) -> Received:  # noqa: ANN401 - fields of a violation
    """
    A violation of the line at the tills, opened so many minutes after MONDAY.
    """
    at = MONDAY + minute * MINUTE
    usual: dict[str, Any] = {
        "id": name, "standard": "wait", "version": 1, "rev_offset": 0, "rev_watermark": at, "site": "north",
        "kind": "journey", "state": "opened", "opened_at": at, "as_of": at, "queue": "tills",
    }  # fmt: skip
    return Received(at, Violation(**(usual | fields)))


def revised(seen: Received, state: str, minute: int) -> Received:
    """
    What is said of a violation later.
    """
    at = MONDAY + minute * MINUTE
    one = seen.violation
    return Received(at, msgspec.structs.replace(one, state=state, rev_offset=one.rev_offset + 1, rev_watermark=at))


def given(action: str, minute: int, **fields: Any) -> Given:  # noqa: ANN401 - fields of a command
    """
    A command of the lead, by default about the tills.
    """
    at = MONDAY + minute * MINUTE
    said = {"id": f"{action}-{minute}", "at": at, "by": "lead", "action": action, "alert": "wait|queue:north/tills"}
    return Given(at, AlertCommand.model_validate(said | fields))


def standard(**parts: Any) -> AnyDocument:  # noqa: ANN401 - parts of a document
    """
    The standard of which the violations are.
    """
    usual = {
        "apiVersion": "sqm/v1",
        "kind": "Standard",
        "metadata": {
            "id": "wait",
            "version": 1,
            "title": "Wait",
            "owner": "branches",
            "effective_from": "2025-01-01T00:00:00Z",
            "why": "Tests need it.",
        },
        "clock": {"start": "journey.arrived", "stop": "journey.called", "limit": "10m"},
        "objective": {"metric": "sl_all_offered", "target": "80%", "window": {"rolling": "1h"}},
    }
    return DOCUMENTS.validate_python(usual | parts)


def calendar(version: int = 1, *, begin: str = "2025-01-01T00:00:00Z", until: str | None = None) -> AnyDocument:
    """
    A calendar that is open on Mondays from eleven to twelve, UTC.
    """
    meta: dict[str, Any] = {"id": "late-morning", "version": version, "title": "Late morning", "owner": "tests"}
    meta |= {"zone": "UTC", "effective_from": begin, "effective_until": until}
    hours = {"monday": [{"from": "11:00", "until": "12:00"}]}
    return DOCUMENTS.validate_python({"apiVersion": "sqm/v1", "kind": "Calendar", "metadata": meta, "hours": hours})


def violation_of(contract: Contract) -> Violation:
    """
    What the engine should have read of a violation, taken from the contract's model.
    """
    return Violation(**{name: getattr(contract, name) for name in Violation.__struct_fields__})
