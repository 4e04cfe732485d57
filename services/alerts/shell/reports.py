"""
What other systems report: their alerts become violations of a kind of their own, `external`, so that rules, routes,
silences and people treat them like ours.

A report is a command on the trail, so the engine needs no second way in and a restart replays it. Alertmanager's
webhook is translated here; whoever else has something to report posts the command itself.
"""

from datetime import UTC, datetime
from typing import Annotated, Final, NamedTuple

import msgspec
from pydantic import ValidationError

from schemas.alert_commands import AlertCommand, Reported
from schemas.alert_labels import SEVERITIES
from schemas.base import Millis, to_millis
from schemas.decoding import NOT_READABLE
from services.alerts.engine import Violation

__all__ = ["Reports", "UnreadableHookError", "reports_of", "violation_of_report"]

_SEVERITIES: Final = {"critical": "page", "error": "ticket", "warning": "ticket", "none": "info", "debug": "info"}
"""What Alertmanager's users write, in our words; ours are taken as they are, and others say nothing."""
_VERSION: Final = "4"
_FAULT: Final = 200
_SENTENCE: Final = 400
"""Characters of a summary or description; what is longer is cut, and messages say that."""


class UnreadableHookError(ValueError):
    """
    A body that is no webhook of Alertmanager's, as a whole.
    """


class Reports(NamedTuple):
    """
    What a webhook reports: commands, which of its alerts cannot be one and why, and how many were ours to begin with.
    """

    commands: list[AlertCommand]
    refused: list[str]
    ours: int


class _Theirs(msgspec.Struct, rename="camel"):
    status: str
    labels: dict[str, str]
    starts_at: Annotated[datetime, msgspec.Meta(tz=True)]
    fingerprint: str = ""
    annotations: dict[str, str] = {}


class _Hook(msgspec.Struct, rename="camel"):
    version: str
    alerts: list[_Theirs]


def violation_of_report(by: str, at: Millis, said: Reported) -> Violation:
    """
    Make a violation of a report. Of one occurrence the end outranks its beginning, whichever comes later.
    """
    over = said.state == "resolved"
    scope = None
    if said.site is None:
        scope = f"region:{said.region}" if said.region is not None else "organisation"
    return Violation(
        id=f"external:{by}:{said.id}:{said.begun_at}",
        standard=said.name,
        version=1,
        rev_offset=int(over),
        rev_watermark=at,
        site=said.site or "",
        kind="external",
        state="closed" if over else "opened",
        opened_at=said.begun_at,
        as_of=at,
        queue=said.queue if said.site is not None else None,
        scope=scope,
        severity=said.severity,
    )


def reports_of(body: bytes, *, by: str, token: str, now: Millis) -> Reports:
    """
    Read a webhook of Alertmanager's (version 4). `by` is who posts it, by the token with this id.

    Alerts that we told Alertmanager ourselves are left out, else a pair of us would keep each other's alive for ever.
    Raises UnreadableHookError where the whole is none.
    """
    try:
        hook = msgspec.json.decode(body, type=_Hook)
    except NOT_READABLE as error:
        raise UnreadableHookError(f"the body is no webhook of Alertmanager's: {error}") from error
    if hook.version != _VERSION:
        raise UnreadableHookError(f"version {hook.version[:20]!r} of the webhook is not known; {_VERSION} is")
    found = Reports([], [], sum(_is_ours(one) for one in hook.alerts))
    for place, one in enumerate(hook.alerts):
        if _is_ours(one):
            continue
        try:
            found.commands.append(_command(one, by, token, now))
        except ValidationError as error:
            fault = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(map(str, fault["loc"]))
            found.refused.append(f"alerts.{place}: {where}: {fault['msg']}"[:_FAULT])
    return Reports(found.commands, found.refused, found.ours)


def _command(one: _Theirs, by: str, token: str, now: Millis) -> AlertCommand:
    labels, begun = one.labels, to_millis(one.starts_at.astimezone(UTC))
    severity = labels.get("severity", "").lower()
    said = {
        "id": one.fingerprint,
        "name": labels.get("alertname", ""),
        "state": one.status,
        "begun_at": begun,
        "site": labels.get("site"),
        "queue": labels.get("queue"),
        "region": labels.get("region"),
        "severity": severity if severity in SEVERITIES else _SEVERITIES.get(severity),
    }
    words = {name: " ".join(one.annotations.get(name, "").split()) for name in ("summary", "description")}
    said |= {name: text[:_SENTENCE] or None for name, text in words.items()}
    said["cut"] = any(len(text) > _SENTENCE for text in words.values())
    name = f"{token}-{one.fingerprint}-{begun}-{one.status}"
    return AlertCommand.model_validate({"id": name, "at": now, "by": by, "action": "report", "reported": said})


def _is_ours(one: _Theirs) -> bool:
    return {"key", "rule", "scope"} <= one.labels.keys()
