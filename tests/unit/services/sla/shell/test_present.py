"""
Who waits now, as Prometheus hears it: by standard, site and queue, and no longer when nobody waits.
"""

from services.runtime.metrics import Metrics
from services.sla.engine import Partition, Policy, fold
from services.sla.shell.present import Present
from tests.properties.drawing import BASE_MS, SECOND, book, event, standard

WAIT = book(standard("wait"))


def told(metrics: Metrics) -> dict[str, float]:
    lines = metrics.exposition()[0].decode().splitlines()
    return {line.split()[0]: float(line.split()[1]) for line in lines if line.startswith(("sqm_sla_w", "sqm_sla_o"))}


def partition(*events: object) -> Partition:
    state = Partition(Policy())
    fold(state, [(place, BASE_MS, one) for place, one in enumerate(events)], WAIT)  # type: ignore[misc]
    return state


def test_a_line_is_told_with_its_oldest_and_as_empty_when_nobody_waits_any_more() -> None:
    metrics = Metrics("sla", version="0")
    present = Present(metrics)
    one = partition(event(-30 * SECOND, "journey.arrived", "a", "a"), event(0, "journey.arrived", "b", "b"))
    other = partition(event(0, "journey.arrived", "c", "c", site="branch-2", queue="till"))
    present.show([one, other], BASE_MS + SECOND)
    found = told(metrics)
    line = '{queue="",site="branch-1",standard="wait"}'
    assert found[f"sqm_sla_waiting_journeys{line}"] == 2
    assert found[f"sqm_sla_waiting_beyond_limit_journeys{line}"] == 1
    assert found[f"sqm_sla_oldest_waiting_seconds{line}"] == 31
    assert found['sqm_sla_waiting_journeys{queue="till",site="branch-2",standard="wait"}'] == 1
    present.show([other], BASE_MS + 2 * SECOND)
    assert told(metrics)[f"sqm_sla_waiting_journeys{line}"] == 0
    assert told(metrics)[f"sqm_sla_oldest_waiting_seconds{line}"] == 0


def test_lines_beyond_the_limit_of_a_label_are_added_up() -> None:
    metrics = Metrics("sla", version="0")
    sites = [partition(event(0, "journey.arrived", "a", "a", site=f"s{number}")) for number in range(1_003)]
    Present(metrics).show(sites, BASE_MS + SECOND)
    assert told(metrics)['sqm_sla_waiting_journeys{queue="",site="other",standard="wait"}'] == 3
