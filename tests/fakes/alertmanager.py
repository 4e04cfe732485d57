"""
A real Alertmanager of Prometheus' on this machine, asked by its own tool.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from services.runtime.broker import free_ports
from tests.fakes.waiting import wait_until
from tests.project import PROJECT

CONFIGURATION = """\
route: {{receiver: ours, group_by: [key], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}}
receivers:
- name: ours
  webhook_configs:
  - url: "{hook}"
    send_resolved: true
    http_config: {{authorization: {{credentials: "{token}"}}}}
"""


class RunningAlertmanager:
    """
    One process with a folder of its own.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    def active(self) -> list[dict[str, Any]]:
        """
        The alerts that run, as amtool sees them.
        """
        command = ["amtool", "alert", "query", "--alertmanager.url", self.url, "-o", "json"]
        shown = subprocess.run(command, capture_output=True, text=True, check=True)
        found: list[dict[str, Any]] = json.loads(shown.stdout)
        return found

    def add(self, **labels: str) -> None:
        """
        Let somebody else's alert fire, as amtool says it.
        """
        said = [f"{name}={value}" for name, value in labels.items()]
        command = ["amtool", "alert", "add", "--alertmanager.url", self.url, *said]
        subprocess.run(command, check=True, capture_output=True)

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/-/ready", timeout=5).is_success
        except httpx.TransportError:
            return False


def deployed(hook: str, token: Path) -> str:
    """
    The configuration that is deployed, telling `hook` at once; whoever else it tells cannot be reached.
    """
    configuration = yaml.safe_load((PROJECT / "deploy/alertmanager/alertmanager.yml").read_text(encoding="utf-8"))
    (webhook,) = next(one for one in configuration["receivers"] if one["name"] == "sqm")["webhook_configs"]
    webhook |= {"url": hook, "http_config": {"authorization": {"credentials_file": str(token)}}}
    configuration["route"] |= {"group_wait": "0s", "group_interval": "1s"}
    made: str = yaml.safe_dump(configuration)
    return made


@contextmanager
def running_alertmanager(
    folder: Path, hook: str, token: str | None = None, configuration: str | None = None
) -> Iterator[RunningAlertmanager]:
    """
    Start one that tells `hook`, with a token, or does as it is configured; where it is not installed this fails, and
    `make test` brings it.
    """
    program = shutil.which("prometheus-alertmanager")
    assert program is not None, "no prometheus-alertmanager: `make test` installs it, or says how"
    (folder / "alertmanager.yml").write_text(
        configuration or CONFIGURATION.format(hook=hook, token=token or "of-nobody")
    )
    address = f"127.0.0.1:{free_ports(1)[0]}"
    arguments = [
        f"--config.file={folder / 'alertmanager.yml'}",
        f"--storage.path={folder}",
        "--cluster.listen-address=",
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, *arguments, f"--web.listen-address={address}"], stdout=log, stderr=log)
    try:
        running = RunningAlertmanager(f"http://{address}")
        wait_until(running.ready, "Alertmanager to be ready")
        yield running
    finally:
        process.terminate()
        process.wait()
