"""
What a worker tells Prometheus is what it did, and does not grow with what hostile input names.
"""

from collections import Counter

from services.runtime.metrics import Metrics
from services.sla.engine import Reason
from services.sla.shell.observing import Observing
from services.sla.shell.second_stage import RowResult
from tests.e2e.sla_line import event
from tests.fakes.worker import NOON, Bench, arrived, called

LINES = 5


class Idle:
    """
    A second stage that another worker has.
    """

    lag = 0
    judged_to = None
    open_violations = 0

    def __init__(self) -> None:
        self.results: Counter[RowResult] = Counter()


class Told:
    """
    A worker that is asked for its metrics.
    """

    def __init__(self) -> None:
        self.bench = Bench()
        self._observing = Observing(
            Metrics("sla", version="1"),
            clock=self.bench.clock,
            outputs=self.bench.outputs,
            refusals=self.bench.refusals,
            folding=self.bench.folding,
            second=Idle(),
            lines=LINES,
        )

    def lines(self) -> list[str]:
        text, _ = self._observing.exposition(lambda: [self.bench.owned], lambda: self.bench.book)
        return [line for line in text.decode().splitlines() if line.startswith("sqm_")]


def test_what_was_kept_and_missed_and_how_long_it_took_is_told() -> None:
    told = Told()
    told.bench.fold(arrived(), called(at=NOON + 30_000), arrived("j2"), called("j2", NOON + 20_000), arrived("j3"))
    lines = told.lines()
    assert 'sqm_sla_measurements_total{result="kept",site="s1",standard="wait"} 1.0' in lines
    assert 'sqm_sla_measurements_total{result="missed",site="s1",standard="wait"} 1.0' in lines
    assert 'sqm_sla_measured_seconds_bucket{le="20.0",standard="wait"} 1.0' in lines
    assert 'sqm_sla_measured_seconds_count{standard="wait"} 2.0' in lines
    assert 'sqm_sla_measured_seconds_sum{standard="wait"} 50.0' in lines
    assert told.lines() == lines


def test_every_reason_of_a_dead_letter_is_there_before_it_happens() -> None:
    told = Told()
    lines = told.lines()
    for reason in ("undecodable", *Reason):
        assert f'sqm_sla_dead_letters_total{{reason="{reason}"}} 0.0' in lines
    told.bench.fold(b"?")
    assert 'sqm_sla_dead_letters_total{reason="undecodable"} 1.0' in told.lines()


def test_a_storm_of_hostile_names_does_not_grow_what_is_told() -> None:
    told = Told()
    _storm(told, 0)
    before = told.lines()
    _storm(told, 300)
    after = told.lines()
    assert len(after) == len(before)
    waiting = [line for line in after if line.startswith("sqm_sla_waiting_journeys")]
    kept = [line for line in after if line.startswith("sqm_sla_measurements_total")]
    # Each of the two has its lines, and one for the rest; each of the four results of a standard may be in the rest.
    assert len(waiting) <= LINES + 1
    assert len(kept) <= 4 * (LINES + 1)
    assert sum(float(line.rsplit(" ", 1)[1]) for line in waiting) == 200
    assert sum(float(line.rsplit(" ", 1)[1]) for line in kept) == 200


def _storm(told: Told, start: int) -> None:
    """
    A hundred sites, each with a queue, a channel, a service, a customer and two journeys that nobody has seen before.
    """
    for number in range(start, start + 100):
        site = {"site": f"s{number}", "queue": f"q{number}", "channel": f"c{number}", "service": f"v{number}"}
        told.bench.fold(
            event("journey.arrived", f"a{number}", NOON, **site),
            event("journey.called", f"a{number}", NOON + 1_000, **site),
            event("journey.arrived", f"b{number}", NOON, **site),
        )
