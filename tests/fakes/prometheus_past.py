"""
A real Prometheus that remembers a past: samples that a test made up, written as blocks by promtool before it starts.
"""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.fakes.prometheus import RunningPrometheus, serving

__all__ = ["Past", "Series", "remembering"]


class Series(NamedTuple):
    """
    One series: its name with labels as they are written, and (seconds, value) of each sample.
    """

    name: str
    samples: Sequence[tuple[int, float]]


class Past:
    """
    Asked as Grafana asks.
    """

    def __init__(self, running: RunningPrometheus) -> None:
        self._running = running

    def at(self, expr: str, at_s: int) -> list[dict[str, Any]]:
        """
        The value of every series at an instant, beside its labels.
        """
        found = self._running.ask("query", query=expr, time=str(at_s))["result"]
        return [{**one["metric"], "Value": float(one["value"][1])} for one in found]

    def between(self, expr: str, from_s: int, to_s: int, step_s: int) -> list[tuple[dict[str, str], list[list[Any]]]]:
        """
        Every series through time, with its labels: (seconds, value).
        """
        span = {"start": str(from_s), "end": str(to_s), "step": str(step_s)}
        found = self._running.ask("query_range", query=expr, **span)["result"]
        return [(one["metric"], one["values"]) for one in found]


@contextmanager
def remembering(folder: Path, series: Sequence[Series]) -> Iterator[Past]:
    """
    Start one with these samples and nothing to scrape.
    """
    promtool = shutil.which("promtool")
    assert promtool is not None, "no promtool: it comes with Debian's package prometheus"
    written = folder / "past.om"
    lines = [f"{one.name} {value} {at}" for one in series for at, value in one.samples]
    written.write_text("\n".join([*lines, "# EOF\n"]), encoding="utf-8")
    (folder / "prometheus.yml").write_text("{}", encoding="utf-8")
    subprocess.run(
        [promtool, "tsdb", "create-blocks-from", "openmetrics", written, folder / "data"],
        check=True,
        capture_output=True,
    )
    with serving(folder, "--storage.tsdb.retention.time=100y") as running:
        yield Past(running)
