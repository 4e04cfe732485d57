"""
The Helm chart as it is rendered: `helm template` with a file of values, read into objects.
"""

import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.project import PROJECT

HELM = PROJECT / ".tools" / "bin" / "helm"
CHART = PROJECT / "deploy" / "helm" / "sqm"
CASES = {file.stem: file for file in sorted((CHART.parent / "ci").glob("*.yaml"))}
"""Files of values that the chart is checked with, beside those that it has itself."""
ALL = ("default", *CASES)

OLDEST, NEWEST = "1.31", "1.37"
"""The versions of Kubernetes that the chart is checked against: the oldest that it admits, and the newest known."""

Object = dict[str, Any]


def helm(*arguments: str, chart: Path = CHART, command: str = "template") -> "subprocess.CompletedProcess[str]":
    """
    Run helm, which is the one that `make setup` built, and no other.
    """
    named = ["sqm", str(chart)] if command in {"template", "install"} else [str(chart)]
    line = [str(HELM), command, *named, *arguments]
    return subprocess.run(line, capture_output=True, text=True, check=False, cwd=PROJECT)


def objects_of(case: str, *more: str) -> tuple[Object, ...]:
    """
    All objects that the chart makes of the values of a case.
    """
    return _rendered(case, more)


@cache
def _rendered(case: str, more: Sequence[str]) -> tuple[Object, ...]:
    values = [] if case == "default" else ["--values", str(CASES[case])]
    done = helm("--kube-version", OLDEST, *values, *more)
    assert done.returncode == 0, done.stderr
    return tuple(one for one in yaml.safe_load_all(done.stdout) if one is not None)


def of_kind(objects: Sequence[Object], kind: str) -> dict[str, Object]:
    """
    Those of a kind, by name.
    """
    return {one["metadata"]["name"]: one for one in objects if one["kind"] == kind}


def pods_of(objects: Sequence[Object]) -> Iterator[tuple[str, Object]]:
    """
    Every pod that is made, by what it is part of: its metadata and spec.
    """
    for one in objects:
        if one["kind"] == "Pod":
            yield component_of(one), one
        elif one["kind"] in {"Deployment", "StatefulSet"}:
            yield component_of(one), one["spec"]["template"]


def component_of(one: Object) -> str:
    labels: dict[str, str] = one["metadata"]["labels"]
    return labels["app.kubernetes.io/component"]


def environment_of(pod: Object) -> dict[str, str]:
    (container,) = pod["spec"]["containers"]
    return {one["name"]: one["value"] for one in container.get("env", [])}
