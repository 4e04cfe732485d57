"""
What goes wrong between a fact and its report: late, twice, by a wrong clock, not at all, misspelt, or from a till
that fell silent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

from schemas.base import MINUTE_MS, SECOND_MS
from services.cli.simulator.lines import Day, Fact

__all__ = ["NO_FAULTS", "USUAL_FAULTS", "Fault", "Faults", "Report", "Silence", "reports_of"]


class Fault(StrEnum):
    """
    What went wrong with one report.
    """

    LATE = "late"
    DUPLICATE = "duplicate"
    SKEWED = "skewed clock"
    LOST = "lost"
    SILENT = "silent till"
    MISSPELT = "misspelt"


@dataclass(frozen=True)
class Silence:
    """
    A source that says nothing for a while: its cable was pulled out, say.
    """

    source: str
    begins_ms: int
    """After going live."""
    lasts_ms: int


@dataclass(frozen=True)
class Faults:
    """
    How often each thing goes wrong (shares of all reports), and with whom.
    """

    late: float = 0.0
    latest_ms: int = 45 * SECOND_MS
    duplicate: float = 0.0
    lost: float = 0.0
    misspelt: float = 0.0
    skews: tuple[tuple[str, int], ...] = ()
    """Sources whose clock is wrong, with by how much."""
    silences: tuple[Silence, ...] = ()


NO_FAULTS: Final = Faults()
USUAL_FAULTS: Final = Faults(
    late=0.02,
    duplicate=0.02,
    lost=0.003,
    misspelt=0.004,
    skews=(("/demo/branch-07/till-2", 2_500),),
    silences=(
        Silence("/demo/branch-07/till-3", 5 * SECOND_MS, 3 * MINUTE_MS),
        Silence("/demo/branch-07/till-4", -30 * MINUTE_MS, 3 * MINUTE_MS),
    ),
)


@dataclass(frozen=True)
class Report:
    """
    A fact as its source reports it: when it is sent, the time that it says, and what is wrong with it.

    `sent_at` is empty for what is never sent.
    """

    fact: Fact
    sent_at: int | None
    says_at: int
    faults: tuple[Fault, ...]


def reports_of(fact: Fact, day: Day, faults: Faults, chance: Random) -> Iterator[Report]:
    """
    Turn a fact into what is heard of it: usually one report, sometimes two, sometimes none (one with no `sent_at`).
    """
    says_at = fact.at
    wrong: tuple[Fault, ...] = ()
    for source, skew_ms in faults.skews:
        if source == fact.source:
            says_at, wrong = fact.at + skew_ms, (Fault.SKEWED,)
    # Drawn for every fact alike, so that changing one rate leaves all other customers as they were.
    lost, late, twice, misspelt = (chance.random() for _ in range(4))
    sent_at = fact.at + chance.randint(30, 400)
    delay = chance.randint(2 * SECOND_MS, faults.latest_ms)
    again = chance.randint(SECOND_MS, 20 * SECOND_MS)
    if faults.silences and _is_silent(fact, day, faults):
        yield Report(fact, None, says_at, (*wrong, Fault.SILENT))
        return
    if lost < faults.lost:
        yield Report(fact, None, says_at, (*wrong, Fault.LOST))
        return
    if misspelt < faults.misspelt:
        wrong = (*wrong, Fault.MISSPELT)
    if late < faults.late:
        sent_at, wrong = sent_at + delay, (*wrong, Fault.LATE)
    yield Report(fact, sent_at, says_at, wrong)
    if twice < faults.duplicate:
        yield Report(fact, sent_at + again, says_at, (*wrong, Fault.DUPLICATE))


def _is_silent(fact: Fact, day: Day, faults: Faults) -> bool:
    return any(
        silence.source == fact.source and 0 <= fact.at - day.live_at - silence.begins_ms < silence.lasts_ms
        for silence in faults.silences
    )
