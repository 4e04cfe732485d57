"""
A real Prometheus scrapes the running services by the rules that are deployed, a rule fires, a real Alertmanager gets
it, and sqm's own alerts service tells a person. All figures are those of what was sent.
"""

import itertools
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack
from math import isnan
from pathlib import Path
from typing import Final

import pytest

from dashboards.asking import ALL, matched
from schemas.base import DAY_MS
from schemas.metrics import METRICS
from tests.e2e.alerts_line import AlertsLine, AlertsProcess, alerting, until
from tests.e2e.line_services import SERVICES, LineServices
from tests.e2e.sla_line import event, now_ms
from tests.fakes.alertmanager import RunningAlertmanager, deployed, running_alertmanager
from tests.fakes.http_receiver import HttpReceiver, http_receiver
from tests.fakes.prometheus import RunningPrometheus, running_prometheus
from tests.fakes.shown_dashboards import BOARDS

_NUMBERS: Final[Iterator[int]] = itertools.count()
KEPT, MISSED = 7, 3


class Stack:
    """
    The four services with Prometheus, Alertmanager and somebody who is told.
    """

    def __init__(self, stack: AsyncExitStack, line: AlertsLine, folder: Path) -> None:
        self._stack = stack
        self._line = line
        self._folder = folder
        self.told: HttpReceiver
        self.prometheus: RunningPrometheus
        self.alertmanager: RunningAlertmanager
        self.alerts: AlertsProcess
        self.services: LineServices

    async def start(self) -> None:
        self.told = await self._stack.enter_async_context(http_receiver())
        machines = {"rules": [{"id": "machines", "match": {"kind": ["external"]}, "severity": "ticket"}]}
        self._line.configure(alerting({"on-call": self.told.url}) | machines)
        self.alerts = self._line.start()
        self.services = LineServices(self._line, self._folder, {})
        await self.services.ready(self._stack, self.alerts)
        token = self._folder / "sqm-token"
        token.write_text(self._line.token, encoding="utf-8")
        for name in ("alertmanager", "prometheus"):
            (self._folder / name).mkdir()
        hook = f"{self.alerts.url}/v1/alertmanager"
        self.alertmanager = self._stack.enter_context(
            running_alertmanager(self._folder / "alertmanager", hook, configuration=deployed(hook, token))
        )
        jobs = {f"sqm-{name}": f"127.0.0.1:{service.port}" for name, service in self.services.named.items()}
        jobs["sqm-alerts"] = self.alerts.url.removeprefix("http://")
        address = self.alertmanager.url.removeprefix("http://")
        self.prometheus = self._stack.enter_context(running_prometheus(self._folder / "prometheus", jobs, address))


@pytest.fixture
async def stack(kafka: str, tmp_path: Path) -> AsyncIterator[Stack]:
    async with AsyncExitStack() as exits, AlertsLine(kafka, f"rules-{next(_NUMBERS)}.", tmp_path) as line:
        made = Stack(exits, line, tmp_path)
        await made.start()
        yield made


async def test_what_is_scraped_is_what_was_sent_and_a_rule_that_fires_reaches_a_person(stack: Stack) -> None:
    prometheus = stack.prometheus
    up = {(f"sqm-{name}",): 1.0 for name in (*SERVICES, "alerts")}
    await until(lambda: prometheus.values("sum by (job) (up)") == up)
    await until(lambda: prometheus.values("sum by (job) (sqm_ready)") == up)
    now = now_ms()
    journeys = [(f"k{number}", 5_000) for number in range(KEPT)] + [(f"m{number}", 40_000) for number in range(MISSED)]
    events = [event("journey.arrived", name, now - 60_000) for name, _ in journeys]
    events += [event("journey.called", name, now - 60_000 + wait) for name, wait in journeys]
    stack.services.send(*events)
    total = float(len(events))
    figures: dict[str, dict[tuple[str, ...], float]] = {
        'sum(sqm_ingest_events_accepted_total{way="http"})': {(): total},
        "sum(sqm_sla_events_total)": {(): total},
        'sum(sqm_history_rows_total{table="events"})': {(): total},
        'sum(sqm_history_rows_total{table="measurements"})': {(): float(len(journeys))},
        "sum by (result, site, standard) (sqm_sla_measurements_total)": {
            ("kept", "s1", "wait"): float(KEPT),
            ("missed", "s1", "wait"): float(MISSED),
        },
        'sum(sqm_sla_measured_seconds_bucket{le="20.0"})': {(): float(KEPT)},
        "sum(sqm_sla_measured_seconds_count)": {(): float(len(journeys))},
        "sum(sqm_sla_measured_seconds_sum)": {(): KEPT * 5.0 + MISSED * 40.0},
        "sum(sqm_sla_open_journeys)": {(): 0.0},
    }
    for query, wanted in figures.items():
        await until(lambda query=query, wanted=wanted: _there(prometheus.values(query)) == wanted)  # type: ignore[misc]
    # Nothing is wrong but that nobody outside hears the watchdog.
    assert {one[0] for one in prometheus.firing()} <= {"SqmWatchdog"}
    _check_catalogue(prometheus)

    # An event of the day before yesterday comes too late, which the worker's dead letters and a rule are about.
    stack.services.send(event("journey.arrived", "late", now - 2 * DAY_MS))
    letter = ("SqmDeadLetters", "too_late", "sla")
    await until(lambda: letter in prometheus.firing())
    await until(lambda: "SqmDeadLetters" in {one["labels"]["alertname"] for one in stack.alertmanager.active()})
    await until(lambda: any("SqmDeadLetters" in got.body.decode() for got in stack.told.got))
    (alert,) = [one for got in stack.told.got for one in got.json["alerts"]]
    assert (alert["key"], alert["severity"], alert["state"]) == ("SqmDeadLetters|organisation", "ticket", "firing")
    rules = [rule for group in prometheus.ask("rules")["groups"] for rule in group["rules"]]
    assert [(rule["name"], rule.get("lastError")) for rule in rules if rule["health"] == "err"] == []
    # What the next one may expect is worked out every few seconds, and told of at the next scrape.
    await until(lambda: prometheus.values("sqm_sla_live_service_level_ratio") != {})
    _check_dashboards(_on_dashboards(prometheus))


def _there(found: dict[tuple[str, ...], float]) -> dict[tuple[str, ...], float]:
    return {labels: value for labels, value in found.items() if value or not labels}


def _on_dashboards(prometheus: RunningPrometheus) -> dict[str, dict[str, dict[tuple[str, ...], float]]]:
    """
    What every panel about metrics shows of this line, by its title and what each of its questions is called.
    """
    found: dict[str, dict[str, dict[tuple[str, ...], float]]] = {}
    chosen = {"site": ["s1"], "queue": [ALL]}
    for dashboard in BOARDS.values():
        for panel in dashboard["panels"]:
            for target in panel.get("targets", ()):
                if "expr" in target:
                    expr = matched(target["expr"].replace("$__rate_interval", "5m"), chosen, {}, {"queue": ".*"})
                    called = target.get("legendFormat") or target["refId"]
                    found.setdefault(panel["title"], {})[called] = prometheus.values(expr)
    return found


def _check_dashboards(shown: dict[str, dict[str, dict[tuple[str, ...], float]]]) -> None:
    """
    Of a line that is well every figure is there; what did not happen has none, so that a panel says so in words.
    """
    assert {title for title, said in shown.items() if not any(said.values())} <= {
        "From limit to verdict", "Refused at the door", "Refused by ingest", "Inserts that failed",
        "How long an insert takes", "Messages by what became of them", "From decision to delivery",
    }  # fmt: skip
    assert not [title for title, said in shown.items() for figures in said.values() if nan_in(figures.values())]
    assert shown["Processes"] == {
        "Ready": {(): 4.0}, "Not ready": {(): 0.0}, "Out of reach": {(): 0.0}, "Unknown": {(): 0.0}
    }  # fmt: skip
    assert shown["Waiting now"] == {name: {(): 0.0} for name in ("Waiting", "Beyond the limit", "Longest wait")}
    line, kept = ("s1", "wait"), KEPT / (KEPT + MISSED)
    assert [shown["Lines"][name] for name in "ABCD"] == [{line: 0.0}, {line: 0.0}, {line: 0.0}, {line: kept}]
    assert (shown["Queues now"]["A"], shown["Queues now"]["D"]) == ({("wait",): 0.0}, {("wait",): kept})
    assert shown["Twice, out of order, too late"]["{{reason}}"].keys() == {("too_late",)}
    assert [by for by, figures in shown["Dead letters"].items() if figures] == ["workers"]
    alive = shown["Does alerting itself live?"]
    assert (alive["Watchdog"], alive["Leading"]) == ({(): 1.0}, {(): 1.0})


def nan_in(figures: Iterable[float]) -> bool:
    return any(isnan(figure) for figure in figures)


def _check_catalogue(prometheus: RunningPrometheus) -> None:
    """
    What the services expose under our name is what the catalogue says: names, kinds, helps and labels.
    """
    told = {name: about[0] for name, about in prometheus.ask("metadata").items() if name.startswith("sqm_")}
    catalogue = {metric.name: metric for metric in METRICS if not metric.name.startswith("sqm_agent_")}
    assert told.keys() == catalogue.keys()
    for name, metric in catalogue.items():
        assert (told[name]["type"], told[name]["help"]) == (metric.kind, metric.help)
    series = prometheus.ask("series", **{"match[]": '{__name__=~"sqm_.+"}'})
    for one in series:
        name = one["__name__"]
        found = (
            catalogue.get(name) or catalogue[name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count")]
        )
        # To Prometheus an empty label, as that of journeys without a queue, is none.
        assert one.keys() - {"__name__", "job", "instance", "le"} <= set(found.labels), name
