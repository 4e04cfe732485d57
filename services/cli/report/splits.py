"""
What cannot be split as somebody wishes: sums that do not say it, and counts that would rate people.
"""

from collections.abc import Sequence

from services.cli.report.asking import Held, Wish
from services.history.engine import By, of_single_journeys
from services.runtime.errors import Rejected

__all__ = ["has_split", "refuse_people", "require_splits"]


def has_split(held: Held, wish: Wish) -> bool:
    """
    Tell whether a standard can be split that way; one that is counted or scored has sums of site, queue and minute.
    """
    return held.standard is None or held.standard.clock is not None or not of_single_journeys(wish.by)


def require_splits(held: Sequence[Held], wish: Wish) -> None:
    """
    Raise Rejected where a standard that was named cannot be split that way.
    """
    for one in held:
        if wish.standards and not has_split(one, wish):
            raise Rejected(
                "not_split_that_way",
                f"{one.id} is counted in sums of site, queue and minute, which do not say "
                f"{of_single_journeys(wish.by)[0]}; split it by site, region, queue or time",
            )


def refuse_people(wish: Wish) -> None:
    """
    Raise Rejected where something that is only counted would be split by employees: of how many is not said, so it
    rates nobody.
    """
    if By.EMPLOYEE in wish.by:
        raise Rejected(
            "counts_rate_nobody",
            "counts by employee say nothing without how many each served; "
            "`sqm report attainment --by employee` has both, and names nobody of whom there is little",
        )
