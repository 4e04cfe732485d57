"""
The worker's second stage on a real Kafka: objectives of many journeys, whoever of the group judges them.
"""

import itertools
import json
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.e2e.sla_line import Line, WorkerProcess, event, eventually_async, now_ms, standard

_NUMBERS: Final[Iterator[int]] = itertools.count()
MINUTE: Final = 60_000
SITES: Final = ("s1", "s2", "s3", "s4", "s5", "s6")
PATIENCE: Final = 120.0
SETTINGS: Final = {"SQM_SLA_SESSION_TIMEOUT_MS": "6000"}


@pytest.fixture
async def line(kafka: str, tmp_path: Path) -> AsyncIterator[Line]:
    async with Line(kafka, f"objectives-{next(_NUMBERS)}.", tmp_path) as made:
        await made.publish(
            standard(limit="20s")
            | {
                "objective": {
                    "metric": "sl_all_offered",
                    "target": "80%",
                    "minimum_n": 5,
                    "window": {"rolling": "30m"},
                    "scopes": ["site", "organisation"],
                }
            }
        )
        yield made


def visits(name: str, at_ms: int, *, waited_ms: int, times: int = 1) -> list[tuple[str, bytes]]:
    """
    Journeys at every site.
    """
    return [
        (site, event(kind, f"{name}-{number}", at, site=site))
        for site in SITES
        for number in range(times)
        for kind, at in (("journey.arrived", at_ms), ("journey.called", at_ms + waited_ms))
    ]


def owns_the_second_stage(worker: WorkerProcess) -> bool:
    told = [
        entry["event"] for entry in worker.said() if entry.get("event", "").startswith(("objectives_", "partitions_"))
    ]
    return "objectives_taken_over" in told[-2:]


async def told(line: Line, state: str) -> dict[str, dict[str, Any]]:
    """
    Wait until every scope has a violation in a state; return them by scope, having seen that there is one of each.
    """

    async def all_scopes() -> list[dict[str, Any]]:
        found = [one for one in await line.objective_violations() if one["state"] == state]
        return found if len({one["scope"] for one in found}) == len(SITES) + 1 else []

    found = await eventually_async(all_scopes, seconds=PATIENCE)
    by_scope = {one["scope"]: one for one in found}
    assert {one["id"] for one in found} == {one["id"] for one in by_scope.values()}
    assert by_scope.keys() == {"organisation", *(f"site:{site}" for site in SITES)}
    return by_scope


def without_times_of_sending(one: dict[str, Any]) -> str:
    return json.dumps({key: value for key, value in one.items() if key != "_at"}, sort_keys=True)


async def same_verdict_each_time(line: Line) -> None:
    """
    Whatever was sent twice is the same to the letter.
    """
    said: dict[tuple[str, str], set[str]] = {}
    for one in await line.objective_violations():
        said.setdefault((one["id"], one["state"]), set()).add(without_times_of_sending(one))
    assert all(len(versions) == 1 for versions in said.values())
    assert len(said) == 2 * (len(SITES) + 1)


@pytest.mark.parametrize("killed", [False, True], ids=["undisturbed", "killed in between"])
async def test_objectives_of_sites_and_of_the_organisation_open_and_close_once(line: Line, *, killed: bool) -> None:
    workers = [line.worker(**SETTINGS), line.worker(**SETTINGS)]
    for worker in workers:
        await worker.ready()
    begun = now_ms()
    await line.send(visits("bad", begun - 2 * MINUTE, waited_ms=50_000, times=8))
    opened = await told(line, "opened")
    for scope, one in opened.items():
        assert (one["kind"], one["reason"], one["window"]) == ("objective", "target_missed", "rolling:30m")
        assert one["good"] == 0
        assert one["total"] == (8 * len(SITES) if scope == "organisation" else 8)
        assert one["opened_at"] % MINUTE == 0
        assert begun < one["opened_at"] < one["_at"]
    if killed:
        owner = next(worker for worker in workers if owns_the_second_stage(worker))
        owner.signal(signal.SIGKILL)
        await owner.ended()
    await line.send(visits("good", now_ms() - 30_000, waited_ms=1_000, times=80))
    closed = await told(line, "closed")
    for scope, one in closed.items():
        assert (one["id"], one["opened_at"], one["reason"]) == (
            opened[scope]["id"],
            opened[scope]["opened_at"],
            "target_kept",
        )
    await same_verdict_each_time(line)
