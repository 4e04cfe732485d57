"""
A real Prometheus that remembers a past: samples that a test made up, written as blocks by promtool before it starts.
"""

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from services.runtime.broker import free_ports
from tests.fakes.waiting import wait_until

__all__ = ["Past", "Series", "remembering"]


class Series(NamedTuple):
    """
    One series: its name with labels as they are written, and (seconds, value) of each sample.
    """

    name: str
    samples: Sequence[tuple[int, float]]


class Past:
    """
    Asked over its own API, as Grafana asks.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    def at(self, expr: str, at_s: int) -> list[dict[str, Any]]:
        """
        The value of every series at an instant, beside its labels.
        """
        found = self._ask("query", {"query": expr, "time": at_s})
        return [{**one["metric"], "Value": float(one["value"][1])} for one in found]

    def between(self, expr: str, from_s: int, to_s: int, step_s: int) -> list[tuple[dict[str, str], list[list[Any]]]]:
        """
        Every series through time, with its labels: (seconds, value).
        """
        found = self._ask("query_range", {"query": expr, "start": from_s, "end": to_s, "step": step_s})
        return [(one["metric"], one["values"]) for one in found]

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self._url}/-/ready", timeout=5).is_success
        except httpx.TransportError:
            return False

    def _ask(self, path: str, parameters: Mapping[str, str | int]) -> list[dict[str, Any]]:
        answer = httpx.get(f"{self._url}/api/v1/{path}", params=dict(parameters), timeout=20)
        assert answer.status_code == 200, answer.text
        result: list[dict[str, Any]] = answer.json()["data"]["result"]
        return result


@contextmanager
def remembering(folder: Path, series: Sequence[Series]) -> Iterator[Past]:
    """
    Start one with these samples and nothing to scrape.
    """
    prometheus, promtool = shutil.which("prometheus"), shutil.which("promtool")
    assert prometheus is not None, "no prometheus: `make test` installs it, or says how"
    assert promtool is not None, "no promtool: it comes with Debian's package prometheus"
    written, data, configuration = folder / "past.om", folder / "data", folder / "prometheus.yml"
    lines = [f"{one.name} {value} {at}" for one in series for at, value in one.samples]
    written.write_text("\n".join([*lines, "# EOF\n"]), encoding="utf-8")
    configuration.write_text("{}", encoding="utf-8")
    subprocess.run(
        [promtool, "tsdb", "create-blocks-from", "openmetrics", written, data], check=True, capture_output=True
    )
    address = f"127.0.0.1:{free_ports(1)[0]}"
    arguments = [f"--config.file={configuration}", f"--storage.tsdb.path={data}", "--storage.tsdb.retention.time=100y"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([prometheus, *arguments, f"--web.listen-address={address}"], stdout=log, stderr=log)
    try:
        past = Past(f"http://{address}")
        wait_until(past.ready, "Prometheus to be ready")
        yield past
    finally:
        process.terminate()
        process.wait()
