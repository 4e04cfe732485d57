"""
How long somebody who joins a line now will wait, by one of two named methods; both may say that they do not know.

By position: place in line × mean handling time / agents, which follows the line as it is but needs to know who is on
duty. By the last answered: the mean of what the last so many waited, which needs nothing but lags behind. Durations
are milliseconds, rounded up.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

LEAST: Final = 10
"""Of fewer than so many nothing is said: of waits, arrivals, handling times and customers who left alike."""


class WaitMethod(StrEnum):
    """
    How an expected wait is worked out.
    """

    POSITION = "position"
    LAST_ANSWERED = "last_answered"


class NoFigure(StrEnum):
    """
    Why there is no expected wait, or no forecast.
    """

    NO_AGENTS = "no_agents"
    """Nobody is known to be on duty."""
    NO_HANDLING_TIME = "no_handling_time"
    """Too few were handled lately to say how long one takes, or nobody measures it."""
    TOO_FEW_ANSWERED = "too_few_answered"
    TOO_FEW_ARRIVED = "too_few_arrived"
    TOO_FEW_LEFT = "too_few_left"
    """So few gave up that nobody knows how patient they are."""
    NO_SINGLE_LIMIT = "no_single_limit"
    """The limit is another one from journey to journey."""
    QUEUE_GROWS = "queue_grows"
    """More arrive than those on duty can serve: if nobody leaves, the line grows for ever."""


class ExpectedWait(NamedTuple):
    """
    An expected wait and its method; without a value the reason why there is none.
    """

    method: WaitMethod
    wait_ms: int | None
    missing: NoFigure | None = None


def wait_by_position(position: int, aht_ms: int | None, agents: int) -> ExpectedWait:
    """
    The wait of who stands at a place in line: 1 is next, 0 is served at once.
    """
    if agents < 1:
        return ExpectedWait(WaitMethod.POSITION, None, NoFigure.NO_AGENTS)
    if aht_ms is None:
        return ExpectedWait(WaitMethod.POSITION, None, NoFigure.NO_HANDLING_TIME)
    return ExpectedWait(WaitMethod.POSITION, -(-position * aht_ms // agents))


def wait_by_last_answered(minutes: Iterable[tuple[int, int]]) -> ExpectedWait:
    """
    The mean wait of the last who were answered, from what minutes counted, the latest first, each (answered, sum of
    their waits): of the fewest minutes that have at least ``LEAST``.
    """
    answered = waited_ms = 0
    for count, wait_ms in minutes:
        answered, waited_ms = answered + count, waited_ms + wait_ms
        if answered >= LEAST:
            return ExpectedWait(WaitMethod.LAST_ANSWERED, -(-waited_ms // answered))
    return ExpectedWait(WaitMethod.LAST_ANSWERED, None, NoFigure.TOO_FEW_ANSWERED)


__all__ = ["LEAST", "ExpectedWait", "NoFigure", "WaitMethod", "wait_by_last_answered", "wait_by_position"]
