"""
Draws configurations of alerts, and what happens to them: violations, commands and time.
"""

from typing import Any, Final, Literal

from hypothesis import strategies as st

from schemas.alert_commands import AlertCommand
from schemas.alerting import ALERTINGS, Alerting
from schemas.base import format_instant
from schemas.standards import DOCUMENTS
from services.alerts.engine import Given, Received, Violation

__all__ = ["CLEANING", "END", "PLAIN", "SITES", "alertings", "inputs"]

MINUTE: Final = 60_000
BEGIN: Final = 1_772_445_600_000
"""A Monday in March, 10:00 UTC."""
END: Final = BEGIN + 360 * MINUTE
SITES: Final = ("north", "south")
KEYS: Final = tuple(f"wait|queue:{site}/tills" for site in SITES)
PAGE: Final[dict[str, Any]] = {"severity": "page"}
CLEANING: Final = DOCUMENTS.validate_python({
    "apiVersion": "sqm/v1",
    "kind": "Calendar",
    "metadata": {
        "id": "cleaning",
        "version": 1,
        "title": "Cleaning",
        "owner": "tests",
        "zone": "UTC",
        "effective_from": "2025-01-01T00:00:00Z",
    },
    "hours": {"monday": [{"from": "10:20", "until": "11:05"}]},
})  # fmt: skip
State = Literal["opened", "updated", "retracted", "closed"]
LIVES: Final[tuple[tuple[State, ...], ...]] = (
    ("opened",),
    ("opened", "closed"),
    ("opened", "retracted"),
    ("opened", "updated", "closed"),
)
PEOPLE: Final = ("lead", "manager")
PLAIN: Final[dict[str, Any]] = {
    "apiVersion": "sqm/v1",
    "kind": "Alerting",
    "metadata": {"id": "plain", "owner": "tests"},
    "rules": [{"id": "waits"}],
    "route": {"receivers": ["room"], "group_wait": "0s"},
    "receivers": [{"id": "room", "title": "Room", "chat": {"url": "ROOM"}}],
}
"""A configuration by which everything is told to a room at once."""


def _person(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "title": name,
        "contacts": [{"id": "phone", "receiver": "sms", "to": name}],
        "limit": {"messages": 3, "within": "30m"},
    }


def _inhibition(source: str, target: str) -> dict[str, Any]:
    return {"id": f"{source}-first", "source": {"site": source}, "target": {"site": target}}


@st.composite
def alertings(draw: st.DrawFn) -> Alerting:
    """
    Draw a configuration: one rule, a room that is told, two people of whom the second is told if the first is silent.
    """
    rule: dict[str, Any] = {
        "id": "waits",
        "for": draw(st.sampled_from(["0s", "1m"])),
        "keep_firing_for": draw(st.sampled_from(["0s", "3m"])),
        "severity": draw(st.sampled_from(["ticket", "page"])),
        "grades": draw(
            st.sampled_from([[], [{"severity": "page", "overrun": "4m"}], [{"severity": "page", "open": 2}]])
        ),
        "flapping": draw(st.sampled_from([None, {"changes": 4, "within": "20m"}])),
        "correlate_by": ["standard"],
    }
    rule |= draw(st.sampled_from([{}, {"count": {"violations": 2, "within": "5m"}}, {"raise_at": 2}]))
    route: dict[str, Any] = {
        "receivers": ["room"],
        "escalation": draw(st.sampled_from([None, "floor"])),
        "group_by": draw(st.sampled_from([[], ["site"]])),
        "group_wait": draw(st.sampled_from(["0s", "30s"])),
        "group_interval": draw(st.sampled_from(["0s", "5m"])),
        "repeat_interval": draw(st.sampled_from(["20m", "2h"])),
    }
    route |= draw(st.sampled_from([{}, {}, {"mute_in": ["cleaning"]}, {"only_in": ["cleaning"]}]))
    inhibit = [_inhibition(*sites) for sites in draw(st.sampled_from([(), (SITES,), (SITES, SITES[::-1])]))]
    return ALERTINGS.validate_python({
        "apiVersion": "sqm/v1",
        "kind": "Alerting",
        "metadata": {"id": "drawn", "owner": "tests"},
        "rules": [rule],
        "route": route,
        "inhibit": inhibit,
        "receivers": [
            {"id": "room", "title": "Room", "chat": {"url": "ROOM"}},
            {"id": "sms", "title": "Texts", "apprise": {"url": "SMS"}},
        ],
        "people": [_person(name) for name in PEOPLE],
        "escalations": [
            {
                "id": "floor",
                "title": "Floor",
                "steps": [{"notify": [f"person:{name}"], "wait": "7m"} for name in PEOPLE],
                "nobody": ["receiver:room"],
            }
        ],
    })  # fmt: skip


@st.composite
def inputs(draw: st.DrawFn, *, silences: bool = True) -> list[Received | Given]:
    """
    Draw what comes in six hours, in the order of time, several things at one instant among them.
    """
    found: list[Received | Given] = []
    for number in range(draw(st.integers(1, 6))):
        found += _violation(draw, number)
    for number in range(draw(st.integers(0, 4))):
        found.append(_command(draw, number, silences=silences))
    return sorted(found, key=lambda one: one.at)


def _violation(draw: st.DrawFn, number: int) -> list[Received | Given]:
    at = BEGIN + draw(st.integers(0, 40)) * MINUTE
    site = draw(st.sampled_from(SITES))
    states = draw(st.sampled_from(LIVES))
    found: list[Received | Given] = []
    for revision, state in enumerate(states):
        opened_at = found[0].at if found else at
        violation = Violation(
            id=f"v{number}", standard="wait", version=1, rev_offset=revision, rev_watermark=at, site=site,
            kind="journey", state=state, opened_at=opened_at, as_of=at, queue="tills",
        )  # fmt: skip
        found.append(Received(at, violation))
        at += draw(st.integers(0, 20)) * MINUTE
    return found


def _command(draw: st.DrawFn, number: int, *, silences: bool) -> Given:
    at = BEGIN + draw(st.integers(0, 80)) * MINUTE
    said: dict[str, Any] = {"id": f"c{number}", "at": at, "by": draw(st.sampled_from(PEOPLE))}
    kinds = ["acknowledge", "unacknowledge", "resolve", "escalate", "hand_over"]
    action = draw(st.sampled_from([*kinds, *(["silence", "silence"] if silences else [])]))
    if action == "silence":
        until = at + draw(st.integers(1, 40)) * MINUTE
        said["silence"] = {
            "id": f"s{number}",
            "match": {"site": draw(st.sampled_from(SITES))},
            "from": format_instant(at),
            "until": format_instant(until),
            "author": "tests",
            "reason": "drawn",
        }
    else:
        said["alert"] = draw(st.sampled_from(KEYS))
    if action == "acknowledge":
        said |= draw(st.sampled_from([{}, {"until": at + 10 * MINUTE}]))
    if action == "hand_over":
        said["to"] = draw(st.sampled_from(PEOPLE))
    return Given(at, AlertCommand.model_validate(said | {"action": action}))
