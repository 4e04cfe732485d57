"""
The services as docker-compose.yml starts them, without Docker: its commands, its variables, the secrets that `make env`
draws, from what the image holds, on a real Kafka.
"""

import re
import signal
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from services.cli.commands import COMMANDS
from services.cli.topic_files import read_manifest
from services.runtime.stack import main as make_env
from tests.e2e.image import build_image, packages_of_the_image
from tests.fakes.ports import reserved_ports
from tests.fakes.waiting import wait_until
from tests.project import PROJECT

COMPOSE: Final[dict[str, Any]] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
PORTS: Final = {"ingest": 8081, "sla": 8082, "history": 8083, "alerts": 8084}


class Stack:
    """
    What containers would be given, translated to this machine: addresses, folders, ports that are free here.
    """

    def __init__(self, folder: Path, kafka: str) -> None:
        self.image = build_image(folder)
        assert make_env(["--into", str(folder)]) == 0
        self.made = dict(
            line.split("=", 1) for line in (folder / ".env").read_text().splitlines() if not line.startswith("#")
        )
        self.ports = dict(zip(PORTS, reserved_ports(len(PORTS)), strict=True))
        self._folder = folder
        self._hosts = {
            "http://clickhouse:8123": "http://127.0.0.1:9",
            "http://ingest:8081": f"http://127.0.0.1:{self.ports['ingest']}",
            "kafka:9092": kafka,
            "0.0.0.0": "127.0.0.1",  # noqa: S104  (this is what is replaced)
        }

    def here(self, service: Mapping[str, Any], text: str) -> str:
        text = re.sub(r"\$\{(\w+):\?run make env\}", lambda found: self.made[found[1]], str(text))
        for host, ours in self._hosts.items():
            text = text.replace(host, ours)
        mounts = [volume.rsplit(":ro", 1)[0].rsplit(":", 1) for volume in service.get("volumes", [])]
        for source, target in [
            (f"${{SQM_SECRETS:?run make env}}/{name}", f"/run/secrets/{name}") for name in COMPOSE["secrets"]
        ] + [(source, target) for source, target in mounts]:
            if target in text and "$" in source:
                place = re.sub(r"\$\{(\w+):\?run make env\}", lambda found: self.made[found[1]], source)
                base = PROJECT if place.startswith("./deploy") else self._folder
                text = text.replace(target, str(base / place))
        return text.replace("/opt/sqm", str(self.image))

    def environment(self, name: str) -> dict[str, str]:
        service = COMPOSE["services"][name]
        said = {variable: self.here(service, value) for variable, value in service.get("environment", {}).items()}
        port = {f"SQM_{name.upper()}_HTTP_PORT": str(self.ports[name])} if name in self.ports else {}
        return {"PATH": f"{self.image / 'bin'}:/usr/bin:/bin", "SQM_KAFKA__TOPIC_PREFIX": "stack.", **said, **port}

    @contextmanager
    def running(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        service = COMPOSE["services"][name]
        command = ["sqm", *(self.here(service, word) for word in service["command"])]
        with self.log(name).open("wb") as log:
            process = subprocess.Popen(
                [str(self.image / "bin" / command[0]), *command[1:]],
                cwd=self._folder,
                env=self.environment(name),
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()

    @property
    def backups(self) -> Path:
        return self._folder / self.made["SQM_BACKUPS"]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """
        `docker compose run --rm sqm …`, which works in the folder of backups.
        """
        return subprocess.run(
            [str(self.image / "bin" / "sqm"), *words],
            cwd=self.backups,
            env=self.environment("sqm"),
            capture_output=True,
            text=True,
            check=False,
        )

    def log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def said(self, name: str) -> str:
        return self.log(name).read_text(errors="replace")[-3_000:]

    def is_healthy(self, name: str) -> bool:
        """
        Ask as Docker would: by the program, with the arguments, that the health check names.
        """
        _, *command = COMPOSE["services"][name]["healthcheck"]["test"]
        words = [str(self.ports[name]) if word == str(PORTS[name]) else word for word in command]
        return subprocess.run(words, env=self.environment(name), capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def stack(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    return Stack(tmp_path_factory.mktemp("stack"), kafka)


def test_the_services_become_healthy_take_events_and_end_when_they_are_told(stack: Stack) -> None:
    with stack.running("ingest") as ingest, stack.running("sla") as sla, stack.running("alerts") as alerts:
        processes = {"ingest": ingest, "sla": sla, "alerts": alerts}
        for name, process in processes.items():

            def healthy(name: str = name, process: subprocess.Popen[bytes] = process) -> bool:
                assert process.poll() is None, stack.said(name)
                return stack.is_healthy(name)

            wait_until(healthy, f"{name} to be healthy", 90)
        # Each start of the profile publishes them again.
        for _ in range(2):
            with stack.running("demo-standards") as publishing:
                assert publishing.wait(60) == 0, stack.said("demo-standards")
        with stack.running("simulator") as simulator:

            def taken() -> bool:
                assert simulator.poll() is None, stack.said("simulator")
                metrics = httpx.get(f"http://127.0.0.1:{stack.ports['ingest']}/metrics", timeout=10).text
                accepted = re.findall(r"^sqm_ingest_events_accepted_total\{.*\} (\S+)$", metrics, re.MULTILINE)
                return sum(map(float, accepted)) > 0

            wait_until(taken, "an event of the simulator to be accepted")
        for name, process in processes.items():
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0, stack.said(name)
    saved = stack.run("topics", "export", "topics")
    assert saved.returncode == 0, saved.stderr
    manifest = read_manifest(stack.backups / "topics")
    assert {"sqm.events.v1", "sqm.standards.v1", "sqm.sla.checkpoints.v1"} <= {topic.name for topic in manifest.topics}
    assert "sqm.sla" in manifest.groups


def test_history_takes_its_settings_and_says_that_no_clickhouse_answers(stack: Stack) -> None:
    with stack.running("history") as history:
        assert history.wait(60) == 75, stack.said("history")
    assert "ClickHouse: cannot connect to the server" in stack.said("history")


def test_every_command_of_sqm_is_found_in_the_image(stack: Stack) -> None:
    code = (
        "import importlib, services.cli.commands as cli; "
        "print(len([importlib.import_module(command.module) for command in cli.COMMANDS]))"
    )
    python = str(stack.image / "bin" / "python")
    done = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"{len(COMMANDS)}\n"), done.stderr


def test_the_image_has_all_that_traces_need() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    held, asked = (
        packages_of_the_image(),
        [Requirement(one) for one in project["project"]["optional-dependencies"]["tracing"]],
    )
    seen: set[tuple[str, str]] = set()
    while asked:
        wanted = asked.pop()
        assert canonicalize_name(wanted.name) in held, wanted
        for extra in {"", *wanted.extras} - {extra for name, extra in seen if name == wanted.name}:
            seen.add((wanted.name, extra))
            needed = map(Requirement, distribution(wanted.name).requires or ())
            asked += [one for one in needed if one.marker is None or one.marker.evaluate({"extra": extra})]
    assert ("opentelemetry-exporter-http-transport", "requests") in seen


def test_the_image_has_no_engine_no_broker_and_no_tests(stack: Stack) -> None:
    assert not packages_of_the_image() & {"chdb", "chdb-core", "confluent-kafka", "pytest", "pip"}
    assert {"faust-streaming", "clickhouse-connect"} <= packages_of_the_image()
    (there,) = (stack.image / "lib").glob("python*/site-packages")
    assert {place.name for place in there.iterdir()} & {"services", "tests", "chdb", "benchmarks"} == {"services"}
