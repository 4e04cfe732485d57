"""
Ingest as a process, on a real broker: in by HTTP and by Kafka, out to the topics, dead letters and back.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from schemas.events import EVENTS as EVENT_CONTRACT
from schemas.topics import DEAD_LETTERS, EVENTS, EVENTS_IN
from services.runtime.broker import KafkaBroker
from services.runtime.deadletter import DeadLetter
from services.runtime.kafka import partition_of
from tests.e2e.ingest_process import running_ingest
from tests.e2e.ingest_topics import Topics
from tests.e2e.service_process import ServiceProcess
from tests.fakes.identities import identity_store, opened_letter
from tests.fakes.ingest_events import as_json, event
from tests.fakes.waiting import wait_until
from tests.project import PROJECT, measured

BATCH = {"content-type": "application/cloudevents-batch+json"}
STRUCTURED = [("content-type", b"application/cloudevents+json")]


def sqm(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "services.cli", *words],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], **measured(), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


class Deployment:
    """
    Settings of one ingest with topics of its own on a broker.
    """

    def __init__(self, servers: str, folder: Path, name: str) -> None:
        self.prefix = "".join(letter for letter in name if letter.isalnum())[-40:] + "."
        self.folder = folder
        self.topics = Topics(servers, self.prefix)
        self.tokens = folder / "tokens.json"
        self.settings = {
            "SQM_KAFKA__BOOTSTRAP_SERVERS": servers,
            "SQM_KAFKA__TOPIC_PREFIX": self.prefix,
            "SQM_INGEST_TOKENS_FILE": str(self.tokens),
            "SQM_IDENTITIES_FILE": str(folder / "identities.db"),
        }

    def letters(self) -> list[DeadLetter]:
        store = identity_store(self.folder)
        try:
            found = self.topics.read(DEAD_LETTERS.name)
            return [opened_letter(store, one.key(), one.value(), one.headers()) for one in found]
        finally:
            store.close()

    def token(self, source: str) -> str:
        made = sqm("tokens", "create", "berlin", "--source", source, **self.settings)
        assert made.returncode == 0, made.stderr
        return made.stdout.strip()

    def post(self, ingest: ServiceProcess, token: str, *sent: dict[str, object]) -> httpx.Response:
        headers = {**BATCH, "authorization": f"Bearer {token}"}
        return httpx.post(f"{ingest.url}/v1/events", content=as_json(list(sent)), headers=headers, timeout=60)


@pytest.fixture
def deployment(kafka: str, tmp_path: Path, request: pytest.FixtureRequest) -> Deployment:
    return Deployment(kafka, tmp_path, request.node.name)


def test_a_batch_over_http_is_on_the_topic_when_it_is_answered(deployment: Deployment) -> None:
    token = deployment.token("/branch/berlin")
    with running_ingest(deployment.folder, deployment.settings) as ingest:
        answer = deployment.post(ingest, token, *(event(number) for number in range(300)), event(7), event(5, type="x"))
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert (told["accepted"], told["duplicates"], told["refused"]) == (300, 1, 1)
        records = deployment.topics.read(EVENTS.name)
        assert len(records) == 300
        for record in records:
            read: Any = EVENT_CONTRACT.validate_json(record.value())
            assert record.key() == read.data.site.encode()
            assert record.partition() == partition_of(record.key(), 4)
            assert dict(record.headers())["content-type"] == b"application/cloudevents+json"
        assert ingest.stop() == 0


def test_a_token_is_needed_and_a_revoked_one_is_refused_without_a_restart(deployment: Deployment) -> None:
    token = deployment.token("/branch/berlin")
    with running_ingest(deployment.folder, deployment.settings) as ingest:
        assert deployment.post(ingest, "nonsense", event()).status_code == 401
        assert deployment.post(ingest, token, event(source="/elsewhere")).status_code == 403
        assert deployment.post(ingest, token, event(1)).status_code == 200
        assert sqm("tokens", "revoke", "berlin", **deployment.settings).returncode == 0
        wait_until(
            lambda: deployment.post(ingest, token, event(2)).status_code == 401, "the revoked token to be refused"
        )
        assert token not in ingest.log
        assert token.split("_", 2)[2] not in deployment.tokens.read_text()


def test_without_tokens_ingest_does_not_start_unless_told_to_be_open(deployment: Deployment) -> None:
    closed = ServiceProcess("ingest", deployment.folder, deployment.settings)
    assert closed.process.wait(60) == 78
    assert "sqm tokens create" in closed.log
    with running_ingest(deployment.folder, {**deployment.settings, "SQM_INGEST_DEVELOPMENT_OPEN": "true"}) as ingest:
        assert deployment.post(ingest, "nonsense", event()).status_code == 200
        assert "accepting_events_without_tokens" in ingest.log


def test_direct_writers_are_validated_stamped_and_keyed_anew(deployment: Deployment) -> None:
    binary = [(f"ce_{name}", str(event(2)[name]).encode()) for name in ("id", "source", "type", "subject", "time")]
    garbage = (b"key", b"\xff\x00garbage", [("trace", b"\x01\x02")])
    deployment.token("/x")
    with running_ingest(deployment.folder, deployment.settings) as ingest:
        deployment.topics.write(
            EVENTS_IN.name,
            (b"any", as_json(event(1)), STRUCTURED),
            (None, as_json(event(2)["data"]), [*binary, ("content-type", b"application/json")]),
            garbage,
            (b"gone", None, STRUCTURED),
        )
        wait_until(lambda: len(deployment.topics.read(DEAD_LETTERS.name)) == 2, "two dead letters")
        # They lie in other partitions, which ingest may have fetched later.
        wait_until(lambda: deployment.topics.ids() == ["arrived-1", "arrived-2"], "two events")
        assert all("receivedat" in one for one in deployment.topics.events())
        [letter] = [one for one in deployment.letters() if one.key == b"key"]
        assert (letter.value, list(map(tuple, letter.headers))) == (garbage[1], [("trace", b"\x01\x02")])
        assert ingest.stop() == 0
    # What was handled is committed: a second start reads none of it again.
    with running_ingest(deployment.folder, deployment.settings) as ingest:
        deployment.topics.write(EVENTS_IN.name, (b"any", as_json(event(3)), STRUCTURED))
        wait_until(lambda: "arrived-3" in deployment.topics.ids(), "the third event")
        assert deployment.topics.ids() == ["arrived-1", "arrived-2", "arrived-3"]


def test_a_writer_of_nothing_but_nonsense_stops_the_reading_and_not_the_service(deployment: Deployment) -> None:
    token = deployment.token("/branch")
    settings = {**deployment.settings, "SQM_INGEST_REFUSED_IN_A_ROW": "50"}
    with running_ingest(deployment.folder, settings) as ingest:
        deployment.topics.write(EVENTS_IN.name, *[(b"k", b"nonsense", STRUCTURED)] * 500)
        wait_until(lambda: "reading_stopped" in ingest.log, "the reading to stop")
        assert "too_many_refused_in_a_row" in ingest.log
        assert len(deployment.topics.read(DEAD_LETTERS.name)) < 500
        assert deployment.post(ingest, token, event(1)).status_code == 200
        assert ingest.stop() == 0


def test_dead_letters_are_listed_shown_and_sent_back(deployment: Deployment) -> None:
    token = deployment.token("/branch")
    with running_ingest(deployment.folder, deployment.settings) as ingest:
        deployment.post(ingest, token, event(1), event(2, data={"till": "3"}), event(3, time="2026-01-31T08:00:00"))
        listed = sqm("deadletters", "list", **deployment.settings)
        assert listed.returncode == 0, listed.stderr
        assert "unknown_field" in listed.stdout
        assert "invalid_time" in listed.stdout
        title, *lines = listed.stdout.splitlines()
        assert title.split()[:3] == ["place", "refused", "at"]
        times = [line.split()[1] for line in lines[:2]]
        assert times == sorted(times)
        only = sqm(
            "deadletters", "list", "--json", "--reason", "unknown_field", "--source", "/branch", **deployment.settings
        )
        [found] = [json.loads(line) for line in only.stdout.splitlines()]
        assert (found["field"], found["attempt"], found["origin"]) == ("/data/till", 1, "http")
        other = sqm("deadletters", "list", "--reason", "unknown_feild", **deployment.settings)
        assert other.stdout.splitlines()[-1] == "there are letters with the reasons invalid_time, unknown_field"
        shown = sqm("deadletters", "show", found["place"], **deployment.settings)
        assert '"till": "3"' in shown.stdout
        dry = sqm("deadletters", "replay", "--reason", "unknown_field", "--dry-run", **deployment.settings)
        assert "nothing was sent" in dry.stdout
        # Still refused: one attempt more.
        sent = sqm("deadletters", "replay", "--reason", "unknown_field", "--yes", **deployment.settings)
        assert "breaks the order" in sent.stderr
        wait_until(lambda: len(deployment.topics.read(DEAD_LETTERS.name)) == 3, "the letter to come back")
        again = sqm("deadletters", "list", "--json", "--reason", "unknown_field", **deployment.settings)
        assert sorted(json.loads(line)["attempt"] for line in again.stdout.splitlines()) == [1, 2]
        assert ingest.stop() == 0
    # With the cause mended it is accepted.
    mended = {**deployment.settings, "SQM_INGEST_UNKNOWN_DATA": "keep"}
    with running_ingest(deployment.folder, mended):
        sqm("deadletters", "replay", "--place", found["place"], "--yes", **deployment.settings)
        wait_until(lambda: "arrived-2" in deployment.topics.ids(), "the replayed event")


def test_a_store_of_identities_that_was_deleted_stops_ingest_and_a_new_one_is_told(deployment: Deployment) -> None:
    token = deployment.token("/branch")
    with running_ingest(deployment.folder, deployment.settings) as ingest:
        assert deployment.post(ingest, token, event(1)).status_code == 200
        assert "identities_file_is_not_the_one_from_before" not in ingest.log
        for file in deployment.folder.glob("identities.db*"):
            file.unlink()
        answer = deployment.post(ingest, token, event(2))
        assert (answer.status_code, answer.json()["reason"]) == (503, "identities_away")
        assert "SQM_IDENTITIES_FILE" in httpx.get(f"{ingest.url}/readyz").json()["detail"]
        assert ingest.log.count("identities_file_gone") == 1
    assert deployment.topics.ids() == ["arrived-1"]
    with running_ingest(deployment.folder, deployment.settings) as ingest:
        (said,) = [line for line in ingest.log.splitlines() if "identities_file_is_not_the_one_from_before" in line]
        assert (json.loads(said)["level"], json.loads(said)["events_before"]) == ("error", 1)
        assert deployment.post(ingest, token, event(2)).status_code == 200


def test_every_page_of_a_service_is_there(deployment: Deployment) -> None:
    deployment.token("/x")
    with running_ingest(deployment.folder, deployment.settings) as ingest:
        assert httpx.get(f"{ingest.url}/livez").status_code == 200
        assert httpx.get(f"{ingest.url}/livez").headers["sqm-time"].endswith("Z")
        assert httpx.get(f"{ingest.url}/version").json()["service"] == "ingest"
        assert "sqm_ingest_events_accepted_total" in httpx.get(f"{ingest.url}/metrics").text
        assert httpx.get(f"{ingest.url}/openapi.json").json()["openapi"] == "3.1.0"
        assert "curl" in httpx.get(f"{ingest.url}/docs").text


def test_nothing_acknowledged_is_lost_when_the_broker_dies_and_ingest_comes_back_by_itself(
    start_private_broker: Callable[..., KafkaBroker], tmp_path: Path
) -> None:
    broker = start_private_broker()
    deployment = Deployment(broker.bootstrap_servers, tmp_path, "outage")
    token = deployment.token("/branch")
    settings = {**deployment.settings, "SQM_INGEST_PATIENCE_SECONDS": "1"}
    acknowledged: set[str] = set()
    statuses: set[int] = set()

    def accepted(number: int) -> bool:
        answer = deployment.post(ingest, token, event(number), event(number + 1))
        statuses.add(answer.status_code)
        if answer.status_code == 200:
            acknowledged.update({f"arrived-{number}", f"arrived-{number + 1}"})
        else:
            assert "retry-after" in answer.headers
        return answer.status_code == 200

    with running_ingest(tmp_path, settings) as ingest:
        # A broker on a busy machine may take longer than the second that ingest is patient here.
        for number in range(0, 40, 2):
            wait_until(partial(accepted, number), "ingest to accept")
        broker.kill()
        for number in range(100, 106, 2):
            assert not accepted(number)
        wait_until(ingest.answers("/livez", 200), "ingest to live on")
        wait_until(ingest.answers("/readyz", 503), "readiness to be withdrawn")
        broker.start()
        for number in (200, 300):
            wait_until(partial(accepted, number), "ingest to accept again", 90)
    assert acknowledged <= set(deployment.topics.ids())
    assert statuses == {200, 503}


def test_ingest_starts_without_a_broker_and_waits_for_it(
    start_private_broker: Callable[..., KafkaBroker], tmp_path: Path
) -> None:
    broker = start_private_broker()
    deployment = Deployment(broker.bootstrap_servers, tmp_path, "late")
    token = deployment.token("/branch")
    broker.stop()
    with running_ingest(tmp_path, deployment.settings, ready=False) as ingest:
        wait_until(ingest.answers("/livez", 200), "ingest to live", 90)
        answer = deployment.post(ingest, token, event())
        assert (answer.status_code, answer.json()["reason"]) == (503, "broker_away")
        broker.start()
        wait_until(ingest.answers("/readyz", 200), "ingest to find the broker", 90)
        assert deployment.post(ingest, token, event()).status_code == 200
        assert ingest.stop() == 0


def test_a_broker_that_falls_behind_is_told_with_429_and_takes_what_was_accepted(
    start_private_broker: Callable[..., KafkaBroker], tmp_path: Path
) -> None:
    broker = start_private_broker()
    deployment = Deployment(broker.bootstrap_servers, tmp_path, "slow")
    token = deployment.token("/branch")
    settings = {**deployment.settings, "SQM_INGEST_BACKLOG_BYTES": "20000", "SQM_INGEST_PATIENCE_SECONDS": "45"}
    with running_ingest(tmp_path, settings) as ingest, ThreadPoolExecutor(1) as apart:
        assert deployment.post(ingest, token, event(1)).status_code == 200
        broker.pause()
        waiting = apart.submit(deployment.post, ingest, token, *map(event, range(200)))
        wait_until(ingest.answers("/readyz", 503), "so much to wait that there is no room for more")
        answer = deployment.post(ingest, token, event(200))
        assert (answer.status_code, answer.json()["reason"]) == (429, "broker_behind")
        assert int(answer.headers["retry-after"]) >= 1
        broker.resume()
        assert waiting.result().status_code == 200
        wait_until(lambda: deployment.post(ingest, token, event(999)).status_code == 200, "room again")
    ids = set(deployment.topics.ids())
    assert {f"arrived-{number}" for number in (*range(200), 999)} <= ids
    assert "arrived-200" not in ids
