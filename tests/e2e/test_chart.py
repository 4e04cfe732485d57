"""
The pods of the Helm chart, started as processes: each service runs with the environment and the files that its pod
would have, and the question of `helm test` finds all of them ready.
"""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from services.cli.demo.line import demo_folder
from tests.e2e.service_process import ServiceProcess
from tests.fakes.ports import reserved_ports
from tests.project import PROJECT
from tests.unit.deploy.helm.chart import Object, environment_of, objects_of, of_kind, pods_of

SECRETS = {
    "sqm-tokens": {"tokens.json": '{"format": "sqm/tokens/v1", "tokens": []}'},
    "sqm-history": {"token": "of-history"},
}
ALERTING = PROJECT / "deploy" / "demo" / "alerting.yaml"


class Node:
    """
    A folder in which the volumes of pods lie as Kubernetes lays them: a hidden folder, and a link to each file in it.
    """

    def __init__(self, folder: Path, objects: tuple[Object, ...]) -> None:
        self._folder = folder
        self._maps = {name: one["data"] for name, one in of_kind(objects, "ConfigMap").items()}

    def environment(self, name: str, pod: Object) -> dict[str, str]:
        """
        What the container has in its environment, once its volumes are there.
        """
        (container,) = pod["spec"]["containers"]
        volumes = {volume["name"]: volume for volume in pod["spec"]["volumes"]}
        there = self._folder / name
        for mount in container["volumeMounts"]:
            self._lay(there / mount["mountPath"].strip("/"), volumes.get(mount["name"], {}))
        given = environment_of(pod)
        moved = {
            variable: value.replace("/run/sqm", f"{there}/run/sqm").replace("/etc/sqm", f"{there}/etc/sqm")
            for variable, value in given.items()
        }
        return {variable: value.replace("/var/lib/sqm", f"{there}/var/lib/sqm") for variable, value in moved.items()}

    def _lay(self, place: Path, volume: dict[str, Any]) -> None:
        files: dict[str, str] = self._maps.get(volume.get("configMap", {}).get("name"), {})
        for source in volume.get("projected", {}).get("sources", []):
            secret = SECRETS[source["secret"]["name"]]
            files |= {item["path"]: secret[item["key"]] for item in source["secret"]["items"]}
        (place / "..2026").mkdir(parents=True)
        (place / "..data").symlink_to("..2026")
        for name, text in files.items():
            (place / "..2026" / name).write_text(text)
            (place / name).symlink_to(f"..data/{name}")


@pytest.fixture
def objects(kafka: str) -> tuple[Object, ...]:
    told = ["--set", f"kafka.bootstrapServers={kafka}", "--set", "kafka.topicPrefix=chart.", "--set", "clickhouse.url="]
    files = {f"standards.files.{file.name}": file for file in sorted(demo_folder().glob("*.yaml"))}
    files["alerting.files.alerting.yaml"] = ALERTING
    for name, file in files.items():
        told += ["--set-file", f"{name.removesuffix('.yaml')}\\.yaml={file}"]
    return objects_of("default", *told)


def test_every_pod_starts_with_what_it_is_given_and_helm_test_finds_it_ready(
    objects: tuple[Object, ...], tmp_path: Path
) -> None:
    node, pods = Node(tmp_path, objects), dict(pods_of(objects))
    (trying,) = pods.pop("try")["spec"]["containers"]
    _python, *asking = trying["command"]
    question = asking[: asking.index(next(word for word in asking if word.startswith("sqm-")))]
    assert {word.partition(":")[0] for word in asking[len(question) :]} == {f"sqm-{name}" for name in pods}

    def ask(*addresses: str) -> "subprocess.CompletedProcess[str]":
        line = [sys.executable, *question, *addresses]
        return subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)

    with ExitStack() as running:
        started = []
        for name, pod in pods.items():
            environment = node.environment(name, pod)
            # Here all have one address, so each takes a port that is free.
            del environment[f"SQM_{name.upper()}_HTTP_PORT"]
            (tmp_path / name / "work").mkdir()
            environment["SQM_SECRET_DEMO_WEBHOOK"] = "http://127.0.0.1:9/"
            started.append(ServiceProcess(name, tmp_path / name / "work", environment))
            running.callback(started[-1].stop)
        for service in started:
            service.until_ready()
        said = ask(*[f"127.0.0.1:{service.port}" for service in started])
        assert said.returncode == 0, said.stdout
        assert said.stdout.count(" ready\n") == len(pods)
        silent = ask(f"127.0.0.1:{reserved_ports(1)[0]}")
        assert silent.returncode == 1
        assert "refused" in silent.stdout
        assert [service.stop() for service in started] == [0] * len(pods)
