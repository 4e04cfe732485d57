"""
`sqm standards retire` on a real broker: what is refused, and what a live worker does when the instant has come.
"""

import asyncio
import itertools
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from schemas.base import to_millis
from schemas.retirements import Retirement
from schemas.standards import PUBLISHED
from schemas.topics import MEASUREMENTS, STANDARDS
from services.cli import main
from tests.e2e.sla_line import Line, event, eventually_async, now_ms, standard

_NUMBERS: Final[Iterator[int]] = itertools.count()


class Office:
    """
    Somebody who retires standards of a line.
    """

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    async def retire(self, *words: str) -> tuple[int, str]:
        status = await asyncio.to_thread(main, ["standards", "retire", *words, "--why", "The office closes."])
        said = self._capsys.readouterr()
        return status, said.out + said.err


@pytest.fixture
async def line(kafka: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Line]:
    prefix = f"retire-{next(_NUMBERS)}."
    monkeypatch.setenv("SQM_KAFKA__BOOTSTRAP_SERVERS", kafka)
    monkeypatch.setenv("SQM_KAFKA__TOPIC_PREFIX", prefix)
    async with Line(kafka, prefix, tmp_path) as made:
        yield made


@pytest.fixture
def office(line: Line, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(capsys)


async def retirements(line: Line) -> list[Retirement]:
    published = [PUBLISHED.validate_json(record.value) for record in await line.records(STANDARDS.name)]
    return [one.document for one in published if isinstance(one.document, Retirement)]


async def closed(line: Line) -> dict[str, Any]:
    async def found() -> list[dict[str, Any]]:
        return [one for one in await line.violations() if one["state"] == "closed"]

    (one,) = await eventually_async(found)
    return one


async def opened(line: Line) -> None:
    async def found() -> bool:
        return any(one["state"] == "opened" for one in await line.violations())

    await eventually_async(found)


async def test_a_retirement_is_published_once_and_never_moved(line: Line, office: Office) -> None:
    await line.publish(standard())
    status, said = await office.retire("wait", "--at", "2200-01-01T00:00:00Z", "--dry-run")
    assert (status, said) == (0, "would retire wait from 2200-01-01T00:00:00.000Z on; ends version 1\n")
    assert await retirements(line) == []
    status, said = await office.retire("wait", "--at", "2200-01-01T00:00:00Z", "--by", "Ada")
    assert (status, said) == (0, "retired    wait from 2200-01-01T00:00:00.000Z on; ends version 1\n")
    (held,) = await retirements(line)
    assert (held.metadata.owner, held.metadata.why) == ("quality", "The office closes.")
    status, said = await office.retire("wait", "--at", "2200-01-01T01:00:00+01:00")
    assert (status, said.startswith("unchanged  wait")) == (0, True)
    status, said = await office.retire("wait", "--at", "2201-01-01T00:00:00Z")
    assert status == 1
    assert "wait is retired from 2200-01-01T00:00:00.000Z on, as Ada published; the first retirement stands" in said
    assert len(await retirements(line)) == 1


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("wiat", "--in", "2m"), 1, "no standard is published as 'wiat'; did you mean 'wait'?"),
        (("wait", "--in", "20s"), 1, "is not a minute ahead"),
        (("wait", "--at", "1998-01-01T00:00:00Z", "--backdate"), 1, "it would end nothing; retire it after 1999-01-01"),
        (("wait",), 2, "say either --at"),
        (("wait", "--in", "2m", "--at", "2200-01-01T00:00:00Z"), 2, "say either --at"),
        (("wait", "--in", "soon"), 2, "--in 'soon': a duration is written with its unit"),
        (("wait", "--at", "2400-01-01T00:00:00Z"), 2, "lies between 1970 and 2299"),
        (("Wait!", "--in", "2m"), 2, "id: "),
        (("wait@1", "--in", "2m"), 2, "wait@1: a standard is retired with all its versions"),
    ],
)
async def test_what_will_not_do_is_refused_with_the_fix(
    line: Line, office: Office, words: tuple[str, ...], status: int, told: str
) -> None:
    await line.publish(standard())
    found, said = await office.retire(*words)
    assert (found, told in said) == (status, True), said
    assert await retirements(line) == []


async def test_an_open_violation_is_closed_when_its_standard_is_retired(line: Line, office: Office) -> None:
    await line.publish(standard(limit="1s"))
    await line.worker().ready()
    await line.send([("s1", event("journey.arrived", "j1", now_ms()))])
    await opened(line)
    status, said = await office.retire("wait", "--in", "5s", "--backdate")
    assert status == 0, said
    (held,) = await retirements(line)
    retired_at = to_millis(held.metadata.retired_at)
    assert await closed_with(line, "j1") == ("standard_retired", retired_at)
    # Whoever arrives from then on is not judged.
    late = retired_at + 1
    await line.send([("s1", event("journey.arrived", "j2", late)), ("s1", event("journey.called", "j2", late + 9_000))])
    await line.drained()
    ended = await line.outcomes(MEASUREMENTS.name)
    assert [(one["journey"], one["ended_by"], one["ended_at"]) for one in ended] == [("j1", "retired", retired_at)]


async def test_it_is_closed_at_that_instant_though_the_worker_is_killed_before_it(line: Line, office: Office) -> None:
    await line.publish(standard(limit="1s"))
    first = line.worker()
    await first.ready()
    await line.send([("s1", event("journey.arrived", "j1", now_ms()))])
    await opened(line)
    status, said = await office.retire("wait", "--in", "15s", "--backdate")
    assert status == 0, said
    (held,) = await retirements(line)
    retired_at = to_millis(held.metadata.retired_at)
    first.signal(signal.SIGKILL)
    await first.ended()
    assert now_ms() < retired_at, "this machine is too slow for the test to say anything"
    await line.worker().ready()
    assert await closed_with(line, "j1") == ("standard_retired", retired_at)
    states = [one["state"] for one in await line.violations()]
    assert states.count("closed") == 1


async def closed_with(line: Line, journey: str) -> tuple[str, int]:
    one = await closed(line)
    assert one["journey"] == journey
    assert one["_at"] >= one["closed_at"], "nobody says so before it is"
    return one["reason"], one["closed_at"]


async def test_a_folder_may_hold_a_standard_and_its_end_in_any_order(
    line: Line, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "standards"
    folder.mkdir()
    meta = {"id": "wait", "retired_at": "2001-01-01T00:00:00Z", "owner": "quality", "why": "over"}
    end = {"apiVersion": "sqm/v1", "kind": "Retirement", "metadata": meta}
    (folder / "a-end.yaml").write_text(yaml.safe_dump(end))
    (folder / "b-wait.yaml").write_text(yaml.safe_dump(standard()))
    status = await asyncio.to_thread(main, ["standards", "publish", str(folder), "--backdate"])
    assert (status, "published 2 of 2" in capsys.readouterr().out) == (0, True)
    assert [one.metadata.id for one in await retirements(line)] == ["wait"]
