"""
Somebody who came by every way in is erased while everything runs; then all services and the broker stop, and no file,
record, row or export of theirs holds the name in any form, though every figure is what it was.
"""

import asyncio
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx
import pytest

from schemas.signatures import HmacSignature
from schemas.topics import ALERT_COMMANDS, EVENTS, EVENTS_IN, RAW, TOPICS
from services.cli import main
from services.cli.topic_files import read_manifest, read_records
from services.ingest.engine.signatures import SignedRequest, sign
from services.ingest.engine.traces import Traces
from services.runtime.clickhouse import ClickHouseSettings, open_database
from services.sla.app import CHECKPOINTS
from tests.conftest import StartBroker
from tests.e2e.history_process import HistoryProcess, running_history
from tests.e2e.ingest_process import running_ingest
from tests.e2e.ingest_topics import Topics
from tests.e2e.service_process import ServiceProcess
from tests.e2e.sla_line import Line, event, instant, now_ms, standard
from tests.fakes.desk_connector import DESK
from tests.fakes.waiting import wait_until

Given = TypeVar("Given")
Found = TypeVar("Found")

ANNA: Final = "Anna.Ozoliņa@example.org"
BORIS: Final = "BORIS/Petrov-7"
CARL: Final = "carl@example.org"
DACE: Final = "Dace Liepiņa"
"""Of whom somebody else wrote; topics cannot lose that."""
TRACES: Final = [Traces(name, in_words=True) for name in (ANNA, BORIS)]
SECRET: Final = b"the secret of this test"
MAPPING: Final = """
apiVersion: sqm/v1
kind: Mapping
metadata: {id: visits, title: Visits, owner: tests}
source: /branch/visits
zone: UTC
table: {format: delimited, header: true}
columns:
  number: {name: number, required: true}
  who: {name: who}
  came: {name: came, type: instant, required: true}
journey: {site: {text: s1}, subject: "{number}"}
events:
  - {type: journey.arrived, time: came, data: {customer: who}}
"""
FIGURES: Final = {
    "customers": "SELECT customer, count() AS n, min(id) AS first FROM standing_events GROUP BY customer ORDER BY n",
    "employees": "SELECT employee, type, count() AS n FROM standing_events GROUP BY ALL ORDER BY ALL",
    "measured": "SELECT standard, journey, state, met, value_ms, employee FROM standing_measurements ORDER BY ALL",
    "attainment": "SELECT sum(answered) AS n, sum(answered_within) AS kept FROM standing_attainment",
    "refused": "SELECT reason, stage, count() AS n FROM dead_letters FINAL GROUP BY ALL ORDER BY ALL",
}


class Scene:
    """
    The services of one test, and what is done to them.
    """

    def __init__(
        self, kafka: str, folder: Path, environment: pytest.MonkeyPatch, output: pytest.CaptureFixture[str]
    ) -> None:
        self.kafka = kafka
        self.folder = folder
        (folder / "connectors").mkdir()
        (folder / "connectors" / "desk.yaml").write_text(DESK, "utf-8")
        (folder / "visits.yaml").write_text(MAPPING, "utf-8")
        # What the command makes of the file of tokens, and of the rest, lies where the services look.
        self.settings = {
            "SQM_KAFKA__BOOTSTRAP_SERVERS": kafka,
            "SQM_IDENTITIES_FILE": str(folder / "identities.db"),
            "SQM_INGEST_TOKENS_FILE": str(folder / "tokens.json"),
            "SQM_INGEST_CONNECTORS": str(folder / "connectors"),
            "SQM_SECRET_WEBHOOK__DESK__NORTH": SECRET.decode(),
            "SQM_CLICKHOUSE__FOLDER": str(folder / "clickhouse"),
        }
        for name, value in self.settings.items():
            environment.setenv(name, value)
        # Nobody listens there: what is asked for without an address is asked of the folder.
        environment.setenv("SQM_HISTORY_HTTP_PORT", "1")
        self.output = output
        self.till = ""

    async def sqm(self, *words: str) -> str:
        """
        Run a command in a thread, since it has an event loop of its own; what it wrote.
        """
        status = await asyncio.to_thread(main, list(words))
        said, complained = self.output.readouterr()
        assert status == 0, (words, said, complained)
        return said

    async def tokens(self, environment: pytest.MonkeyPatch) -> None:
        self.till = (await self.sqm("tokens", "create", "till", "--source", "/")).strip()
        head = (await self.sqm("tokens", "create", "head", "--role", "administrator")).strip()
        environment.setenv("SQM_TOKEN", head)

    def post(self, ingest: ServiceProcess, body: bytes) -> list[str]:
        headers = {
            "authorization": f"Bearer {self.till}",
            "content-type": "application/cloudevents-batch+json",
        }
        answer = httpx.post(f"{ingest.url}/v1/events", content=body, headers=headers, timeout=30)
        return [item["result"] for item in answer.json()["items"]]

    def webhook(self, ingest: ServiceProcess, ticket: object, **headers: str) -> None:
        body = json.dumps({"sent": now_ms(), "ticket": ticket}).encode()
        shown = {"x-desk-kind": "ticket", **headers}
        request = SignedRequest("POST", f"{ingest.url}/v1/webhooks/desk/north", shown, body)
        signature = HmacSignature(scheme="hmac", header="x-desk-signature")
        signed = sign(signature, SECRET, request, now_ms())
        assert httpx.post(signed.url, content=body, headers=dict(signed.headers), timeout=30).status_code == 200

    async def everything_by_every_way(self, ingest: ServiceProcess) -> None:
        at = now_ms() - 60_000
        batch = [
            event("journey.arrived", "j1", at, customer=ANNA),
            event("journey.called", "j1", at + 5_000, customer=ANNA, employee=BORIS),
            event("journey.arrived", "j2", at, customer=CARL),
            event("feedback.received", "j1", at, customer=ANNA, instrument="card", comment=f"write to {ANNA}!"),
            event("feedback.received", "j2", at, customer=CARL, instrument="card", comment=f"{DACE} was kind"),
            event("staff.state_changed", f"shift-{BORIS}", at, employee=BORIS, state="serving"),
            event("journey.arrived", f"visit-of-{ANNA}", at, customer=ANNA),
            event("journey.arrived", "j3", at, costumer=ANNA),
        ]
        said = self.post(ingest, b"[" + b",".join(batch) + b"]")
        assert said == [*["accepted"] * 6, "refused", "refused"]
        rows = f"number,who,came\nf1,{ANNA},{instant(at)}\nf2,{ANNA},yesterday\n"
        (self.folder / "visits.csv").write_text(rows, "utf-8")
        await self.sqm("load", "--kafka", "--mapping", f"{self.folder}/visits.yaml", f"{self.folder}/visits.csv")
        direct = event("journey.arrived", "k1", at, customer=ANNA)
        Topics(self.kafka, "").write(
            EVENTS_IN.name,
            (ANNA.encode(), direct, ()),
            (None, b"{" + ANNA.encode(), ()),
            (None, event("journey.arrived", "k2", at, customer=ANNA, employe=BORIS), (("who", BORIS.encode()),)),
        )
        ticket = {"id": 17, "version": 1, "branch": "B1", "opened": instant(at), "closed": None}
        self.webhook(ingest, ticket | {"caller": {"id": ANNA.upper()}}, **{"x-of": BORIS})
        self.webhook(ingest, ticket | {"id": 18, "caller": {"id": ANNA}, "opened": "at noon"})
        self.webhook(ingest, ticket | {"id": 19, "caller": {"id": CARL}})

    async def erasing(self, url: str) -> None:
        """
        Nothing at first, then everything; and every store is told.
        """
        words = ("history", "erase", ANNA, BORIS, "--url", url)
        assert "nothing was erased" in await self.sqm(*words, "--dry-run")
        told = await self.sqm(*words)
        assert "erased: 2 identities, 7 keys" in told, told
        assert " 0  of 10 rows of history, table events\n" in told
        for topic in (ALERT_COMMANDS.name, CHECKPOINTS):
            assert f" records of {topic}\n" in told
        assert "left" not in told
        assert await self.sqm("history", "erasures")

    async def exports(self, url: str) -> None:
        """
        Everything that is told to other programs, each in a form of its own.
        """
        rows = await self.sqm("history", "query", "SELECT * FROM events", "--format", "csv", "--url", url)
        (self.folder / "export.csv").write_text(rows, "utf-8")
        await self.sqm("history", "export", f"{self.folder}/archive", "--url", url)
        await self.sqm("topics", "export", f"{self.folder}/topics")


def apart(function: Callable[[Given], Found], given: Given) -> Found:
    """
    Call a function in a process of its own: one has one ClickHouse engine, and that of the tests may be open here.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(function, given).result()


def figures(history: HistoryProcess) -> dict[str, list[dict[str, Any]]]:
    return {name: history.ask(sql) for name, sql in FIGURES.items()}


def naming_files(folder: Path) -> Iterator[str]:
    """
    Every file under a folder that holds one of the names, as it lies there. Files may come and go meanwhile.
    """
    for place, _, names in os.walk(folder):
        for file in (Path(place, name) for name in names):
            if file.is_file() and any(one.found_in(written_bytes(file), str(file).encode()) for one in TRACES):
                yield str(file.relative_to(folder))


def written_bytes(file: Path) -> bytes:
    """
    What a file holds, without the holes: a broker reserves megabytes for each index, which are read as zeros. Nothing
    where the file has been removed.
    """
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        return b""
    with opened:
        parts, at, end = [], 0, os.fstat(opened.fileno()).st_size
        while at < end:
            try:
                at = opened.seek(at, os.SEEK_DATA)
                hole = opened.seek(at, os.SEEK_HOLE)
            except OSError:
                break  # nothing but a hole is left, or it has been cut off
            opened.seek(at)
            parts.append(opened.read(hole - at))
            at = hole
    return b"".join(parts)


async def naming_records(line: Line) -> set[str]:
    """
    Every topic with a record that holds one of the names, once the batches are unpacked.
    """
    return {
        topic.name
        for topic in TOPICS
        for record in await line.records(topic.name)
        if any(one.found_in(record.key, record.value, *(text for _, text in record.headers)) for one in TRACES)
    }


def marked_and_naming(folder: Path) -> set[str]:
    """
    Erase again, in the folder itself, with what was typed. Then every table, and every Parquet file, a report among
    them, with a row that holds one of the names, once the columns are unpacked.
    """
    report = ("report", "waits", "--standard", "wait", "--format", "parquet", "--out", f"{folder}/report.parquet")
    assert main(report) == 0
    assert main(["history", "erase", ANNA, BORIS, DACE, "--texts"]) == 1
    database = open_database(ClickHouseSettings(folder=folder / "clickhouse"))
    try:
        # Hours are made in a table that is there for a moment only; made now, they are not while this looks.
        for view in ("hours_of_attainment", "hours_of_values"):
            database.command(f"SYSTEM REFRESH VIEW {view}")
            database.command(f"SYSTEM WAIT VIEW {view}")
        tables = database.rows(
            "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'"
        )
        assert len(tables) > 8
        # What was exported before stays as it is.
        marked = [*TRACES, Traces(DACE)]
        places = {table["name"]: f"`{table['name']}`" for table in tables}
        places |= {str(file): f"file('{file}', 'Parquet')" for file in folder.rglob("*.parquet")}
        assert {"archive", "report.parquet"} <= {
            Path(place).relative_to(folder).parts[0] for place in places if "/" in place
        }
        return {
            name
            for name, place in places.items()
            for row in database.rows(f"SELECT hex(toString(tuple(*))) AS text FROM {place}")  # noqa: S608
            if any(one.found_in(bytes.fromhex(row["text"])) for one in (TRACES if "/" in name else marked))
        }
    finally:
        database.close()


def naming_copies(folder: Path) -> set[str]:
    """
    Every topic that `sqm topics export` wrote with a record that holds one of the names.
    """
    manifest = read_manifest(folder)
    assert sum(topic.records for topic in manifest.topics) > 30
    return {
        topic.name
        for topic in manifest.topics
        for record in read_records(folder, topic)
        if any(one.found_in(record.key, record.value, *(text for _, text in record.headers)) for one in TRACES)
    }


async def test_of_an_erased_person_no_byte_is_left_and_every_figure_stays(
    start_private_broker: StartBroker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    broker_folder, folder = tmp_path / "broker", tmp_path / "sqm"
    folder.mkdir()
    broker = start_private_broker(folder=broker_folder)
    scene = Scene(broker.bootstrap_servers, folder, monkeypatch, capfd)
    await scene.tokens(monkeypatch)
    async with Line(broker.bootstrap_servers, "", folder) as line:
        await line.publish(standard("wait", limit="1h"))
        with (
            running_ingest(folder, scene.settings) as ingest,
            running_history(folder, scene.kafka, scene.settings) as history,
        ):
            worker = line.worker(**scene.settings)
            await worker.ready()
            await scene.everything_by_every_way(ingest)
            await line.drained("sqm.ingest", [EVENTS_IN.name])
            await line.drained("sqm.ingest.webhooks", [RAW.name])
            await line.drained()
            history.until("SELECT count() AS n FROM standing_events", 10)
            history.until("SELECT count() AS n FROM dead_letters FINAL", 6)
            history.until("SELECT count() AS n FROM standing_measurements", 1)
            history.until("SELECT sum(answered) AS n FROM standing_attainment", 1)
            before = figures(history)

            # All of Anna are one customer, and the check sees names: where they lie plainly, and in what is sealed.
            assert [one["n"] for one in before["customers"]] == [1, 3, 6]
            assert await naming_records(line) == {EVENTS_IN.name}
            found = set(naming_files(tmp_path))
            for place in ("sqm/identities.db", "sqm/visits.csv", "broker/data/sqm.events.in.v1-"):
                assert any(file.startswith(place) for file in found), (place, found)
            letters = (await scene.sqm("deadletters", "list", "--json")).splitlines()
            assert len(letters) == 6
            place = next(one["place"] for one in map(json.loads, letters) if one["reason"] == "not_json")
            assert ANNA in await scene.sqm("deadletters", "show", place)

            await scene.erasing(history.url)
            again = await scene.sqm("connector", "replay", f"{folder}/connectors/desk.yaml", "--dry-run")
            assert "2 bodies cannot be read: erased" in again
            assert "cannot be read: erased" in (await scene.sqm("deadletters", "replay", "--yes"))
            await line.drained("sqm.ingest", [EVENTS_IN.name])
            await scene.exports(history.url)
            assert figures(history) == before
            assert await naming_records(line) == set()
            wait_until(
                lambda: (
                    not any(list(naming_files(one)) for one in (broker_folder / "data").glob(f"{EVENTS_IN.name}-*"))
                ),
                "the broker to remove the files of what was deleted",
            )
            worker.close()
    assert await asyncio.to_thread(apart, marked_and_naming, folder) == set()
    told = scene.output.readouterr().out
    assert "erased: 0 identities, 0 keys" in told
    for place in ("feedback, in comment", "events, in raw"):
        assert f"marked: 1 texts in history, table {place}\n" in told
    assert f"left: 1 in {EVENTS.name}," in told
    (folder / "visits.csv").unlink()  # the source's own
    broker.stop()
    assert list(naming_files(tmp_path)) == []
    assert naming_copies(folder / "topics") == set()
    assert len((folder / "export.csv").read_text("utf-8").splitlines()) == 11
