"""
Statements: what is said, without a language: a key, and arguments that know their unit.

A catalogue of a language has a message for every key of ``STATEMENTS``, which takes the arguments that are named there
and no others; so nothing can be said that one of the languages has no words for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from schemas.events import EVENT_MODELS, PREFIX


@dataclass(frozen=True, slots=True)
class Verbatim:
    """
    Something that is quoted as it is in every language: an id, a name, a title, a formula.
    """

    verbatim: str


@dataclass(frozen=True, slots=True)
class Length:
    """
    A duration in milliseconds.

    What a clock showed is rounded down when it is said, so that nothing claims more than what was; what somebody
    would have had to do is rounded up, so that doing what is said would have been enough. The parts of a sum are not
    rounded, so that it adds up.
    """

    duration_ms: int
    rounded: Literal["down", "up", "not"] = "down"


@dataclass(frozen=True, slots=True)
class At:
    """
    An instant in milliseconds since the epoch, UTC.
    """

    instant_ms: int


@dataclass(frozen=True, slots=True)
class Share:
    """
    A share of a whole, in basis points: 8,000 is 80 %.
    """

    basis_points: int


@dataclass(frozen=True, slots=True)
class Points:
    """
    Points of the scale on which was asked, in hundredths: 450 is 4.5 points.
    """

    hundredths: int


@dataclass(frozen=True, slots=True)
class Count:
    """
    How many of something; the message says of what.
    """

    count: int


@dataclass(frozen=True, slots=True)
class Choice:
    """
    One of a few words of which a message knows every one.
    """

    choice: str


@dataclass(frozen=True, slots=True)
class Statement:
    """
    One thing that is said: the key of its message, and what the message is about.
    """

    key: str
    arguments: Mapping[str, "Argument"]


Argument = Verbatim | Length | At | Share | Points | Count | Choice | Statement


def say(key: str, **arguments: Argument) -> Statement:
    """
    Make a statement; raises KeyError or ValueError where it is not one of ``STATEMENTS``, which is a bug.
    """
    if set(STATEMENTS[key]) != arguments.keys():
        problem = f"{key} takes {sorted(STATEMENTS[key])}, not {sorted(arguments)}"
        raise ValueError(problem)
    return Statement(key, arguments)


def key_of(family: str, word: str) -> str:
    """
    Return the key of a word of the contracts in a family of statements: ``limit_passed`` is ``reason-limit-passed``.
    """
    return f"{family}-{word.replace('.', '-').replace('_', '-')}"


def event_key(full_type: str) -> str:
    """
    Return the key of what a type of event means to the customer; ``event-other`` for a type that has no words.
    """
    key = key_of("event", full_type.removeprefix(PREFIX))
    return key if key in STATEMENTS else "event-other"


_ABOUT: Final = ("journey", "site")
_AGAINST: Final = (*_ABOUT, "value", "limit", "margin")

REASONS: Final = (
    "limit_passed", "warning_passed", "ended_late", "ended", "expired", "cancelled", "abandoned_late", "due_moved",
    "ended_in_time", "no_such_clock", "violated", "implausible", "standard_retired", "below_minimum", "step_missing",
    "step_late", "step_repeated", "step_out_of_order", "silent", "reported_again", "forgotten",
)  # fmt: skip
"""Why a violation came into its state."""
SCOPE_REASONS: Final = (
    "target_missed", "target_kept", "too_few", "no_data", "window_over", "standard_over", "burning", "burn_over",
    "inhibited",
)  # fmt: skip
"""The same, of many journeys together."""
ROLES: Final = ("arrive", "start", "stop", "abandon", "cancel", "pause", "resume", "step", "count", "of", "other")
"""What an event did to a clock."""
FACTS: Final = ("queue", "channel", "service", "segment", "priority", "employee", "team")
"""What is known about a journey, besides where it was."""

STATEMENTS: Final[dict[str, tuple[str, ...]]] = {
    # The headline of a measurement.
    "measured-kept": (*_AGAINST, "measure"),
    "measured-broken": (*_AGAINST, "measure"),
    "measured-abandoned": _AGAINST,
    "measured-cancelled": (*_ABOUT, "value"),
    "measured-expired": (*_ABOUT, "value"),
    "measured-retired": (*_ABOUT, "value"),
    "measured-implausible": (*_ABOUT, "value", "too"),
    "measured-withdrawn": _ABOUT,
    "measured-taken-back": _ABOUT,
    "ended-abandoned": _ABOUT,
    "ended-cancelled": _ABOUT,
    "ended-expired": _ABOUT,
    "ended-retired": _ABOUT,
    "rate-counted": _ABOUT,
    "rate-event": (*_ABOUT, "what"),
    "rate-settled": (*_ABOUT, "until"),
    "rate-returned": (*_ABOUT, "back"),
    "score-told": (*_ABOUT, "score"),
    "score-kept": (*_ABOUT, "score", "minimum"),
    "score-broken": (*_ABOUT, "score", "minimum"),
    "score-unknown": _ABOUT,
    "steps-kept": _ABOUT,
    "steps-broken": (*_ABOUT, "fault", "more"),
    "margin-over": ("by",),
    "margin-spare": ("by",),
    "margin-none": (),
    # The headline of a violation.
    "violation-running": (*_ABOUT, "limit"),
    "violation-closed": (*_AGAINST, "measure"),
    "violation-retracted": (*_ABOUT, "reason"),
    "risk-running": (*_ABOUT, "reason"),
    "risk-over": (*_ABOUT, "reason"),
    "risk-broken": (*_ABOUT, "reason"),
    "risk-never-was": (*_ABOUT, "reason"),
    **{key_of("reason", reason): () for reason in (*REASONS, *SCOPE_REASONS)},
    # The headline of many journeys together, and what it is about.
    "objective-missed": ("scope", "window", "figure"),
    "objective-failed": ("scope", "window", "figure"),
    "objective-over": ("scope", "window", "reason"),
    "burn-running": ("scope", "window", "tier"),
    "burn-ended": ("scope", "window", "reason"),
    "scope-queue": ("queue", "site"),
    "scope-site": ("site",),
    "scope-region": ("region",),
    "scope-organisation": (),
    "window-rolling": ("length",),
    "window-hour": (),
    "window-day-part": (),
    "window-day": (),
    "window-week": (),
    "window-month": (),
    "figure-share": ("metric", "share", "good", "total"),
    "figure-mean": ("metric", "value", "total"),
    "figure-percentile": ("metric", "value", "target", "share", "good", "total"),
    "figure-none": (),
    "silence-running": (*_ABOUT, "since"),
    "silence-over": (*_ABOUT, "since", "until"),
    "silence-forgotten": (*_ABOUT, "since"),
    "silence-retired": (*_ABOUT, "since"),
    "steps-running": (*_ABOUT, "fault", "more"),
    "reason-not-broken": (),
    "reason-nothing-to-judge": (),
    # Who, and which standard.
    "about-journey": _ABOUT,
    **{f"about-{fact}": ("value",) for fact in FACTS},
    "about-reopened": ("times",),
    "about-restarted": ("times",),
    "standard-titled": ("title", "limit", "id", "version"),
    "standard-untitled": ("limit", "id", "version"),
    "standard-business-days": ("title", "days", "id", "version"),
    "standard-promised": ("title", "id", "version"),
    "standard-here": ("limit",),
    "standard-measured": ("title", "kind", "id", "version"),
    "standard-of-many": ("title", "id", "version"),
    "standard-of-many-untitled": ("id", "version"),
    "standard-bare": ("id", "version"),
    "standard-minimum": ("minimum",),
    "standard-steps": ("steps",),
    "standard-course": ("course", "steps"),
    "standard-every": ("limit",),
    "target-for-every": ("number", "n"),
    "objective-of-cases": ("metric", "side", "target", "window", "least"),
    "objective": ("metric", "side", "target", "window", "least"),
    "calendar": ("calendar",),
    "band": ("band",),
    # What was reported, and how the clock ran.
    **{key_of("event", name.removeprefix(PREFIX)): () for name in sorted(EVENT_MODELS)},
    "event-other": ("type",),
    **{f"role-{role}": () for role in ROLES},
    **{f"role-{role}-steps": () for role in ("start", "stop", "abandon", "cancel", "other")},
    "role-score": (),
    "role-contact": (),
    "role-return": (),
    "role-sign": (),
    "stretch-counts": (),
    "stretch-paused": (),
    "stretch-closed": (),
    "stretch-closed-for": ("name",),
    "stretch-holiday": (),
    "stretch-holiday-named": ("name",),
    # Why it was judged so.
    "value-formula": ("ended", "started", "value"),
    "value-formula-less": ("ended", "started", "left_out", "value"),
    "judged-reason": ("reason",),
    "judged-against": ("limit", "verdict"),
    "judged-abandoned": ("side", "limit"),
    "judged-unended": (),
    "judged-retired": (),
    "judged-implausible": (),
    "judged-withdrawn": (),
    "judged-figure": ("figure",),
    "judged-figure-over": ("window", "figure"),
    "held-since": ("since",),
    "held-between": ("since", "until"),
    "pace-gone-by": ("window", "allowed", "by"),
    "pace-gone": ("window", "allowed"),
    "pace-lasts": ("window", "allowed"),
    "judged-taken-back": (),
    "why-said": ("text",),
    "why-cut": (),
    "unfinished-abandoned": (),
    "unfinished-cancelled": (),
    "unfinished-expired": (),
    "unfinished-retired": (),
    "rate-alone": (),
    "rate-of": ("per", "what"),
    "rate-reason": ("reason",),
    "rate-contact": ("at",),
    "rate-window": ("within",),
    "rate-quiet": ("at",),
    "rate-again": ("at",),
    "score-value": ("of", "score"),
    "score-alone": (),
    "score-reached": ("minimum",),
    "score-below": ("minimum",),
    "steps-span": ("started", "ended"),
    "steps-course": ("course",),
    "steps-all-taken": (),
    "steps-not-kept": (),
    "fault-missing": ("step", "at"),
    "fault-late": ("step", "at"),
    "fault-repeated": ("step", "at"),
    "fault-out-of-order": ("step", "at"),
    "fault-unknown": (),
    "silence-due": ("limit", "due"),
    "silence-last": ("since",),
    "noticed": ("after",),
    "shows": ("value", "limit"),
    "warned": ("value", "limit"),
    "metric-formula": ("metric", "formula"),
    "counted-answered": ("side",),
    "counted-abandoned": ("side",),
    "counted-short-abandon": (),
    "counted-implausible": (),
    "counted-cancelled": (),
    "counted-expired": (),
    "counted-retired": (),
    "counted-nowhere": (),
    "counted-both": ("metric",),
    "counted-below": ("metric",),
    "counted-mean": ("metric", "value"),
    "counted-percentile": ("metric", "value"),
    "counted-one": ("metric",),
    "counted-score": ("metric", "score"),
    "counted-likely": ("metric", "side"),
    "counted-checklist-score": ("metric",),
    "counted-critical-failures": ("metric",),
    "counted-left-out": ("metric",),
    # What would have kept the standard.
    "kept-had-until": ("due", "spare"),
    "kept-with": ("spare",),
    "keep-by": ("due", "earlier"),
    "keep-shorter": ("by",),
    "keep-abandoned-before": ("due", "left"),
    "keep-abandoned-spare": ("spare",),
    "keep-expired": ("due",),
    "keep-unended": ("limit",),
    "keep-running": ("due",),
    "keep-at-risk": ("left",),
    "keep-settled": ("due",),
    "keep-score": ("minimum",),
    "keep-missing": ("step", "due"),
    "keep-late": ("step", "due"),
    "keep-repeated": ("step",),
    "keep-out-of-order": ("step",),
    "keep-sign": ("due",),
    "keep-fewer-wrong": ("fewer", "total"),
    "keep-fewer": ("fewer", "total"),
    "keep-fewer-longer": ("fewer", "total", "target"),
    "keep-implausible": ("shortest",),
    "keep-implausible-between": ("shortest", "longest"),
    # What was said before, and what is worth knowing.
    "corrected": ("times",),
    "correction": ("as_of", "said"),
    "remark-late": (),
    "remark-open-days": (),
    "remark-live": (),
}
"""Every statement by its key, with the names of its arguments."""


__all__ = [
    "FACTS", "REASONS", "ROLES", "SCOPE_REASONS", "STATEMENTS", "Argument", "At", "Choice", "Count", "Length",
    "Points", "Share", "Statement", "Verbatim", "event_key", "key_of", "say",
]  # fmt: skip
