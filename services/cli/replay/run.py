"""
A replay: rows of files become events, events in time order go through the engine, and what stands is added up.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from domain.standings import Standing
from schemas.exclusions import Exclusion
from schemas.standards import AnyDocument, Standard
from services.cli.replay.counted import Counted, CountedFigure
from services.cli.replay.figures import Figures
from services.cli.replay.folder import OutFolder
from services.cli.replay.judging import Judging
from services.cli.replay.missed import Missed
from services.cli.replay.reading import Rejections
from services.cli.replay.reasons import Reasons
from services.cli.replay.silences import Silences
from services.cli.replay.translating import Translator
from services.ingest.engine.mapped import MappedEvent
from services.sla.engine import Attainment, Measurement, Violation

__all__ = ["Replay", "Result", "Source"]


class Source(Protocol):
    """
    Where the events of a replay come from: files that a mapping reads, or payloads that a connector does.
    """

    rejections: Rejections

    @property
    def rows(self) -> int: ...

    def batches(self) -> Iterator[list[MappedEvent]]:
        """
        Yield all events by their time, in pieces that the engine takes at once.
        """
        ...


class Result(NamedTuple):
    """
    What a replay found.
    """

    judged: bool
    """Whether anything came out at all: where nothing did, the figures say nothing either."""
    rows: int
    events: int
    journeys: int
    open_journeys: int
    rejections: Rejections
    notes: Counter[str]
    figures: Figures
    counted: list[CountedFigure]
    """Of the standards that are no clocks."""
    reasons: Reasons
    open_beyond: Counter[tuple[str, int]]
    """Clocks beyond their limit that nothing had ended when the files did, by standard and version."""
    standings: list[Standing]
    """What every scope stands at in every window."""
    missed: Missed
    exclusions: list[Exclusion]
    """What was agreed to be left out."""
    silences: Silences
    awaited: int
    """How many should report at the end of the files, having done so once."""
    until: int
    """The last instant that the files tell of, in milliseconds."""


class Replay:
    """
    One run over the events of a source; hours and days are those of `zone`. Used once.
    """

    def __init__(self, zone: str, documents: Sequence[AnyDocument], by: tuple[str, ...], out: OutFolder | None) -> None:
        self._out = out
        self._judging = Judging(documents, self._settle)
        self._translator = Translator()
        self._missed = Missed()
        self._reasons = Reasons()
        self._silences = Silences()
        self._open_beyond: Counter[tuple[str, int]] = Counter()
        standards = [one for one in documents if isinstance(one, Standard)]
        self._figures = Figures(zone, by, standards)
        self._counted = Counted(standards)
        self._exclusions = [one for one in documents if isinstance(one, Exclusion)]
        self._judged = False

    def run(self, source: Source) -> Result:
        """
        Read everything and judge its events.
        """
        for batch in source.batches():
            if self._out is not None:
                self._out.write_events(batch)
            source.rejections.refuse(batch, self._judging.take(self._translator.events(batch)))
        self._judging.finish()
        in_the_end = self._judging.gauges()
        return Result(
            judged=self._judged or in_the_end.awaited > 0,
            rows=source.rows,
            events=self._judging.events,
            journeys=self._judging.journeys,
            open_journeys=in_the_end.open_journeys,
            rejections=source.rejections,
            notes=self._judging.notes,
            figures=self._figures,
            counted=self._counted.figures(),
            reasons=self._reasons,
            open_beyond=self._open_beyond,
            standings=self._judging.standings(),
            missed=self._missed,
            exclusions=self._exclusions,
            silences=self._silences,
            awaited=in_the_end.awaited,
            until=self._judging.until,
        )

    def _settle(
        self, measurements: list[Measurement], violations: list[Violation], attainment: list[Attainment]
    ) -> None:
        self._judged |= bool(measurements or violations or attainment)
        for measurement in measurements:
            if measurement.kind == "clock":
                self._figures.add(measurement)
            else:
                self._reasons.add(measurement)
        for row in attainment:
            self._counted.add(row)
        for violation in violations:
            self._missed.add(violation)
            self._silences.add(violation)
            if violation.kind == "journey" and violation.closed_at is None:
                self._open_beyond[violation.standard, violation.version] += 1
        if self._out is not None:
            self._out.write_outcomes(measurements, violations, attainment)
