"""
The worker as a service, on a real Kafka: what it refuses, what it answers, how it logs in, and how it stops.
"""

import itertools
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest

from schemas.topics import DEAD_LETTERS, MEASUREMENTS
from services.runtime.broker import KafkaBroker
from services.runtime.kafka import Connection
from tests.e2e.sla_line import Line, WorkerProcess, event, eventually_async, now_ms, standard

_NUMBERS: Final[Iterator[int]] = itertools.count()
MISCONFIGURED: Final = 78


@pytest.fixture
async def line(kafka: str, tmp_path: Path) -> AsyncIterator[Line]:
    async with Line(kafka, f"service-{next(_NUMBERS)}.", tmp_path) as made:
        yield made


async def get(worker: WorkerProcess, path: str) -> httpx.Response:
    async with httpx.AsyncClient(timeout=30) as client:
        return await client.get(f"http://127.0.0.1:{worker.port}{path}")


async def dead_letters(line: Line, number: int) -> list[tuple[bytes, dict[str, bytes]]]:
    async def found() -> list[tuple[bytes, dict[str, bytes]]] | None:
        records = await line.records(DEAD_LETTERS.name)
        return [(one.value, dict(one.headers)) for one in records] if len(records) >= number else None

    letters = await eventually_async(found)
    assert letters is not None
    return letters


async def test_what_cannot_be_taken_goes_to_the_dead_letters_and_the_rest_goes_on(line: Line) -> None:
    await line.publish(standard())
    worker = line.worker()
    await worker.ready()
    old = event("journey.arrived", "old", now_ms() - 25 * 3_600_000)
    await line.send([("s1", b"no event"), ("s1", old), ("s1", event("journey.arrived", "j1", now_ms()))])
    await line.send([("s1", event("journey.called", "j1", now_ms() + 1_000))])
    letters = await dead_letters(line, 2)
    assert {(value, headers["sqm-reason"]) for value, headers in letters} == {
        (b"no event", b"undecodable"),
        (old, b"too_late"),
    }
    assert {headers["sqm-stage"] for _, headers in letters} == {b"sla"}
    await line.drained()
    assert len(await line.outcomes(MEASUREMENTS.name)) == 1


async def test_a_site_beyond_its_bound_is_refused_loudly_and_loses_nothing(line: Line) -> None:
    await line.publish(standard())
    await line.worker(SQM_SLA_CHUNK_BYTES="10000", SQM_SLA_REFUSED_PERCENT="100").ready()
    sent = [("s1", event("journey.arrived", f"j{number}", now_ms())) for number in range(500)]
    await line.send(sent)
    await line.drained()
    letters = await dead_letters(line, 1)
    assert {headers["sqm-reason"] for _, headers in letters} == {b"site_full"}
    assert {value for value, _ in letters} < {value for _, value in sent}


async def test_a_worker_that_refuses_everything_stops_and_says_so(line: Line) -> None:
    await line.publish(standard())
    worker = line.worker(SQM_SLA_REFUSED_IN_A_ROW="20")
    await worker.ready()
    await line.send([("s1", b"?")] * 30)
    assert await worker.ended() == MISCONFIGURED
    assert "too_many_refused_in_a_row" in worker.log.read_text()
    assert len(await dead_letters(line, 20)) >= 20


async def test_it_tells_that_it_lives_is_ready_how_it_does_and_what_it_is(line: Line) -> None:
    await line.publish(standard())
    worker = line.worker()
    await worker.ready()
    on_duty = event("staff.state_changed", "shift", now_ms(), employee="ann", state="available")
    await line.send([("s1", event("journey.arrived", "j1", now_ms())), ("s1", on_duty)])
    await line.drained()
    assert (await get(worker, "/livez")).status_code == 200
    assert (await get(worker, "/version")).json()["service"] == "sla"
    metrics = (await get(worker, "/metrics")).text.splitlines()
    assert "sqm_sla_events_total 2.0" in metrics
    assert "sqm_sla_partitions 4.0" in metrics
    assert 'sqm_sla_documents{kind="standard"} 1.0' in metrics
    open_journeys = [line for line in metrics if line.startswith("sqm_sla_open_journeys{")]
    assert sum(float(line.split()[1]) for line in open_journeys) == 1
    waiting = [line for line in metrics if line.startswith("sqm_sla_waiting_journeys{")]
    assert [line.split()[1] for line in waiting] == ["1.0"]

    async def told() -> bool:
        lines = (await get(worker, "/metrics")).text.splitlines()
        return {'sqm_sla_staff_on_duty{queue="",site="s1"} 1.0', "sqm_sla_live_lines 1.0"} <= set(lines)

    assert await eventually_async(told)


async def test_it_is_not_ready_while_it_has_no_partitions(line: Line) -> None:
    await line.publish(standard())
    # Longer than a busy machine needs to start another one.
    first = line.worker(SQM_SLA_SESSION_TIMEOUT_MS="120000")
    await first.ready()
    first.signal(signal.SIGSTOP)
    second = line.worker()
    await second.listening()
    answer = await get(second, "/readyz")
    assert answer.status_code == 503
    assert answer.json()["missing"] == ["no partitions assigned yet"]
    assert (await get(second, "/livez")).status_code == 200


async def test_it_is_not_ready_while_the_broker_does_not_answer(
    start_private_broker: Callable[..., KafkaBroker], tmp_path: Path
) -> None:
    broker = start_private_broker()
    async with Line.over(Connection(broker.bootstrap_servers), tmp_path) as line:
        await line.publish(standard())
        worker = line.worker()
        await worker.ready()
        broker.pause()

        async def told() -> bool:
            answer = await get(worker, "/readyz")
            return answer.status_code == 503 and "the broker has not answered" in answer.text

        await eventually_async(told)
        broker.resume()
        await worker.ready()


async def test_at_the_end_of_a_load_time_goes_on_to_the_latest_event(line: Line) -> None:
    await line.publish(standard(limit="20s"))
    await line.worker(SQM_SLA_CLOCK="event", SQM_SLA_LATENESS_SECONDS="3600", SQM_SLA_REST_SECONDS="1").ready()
    arrived = now_ms() - 7_200_000
    await line.send([("s1", event("journey.arrived", f"j{at}", arrived + at * 30_000)) for at in range(2)])
    found = await eventually_async(line.violations)
    assert [(one["journey"], one["opened_at"]) for one in found] == [("j0", arrived + 20_000)]


async def test_it_logs_in_with_name_and_password(
    start_private_broker: Callable[..., KafkaBroker], tmp_path: Path
) -> None:
    broker = start_private_broker(users={"sla": "secret"})
    connection = Connection(
        broker.bootstrap_servers, security_protocol="SASL_PLAINTEXT", sasl_username="sla", sasl_password="secret"
    )
    login = {
        "SQM_KAFKA__SECURITY_PROTOCOL": "SASL_PLAINTEXT",
        "SQM_KAFKA__USERNAME": "sla",
        "SQM_KAFKA__PASSWORD": "secret",
    }
    async with Line.over(connection, tmp_path) as line:
        await line.publish(standard(limit="1s"))
        await line.worker(**login).ready()
        await line.send([("s1", event("journey.arrived", "j1", now_ms()))])
        assert await eventually_async(line.violations)
        refused = line.worker(**(login | {"SQM_KAFKA__PASSWORD": "wrong"}))
        assert await refused.ended() != 0
        assert "SaslAuthenticationFailed" in refused.log.read_text()
