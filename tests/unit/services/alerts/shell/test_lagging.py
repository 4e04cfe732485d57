"""
How far alerts are behind: by records that were written, and by the time since the last round.
"""

import asyncio
from collections.abc import Mapping

from services.alerts.shell.lagging import Lagging
from services.alerts.shell.office import Progress
from services.runtime.errors import Unreachable
from tests.fakes.clock import ManualClock
from tests.fakes.waiting import until


class Line:
    """
    A topic of two partitions and whoever works on it.
    """

    def __init__(self, at: Progress | None) -> None:
        self.at = at
        self.away = 0

    def progress(self) -> Progress | None:
        return self.at

    async def ends(self) -> Mapping[int, int]:
        if self.away:
            self.away -= 1
            raise Unreachable("no broker")
        return {0: 12, 1: 5}


async def test_who_works_is_behind_by_what_was_written_and_not_taken() -> None:
    clock = ManualClock(1_000_000)
    line = Line(Progress(clock.monotonic_ms(), {0: 10}))
    lagging = Lagging(line, clock)
    await lagging.look()
    clock.advance(1_500)
    assert (lagging.records, lagging.round_age_seconds) == (7, 1.5)
    line.at = None
    await lagging.look()
    assert (lagging.records, lagging.round_age_seconds) == (0, 0)


async def test_a_broker_that_is_away_does_not_end_the_looking() -> None:
    line = Line(Progress(0, {}))
    line.away = 1
    lagging = Lagging(line, ManualClock(0))
    looking = asyncio.create_task(lagging.run())
    await until(lambda: line.away == 0)
    assert not looking.done()
    assert lagging.records == 0
    looking.cancel()
