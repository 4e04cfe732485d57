"""
What the Helm chart makes is what Kubernetes, the operators and our own services take.
"""

import copy
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from schemas.topics import EVENTS, EVENTS_IN, RAW
from services.alerts.app import AlertsSettings
from services.history.app import HistorySettings
from services.ingest.app import IngestSettings
from services.runtime.kafka.settings import ServiceSettings
from services.runtime.settings import describe, load_settings
from services.sla.app import SlaSettings
from tests.unit.deploy.helm import kubernetes, policies
from tests.unit.deploy.helm.chart import (
    ALL,
    CASES,
    CHART,
    NEWEST,
    OLDEST,
    Object,
    component_of,
    environment_of,
    helm,
    objects_of,
    of_kind,
    pods_of,
)

SERVICES: dict[str, type[ServiceSettings]] = {
    "ingest": IngestSettings,
    "sla": SlaSettings,
    "history": HistorySettings,
    "alerts": AlertsSettings,
}
DEPLOY = CHART.parents[1]
SECRETS = "/run/sqm/secrets"


@pytest.mark.parametrize("case", ALL)
def test_helm_finds_nothing_to_complain_of(case: str) -> None:
    values = [] if case == "default" else ["--values", str(CASES[case])]
    done = helm("--strict", "--kube-version", OLDEST, *values, command="lint")
    assert done.returncode == 0, done.stdout + done.stderr


def test_helm_complains_where_there_is_reason_to(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: sqm\nversion: 1.0.0\n")
    (tmp_path / "templates" / "a.yaml").write_text("kind: {{ .Values.nothing.here }}\n")
    done = helm("--strict", chart=tmp_path, command="lint")
    assert done.returncode != 0
    assert "nil pointer" in done.stdout + done.stderr


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("case", ALL)
def test_kubernetes_and_the_operators_take_every_object(case: str, version: str) -> None:
    assert [fault for one in objects_of(case) for fault in kubernetes.faults(one, version)] == []


def test_names_that_yaml_would_read_as_numbers_or_truths_stay_names() -> None:
    odd = objects_of("everything", "--set-string", "nameOverride=true,fullnameOverride=123")
    assert [fault for one in odd for fault in kubernetes.faults(one, NEWEST)] == []


def test_the_cases_make_every_kind_of_object() -> None:
    made = {one["kind"] for case in ALL for one in objects_of(case)}
    assert made >= {
        *("Deployment", "StatefulSet", "Service", "ServiceAccount", "ConfigMap", "PodDisruptionBudget", "Ingress"),
        *("NetworkPolicy", "Pod", "ScaledObject", "TriggerAuthentication", "ServiceMonitor", "PrometheusRule"),
    }


def _planted(kind: str, change: Callable[[Object], object]) -> Object:
    one = next(one for one in objects_of("everything") if one["kind"] == kind)
    changed = copy.deepcopy(one)
    change(changed)
    return changed


@pytest.mark.parametrize(
    ("kind", "change", "fault"),
    [
        ("Deployment", lambda one: one["spec"].update(replica=2), "replica"),
        ("Deployment", lambda one: one["spec"]["template"]["spec"].update(enableServiceLinks="no"), "'no'"),
        ("NetworkPolicy", lambda one: one.update(apiVersion="networking.k8s.io/v0"), "NetworkPolicy"),
        ("ScaledObject", lambda one: one["spec"].update(minReplicas=1), "minReplicas"),
        ("ScaledObject", lambda one: one["spec"]["triggers"][0]["metadata"].update(lagThreshold=5), "5 is not"),
        ("ServiceMonitor", lambda one: one["spec"]["endpoints"][0].update(pathh="/metrics"), "pathh"),
        ("PrometheusRule", lambda one: one["spec"]["groups"][0]["rules"][0].update(exp="1"), "exp"),
        ("ServiceMonitor", lambda one: one.update(apiVersion="monitoring.coreos.com/v9"), "nobody knows"),
    ],
)
def test_an_object_that_nobody_would_take_is_found(kind: str, change: Callable[[Object], object], fault: str) -> None:
    (found,) = kubernetes.faults(_planted(kind, change), OLDEST)
    assert fault in found


@pytest.mark.parametrize("policy", policies.POLICIES, ids=lambda policy: policy.__name__)
@pytest.mark.parametrize("case", ALL)
def test_every_pod_keeps_the_policy(case: str, policy: policies.Policy) -> None:
    assert [(name, fault) for name, pod in pods_of(objects_of(case)) for fault in policy(pod)] == []


def _container(pod: Object) -> Object:
    container: Object = pod["spec"]["containers"][0]
    return container


def _on_a_volume_without_its_node(pod: Object) -> None:
    pod["spec"].pop("affinity", None)
    pod["spec"]["volumes"].append({"name": "shared", "persistentVolumeClaim": {"claimName": "shared"}})


PLANTED: list[tuple[policies.Policy, Callable[[Object], object]]] = [
    (policies.restricted, lambda pod: pod["spec"]["securityContext"].update(runAsUser=0)),
    (policies.restricted, lambda pod: pod["spec"]["securityContext"].pop("seccompProfile")),
    (policies.restricted, lambda pod: pod["spec"].update(hostNetwork=True)),
    (policies.restricted, lambda pod: pod["spec"]["volumes"].append({"name": "n", "hostPath": {"path": "/"}})),
    (policies.restricted, lambda pod: _container(pod)["securityContext"].update(capabilities={"add": ["ALL"]})),
    (policies.restricted, lambda pod: _container(pod)["securityContext"].pop("readOnlyRootFilesystem")),
    (policies.without_the_cluster, lambda pod: pod["spec"].pop("automountServiceAccountToken")),
    (policies.without_the_cluster, lambda pod: pod["spec"].pop("enableServiceLinks")),
    (policies.with_bounds, lambda pod: _container(pod)["resources"].pop("limits")),
    (policies.ends_in_order, lambda pod: pod["spec"].update(terminationGracePeriodSeconds=9)),
    (policies.together_where_their_volume_is, _on_a_volume_without_its_node),
    (policies.mounts_what_it_names, lambda pod: _container(pod)["volumeMounts"].pop()),
    (policies.mounts_what_it_names, lambda pod: pod["spec"]["volumes"][1]["projected"]["sources"].pop(0)),
    (policies.mounts_what_it_names, lambda pod: pod["spec"]["volumes"].pop(0)),
]


@pytest.mark.parametrize(("policy", "change"), PLANTED)
def test_a_pod_that_breaks_a_policy_is_found(policy: policies.Policy, change: Callable[[Object], object]) -> None:
    pods = dict(pods_of(objects_of("default")))
    pod = copy.deepcopy(pods["ingest"])
    change(pod)
    assert len(list(policy(pod))) == 1


@pytest.mark.parametrize("case", ALL)
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_takes_the_settings_of_its_pod(case: str, service: str, tmp_path: Path) -> None:
    pods = {name: pod for name, pod in pods_of(objects_of(case)) if name in SERVICES}
    given = environment_of(pods[service])
    environment = {name: value.replace(SECRETS, str(tmp_path)) for name, value in given.items()}
    for value in environment.values():
        if value.startswith(str(tmp_path)):
            Path(value).parent.mkdir(parents=True, exist_ok=True)
            Path(value).write_text("https://watchdog.example.com/of-more-than-32-characters")
    settings = load_settings(SERVICES[service], environment)
    known = describe(settings)
    assert [name for name in given if name not in known and name.removesuffix("_FILE") not in known] == []
    assert settings.kafka.uses_sasl == (case == "everything")
    (container,) = pods[service]["spec"]["containers"]
    assert container["command"] == ["sqm", "serve", service]
    assert known[f"SQM_{service.upper()}_HTTP_HOST"] == "0.0.0.0"  # noqa: S104  (a pod has its own address)
    (port,) = container["ports"]
    assert known[f"SQM_{service.upper()}_HTTP_PORT"] == str(port["containerPort"])
    assert (
        known[f"SQM_{service.upper()}_HTTP_PORT"] == describe(SERVICES[service]())[f"SQM_{service.upper()}_HTTP_PORT"]
    )
    for probe, path in (("startupProbe", "/livez"), ("livenessProbe", "/livez"), ("readinessProbe", "/readyz")):
        assert container[probe]["httpGet"] == {"path": path, "port": "http"}
    assert of_kind(objects_of(case), "Service")[f"sqm-{service}"]["spec"]["ports"] == [
        {"name": "http", "port": port["containerPort"], "targetPort": "http"}
    ]


def test_a_number_of_values_reaches_its_service_as_it_was_written() -> None:
    pods = dict(pods_of(objects_of("everything")))
    ingest, history = environment_of(pods["ingest"]), environment_of(pods["history"])
    assert ingest["SQM_INGEST_BODY_BYTES"] == "10000000"
    assert ingest["SQM_INGEST_BODY_SECONDS"] == "2.5"
    assert ingest["SQM_INGEST_KEEP_REFUSED"] == "false"
    assert history["SQM_HISTORY_BATCH_ROWS"] == "1000000"
    assert history["SQM_HISTORY_KEEP_DAYS"] == '{"events": 90}'


def test_one_image_runs_everything_and_its_digest_decides() -> None:
    for case, image in (
        ("default", "sqm:0.1.0"),
        ("everything", "images.example.com/quality/sqm:0.1.0@sha256:" + 4 * "0123456789abcdef"),
    ):
        assert {_container(pod)["image"] for _, pod in pods_of(objects_of(case))} == {image}


def test_the_chart_is_of_the_version_of_the_product() -> None:
    pyproject = (CHART.parents[2] / "pyproject.toml").read_text()
    (version,) = [line.split('"')[1] for line in pyproject.splitlines() if line.startswith("version = ")]
    assert f"appVersion: {version}\n" in (CHART / "Chart.yaml").read_text()


def test_a_selector_finds_the_pods_that_it_is_for_and_no_others() -> None:
    objects = objects_of("everything")
    pods = {name: pod["metadata"]["labels"] for name, pod in pods_of(objects)}
    for kind in ("Service", "PodDisruptionBudget", "Deployment"):
        for one in of_kind(objects, kind).values():
            selector: dict[str, dict[str, str]] = one["spec"]["selector"]
            wanted = selector.get("matchLabels", selector).items()
            assert [name for name, labels in pods.items() if wanted <= labels.items()] == [component_of(one)]


def test_prometheus_gets_the_rules_of_the_product_and_knows_the_services_by_the_names_that_they_use() -> None:
    rules = of_kind(objects_of("everything"), "PrometheusRule")
    files = {f"sqm-{file.stem}": file for file in (DEPLOY / "prometheus" / "rules").glob("*.yml")}
    assert {name: one["spec"] for name, one in rules.items()} == {
        name: yaml.safe_load(file.read_text(encoding="utf-8")) for name, file in files.items()
    }
    (monitor,) = of_kind(objects_of("everything"), "ServiceMonitor").values()
    (endpoint,) = monitor["spec"]["endpoints"]
    (job,) = [one for one in endpoint["relabelings"] if one["targetLabel"] == "job"]
    services = [component_of(one) for one in of_kind(objects_of("everything"), "Service").values()]
    called = {job["replacement"].replace("$1", one) for one in services}
    scraped = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    assert called == {one["job_name"] for one in scraped["scrape_configs"] if one["job_name"].startswith("sqm-")}


def test_grafana_gets_each_dashboard_as_it_is() -> None:
    made = (CHART.parents[2] / "dashboards" / "json").iterdir()
    files = {file.name: file.read_text(encoding="utf-8") for file in made}
    maps = [one for one in objects_of("everything") if "grafana_dashboard" in one["metadata"]["labels"]]
    assert {name: text for one in maps for name, text in one["data"].items()} == files
    assert len(maps) == len(files)


def test_the_image_is_the_one_that_the_dockerfile_makes() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    for _, pod in pods_of(objects_of("default")):
        security = pod["spec"]["securityContext"]
        assert f"USER {security['runAsUser']}:{security['runAsGroup']}\n" in dockerfile
    connectors = environment_of(dict(pods_of(objects_of("embedded")))["ingest"])["SQM_INGEST_CONNECTORS"]
    assert connectors == "/opt/sqm/share/sqm/deploy/connectors"
    assert "python -m venv --without-pip /opt/sqm " in dockerfile
    assert (DEPLOY / "connectors").is_dir()


def test_the_store_of_identities_outlives_the_release_unless_it_is_somebody_elses() -> None:
    (claim,) = of_kind(objects_of("everything"), "PersistentVolumeClaim").values()
    assert claim["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}
    assert claim["spec"]["resources"]["requests"] == {"storage": "2Gi"}
    own = objects_of("default", "--set", "ingest.identities.existingClaim=ours")
    assert of_kind(own, "PersistentVolumeClaim") == {}
    volumes = of_kind(own, "Deployment")["sqm-ingest"]["spec"]["template"]["spec"]["volumes"]
    assert [one["persistentVolumeClaim"]["claimName"] for one in volumes if "persistentVolumeClaim" in one] == ["ours"]


def test_history_without_a_server_keeps_its_folder_in_a_volume_and_with_one_has_none() -> None:
    (kept,) = of_kind(objects_of("embedded"), "StatefulSet").values()
    (claim,) = kept["spec"]["volumeClaimTemplates"]
    assert claim["spec"]["resources"]["requests"] == {"storage": "5Gi"}
    assert claim["spec"]["storageClassName"] == "fast"
    assert environment_of(kept["spec"]["template"])["SQM_CLICKHOUSE__FOLDER"] == "/var/lib/sqm/history"
    served = of_kind(objects_of("minimal"), "Deployment")["sqm-history"]
    assert served["spec"]["strategy"] == {"type": "Recreate"}
    assert "SQM_CLICKHOUSE__FOLDER" not in environment_of(served["spec"]["template"])
    assert of_kind(objects_of("minimal"), "StatefulSet") == {}


def test_keda_looks_at_the_groups_and_topics_that_the_services_have_and_never_at_zero() -> None:
    objects = objects_of("everything")
    deployments, scaled = of_kind(objects, "Deployment"), of_kind(objects, "ScaledObject")
    assert scaled.keys() == {"sqm-ingest", "sqm-sla"}
    read = {
        "sqm-ingest": {
            (f"bank.{IngestSettings().ingest_group}", f"bank.{EVENTS_IN.name}"),
            (f"bank.{IngestSettings().ingest_webhook_group}", f"bank.{RAW.name}"),
        },
        "sqm-sla": {(f"bank.{SlaSettings().sla_group}", f"bank.{EVENTS.name}")},
    }
    for name, one in scaled.items():
        spec = one["spec"]
        asked = [trigger["metadata"] for trigger in spec["triggers"]]
        assert {(ask["consumerGroup"], ask["topic"]) for ask in asked} == read[name]
        assert {(ask["sasl"], ask["tls"]) for ask in asked} == {("scram_sha512", "enable")}
        assert 1 <= spec["minReplicaCount"] <= spec["maxReplicaCount"] <= 24
        assert spec["scaleTargetRef"]["name"] == name
        assert "replicas" not in deployments[name]["spec"], "KEDA and Helm would take turns"
    (trusted,) = of_kind(objects, "TriggerAuthentication").values()
    assert {one["parameter"] for one in trusted["spec"]["secretTargetRef"]} == {"password", "ca", "cert", "key"}
    assert of_kind(objects_of("embedded"), "TriggerAuthentication") == {}


def _ports(rules: list[Object]) -> set[int]:
    return {port["port"] for rule in rules for port in rule.get("ports", [])}


def test_the_network_lets_through_what_each_service_needs_and_nothing_else() -> None:
    objects = objects_of("everything")
    policies_of = of_kind(objects, "NetworkPolicy")
    denied = policies_of.pop("sqm")["spec"]
    labels = {name: pod["metadata"]["labels"] for name, pod in pods_of(objects)}
    assert all(denied["podSelector"]["matchLabels"].items() <= one.items() for one in labels.values())
    assert denied["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in denied
    assert _ports(denied["egress"]) == {53}
    out = {name: _ports(one["spec"]["egress"]) for name, one in policies_of.items()}
    brokers = {9094, 9095, 9096}
    assert out == {
        "sqm-ingest": brokers,
        "sqm-sla": brokers,
        "sqm-history": {*brokers, 8443},
        "sqm-alerts": {*brokers, 443},
        "sqm-try": set(),
    }
    inward = {name: one["spec"].get("ingress", []) for name, one in policies_of.items()}
    assert {name: _ports(rules) for name, rules in inward.items() if rules} == {
        "sqm-ingest": {8081},
        "sqm-sla": {8082},
        "sqm-history": {8083},
        "sqm-alerts": {8084},
    }
    # Named peers close what is open to everybody by default.
    assert {name for name, rules in inward.items() if any("from" not in rule for rule in rules)} == {"sqm-alerts"}
    usual = of_kind(objects_of("default"), "NetworkPolicy")
    opened = {name for name, one in usual.items() if any("from" not in rule for rule in one["spec"].get("ingress", []))}
    assert opened == {"sqm-ingest", "sqm-alerts"}


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("http://clickhouse:8123", 8123),
        ("http://clickhouse", 8123),
        ("https://clickhouse.example.com", 443),
        ("clickhouses://clickhouse/bank", 8443),
    ],
)
def test_history_may_go_to_its_server_by_its_address(url: str, port: int) -> None:
    objects = objects_of("default", "--set", f"clickhouse.url={url}", "--show-only", "templates/networkpolicy.yaml")
    assert _ports(of_kind(objects, "NetworkPolicy")["sqm-history"]["spec"]["egress"]) == {9092, port}


def test_files_of_values_arrive_as_they_are_and_a_change_makes_the_pods_anew() -> None:
    objects = objects_of("everything")
    maps = of_kind(objects, "ConfigMap")
    assert maps["sqm-templates"]["data"] == {"subject.j2": "{{ told }} {{ .Values }}"}
    assert maps["sqm-alerting"]["data"]["alerting.yaml"].startswith("apiVersion: sqm/v1\n")
    changed = objects_of("everything", "--set", r"standards.files.wait\.yaml=another")
    stamps = [
        {name: pod["metadata"].get("annotations", {}) for name, pod in pods_of(some)} for some in (objects, changed)
    ]
    assert {name for name in stamps[0] if stamps[0][name] != stamps[1][name]} == {"sla"}


def test_what_lies_in_the_open_is_only_what_is_meant_for_others() -> None:
    open_paths = {
        name: {path["path"] for rule in one["spec"]["rules"] for path in rule["http"]["paths"]}
        for name, one in of_kind(objects_of("everything"), "Ingress").items()
    }
    assert open_paths == {
        "sqm-ingest": {"/v1", "/docs", "/docs.css", "/openapi.json"},
        "sqm-alerts": {"/v1", "/a"},
    }


def test_whoever_installs_is_told_what_is_still_missing() -> None:
    done = helm("--dry-run=client", command="install")
    assert done.returncode == 0, done.stderr
    for said in ("Secret sqm-tokens, key tokens.json", "There are no standards yet", "helm test sqm"):
        assert said in done.stdout
