"""
What the Helm chart can be told: each value is documented and checked, and what cannot be is refused with its place.
"""

import re

import pytest

from services.alerts.app import AlertsSettings
from services.history.app import HistorySettings
from services.runtime.kafka.settings import ServiceSettings
from services.runtime.settings import describe
from tests.unit.deploy.helm.chart import OLDEST, helm
from tests.unit.deploy.helm.values_page import README, page, schema_paths, values

DIGITS = "0123456789abcdef"


def test_the_readme_has_every_value_with_its_meaning() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == page(text), "run `make gen`"
    assert [one.path for one in values() if not re.search(r"[.:]", one.meaning)] == []


def test_a_value_that_is_not_in_the_readme_is_found() -> None:
    text = README.read_text(encoding="utf-8")
    assert page(text.replace("| `logLevel` |", "| `loglevel` |")) != text.replace("| `logLevel` |", "| `loglevel` |")


def test_the_schema_knows_the_values_that_there_are_and_no_others() -> None:
    there = {one.path for one in values()}
    admitted = schema_paths()
    groups = {path for path in admitted if any(one.startswith(f"{path}.") for one in there)}
    within = {path for path in admitted if any(path.startswith(f"{one}.") for one in there)}
    # Helm hands `global` to every chart that another one depends on.
    assert admitted - groups - within - {"global"} == there


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (["sla.replicas=0"], "'/sla/replicas': minimum: got 0, want 1"),
        (["keda.enabled=true", "ingest.replicas=0"], "'/ingest/replicas': minimum: got 0, want 1"),
        # What is taken away by null is not what the chart says itself: KEDA would take zero for the least.
        (["keda.enabled=true", "sla.replicas=null"], "'/sla': missing property 'replicas'"),
        (["topics.partitions=null"], "'/topics': missing property 'partitions'"),
        (["keda.sla.minReplicas=0"], "'/keda/sla': additional properties 'minReplicas' not allowed"),
        (["alerts.replicas=two"], "'/alerts/replicas': got string, want integer"),
        (["history.replicas=2"], "'/history': additional properties 'replicas' not allowed"),
        (["kafak.bootstrapServers=a:1"], "additional properties 'kafak' not allowed"),
        (["kafka.bootstrapServers=kafka"], "'/kafka/bootstrapServers': 'kafka' does not match pattern"),
        (["kafka.securityProtocol=TLS"], "'/kafka/securityProtocol': value must be one of 'PLAINTEXT', 'SSL'"),
        (["kafka.securityProtocol=SASL_SSL", "kafka.passwordSecret.name=a"], "'/kafka/username': minLength"),
        (["kafka.securityProtocol=SASL_SSL", "kafka.username=a"], "'/kafka/passwordSecret/name': minLength"),
        (["kafka.password=hunter2"], "'/kafka': additional properties 'password' not allowed"),
        (["clickhouse.url=http://sqm:hunter2@clickhouse:8123"], "'/clickhouse/url'"),
        (["image.tag=latest"], "'/image/tag'"),
        ([f"image.digest=sha256:{DIGITS}"], "'/image/digest'"),
        (["topics.replication=0"], "'/topics/replication'"),
        (["tokensSecret.name="], "'/tokensSecret/name': minLength"),
        (
            ["ingest.ingress.enabled=true", "ingest.ingress.host=a.example.com"],
            "'/ingest/ingress/tlsSecret': minLength",
        ),
        (["alerts.publicUrl=https://alerts.example.com"], "'/alerts/linkKeySecret/name': minLength"),
        (["alerts.publicUrl=https://alerts.example.com/"], "'/alerts/publicUrl'"),
        (["sla.settings.SQM_INGEST_ITEMS=5"], "invalid propertyName 'SQM_INGEST_ITEMS'"),
        (["podSecurity.runAsUser=0"], "'/podSecurity/runAsUser': minimum: got 0, want 1"),
        (["sla.resources.limits.memory=much"], "'/sla/resources/limits/memory': 'much' does not match"),
        ([r"alerting.files.other\.yaml=x"], "invalid propertyName 'other.yaml'"),
        (["networkPolicy.kafkaPorts={70000}"], "'/networkPolicy/kafkaPorts/0': maximum: got 70,000"),
        (["keda.calmSeconds=10"], "'/keda/calmSeconds': minimum: got 10, want 300"),
        (["keda.enabled=true", "keda.sla.maxReplicas=9"], "keda.sla.maxReplicas is 9, but topics have 4 partitions"),
        (["keda.enabled=true", "sla.replicas=3", "keda.sla.maxReplicas=2"], "more than keda.sla.maxReplicas (2)"),
        (
            ["ingest.settings.SQM_INGEST_HTTP_PORT=1"],
            "ingest.settings: SQM_INGEST_HTTP_PORT is set by the chart itself",
        ),
        (
            ["connectors.shipped=true", "connectors.existingConfigMap=y"],
            "connectors of your own are both set; keep one",
        ),
        ([r"standards.files.a\.yaml=x", "standards.existingConfigMap=y"], "are both set; keep one"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_cannot_be_is_refused_with_its_place(told: list[str], said: str) -> None:
    done = helm("--kube-version", OLDEST, *[part for one in told for part in ("--set", one)])
    assert done.returncode != 0
    assert said in done.stderr


@pytest.mark.parametrize("kind", [AlertsSettings, HistorySettings])
def test_no_secret_of_a_service_goes_into_its_settings(kind: type[ServiceSettings]) -> None:
    named = [name for name, field in kind.model_fields.items() if "SecretStr" in str(field.annotation)]
    service = kind.__name__.removesuffix("Settings").lower()
    own = [f"SQM_{name.upper()}" for name in named if name.startswith(service)]
    assert own
    assert describe(kind()).keys() >= set(own)
    for variable in (own[0], *own, f"{own[0]}_FILE"):
        done = helm("--kube-version", OLDEST, "--set", f"{service}.settings.{variable}=hunter2")
        assert f"{service}.settings: {variable} is a secret; name a Secret that holds it" in done.stderr


def test_a_cluster_that_is_too_old_is_told_so() -> None:
    done = helm("--kube-version", "1.30")
    assert "chart requires kubeVersion: >=1.31.0-0" in done.stderr
