"""
A backtest: one pass of past events through the engine, with all proposals and what they are compared with in its book.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from schemas.standards import Standard
from services.cli.backtest.comparing import Change, Comparison, Swing, verdicts_of
from services.cli.backtest.meaning import tells_of_singles, unheard_of, why_no_changes
from services.cli.backtest.notices import Notices
from services.cli.backtest.proposals import Trial
from services.cli.backtest.sums import Sums
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
        sides = [side for pair in trial.pairs for side in pair if side is not None]
        self._figures = Figures(zone, ("site",), [one for one in trial.documents if isinstance(one, Standard)])
        counted = {
            (one.key, v.metadata.version): v.objective.metric
            for one in sides
            for v in one.standards
            if not (v.clock or v.presence)
        }
        self._sums = Sums(counted)
        by_objective = frozenset(one.key for one in sides if not tells_of_singles(one.latest))
        self._notices = Notices(self._local, by_objective)
        # A proposal that nothing like it stands beside is judged, and compared with nothing.
        self._places = [
            place for place, pair in enumerate(trial.pairs) if pair.old is not None and why_no_changes(pair) is None
        ]
        compared = [trial.pairs[place] for place in self._places]
        self._comparison = Comparison(
            [(pair.old.key, pair.new.key) for pair in compared if pair.old is not None],
            lambda change: tell(change._replace(pair=self._places[change.pair])),
            {place: said for place, pair in enumerate(compared) if (said := unheard_of(pair.new.latest)) is not None},
        )
        self._first_at: int | None = None
        self._last_at: int | None = None
        # Objectives take time, and are only asked where nothing else would tell anybody.
        self._judging = Judging(trial.documents, self._settle, objectives=bool(by_objective))

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
            figures=(*self._figures.figures(), *self._sums.figures()),
            notices=self._notices,
            local=self._local,
            first_at=self._first_at,
            last_at=self._last_at,
            events=self._judging.events,
            journeys=self._judging.journeys,
            notes=self._judging.notes,
        )

    def _settle(
        self, measurements: list[Measurement], violations: list[Violation], attainment: list[Attainment]
    ) -> None:
        measured = [one for one in measurements if self._period.holds(one.arrived_at)]
        # An objective is about a window, and belongs where it was missed.
        violated = [one for one in violations if self._period.holds(one.arrived_at if one.journey else one.opened_at)]
        for measurement in measured:
            if measurement.kind == "clock":
                self._figures.add(measurement)
        counted = [row for row in attainment if self._sums.counts(row) and self._period.holds(row.minute)]
        for row in counted:
            self._sums.add(row)
        for violation in violated:
            self._notices.add(violation)
        for standard, key, judged in verdicts_of(measured, violated):
            self._comparison.take(standard, key, judged)
        arrivals = [*(one.arrived_at for one in measured), *(one.arrived_at for one in violated if one.journey)]
        arrivals += [row.minute for row in counted]
        if arrivals:
            self._first_at = min(arrivals if self._first_at is None else [self._first_at, *arrivals])
            self._last_at = max(arrivals if self._last_at is None else [self._last_at, *arrivals])
