"""
The present as Prometheus hears it: who waits, by standard, site and queue, and no longer when nobody waits; what the
next one may expect, or why nobody can tell.
"""

import asyncio
from collections.abc import Iterable

import pytest

from services.runtime.metrics import Metrics
from services.sla.engine import Partition, Policy, drain_attainment, fold
from services.sla.shell.present import Outlook, Present
from services.sla.shell.turns import Pace
from tests.fakes.clock import ManualClock
from tests.fakes.waiting import until
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
    present = Present(metrics, 1_000)
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
    Present(metrics, 1_000).show(sites, BASE_MS + SECOND)
    assert told(metrics)['sqm_sla_waiting_journeys{queue="other",site="other",standard="wait"}'] == 3


def outlook(metrics: Metrics, states: Iterable[Partition], *, most: int = 100, floor_ms: int = 1) -> Outlook:
    held = list(states)
    return Outlook(
        metrics, states=lambda: held, book=lambda: RULES, clock=ManualClock(), pace=Pace(floor_ms=floor_ms), most=most
    )


HANDLING = {"start": "service.started", "stop": "service.completed", "limit": "10m"}
RULES = book(standard("wait"), standard("handling", clock=HANDLING, objective={"metric": "aht", "target": "6m"}))


def served(*customers: str, site: str = "branch-1", queue: str = "till") -> Partition:
    """Each is called after 6 s and served for a minute; one cashier is there."""
    told = [
        event(0, "staff.state_changed", None, "on", employee="ann", state="serving", site=site, queue=queue),
    ]
    for name in customers:
        told += [event(0, "journey.arrived", name, f"a{name}", site=site, queue=queue)]
        told += [event(6 * SECOND, "journey.called", name, f"c{name}", site=site)]
        told += [event(6 * SECOND, "service.started", name, f"s{name}", site=site)]
        told += [event(66 * SECOND, "service.completed", name, f"e{name}", site=site)]
    state = Partition(Policy())
    fold(state, [(place, BASE_MS + 120 * SECOND, one) for place, one in enumerate(told)], RULES)
    drain_attainment(state, RULES)
    return state


def samples(metrics: Metrics) -> dict[str, float]:
    lines = metrics.exposition()[0].decode().splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if line.startswith("sqm_sla_")}


LINE = 'queue="till",site="branch-1",standard="wait"'


async def test_a_line_is_told_with_what_the_next_one_may_expect_and_with_why_a_figure_is_missing() -> None:
    metrics = Metrics("sla", version="0")
    await outlook(metrics, [served(*"abcdefghij")]).refresh()
    assert samples(metrics) == {
        "sqm_sla_live_lines": 1,
        f"sqm_sla_live_service_level_ratio{{{LINE}}}": 1,
        f'sqm_sla_expected_wait_seconds{{method="position",{LINE}}}': 60,
        f'sqm_sla_expected_wait_seconds{{method="last_answered",{LINE}}}': 6,
        # A sixth of an erlang for one: of the sixth that waits, e^(-5/18) is not served within 20 s.
        f'sqm_sla_forecast_service_level_ratio{{method="erlang_c",{LINE}}}': pytest.approx(0.87376, abs=1e-5),
        'sqm_sla_figure_missing_info{method="erlang_a",queue="till",reason="too_few_left",site="branch-1",'
        'standard="wait"}': 1,
        'sqm_sla_staff_on_duty{queue="till",site="branch-1"}': 1,
    }


async def test_what_nobody_can_tell_has_no_sample() -> None:
    metrics = Metrics("sla", version="0")
    await outlook(metrics, [partition(event(0, "journey.arrived", "a", "a"))]).refresh()
    told_now = samples(metrics)
    assert told_now.pop("sqm_sla_live_lines") == 1
    assert {name.partition("{")[0] for name in told_now} == {"sqm_sla_figure_missing_info"}
    assert [name.partition('reason="')[2].partition('"')[0] for name in told_now] == [
        "no_agents", "too_few_answered", "no_agents", "no_agents",
    ]  # fmt: skip


async def test_a_line_that_is_gone_is_told_no_more() -> None:
    metrics = Metrics("sla", version="0")
    state = served(*"abcdefghij")
    beside = outlook(metrics, [state])
    await beside.refresh()
    state.watermark += 2 * 3_600_000
    await beside.refresh()
    assert samples(metrics) == {"sqm_sla_live_lines": 0, 'sqm_sla_staff_on_duty{queue="till",site="branch-1"}': 1}


async def test_of_more_lines_than_may_be_told_the_busiest_are() -> None:
    metrics = Metrics("sla", version="0")
    await outlook(metrics, [served("a", site="quiet"), served("b", "c", site="busy")], most=1).refresh()
    found = samples(metrics)
    assert found["sqm_sla_live_lines"] == 2
    assert {name.partition('site="')[2].partition('"')[0] for name in found if "service_level" in name} == {"busy"}


async def test_it_is_worked_out_again_and_again() -> None:
    metrics = Metrics("sla", version="0")
    running = asyncio.create_task(outlook(metrics, [served("a")]).run())
    await until(lambda: samples(metrics)["sqm_sla_live_lines"] == 1)
    running.cancel()
    await asyncio.wait([running])
