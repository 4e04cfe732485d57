"""
Silences: who should have reported and did not, how often and for how long.
"""

from collections import defaultdict
from typing import Any, Final, NamedTuple

from rich.console import Console

from domain.moments import spoken_duration
from schemas.standards import Standard
from services.cli.replay.missed import Lasted, Times
from services.sla.engine import Violation

__all__ = ["Silences", "Silent", "print_silences", "silence_entries"]

_SHOWN: Final = 5


class Silent(NamedTuple):
    """
    Who was silent at a site, how often and for how long beyond what is allowed.
    """

    site: str
    who: str
    lasted: Times


class Silences:
    """
    Counts the violations of presence; each is added once, as it stands in the end.
    """

    def __init__(self) -> None:
        self._lasted: defaultdict[tuple[str, int], defaultdict[tuple[str, str], list[Lasted]]] = defaultdict(
            lambda: defaultdict(list)
        )

    def add(self, violation: Violation) -> None:
        """
        Count a silence; any other violation is none.
        """
        if violation.kind == "presence":
            promise = (violation.standard, violation.version)
            self._lasted[promise][violation.site, violation.journey].append((violation.opened_at, violation.closed_at))

    def of(self, standard: str, version: int, until: int) -> list[Silent]:
        """
        Say who was silent, the longest first; what still lasts has lasted ``until`` then.
        """
        found = [
            Silent(site, who, Times.of(lasted, until))
            for (site, who), lasted in self._lasted.get((standard, version), {}).items()
        ]
        return sorted(found, key=lambda one: (-one.lasted.for_ms, one.site, one.who))


def silence_entries(standard: Standard, silent: list[Silent]) -> list[dict[str, Any]]:
    """
    Write who was silent for programs.
    """
    promise = {"standard": standard.metadata.id, "version": standard.metadata.version}
    return [
        {**promise, "site": one.site, "who": one.who, **one.lasted._asdict(), "still": one.lasted.still > 0}
        for one in silent
    ]


def print_silences(silent: list[Silent], awaited: int, console: Console) -> None:
    """
    Print who was silent for longer than allowed, the longest first; where nobody was, whether anybody is awaited.
    """
    if not silent:
        said = "nobody was silent for longer" if awaited else "nobody gave a sign, so nobody is awaited"
        _say(console, f"  {said}")
        return
    times, for_ms, still = (sum(part) for part in zip(*(one.lasted for one in silent), strict=True))
    whole = Times(times, for_ms, still)
    _say(console, f"  silent for longer {whole.often}, beyond it for {spoken_duration(whole.for_ms)} in all:")
    for one in silent[:_SHOWN]:
        _say(console, f"    {one.who} at {one.site}: {one.lasted.told}")
    if len(silent) > _SHOWN:
        _say(console, f"    and {len(silent) - _SHOWN:,} others")


def _say(console: Console, text: str) -> None:
    console.print(text, highlight=False, markup=False, soft_wrap=True)
