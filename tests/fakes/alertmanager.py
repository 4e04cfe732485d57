"""
A real Alertmanager of Prometheus' on this machine, asked by its own tool.
"""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.fakes.monitoring_process import serving_program
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
    Start one that tells `hook`, with a token, or does as it is configured.
    """
    (folder / "alertmanager.yml").write_text(
        configuration or CONFIGURATION.format(hook=hook, token=token or "of-nobody")
    )
    arguments = [
        f"--config.file={folder / 'alertmanager.yml'}",
        f"--storage.path={folder}",
        "--cluster.listen-address=",
    ]
    with serving_program("prometheus-alertmanager", folder, *arguments) as url:
        yield RunningAlertmanager(url)
