"""
What every pod of the chart keeps, whatever the values: each rule says what breaks it.
"""

from collections.abc import Callable, Iterator
from typing import Any

from services.runtime.process import STOP_SECONDS

_IN_THE_IMAGE = "/opt/sqm/"

Pod = dict[str, Any]
Policy = Callable[[Pod], Iterator[str]]


def _containers(pod: Pod) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [*pod["spec"]["containers"], *pod["spec"].get("initContainers", [])]
    return found


def restricted(pod: Pod) -> Iterator[str]:
    """
    The profile `restricted` of the Pod Security Standards, with a root file system that nobody writes to.
    """
    security = pod["spec"].get("securityContext", {})
    if security.get("runAsNonRoot") is not True or not security.get("runAsUser"):
        yield "may run as root"
    if security.get("seccompProfile") != {"type": "RuntimeDefault"}:
        yield "has no seccomp profile"
    if any(pod["spec"].get(name) for name in ("hostNetwork", "hostPID", "hostIPC")):
        yield "shares what is its node's"
    if any("hostPath" in volume for volume in pod["spec"].get("volumes", [])):
        yield "mounts folders of its node"
    for container in _containers(pod):
        own = container.get("securityContext", {})
        if own.get("allowPrivilegeEscalation") is not False or own.get("capabilities") != {"drop": ["ALL"]}:
            yield f"{container['name']} may get more rights"
        if own.get("readOnlyRootFilesystem") is not True:
            yield f"{container['name']} may write to its root file system"


def without_the_cluster(pod: Pod) -> Iterator[str]:
    """
    No pod can speak to Kubernetes, and none gets variables such as SQM_INGEST_SERVICE_HOST, which settings refuse.
    """
    if pod["spec"].get("automountServiceAccountToken") is not False:
        yield "has a token for Kubernetes"
    if pod["spec"].get("enableServiceLinks") is not False:
        yield "gets a variable for each Service"


def with_bounds(pod: Pod) -> Iterator[str]:
    """
    What it asks for is said, and memory is bounded.
    """
    for container in _containers(pod):
        resources = container.get("resources", {})
        if not {"cpu", "memory"} <= resources.get("requests", {}).keys() or "memory" not in resources.get("limits", {}):
            yield f"{container['name']} has no bounds"


def ends_in_order(pod: Pod) -> Iterator[str]:
    """
    A service is killed only after it had its time to end.
    """
    for container in _containers(pod):
        if container.get("command", [])[:2] != ["sqm", "serve"]:
            continue
        waits = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        if pod["spec"].get("terminationGracePeriodSeconds", 0) <= waits + STOP_SECONDS:
            yield f"{container['name']} is killed before it has ended"


def mounts_what_it_names(pod: Pod) -> Iterator[str]:
    """
    Each path of a variable is below a mount, and each mount has a volume; a secret's file is one that is projected.
    """
    volumes = {volume["name"]: volume for volume in pod["spec"].get("volumes", [])}
    for container in _containers(pod):
        mounts = {mount["mountPath"]: mount["name"] for mount in container.get("volumeMounts", [])}
        claimed = {"data"}  # of a StatefulSet
        yield from (f"mounts {name}, which is no volume" for name in {*mounts.values()} - volumes.keys() - claimed)
        for variable in container.get("env", []):
            path = variable["value"].strip('[]"')
            if not path.startswith("/") or path.startswith(_IN_THE_IMAGE):
                continue
            place = next((place for place in mounts if path == place or path.startswith(f"{place}/")), None)
            if place is None:
                yield f"{variable['name']} names {path}, where nothing is mounted"
            elif "projected" in volumes.get(mounts[place], {}):
                sources = volumes[mounts[place]]["projected"]["sources"]
                files = {f"{place}/{item['path']}" for source in sources for item in source["secret"]["items"]}
                if path not in files:
                    yield f"{variable['name']} names {path}, which is no file of a Secret"


def together_where_their_volume_is(pod: Pod) -> Iterator[str]:
    """
    Pods that share a volume of one node are put on one node; else the second one waits for the volume for ever.
    """
    if not any("persistentVolumeClaim" in volume for volume in pod["spec"].get("volumes", [])):
        return
    wanted = pod["spec"].get("affinity", {}).get("podAffinity", {})
    terms = wanted.get("requiredDuringSchedulingIgnoredDuringExecution", [])
    places = [term["labelSelector"]["matchLabels"] for term in terms if term["topologyKey"] == "kubernetes.io/hostname"]
    if pod["metadata"]["labels"] not in places:
        yield "may be put on a node without its volume"


POLICIES: tuple[Policy, ...] = (
    *(restricted, without_the_cluster, with_bounds, ends_in_order, mounts_what_it_names),
    together_where_their_volume_is,
)
