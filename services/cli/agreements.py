"""
Agreed outages as reports tell them: what is left out of a figure, why, who said so, and when.
"""

from collections.abc import Sequence
from datetime import UTC
from typing import Any, Final

from domain.exclusions import Excluded
from domain.moments import spoken_instant
from domain.standings import Standing
from schemas.base import format_instant, to_millis
from schemas.exclusions import Exclusion

__all__ = ["agreement_entry", "behind", "told_agreement"]

_MINUTE: Final = 16
"""Characters of an instant up to its minute."""


def agreement_entry(one: Exclusion) -> dict[str, Any]:
    """
    Write an agreement for programs.
    """
    return {
        **one.metadata.model_dump(mode="json"),
        "from": format_instant(to_millis(one.begin)),
        "until": format_instant(to_millis(one.until)),
    }


def told_agreement(one: Exclusion) -> str:
    """
    Say an agreement in a line.
    """
    meta = one.metadata
    begin, until, entered = (
        spoken_instant(to_millis(at), UTC)[:_MINUTE] for at in (one.begin, one.until, meta.entered_at)
    )
    approved = f", approved by {meta.approved_by}" if meta.approved_by else ""
    return f"{meta.id}, {begin} to {until} (UTC): {meta.reason} Entered by {meta.author} on {entered}{approved}."


def behind(one: Standing, exclusions: Sequence[Exclusion]) -> list[Exclusion]:
    """
    Find the agreements behind a figure that leaves something out: about its standard, place and time.

    Which queues and sites a wider scope is made of is not asked, so of two agreements about its parts both are named.
    """
    if (one.good, one.total) == (one.all_good, one.all_total):
        return []
    kind, _, place = one.scope.partition(":")
    site, _, queue = place.partition("/") if kind in {"site", "queue"} else ("", "", "")
    end = one.as_of if one.end is None else one.end
    found = []
    for agreed in exclusions:
        held = Excluded.of(agreed)
        named = zip(held.tests, (one.standard, site, queue), strict=False)
        if (
            held.begin < end
            and one.begin < held.until
            and all(not globs or not name or globs(name) for globs, name in named)
        ):
            found.append(agreed)
    return found
