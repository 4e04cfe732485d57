"""
Which verdicts a part of an id means: those of one journey, if only one has it; else a few near ids to choose from.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from schemas.outcomes import Measurement, Violation
from services.cli.revisions import revision_of
from services.runtime.errors import Rejected

__all__ = ["NEAR", "Outcome", "Revisions", "in_order", "of_one_journey", "unknown"]

NEAR: Final = 5
"""How many ids are named to choose from, and how many verdicts of one journey are told at once."""

Outcome = Measurement | Violation
Revisions = Sequence[Outcome]
"""All that is known to have been said under one id, the earliest first; the last holds."""


def in_order(said: Sequence[Outcome]) -> Revisions:
    """
    Put what was said under one id in the order of its revisions, each once: of two copies the later one.
    """
    return [kept for _, kept in sorted({revision_of(one): one for one in said}.items(), key=lambda pair: pair[0])]


def of_one_journey(partly: Mapping[str, Revisions]) -> list[Revisions]:
    """
    Return what was found by a part of its id, where all of it is of one journey and not too much; else nothing.
    """
    journeys = {(said[-1].site, said[-1].journey) for said in partly.values()}
    return [partly[ident] for ident in sorted(partly)] if len(journeys) == 1 and len(partly) <= NEAR else []


def unknown(name: str, near: Sequence[str], place: str, *, several: bool) -> Rejected:
    """
    Say that an id means nothing, or several journeys, with ids to choose from.
    """
    if several:
        problem = f"several outcomes match {name!r}; write more of the id"
    else:
        problem = f"no outcome in {place} has the id {name!r}, or has it as a part"
    return Rejected("unknown_id", problem + ("; near are\n  " + "\n  ".join(near) if near else ""))
