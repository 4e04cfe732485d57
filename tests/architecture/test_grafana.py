"""
What Grafana is provisioned with has the form that it documents, and names what the stack and the dashboards have.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dashboards import sources
from tests.project import PROJECT

FOLDER = Path("deploy/grafana/provisioning")
DURATION = r"^\d+[smhd]$"
Uid = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]


class Documented(BaseModel):
    """
    A part of a file of which Grafana documents every field; others it would pass over in silence.
    """

    model_config = ConfigDict(extra="forbid", strict=True)


class ClickHouseJson(Documented):
    host: str
    port: int
    protocol: Literal["native", "http"]
    username: str
    defaultDatabase: str  # noqa: N815 - the names are Grafana's, here and below
    secure: bool = False
    dialTimeout: str = "10"  # noqa: N815
    queryTimeout: str = "60"  # noqa: N815


class PrometheusJson(Documented):
    httpMethod: Literal["GET", "POST"]  # noqa: N815
    prometheusType: Literal["Prometheus", "Thanos", "Mimir", "Cortex"]  # noqa: N815
    timeInterval: Annotated[str, Field(pattern=DURATION)]  # noqa: N815


class DataSource(Documented):
    name: str
    uid: Uid
    type: str
    orgId: int  # noqa: N815
    access: Literal["proxy", "direct"] = "proxy"
    url: str | None = None
    isDefault: bool = False  # noqa: N815
    editable: bool
    jsonData: ClickHouseJson | PrometheusJson  # noqa: N815
    secureJsonData: dict[str, str] = {}  # noqa: N815


class DataSources(Documented):
    apiVersion: Literal[1]  # noqa: N815
    prune: bool = False
    datasources: list[DataSource]


class PathOptions(Documented):
    path: str
    foldersFromFilesStructure: bool = False  # noqa: N815


class Provider(Documented):
    name: str
    orgId: int  # noqa: N815
    folder: str
    folderUid: Uid  # noqa: N815
    type: Literal["file"]
    disableDeletion: bool  # noqa: N815
    allowUiUpdates: bool  # noqa: N815
    updateIntervalSeconds: int  # noqa: N815
    options: PathOptions


class Providers(Documented):
    apiVersion: Literal[1]  # noqa: N815
    providers: list[Provider]


class AlertmanagerSettings(Documented):
    url: str


class Receiver(Documented):
    uid: Uid
    type: Literal["prometheus-alertmanager"]
    settings: AlertmanagerSettings
    disableResolveMessage: bool = False  # noqa: N815


class ContactPoint(Documented):
    orgId: int  # noqa: N815
    name: str
    receivers: list[Receiver]


class Policy(Documented):
    orgId: int  # noqa: N815
    receiver: str
    group_by: list[str]
    group_wait: Annotated[str, Field(pattern=DURATION)]
    group_interval: Annotated[str, Field(pattern=DURATION)]
    repeat_interval: Annotated[str, Field(pattern=DURATION)]


class Alerting(Documented):
    apiVersion: Literal[1]  # noqa: N815
    contactPoints: list[ContactPoint]  # noqa: N815
    policies: list[Policy]


FORMS: Mapping[str, type[Documented]] = {"datasources": DataSources, "dashboards": Providers, "alerting": Alerting}


def read(kind: str) -> dict[str, Any]:
    text = (PROJECT / FOLDER / kind / "sqm.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))
    return found


def faults(kind: str, document: dict[str, Any]) -> Iterator[str]:
    try:
        read_as = FORMS[kind].model_validate(document)
    except ValidationError as error:
        yield str(error)
        return
    match read_as:
        case DataSources():
            yield from _unlike_dashboards(read_as.datasources)
            yield from _unlike_the_stack(read_as.datasources)
        case Providers():
            mounted = dict(one.split(":")[:2][::-1] for one in compose()["services"]["grafana"]["volumes"])
            for provider in read_as.providers:
                if mounted.get(provider.options.path) != "./dashboards/json":
                    yield f"{provider.options.path} is not where dashboards/json is mounted"
        case Alerting():
            names = {point.name for point in read_as.contactPoints}
            yield from (f"nobody is called {one.receiver}" for one in read_as.policies if one.receiver not in names)


def _unlike_dashboards(held: list[DataSource]) -> Iterator[str]:
    uids = {one.type: one.uid for one in held}
    for choice in (sources.history_choice(), sources.metrics_choice()):
        shown = choice.current.value if choice.current else None
        if uids.get(str(choice.query)) != shown:
            yield f"dashboards show the data source {shown}, which is not provisioned"


def _unlike_the_stack(held: list[DataSource]) -> Iterator[str]:
    services = compose()["services"]
    secrets = {f"$__file{{/run/secrets/{name}}}" for name in services["grafana"]["secrets"]}
    for one in held:
        for name, secret in one.secureJsonData.items():
            if secret not in secrets:
                yield f"{one.name}: {name} is not read from a secret that Grafana is given"
        host = one.jsonData.host if isinstance(one.jsonData, ClickHouseJson) else str(one.url)
        if re.sub(r"https?://|:\d+.*", "", host) not in services:
            yield f"{one.name}: {host} is no service of the stack"


@pytest.mark.parametrize("kind", FORMS)
def test_grafana_would_take_it(kind: str) -> None:
    assert list(faults(kind, read(kind))) == []


def test_the_folder_is_mounted_where_grafana_looks() -> None:
    assert f"./{FOLDER}:/etc/grafana/provisioning:ro" in compose()["services"]["grafana"]["volumes"]
    assert {one.name for one in (PROJECT / FOLDER).iterdir()} == FORMS.keys()


PLANTED: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("datasources", lambda one: one["datasources"][0]["jsonData"].update(defaultDatabse="sqm")),
    ("datasources", lambda one: one["datasources"][0].update(uid="history")),
    ("datasources", lambda one: one["datasources"][0]["secureJsonData"].update(password="secret")),
    ("datasources", lambda one: one["datasources"][1].update(url="http://prometeus:9090")),
    ("dashboards", lambda one: one["providers"][0]["options"].update(path="/var/lib/grafana/dashboards")),
    ("alerting", lambda one: one["policies"][0].update(receiver="nobody")),
    ("alerting", lambda one: one["policies"][0].update(group_wait="soon")),
]


@pytest.mark.parametrize(("kind", "change"), PLANTED)
def test_what_grafana_would_pass_over_is_caught(kind: str, change: Callable[[dict[str, Any]], object]) -> None:
    document = read(kind)
    change(document)
    assert list(faults(kind, document))
