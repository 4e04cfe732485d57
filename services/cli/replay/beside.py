"""
What the report says beside the figures: what is counted apart, which grades were given, and which reasons were stated.
"""

from typing import Any, Final

from rich.console import Console

from domain.metrics import Counts
from schemas.standards import Standard
from services.cli.figure_tables import Line, print_figures
from services.cli.replay.figures import Figures
from services.cli.replay.reasons import Reasons

__all__ = ["apart", "print_apart", "print_grades", "print_reasons", "shown_group"]

OPEN_BEYOND: Final = "still_open_beyond_the_limit"
_APART: Final = ("implausible", "cancelled", "expired", "retired")


def apart(counts: Counts, open_beyond: int) -> dict[str, int]:
    """
    Clocks that are in no figure, by why; only what there is.
    """
    held = {name: getattr(counts, name) for name in _APART} | {OPEN_BEYOND: open_beyond}
    return {name: n for name, n in held.items() if n}


def print_apart(counts: Counts, open_beyond: int, console: Console) -> None:
    """
    Print how many clocks of a standard are in none of its figures.
    """
    told = apart(counts, open_beyond)
    if told:
        said = ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in told.items())
        console.print(f"  counted apart, in none of these figures: {said}", highlight=False)


def print_grades(figures: Figures, standard: Standard, by: tuple[str, ...], console: Console) -> None:
    """
    Print how often each grade of a standard was given, over everything and in each group, in the order of its bands.
    """
    given = figures.grades((standard.metadata.id, standard.metadata.version))
    if standard.clock is None or not given:
        return
    bands = (standard.clock.bands, *(row.bands for row in standard.clock.limits))
    names = list(dict.fromkeys(band.name for some in bands for band in some))
    lines = [
        Line(shown_group(group.by, by), f"{grades.total():,}", {name: f"{grades[name]:,}" for name in names})
        for group, grades in given
    ]
    console.print("  grades:", highlight=False)
    print_figures(console, by, names, lines)


def print_reasons(reasons: Reasons, standard: Standard, console: Console) -> None:
    """
    Print the reasons that the events of a standard stated, the most frequent first.
    """
    stated = reasons.of(standard.metadata.id, standard.metadata.version)
    if stated:
        said = ", ".join(f"{reason} {n:,}" for reason, n in stated)
        console.print(f"  reasons: {said}", highlight=False, markup=False, soft_wrap=True)


def shown_group(values: tuple[tuple[str, Any], ...], by: tuple[str, ...]) -> tuple[str, ...]:
    """
    The values that a group shares, as a table shows them.
    """
    return tuple("–" if value is None else str(value) for _, value in values) if values else ("all",) * len(by)
