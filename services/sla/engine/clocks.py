"""
Clocks: what the events of one cycle of a journey say about one rule, as instants and counted time.

::

    start        pause   resume           due      stop
      |------------|.......|---------------+--------|      counts: ---   does not: ...   breach: from due on

How a clock runs over events is told by ``courses``; here is what it comes to, and the plain clock that needs no course.
"""

from typing import Any, Final

import msgspec

from services.sla.engine.terms import FOR_EVER, Terms

RUNNING: Final = 0
STOPPED: Final = 1
ABANDONED: Final = 2
CANCELLED: Final = 3
EXPIRED: Final = 4
RETIRED: Final = 5
ENDED_BY: Final = ("running", "stopped", "abandoned", "cancelled", "expired", "retired")
ENDED_BY_TIME: Final = (EXPIRED, RETIRED)

NEVER: Final = -(1 << 62)
"""An instant before all others: absence has not been judged yet, or the thing did not happen."""


class Run(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A clock as the events tell it: instants in milliseconds, ``NEVER`` where it did not happen."""

    started_at: int
    ended: int
    """One of RUNNING, STOPPED, ABANDONED, CANCELLED, EXPIRED, RETIRED."""
    ended_at: int
    paused_ms: int
    breach_at: int
    """The instant at which the counted time reached the limit, if it is known to have passed it."""
    warned: bool
    """Still running, within the limit, and known to have used the share from which it is at risk."""
    wake_at: int
    """The next instant at which the passing of time alone changes this run; NEVER once it ended."""
    limit: int
    """The longest value that keeps the promise, in counted milliseconds."""
    more: tuple[Any, ...] | None = None
    """
    Where start, end and pauses do not say it all: what counted, when the limit is used up, and what only this kind of
    standard knows.
    """

    def tells(self) -> tuple[Any, ...]:
        """What its violation tells beyond instants, while it runs: the faults of a sequence."""
        return () if self.more is None else self.more[3:]

    def says_the_same(self, other: "Run") -> bool:
        """Tell whether two runs lead to the same measurement and violation; warnings and wake-ups aside."""
        return (
            self.ended_at == other.ended_at
            and self.ended == other.ended
            and self.breach_at == other.breach_at
            and self.started_at == other.started_at
            and self.paused_ms == other.paused_ms
            and self.limit == other.limit
            and self.more == other.more
        )


def value_of(run: Run) -> int:
    """Return the counted milliseconds of a clock that ended."""
    more = run.more
    return run.ended_at - run.started_at - run.paused_ms if more is None else int(more[0])


def due_of(run: Run) -> int:
    """Tell when the limit is, or was, used up, if no further pause comes."""
    more = run.more
    return run.started_at + run.limit + run.paused_ms if more is None else int(more[1])


def run_again(raw: list[Any]) -> Run:
    """Return a written run."""
    more = raw[-1]
    return Run(*raw) if more is None else Run(*[*raw[:-1], tuple(map(_as_tuple, more))])


def _as_tuple(value: Any) -> Any:  # noqa: ANN401 - what was written
    return tuple(map(_as_tuple, value)) if isinstance(value, list) else value


def begin(terms: Terms, at: int, until: int = FOR_EVER) -> Run:
    """
    Start the plain clock of a journey whose first event starts it: what ``measure`` would say, at once.

    ``until`` is the instant at which its standard is retired.
    """
    limit = terms.limit
    wake = at + (terms.warn or limit + 1)
    return Run(at, RUNNING, NEVER, 0, NEVER, False, wake if wake < until else until, limit)  # noqa: FBT003, FURB136 - min() costs more


def look(run: Run, terms: Terms, seen: int, until: int = FOR_EVER) -> Run:
    """
    Look at a plain running clock up to an instant: what ``measure`` would say, at once.
    """
    started, limit = run.started_at, run.limit
    due, expiry = started + limit, started + max(terms.expires, limit + 1)
    last = min(expiry, until)
    if seen >= last:
        ended = EXPIRED if expiry <= until else RETIRED
        return Run(started, ended, last, 0, due if last > due else NEVER, False, NEVER, limit)  # noqa: FBT003 - a field
    if seen > due:
        return Run(started, RUNNING, NEVER, 0, due, False, last, limit)  # noqa: FBT003 - as above
    warn_at = started + terms.warn
    if terms.warn and seen < warn_at:
        return Run(started, RUNNING, NEVER, 0, NEVER, False, min(warn_at, last), limit)  # noqa: FBT003 - as above
    return Run(started, RUNNING, NEVER, 0, NEVER, bool(terms.warn), min(due + 1, last), limit)


def end(run: Run, ended: int, at: int) -> Run:
    """
    End a plain running clock that knows no pauses: what ``measure`` would say, at once. ``at`` is not beyond its
    expiry.
    """
    due = run.started_at + run.limit
    return Run(run.started_at, ended, at, 0, due if at > due else NEVER, False, NEVER, run.limit)  # noqa: FBT003 - a field
