"""
A backtest: one pass of past events through the engine, with all proposals and what they are compared with in its book.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from schemas.standards import Standard
from services.cli.backtest.comparing import Change, Comparison, Swing, verdicts_of
from services.cli.backtest.notices import Notices
from services.cli.backtest.proposals import Trial
from services.cli.replay.figures import Figure, Figures
from services.cli.replay.judging import Judging
from services.cli.replay.local_time import LocalTime
from services.history.engine import Period
from services.sla.engine import Attainment, Event, Measurement, Reason, Violation

__all__ = ["Backtest", "Found"]


class Found(NamedTuple):
    """
    What a backtest found. `swings` has the place of each pair; instants are milliseconds, None where nobody arrived.
    """

    trial: Trial
    swings: tuple[Counter[Swing], ...]
    figures: tuple[Figure, ...]
    notices: Notices
    local: LocalTime
    first_at: int | None
    last_at: int | None
    events: int
    journeys: int
    notes: Counter[str]


class Backtest:
    """
    One pass. Used once: events in the order of time, then `finish`. `tell` gets each journey whose verdict changes.
    """

    def __init__(self, trial: Trial, zone: str, period: Period, tell: Callable[[Change], None]) -> None:
        self._trial = trial
        self._period = period
        self._local = LocalTime(zone)
        self._figures = Figures(zone, ("site",), [one for one in trial.documents if isinstance(one, Standard)])
        self._notices = Notices(self._local)
        # A proposal that nothing stands beside is judged, and compared with nothing.
        self._places = [place for place, pair in enumerate(trial.pairs) if pair.old is not None]
        self._comparison = Comparison(
            [(pair.old.key, pair.new.key) for pair in trial.pairs if pair.old is not None],
            lambda change: tell(change._replace(pair=self._places[change.pair])),
        )
        self._first_at: int | None = None
        self._last_at: int | None = None
        self._judging = Judging(trial.documents, self._settle, objectives=False)

    def take(self, events: Sequence[Event]) -> list[tuple[int, Reason]]:
        """
        Judge a batch; return the places in it of events that the engine refused, each with the reason.
        """
        return self._judging.take(events)

    def finish(self) -> Found:
        """
        Settle what is left, and return what was found.
        """
        self._judging.finish()
        self._comparison.finish()
        swings: list[Counter[Swing]] = [Counter() for _ in self._trial.pairs]
        for place, counted in zip(self._places, self._comparison.swings, strict=True):
            swings[place] = counted
        return Found(
            trial=self._trial,
            swings=tuple(swings),
            figures=tuple(self._figures.figures()),
            notices=self._notices,
            local=self._local,
            first_at=self._first_at,
            last_at=self._last_at,
            events=self._judging.events,
            journeys=self._judging.journeys,
            notes=self._judging.notes,
        )

    def _settle(self, measurements: list[Measurement], violations: list[Violation], _: list[Attainment]) -> None:
        # Clocks are compared; what is counted or scored has no verdict of a single journey to change.
        measured = [one for one in measurements if one.kind == "clock" and self._period.holds(one.arrived_at)]
        violated = [one for one in violations if self._period.holds(one.arrived_at)]
        for measurement in measured:
            self._figures.add(measurement)
        for violation in violated:
            self._notices.add(violation)
        for standard, key, judged in verdicts_of(measured, violated):
            self._comparison.take(standard, key, judged)
        arrivals = [*(one.arrived_at for one in measured), *(one.arrived_at for one in violated)]
        if arrivals:
            self._first_at = min(arrivals if self._first_at is None else [self._first_at, *arrivals])
            self._last_at = max(arrivals if self._last_at is None else [self._last_at, *arrivals])
