"""
A real Prometheus on this machine, with the rules that are deployed, asked over its own API.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.fakes.monitoring_process import serving_program
from tests.project import PROJECT

_DEPLOYED = PROJECT / "deploy" / "prometheus"


class RunningPrometheus:
    """
    One process with a folder of its own.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, path: str, **parameters: str) -> Any:  # noqa: ANN401  (what the API says, as JSON)
        answer = httpx.get(f"{self.url}/api/v1/{path}", params=parameters, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def values(self, query: str) -> dict[tuple[str, ...], float]:
        """
        The values of a query now, by those of its labels in the order of their names.
        """
        found = self.ask("query", query=query)["result"]
        return {
            tuple(text for name, text in sorted(one["metric"].items()) if name != "__name__"): float(one["value"][1])
            for one in found
        }

    def firing(self) -> set[tuple[str, ...]]:
        """
        Name and labels of each alert that fires, without its severity.
        """
        return set(self.values('sum without (alertstate, severity) (ALERTS{alertstate="firing"})'))


@contextmanager
def running_prometheus(folder: Path, jobs: Mapping[str, str], alertmanager: str) -> Iterator[RunningPrometheus]:
    """
    Start one by prometheus.local.yml that looks every second, at the addresses of `jobs` and at no other.
    """
    configuration = yaml.safe_load((_DEPLOYED / "prometheus.local.yml").read_text(encoding="utf-8"))
    configuration["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    configuration["rule_files"] = [str(_DEPLOYED / "rules" / "*.yml")]
    configuration["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [alertmanager]
    scraped = [one for one in configuration["scrape_configs"] if one["job_name"] in jobs]
    assert {one["job_name"] for one in scraped} == jobs.keys()
    for one in scraped:
        one["static_configs"][0]["targets"] = [jobs[one["job_name"]]]
    configuration["scrape_configs"] = scraped
    (folder / "prometheus.yml").write_text(yaml.safe_dump(configuration), encoding="utf-8")
    with serving(folder) as running:
        yield running


@contextmanager
def serving(folder: Path, *more: str) -> Iterator[RunningPrometheus]:
    """
    Start one by the prometheus.yml of a folder, with its data in the same.
    """
    arguments = [f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}", *more]
    with serving_program("prometheus", folder, *arguments) as url:
        yield RunningPrometheus(url)
