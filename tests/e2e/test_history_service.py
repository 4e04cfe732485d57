"""
History on a real Kafka and a real ClickHouse engine: everything arrives, once, whatever happens to the process.
"""

import json
from pathlib import Path

import pytest

from schemas.base import format_instant
from schemas.export.messages import EXAMPLES
from schemas.topics import ALERT_COMMANDS, ALERTS, DELIVERIES, NOTIFICATIONS
from services.cli import main
from services.history.engine import copy_of
from services.runtime.kafka import Connection, LogReader
from tests.e2e.history_process import HistoryProcess, running_history, send
from tests.fakes.outcomes import standard
from tests.fakes.topic_records import NOON, as_json, attainment, event, measurement, violation
from tests.fakes.waiting import wait_until


@pytest.fixture
def connection(kafka: str, request: pytest.FixtureRequest) -> Connection:
    return Connection(bootstrap_servers=kafka, prefix=f"{request.node.name.replace('_', '-')[:50]}.")


CARRIED = {
    "alert": ALERTS,
    "notification": NOTIFICATIONS,
    "delivery": DELIVERIES,
    "alert-command": ALERT_COMMANDS,
}
EVERYWHERE = {"SQM_HISTORY_HTTP_HOST": "0.0.0.0"}  # noqa: S104  (refused, which is the point)


def prefixed(connection: Connection) -> dict[str, str]:
    return {"SQM_KAFKA__TOPIC_PREFIX": connection.prefix}


def stored(history: HistoryProcess) -> int:
    return int(history.ask("SELECT count() AS n FROM standing_events")[0]["n"])


def site(number: int) -> bytes:
    return f"branch-{number % 50}".encode()


async def test_every_topic_arrives_and_the_service_ends_when_it_is_told(
    kafka: str, connection: Connection, tmp_path: Path
) -> None:
    messages = {
        "sqm.events.v1": [as_json(event(n)) for n in range(300)],
        "sqm.measurements.v1": [as_json(measurement(n)) for n in range(200)],
        "sqm.violations.v1": [as_json(violation(n)) for n in range(100)],
        "sqm.attainment.v1": [as_json(attainment(minute=NOON + n * 60_000, answered=1)) for n in range(60)],
        "sqm.events.dead.v1": [b"refused"],
        **{
            topic.name: [file.read_bytes() for file in sorted((EXAMPLES / name / "good").glob("*.json"))]
            for name, topic in CARRIED.items()
        },
    }
    for topic, values in messages.items():
        await send(connection, topic, [*values, *values[::7]], site)
    with running_history(tmp_path, kafka, prefixed(connection)) as history:
        history.until("SELECT count() AS n FROM standing_events", 300)
        history.until("SELECT count() AS n FROM standing_measurements", 200)
        history.until("SELECT count() AS n FROM standing_violations", 100)
        history.until("SELECT sum(answered) AS n FROM standing_attainment", 60)
        history.until("SELECT count() AS n FROM dead_letters", 2)
        for each in CARRIED.values():
            table = copy_of(each.name).table.name
            history.until(f"SELECT count() AS n FROM standing_{table}", len(messages[each.name]))  # noqa: S608  (a name of ours)
        # Copies may come after what they are copies of, and rows are there before they are counted.
        copies = 'sqm_history_rows_total{table="events"} 343.0'
        wait_until(lambda: copies in history.metrics(), "the copies to be stored, too")
        assert history.stop() == 0, history.log


async def test_after_being_killed_again_and_again_everything_is_there_once(
    kafka: str, connection: Connection, tmp_path: Path
) -> None:
    await send(connection, "sqm.events.v1", [as_json(event(n)) for n in range(60_000)], site)
    small = prefixed(connection) | {"SQM_HISTORY_BATCH_ROWS": "1000"}
    seen = 0
    for _ in range(3):
        with running_history(tmp_path, kafka, small) as history:
            assert stored(history) >= seen, "what was stored is lost"
            history.until(f"SELECT count() > {min(seen, 59_999)} AS more FROM standing_events", 1)  # noqa: S608
            seen = stored(history)
            history.kill()
    with running_history(tmp_path, kafka, prefixed(connection)) as history:
        assert stored(history) >= seen
        history.until("SELECT count() AS n FROM standing_events", 60_000)
        history.until("SELECT uniqExact(source, id) AS n FROM events", 60_000)


async def test_what_cannot_be_stored_goes_to_the_dead_letters_and_the_rest_on(
    kafka: str, connection: Connection, tmp_path: Path
) -> None:
    values = [as_json(attainment(minute=NOON + n * 60_000, answered=1)) for n in range(500)]
    values[100] = b'{"id": nonsense'
    values[300] = as_json({**attainment(), "minute": None})
    await send(connection, "sqm.attainment.v1", values, site)
    with running_history(tmp_path, kafka, prefixed(connection)) as history:
        history.until("SELECT sum(answered) AS n FROM standing_attainment", 498)
        history.until("SELECT count() AS n FROM dead_letters", 2)
        rows = history.ask("SELECT value, reason, stage FROM dead_letters FINAL ORDER BY reason")
        assert rows[1] == {"value": '{"id": nonsense', "reason": "not_json", "stage": "history"}
        assert (rows[0]["reason"], rows[0]["value"].encode()) == ("field_missing", values[300])
    reader = LogReader(connection)
    await reader.start()
    topic = connection.name("sqm.events.dead.v1")
    records = await reader.read_to(topic, await reader.end_offsets(topic, await reader.partitions_of(topic)))
    await reader.stop()
    headers = [dict(record.headers) for record in records]
    assert {one["sqm-topic"].decode() for one in headers} == {connection.name("sqm.attainment.v1")}
    assert {one["sqm-stage"] for one in headers} == {b"history"}


async def test_a_topic_that_is_nothing_but_rubbish_stops_the_service(
    kafka: str, connection: Connection, tmp_path: Path
) -> None:
    await send(connection, "sqm.measurements.v1", [b"rubbish"] * 50, site)
    limits = prefixed(connection) | {"SQM_HISTORY_REFUSED_IN_A_ROW": "20"}
    with running_history(tmp_path, kafka, limits, ready=False) as history:
        wait_until(lambda: history.process.poll() is not None, "history to stop", 90)
        assert history.process.returncode == 78, history.log
        assert "too_many_refused_in_a_row" in history.log


async def test_questions_are_answered_and_nothing_else(kafka: str, connection: Connection, tmp_path: Path) -> None:
    written = tmp_path / "written"
    with running_history(tmp_path, kafka, prefixed(connection)) as history:
        assert history.ask("SELECT {a:String} AS a, {n:UInt8} + 1 AS n", a="x'y", n="4") == [{"a": "x'y", "n": 5}]
        refused = {
            f"SELECT 1 INTO OUTFILE '{written}'": 403,
            f"SELECT 1) INTO OUTFILE '{written}' FORMAT CSV --": 400,
            "SELECT file('/etc/hostname')": 403,
            "SELECT arrayMap(`file`, ['/etc/hostname'])": 403,
            "SELECT 1; SELECT 2": 400,
            "DROP TABLE events": 403,
            "INSERT INTO events (id) VALUES ('x')": 403,
            "SET readonly = 0": 403,
            "KILL QUERY WHERE 1": 403,
            "SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')": 400,
            "SELECT sleepEachRow(3) FROM numbers(20) SETTINGS max_execution_time = 0": 400,
            "SELECT broken": 400,
            r"SELECT '\xff'": 400,
            "": 400,
        }
        for sql, status in refused.items():
            answer = history.post(sql)
            assert (sql, answer.status_code, answer.headers["content-type"]) == (
                sql,
                status,
                "application/problem+json",
            )
        assert not written.exists()
        foreign = history.post("SELECT 1", host="evil.example")
        assert foreign.status_code == 403
        assert history.post("S" * 70_000).status_code == 413
        assert history.ask("SELECT 1 AS one") == [{"one": 1}]
        assert history.stop() == 0, history.log


async def test_with_a_token_only_who_shows_it_is_answered(kafka: str, connection: Connection, tmp_path: Path) -> None:
    guarded = prefixed(connection) | {"SQM_HISTORY_TOKEN": "open-sesame"}
    with running_history(tmp_path, kafka, guarded) as history:
        for token, status in (("", 401), ("Bearer wrong", 401), ("Bearer open-sesame", 200)):
            answer = history.post("SELECT 1", authorization=token)
            assert (token, answer.status_code) == (token, status)
    assert "open-sesame" not in history.log


def test_an_address_that_others_reach_needs_a_token(tmp_path: Path) -> None:
    with running_history(tmp_path, "127.0.0.1:9", EVERYWHERE, ready=False) as history:
        wait_until(lambda: history.process.poll() is not None, "history to stop")
        assert history.process.returncode == 78
        assert "SQM_HISTORY_TOKEN" in history.log


async def test_the_command_line_tells_what_the_service_holds(
    kafka: str,
    connection: Connection,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [attainment(minute=NOON + n * 3_600_000, answered=4, answered_within=3) for n in range(3)]
    await send(connection, "sqm.attainment.v1", [as_json(row) for row in rows], site)
    acknowledged = (EXAMPLES / "alert" / "good" / "acknowledged.json").read_bytes()
    await send(connection, ALERTS.name, [acknowledged], site)
    with running_history(tmp_path, kafka, prefixed(connection)) as history:
        history.until("SELECT count() AS n FROM standing_attainment", 3)
        history.until("SELECT count() AS n FROM alert_episodes", 1)
        monkeypatch.setenv("SQM_HISTORY_HTTP_PORT", str(history.port))
        monkeypatch.setenv("SQM_CLICKHOUSE__FOLDER", str(tmp_path / "clickhouse"))
        asked = ["history", "attainment", "--standard", "wait", "--metric", "sl_all_offered"]
        assert main([*asked, "--format", "json"]) == 0
        (told,) = json.loads(capfd.readouterr().out)
        assert (told["standard"], told["version"], told["metric"]) == ("wait", 1, "sl_all_offered")
        assert (told["good"], told["total"], told["value"], told["n"], told["unit"]) == (9, 12, 0.75, 12, "share")
        assert main([*asked, "--by", "site,hour", "--format", "csv"]) == 0
        lines = [line.split(",") for line in capfd.readouterr().out.splitlines()[1:]]
        assert [line[:9] for line in lines] == [
            ["wait", "1", "branch-7", format_instant(hour), "sl_all_offered", "3", "4", "0.750000", "4"]
            for hour in range(NOON - NOON % 3_600_000, NOON + 2 * 3_600_000, 3_600_000)
        ]
        assert main(["history", "alerts", "--by", "person", "--format", "json"]) == 0
        assert [(one["by"], one["alerts"]) for one in json.loads(capfd.readouterr().out)] == [({"person": "anna"}, 1)]
        assert main(["history", "query", "SELECT {a:String} AS a", "--param", "a=b=c", "--format", "csv"]) == 0
        assert capfd.readouterr().out == "a\nb=c\n"
        assert main(["history", "query", "DROP TABLE events"]) == 1
        assert "only a SELECT" in capfd.readouterr().err
        assert main(["history", "export", str(tmp_path / "backup"), "--table", "attainment"]) == 0
        rows = json.loads((tmp_path / "backup" / "manifest.json").read_text())["pieces"][0]["rows"]
        assert rows == history.ask("SELECT count() AS n FROM standing_attainment")[0]["n"]
        capfd.readouterr()
        assert main(["history", "import", str(tmp_path / "backup")]) == 2
        assert "another process has the folder" in capfd.readouterr().err
        assert main(["history", "migrate"]) == 2, "the folder is the service's"
        assert main([*asked, "--by", "colour"]) == 2
        assert "'colour' is none of site, region, queue, hour" in capfd.readouterr().err


async def test_a_backtest_reads_the_past_out_of_the_service(
    kafka: str,
    connection: Connection,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # More than one page, all of one instant; every fourth is called, a minute later.
    arrivals = [event(n, time="2026-09-21T14:13:20.000Z") for n in range(9_600)]
    calls = [
        {**event(n), "id": f"c{n}", "type": "sqm.journey.called", "time": "2026-09-21T14:14:20.000Z"}
        for n in range(0, 9_600, 4)
    ]
    await send(connection, "sqm.events.v1", [as_json(one) for one in arrivals + calls], site)
    draft = tmp_path / "draft.yaml"
    draft.write_text(standard().model_dump_json().replace('"20000ms"', '"1m"'), encoding="utf-8")
    with running_history(tmp_path, kafka, prefixed(connection)) as history:
        history.until("SELECT count() AS n FROM standing_events", 12_000)
        monkeypatch.setenv("SQM_HISTORY_HTTP_PORT", str(history.port))
        for place in (history.url, "here"):
            assert main(["backtest", "--standards", str(draft), "--history", place, "--format", "json"]) == 0
            found = json.loads(capfd.readouterr().out)
            whole = found["comparisons"][0]["new"]["whole"]
            assert (found["events"], found["journeys"], whole["good"], whole["n"]) == (12_000, 9_600, 2_400, 2_400)
        assert main(["backtest", "--standards", str(draft), "--history", str(tmp_path / "clickhouse")]) == 2
        assert "another process has the folder" in capfd.readouterr().err
