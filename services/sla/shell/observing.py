"""
Tells Prometheus how the worker is doing, in the names of `schemas.metrics`.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Final, Protocol

from schemas import metrics as catalogue
from schemas.metrics import Metric
from services.runtime.clock import Clock
from services.runtime.metrics import Label, Metrics, UpTo
from services.sla.engine import Book, Reason
from services.sla.shell.checkpoints import Saved
from services.sla.shell.envelope import Kind
from services.sla.shell.folding import Folding
from services.sla.shell.measured import Result
from services.sla.shell.outputs import Outputs
from services.sla.shell.partitions import Owned
from services.sla.shell.present import Present
from services.sla.shell.refusals import UNDECODABLE, Refusals
from services.sla.shell.second_stage import RowResult

__all__ = ["Observing"]

PARTITION: Final[dict[str, Label]] = {"partition": UpTo(1_000)}
"""More partitions than one worker is ever given."""


class _OutcomeKind(StrEnum):
    MEASUREMENT = "measurement"
    VIOLATION = "violation"
    ATTAINMENT = "attainment"


class _OutcomeState(StrEnum):
    STANDING = "standing"
    WITHDRAWN = "withdrawn"
    OPENED = "opened"
    UPDATED = "updated"
    RETRACTED = "retracted"
    CLOSED = "closed"


class _Observes(Protocol):
    def observe(self, amount: float) -> None: ...


class Judging(Protocol):
    """
    The second stage, as far as it is told of.
    """

    results: Counter[RowResult]

    @property
    def lag(self) -> int: ...

    @property
    def judged_to(self) -> int | None: ...

    @property
    def open_violations(self) -> int: ...


class _DocumentKind(StrEnum):
    STANDARD = "standard"
    SOURCE = "source"


_KINDS: Final = {
    Kind.MEASUREMENT: _OutcomeKind.MEASUREMENT,
    Kind.VIOLATION: _OutcomeKind.VIOLATION,
    Kind.ATTAINMENT: _OutcomeKind.ATTAINMENT,
}
_GAUGES: Final = (
    catalogue.SLA_LAG_RECORDS,
    catalogue.SLA_LAG_SECONDS,
    catalogue.SLA_WATERMARK_DELAY,
    catalogue.SLA_OPEN_JOURNEYS,
    catalogue.SLA_OLDEST_OPEN,
    catalogue.SLA_SITES,
    catalogue.SLA_CHECKPOINT_AGE,
)
_OF_OBJECTIVES: Final = (
    catalogue.SLA_OBJECTIVE_LAG,
    catalogue.SLA_OBJECTIVE_DELAY,
    catalogue.SLA_OBJECTIVE_VIOLATIONS,
)


class Observing:
    """
    The worker's metrics. `saved` and `recovered` are told what happened; the rest is copied from what the parts have
    counted when somebody asks, so that counting costs the hot path nothing. Of `lines` lines it tells one by one.
    """

    def __init__(
        self,
        metrics: Metrics,
        *,
        clock: Clock,
        outputs: Outputs,
        refusals: Refusals,
        folding: Folding,
        second: Judging,
        lines: int,
    ) -> None:
        self._metrics = metrics
        self._clock = clock
        self._outputs = outputs
        self._refusals = refusals
        self._folding = folding
        self._second = second
        waits = catalogue.SLA_MEASURED
        metrics.distributed(waits.short, waits.help, waits.labels, folding.measured.waits)
        counters: tuple[tuple[Metric, dict[str, Label]], ...] = (
            (catalogue.SLA_EVENTS, {}),
            (catalogue.SLA_DECISIONS, {"reason": Reason}),
            (catalogue.SLA_OUTCOMES, {"kind": _OutcomeKind, "state": _OutcomeState}),
            (catalogue.SLA_DEAD_LETTERS, {"reason": UpTo(len(Reason) + 1)}),
            (catalogue.SLA_OBJECTIVE_ROWS, {"result": RowResult}),
        )
        self._counters = {metric: metrics.counter(metric.short, metric.help, labels) for metric, labels in counters}
        for reason in (UNDECODABLE, *Reason):
            # There from the start, or nobody could tell that it grew.
            self._counters[catalogue.SLA_DEAD_LETTERS].labelled(reason=reason)
        results = catalogue.SLA_MEASUREMENTS
        self._results = metrics.counter(
            results.short,
            results.help,
            {"standard": UpTo(200), "site": UpTo(1_000), "result": Result},
            most=len(Result) * lines,
        )
        self._gauges = {metric: metrics.gauge(metric.short, metric.help, PARTITION) for metric in _GAUGES}
        self._objectives = {metric: metrics.gauge(metric.short, metric.help).labelled() for metric in _OF_OBJECTIVES}
        self._partitions = metrics.gauge(catalogue.SLA_PARTITIONS.short, catalogue.SLA_PARTITIONS.help).labelled()
        self._documents = metrics.gauge(
            catalogue.SLA_DOCUMENTS.short, catalogue.SLA_DOCUMENTS.help, {"kind": _DocumentKind}
        )
        self._checkpoint_bytes = self._histogram(catalogue.SLA_CHECKPOINT_BYTES)
        self._checkpoint_seconds = self._histogram(catalogue.SLA_CHECKPOINT_SECONDS)
        self._recovery_seconds = self._histogram(catalogue.SLA_RECOVERY_SECONDS)
        self._fold_seconds = self._histogram(catalogue.SLA_FOLD_SECONDS)
        self._violation_delay = self._histogram(catalogue.SLA_VIOLATION_DELAY)
        self._present = Present(metrics, lines)
        self._shown: set[int] = set()

    def saved(self, saved: Saved) -> None:
        """
        A checkpoint is durable.
        """
        self._checkpoint_bytes.observe(saved.bytes)
        self._checkpoint_seconds.observe(saved.milliseconds / 1000)

    def recovered(self, milliseconds: int) -> None:
        """
        The state of a partition is there.
        """
        self._recovery_seconds.observe(milliseconds / 1000)

    def exposition(self, owned: Callable[[], Iterable[Owned]], book: Callable[[], Book]) -> tuple[bytes, str]:
        """
        The text for Prometheus, as of now.
        """
        self._copy_counts()
        self._documents.labelled(kind=_DocumentKind.STANDARD).set(len(book().rules))
        self._documents.labelled(kind=_DocumentKind.SOURCE).set(len(book().delays))
        present = {one.number: one for one in owned()}
        self._partitions.set(len(present))
        for gone in self._shown - present.keys():
            for gauge in self._gauges.values():
                gauge.labelled(partition=str(gone)).set(0)
        self._shown = set(present)
        for one in present.values():
            self._show(one)
        judged_to = self._second.judged_to
        self._objectives[catalogue.SLA_OBJECTIVE_LAG].set(self._second.lag)
        self._objectives[catalogue.SLA_OBJECTIVE_DELAY].set(_age(self._clock.now_ms(), judged_to or 0))
        self._objectives[catalogue.SLA_OBJECTIVE_VIOLATIONS].set(self._second.open_violations)
        self._present.show([one.state for one in present.values()], self._clock.now_ms())
        return self._metrics.exposition()

    def _show(self, one: Owned) -> None:
        now = self._clock.now_ms()
        gauges = one.state.gauges()
        oldest = gauges.oldest_open_at
        values = {
            catalogue.SLA_LAG_RECORDS: one.lag,
            catalogue.SLA_LAG_SECONDS: _age(now, one.last_timestamp) if one.lag else 0,
            catalogue.SLA_WATERMARK_DELAY: _age(now, gauges.watermark),
            catalogue.SLA_OPEN_JOURNEYS: gauges.open_journeys,
            catalogue.SLA_OLDEST_OPEN: _age(now, oldest) if oldest is not None else 0,
            catalogue.SLA_SITES: gauges.sites,
            catalogue.SLA_CHECKPOINT_AGE: _age(now, one.saved_at),
        }
        for metric, value in values.items():
            self._gauges[metric].labelled(partition=str(one.number)).set(value)

    def _copy_counts(self) -> None:
        tally, self._folding.tally = self._folding.tally, type(self._folding.tally)()
        self._counters[catalogue.SLA_EVENTS].labelled().inc(tally.events)
        for reason, count in tally.notes.items():
            self._counters[catalogue.SLA_DECISIONS].labelled(reason=reason).inc(count)
        for delay in tally.violation_delays_ms:
            self._violation_delay.observe(delay / 1000)
        for seconds in tally.fold_seconds:
            self._fold_seconds.observe(seconds)
        for (standard, site, said), count in self._folding.measured.take_results().items():
            self._results.labelled(standard=standard, site=site, result=said).inc(count)
        for (kind, state), count in self._outputs.take_settled().items():
            self._counters[catalogue.SLA_OUTCOMES].labelled(kind=_KINDS[kind], state=state).inc(count)
        results, self._second.results = self._second.results, type(self._second.results)()
        for result, count in results.items():
            self._counters[catalogue.SLA_OBJECTIVE_ROWS].labelled(result=result).inc(count)
        for name, count in self._refusals.take_counted().items():
            self._counters[catalogue.SLA_DEAD_LETTERS].labelled(reason=name).inc(count)

    def _histogram(self, metric: Metric) -> _Observes:
        return self._metrics.histogram(metric.short, metric.help, metric.buckets).labelled()


def _age(now: int, then: int) -> float:
    return max(0, now - then) / 1000 if then > 0 else 0
