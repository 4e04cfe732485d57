"""
Objects against the schemas of whoever takes them: Kubernetes' own (from a package) and those of the operators, which
`make setup` fetched. Strict: a field that nobody knows is a fault, though Kubernetes would drop it silently.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
import kubernetes_validate
import yaml

from tests.project import PROJECT

SCHEMAS = PROJECT / ".tools" / "schemas"
_KUBERNETES = re.compile(r"(v1|apps/v1|policy/v1|batch/v1|networking\.k8s\.io/v1)")


def faults(one: dict[str, Any], version: str) -> Iterator[str]:
    """
    Say what is wrong with an object, for a version of Kubernetes.
    """
    if _KUBERNETES.fullmatch(one["apiVersion"]):
        yield from _kubernetes_faults(json.dumps(one, sort_keys=True), version)
        return
    known = _operators_schemas().get((one["apiVersion"], one["kind"]))
    if known is None:
        yield f"{one['kind']}: nobody knows {one['apiVersion']}"
        return
    for fault in jsonschema.Draft202012Validator(known).iter_errors(one):
        yield f"{one['kind']}: {fault.json_path}: {fault.message}"


@cache
def _kubernetes_faults(text: str, version: str) -> tuple[str, ...]:
    """
    Cached, since the package reads its schemas anew for each object, and many objects are in every case.
    """
    one = json.loads(text)
    try:
        kubernetes_validate.validate(one, version, strict=True)
    except (kubernetes_validate.ValidationError, kubernetes_validate.SchemaNotFoundError) as error:
        return (f"{one['kind']}: {error.message}",)
    return ()


@cache
def _operators_schemas() -> dict[tuple[str, str], dict[str, Any]]:
    found = {}
    for file in sorted(SCHEMAS.glob("*.yaml")):
        spec = yaml.safe_load(file.read_text(encoding="utf-8"))["spec"]
        for version in spec["versions"]:
            api = f"{spec['group']}/{version['name']}"
            found[api, spec["names"]["kind"]] = _strict(version["schema"]["openAPIV3Schema"])
    return found


def _strict(schema: dict[str, Any]) -> dict[str, Any]:
    """
    The schema, refusing fields that it does not name; what it says of `metadata` is left to Kubernetes.
    """
    made = dict(schema)
    if "properties" in schema:
        named = {name: _strict(part) for name, part in schema["properties"].items()}
        made["properties"] = named
        if not schema.get("x-kubernetes-preserve-unknown-fields"):
            made["additionalProperties"] = False
    if isinstance(schema.get("items"), dict):
        made["items"] = _strict(schema["items"])
    if isinstance(schema.get("additionalProperties"), dict):
        made["additionalProperties"] = _strict(schema["additionalProperties"])
    return made
