"""
Labels of an alert, its scope, and whether a matcher fits them.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final

from domain.patterns import Globs, compile_globs
from schemas.alert_labels import LABELS, Matcher
from services.alerts.engine.inputs import Violation

__all__ = ["ASPECTS", "Fits", "Labels", "alert_key", "correlation_of", "scope_of"]

Labels = Mapping[str, str]

ASPECTS: Final = {"objective": "window", "burn": "burn_tier"}
"""Kinds of violation of which one scope has several that are told apart, and by which field."""

LONGEST_KEY: Final = 512
_DIGEST: Final = 32


class Fits:
    """
    A matcher, compiled: whether every label that it names is there and fits one of its globs.
    """

    __slots__ = ("_asked", "names")

    def __init__(self, matcher: Matcher) -> None:
        self._asked: tuple[tuple[str, Globs], ...] = tuple(
            (name, compile_globs(globs)) for name, globs in matcher.asked.items()
        )
        self.names = frozenset(name for name, _ in self._asked)

    def __call__(self, labels: Labels) -> bool:
        for name, globs in self._asked:
            value = labels.get(name)
            if value is None or not globs(value):
                return False
        return True


def scope_of(violation: Violation) -> str:
    """
    What a violation is about: its own scope, else the line of a site, else the site.
    """
    if violation.scope is not None:
        return violation.scope
    return f"queue:{violation.site}/{violation.queue}" if violation.queue else f"site:{violation.site}"


def alert_key(violation: Violation, by: tuple[str, ...]) -> str:
    """
    The key of the alert that a violation belongs to: standard and scope, never the version.

    A warning, each window of an objective, and each condition of a burn are alerts of their own, since each is raised
    and cleared by itself and a fast burn can mute a slow one. `by` tells the journeys of a line apart.
    """
    parts = [violation.standard, scope_of(violation)]
    if violation.kind == "at_risk":
        parts.append("at_risk")
    elif violation.kind in ASPECTS:
        parts.append(f"{violation.kind}={getattr(violation, ASPECTS[violation.kind])}")
    parts += [f"{name}={value}" for name in by if (value := getattr(violation, name)) is not None]
    return joined(parts, "|", LONGEST_KEY)


def correlation_of(labels: Labels, names: tuple[str, ...]) -> str | None:
    """
    What an alert shares with those of one cause at other places; None where its rule does not say, or it lacks all.
    """
    return joined((f"{name}={labels[name]}" for name in names if name in labels), "|", LONGEST_KEY) or None


def joined(parts: Iterable[str], mark: str, most: int) -> str:
    """
    Join parts by a mark, so that other parts give another text, whatever is in them: a line may be called anything.

    What is longer than `most` characters ends with a digest of all of it.
    """
    text = mark.join(part.replace("\\", "\\\\").replace(mark, f"\\{mark}") for part in parts)
    if len(text) <= most:
        return text
    return f"{text[: most - _DIGEST - 1]}~{sha256(text.encode()).hexdigest()[:_DIGEST]}"


def ordered(labels: Labels) -> dict[str, str]:
    """
    The labels in the order in which people read them.
    """
    return {name: labels[name] for name in LABELS if name in labels}
