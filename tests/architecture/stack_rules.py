"""
What must hold of docker-compose.yml, beyond what the Compose specification asks; each says what breaks it.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from services.runtime.stack import Made

Compose = Mapping[str, Any]

PROGRAMS = {
    "apache/kafka": {"bash"},
    "clickhouse/clickhouse-server": {"wget"},
    "grafana/grafana": {"curl"},
    "prom/alertmanager": {"wget"},
    "prom/prometheus": {"wget"},
    "sqm": {"python"},
}
"""What each image has that can ask a port, seen in how it is built; a health check by anything else never succeeds."""
PUBLISHED = {"alerts", "grafana", "ingest"}
"""What people and systems reach; the rest is reached by the stack alone."""
GOES_OUT = {*PUBLISHED, "alertmanager"}
"""What reaches others: Alertmanager sends the mails and the watchdog that must not depend on the alerts service."""

_IMAGE = re.compile(r"^(?P<name>[a-z0-9./-]+):(?P<tag>v?\d[A-Za-z0-9.-]*)(?:@sha256:[0-9a-f]{64})?$")
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_ASKED_FOR = re.compile(r"^(SQM_[A-Z0-9_]+):\?run make env$")
_SECRET = re.compile(r"(PASSWORD|TOKEN|KEY|SECRET)$")
_BOUNDS = {"cpus", "memory", "pids"}


def unpinned(compose: Compose, version: str) -> Iterator[str]:
    for name, service in compose["services"].items():
        image = _IMAGE.match(service["image"])
        if image is None:
            yield f"{name}: {service['image']} names no version: anything may run tomorrow"
        elif image["name"] == "sqm" and image["tag"] != version:
            yield f"{name}: {service['image']} is not of this version, {version}"


def unhardened(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        user = str(service.get("user", "0")).partition(":")[0]
        if user in {"0", "root"}:
            yield f"{name}: runs as root"
        if service.get("read_only") is not True:
            yield f"{name}: can write to its image (read_only)"
        if service.get("cap_drop") != ["ALL"]:
            yield f"{name}: keeps capabilities (cap_drop)"
        if service.get("security_opt") != ["no-new-privileges:true"]:
            yield f"{name}: may gain privileges (security_opt)"
        if service.get("privileged") or service.get("cap_add"):
            yield f"{name}: asks for privileges"


def unbounded(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
        if missing := _BOUNDS - limits.keys():
            yield f"{name}: has no bound of {', '.join(sorted(missing))}"
        if "max-size" not in service.get("logging", {}).get("options", {}):
            yield f"{name}: its log may fill the disk (logging)"


def unwatched(compose: Compose) -> Iterator[str]:
    services = compose["services"]
    for name, service in services.items():
        check = service.get("healthcheck", {})
        if "test" in check:
            image = service["image"].partition(":")[0]
            if check["test"][0] != "CMD" or check["test"][1] not in PROGRAMS.get(image, set()):
                yield f"{name}: {image} has no {check['test'][1]} to be asked with (healthcheck)"
        elif "profiles" not in service:
            yield f"{name}: nobody sees whether it works (healthcheck)"
        for other, how in service.get("depends_on", {}).items():
            if how.get("condition") == "service_started":
                yield f"{name}: starts when {other} has started, not when it works (depends_on)"
            elif how["condition"] == "service_healthy" and "test" not in services[other].get("healthcheck", {}):
                yield f"{name}: waits for the health of {other}, which has no check"


def exposed(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        for port in service.get("ports", []):
            if name not in PUBLISHED:
                yield f"{name}: is published ({port})"
            if not str(port).startswith("${SQM_BIND:?run make env}:"):
                yield f"{name}: {port} is published on every address of the machine, not on SQM_BIND"
        if name not in GOES_OUT and set(service.get("networks", [])) != {"line"}:
            yield f"{name}: reaches more than the line (networks)"


def loose_ends(compose: Compose, project: Path) -> Iterator[str]:
    """
    Names that nothing has, things that nobody names, and files that are not there, which Docker would make as folders.
    """
    used: dict[str, set[str]] = {"networks": set(), "volumes": set(), "secrets": set()}
    for name, service in compose["services"].items():
        used["networks"] |= set(service.get("networks", []))
        used["secrets"] |= {one if isinstance(one, str) else one["source"] for one in service.get("secrets", [])}
        for volume in service.get("volumes", []):
            source = volume.rpartition("}")[2].partition(":")[0] if volume.startswith("$") else volume.partition(":")[0]
            if volume.startswith("./"):
                if not (project / source).exists():
                    yield f"{name}: mounts {source}, which is not there"
            elif not volume.startswith("$"):
                used["volumes"].add(source)
    for kind, names in used.items():
        if names != set(compose[kind]):
            yield f"{kind}: {', '.join(sorted(names ^ set(compose[kind])))} is named in one place alone"


def unmade(text: str, compose: Compose, made: Made) -> Iterator[str]:
    """
    What the file asks for and `make env` does not make, and the other way round.
    """
    asked = set()
    for variable in _VARIABLE.findall(text):
        form = _ASKED_FOR.match(variable)
        if form is None:
            yield f"${{{variable}}}: must be ${{NAME:?run make env}}, so that nothing starts without it"
        else:
            asked.add(form[1])
    if asked != made.variables.keys():
        yield f".env: {', '.join(sorted(asked ^ made.variables.keys()))} is made or asked for, not both"
    files = {one["file"].rpartition("}/")[2] for one in compose["secrets"].values()} | {"tokens/tokens.json"}
    if files != made.files.keys():
        yield f"secrets: {', '.join(sorted(files ^ made.files.keys()))} is made or asked for, not both"


def told_secrets(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        for variable in service.get("environment", {}):
            if _SECRET.search(variable):
                yield f"{name}: {variable} is a secret in the environment, where `docker inspect` shows it; use a file"
