"""
What templates are given: an alert in the reader's words, as plain text and nothing that could be called.
"""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from domain.explanations import Statement, Verbatim, say, scope_of
from domain.wording import Catalogue, Voice
from schemas.alerts import OVER, Alert
from schemas.base import Millis
from services.alerts.shell.notifiers.harmless import one_line, some_lines, web_address
from services.alerts.shell.notifiers.message import Particulars

__all__ = ["AlertView", "view_of"]

_NAME: Final = 120
_SENTENCE: Final = 400
_TEXT: Final = 2_000
_SCOPES: Final = ("queue", "site", "region", "organisation")
"""Kinds of scope that have words; another one is shown as it is."""


@dataclass(frozen=True, slots=True)
class AlertView:
    """
    One alert as a template sees it; what is unknown is empty.
    """

    what: str
    """Title of the standard."""
    where: str
    """What it is about: a queue, a site, a region."""
    when: str
    """Since when and for how long; of one that is over, from when to when."""
    severity: str
    """How grave, in a word."""
    grade: str
    """The same for programs, as for a colour: `info`, `ticket` or `page`."""
    state: str
    """Its state in a word, and who has acknowledged it."""
    over: bool
    """Whether it is over."""
    open: str
    """How many cases are open now; of one that is over, how many there were."""
    why: tuple[str, ...]
    """Why it is so, in sentences."""
    flapping: str
    """That it comes and goes, where it does."""
    do: str
    """What to do, in its owner's words; may have several lines."""
    note: str
    """What somebody said about it."""
    runbook: str
    """Address of instructions."""
    dashboard: str
    """Address of the dashboard that shows what it rests on."""
    acknowledge: str
    """Address of the link that acknowledges it."""


def view_of(
    alert: Alert, about: Particulars, acknowledge: str | None, catalogue: Catalogue, zone: tzinfo, at: Millis
) -> AlertView:
    """
    Say an alert in a language and a time zone, as of an instant.
    """
    voice = Voice(catalogue, zone)
    over = alert.state in OVER
    return AlertView(
        what=one_line(about.standard or alert.labels.get("standard", alert.key), _NAME),
        where=_where(alert, about, voice),
        when=_when(alert, voice, at),
        severity=voice.word("alert-severity", severity=alert.severity),
        grade=alert.severity,
        state=_state(alert, voice, at),
        over=over,
        open=voice.word("alert-seen", n=alert.seen) if over else voice.word("alert-open", n=alert.open),
        why=tuple(_sentence(one, voice) for one in about.why),
        flapping=voice.word("alert-flapping") if alert.flapping and not over else "",
        do="" if over else some_lines(about.do or "", _TEXT),
        note=some_lines(alert.note or "", _TEXT),
        runbook=web_address(about.runbook) or "",
        dashboard=web_address(about.dashboard) or "",
        acknowledge=acknowledge or "",
    )


def _where(alert: Alert, about: Particulars, voice: Voice) -> str:
    labels = alert.labels
    scope = labels.get("scope") or (f"site:{labels['site']}" if "site" in labels else "organisation")
    if scope.partition(":")[0] not in _SCOPES:
        return one_line(scope, _NAME)
    place = scope_of(scope)
    if about.site and "site" in place.arguments:
        # People know the title; the id is in the address of its page.
        place = say(place.key, **{**place.arguments, "site": Verbatim(about.site)})
    return one_line(voice.say(place), _NAME)


def _when(alert: Alert, voice: Voice, at: Millis) -> str:
    """
    Since when, or from when to when; a day is said only where it is not that of what is read beside it.
    """
    begun = voice.minute(max(alert.begun_at, 0), beside=at)
    if alert.ended_at is None:
        return voice.word("alert-since", begun=begun, length=voice.length(_whole(max(at - alert.begun_at, 0))))
    ended = voice.minute(alert.ended_at, beside=alert.begun_at)
    length = voice.length(_whole(alert.ended_at - alert.begun_at))
    return voice.word("alert-lasted", begun=begun, ended=ended, length=length)


def _state(alert: Alert, voice: Voice, at: Millis) -> str:
    if alert.state != "acknowledged" or alert.owner is None:
        return voice.word("alert-state", state=alert.state)
    owner = one_line(alert.owner, _NAME)
    if alert.ack_until is None:
        return voice.word("alert-acknowledged", owner=owner)
    return voice.word("alert-acknowledged-until", owner=owner, until=voice.minute(alert.ack_until, beside=at))


def _sentence(statement: Statement, voice: Voice) -> str:
    said = one_line(voice.say(statement), _SENTENCE)
    return said[:1].upper() + said[1:]


def _whole(millis: Millis) -> Millis:
    """Round down to the second: nobody who is called wants to read milliseconds."""
    return max(millis, 0) // 1_000 * 1_000
