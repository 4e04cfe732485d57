"""
Until when something holds, as options of commands say it.
"""

from schemas.base import parse_duration
from services.cli.instants import read_instant
from services.runtime.errors import Misconfigured

__all__ = ["end_of"]


def end_of(lasts: str | None, until: str | None, now: int) -> int | None:
    """
    When it ends: so long from now on (`--for`), or at an instant (`--until`); None where neither is said.

    Raises Misconfigured, also for an end that has passed.
    """
    if lasts is not None:
        try:
            return now + parse_duration(lasts)
        except ValueError as error:
            raise Misconfigured(f"--for {lasts[:60]!r}: {error}") from error
    end = read_instant(until, "--until")
    if end is not None and end <= now:
        raise Misconfigured(f"--until {until}: has passed; say an instant that is to come, or --for how long")
    return end
