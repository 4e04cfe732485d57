"""
How long somebody who joins a line now will wait, by one of two named methods; both may say that they do not know.

By position: place in line × mean handling time / agents, which follows the line as it is but needs to know who is on
duty. By the last answered: the mean of what the last so many waited, which needs nothing but lags behind. Durations
are milliseconds, rounded up.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple


class WaitMethod(StrEnum):
    """
    How an expected wait is worked out.
    """

    POSITION = "position"
    LAST_ANSWERED = "last_answered"


class NotEnoughData(StrEnum):
    """
    Why there is no expected wait.
    """

    NO_AGENTS = "no_agents"
    NO_HANDLING_TIME = "no_handling_time"
    TOO_FEW_ANSWERED = "too_few_answered"


class ExpectedWait(NamedTuple):
    """
    An expected wait and its method; without a value the reason why there is none.
    """

    method: WaitMethod
    wait_ms: int | None
    missing: NotEnoughData | None = None


def wait_by_position(position: int, aht_ms: int | None, agents: int) -> ExpectedWait:
    """
    The wait of who stands at a place in line: 1 is next, 0 is served at once.
    """
    if agents < 1:
        return ExpectedWait(WaitMethod.POSITION, None, NotEnoughData.NO_AGENTS)
    if aht_ms is None:
        return ExpectedWait(WaitMethod.POSITION, None, NotEnoughData.NO_HANDLING_TIME)
    return ExpectedWait(WaitMethod.POSITION, -(-position * aht_ms // agents))


def wait_by_last_answered(waits_ms: Sequence[int], last: int = 10) -> ExpectedWait:
    """
    The mean of the last so many who were answered, the latest at the end; of fewer nothing is said.
    """
    if not 1 <= last <= len(waits_ms):
        return ExpectedWait(WaitMethod.LAST_ANSWERED, None, NotEnoughData.TOO_FEW_ANSWERED)
    return ExpectedWait(WaitMethod.LAST_ANSWERED, -(-sum(waits_ms[-last:]) // last))


def wait_by_sums(minutes: Iterable[tuple[int, int]], least: int = 10) -> ExpectedWait:
    """
    The same from what minutes counted, the latest first, each (answered, sum of their waits): of the fewest minutes
    that have at least so many.
    """
    answered = waited_ms = 0
    for count, wait_ms in minutes:
        answered, waited_ms = answered + count, waited_ms + wait_ms
        if answered >= least:
            return ExpectedWait(WaitMethod.LAST_ANSWERED, -(-waited_ms // answered))
    return ExpectedWait(WaitMethod.LAST_ANSWERED, None, NotEnoughData.TOO_FEW_ANSWERED)


__all__ = ["ExpectedWait", "NotEnoughData", "WaitMethod", "wait_by_last_answered", "wait_by_position", "wait_by_sums"]
