"""
docker-compose.yml and the Dockerfile keep the rules of the house, and each rule catches what it is there for.
"""

import copy
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from services.runtime.stack import Made, make_environment
from tests.architecture import stack_rules as rules
from tests.project import PROJECT

TEXT = (PROJECT / "docker-compose.yml").read_text()
DOCKERFILE = (PROJECT / "deploy/Dockerfile").read_text()
VERSION = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]

Rule = Callable[[dict[str, Any], str], Iterator[str]]


def made() -> Made:
    return make_environment(lambda count: bytes(range(1, count + 1)), 0, 1000, 1000)


def all_rules(compose: dict[str, Any], text: str, project: Path) -> list[str]:
    return [
        *rules.unpinned(compose, VERSION),
        *rules.unhardened(compose),
        *rules.unbounded(compose),
        *rules.unwatched(compose),
        *rules.exposed(compose),
        *rules.loose_ends(compose, project),
        *rules.unmade(text, compose, made()),
        *rules.told_secrets(compose),
    ]


@pytest.fixture
def compose() -> dict[str, Any]:
    parsed: dict[str, Any] = copy.deepcopy(yaml.safe_load(TEXT))
    return parsed


def test_the_stack_keeps_the_rules(compose: dict[str, Any]) -> None:
    assert all_rules(compose, TEXT, PROJECT) == []


def test_the_stack_is_what_the_compose_specification_describes(compose: dict[str, Any]) -> None:
    schema = json.loads((PROJECT / ".tools/schemas/compose-spec.json").read_text())
    specification = jsonschema.validators.validator_for(schema)(schema)
    assert [fault.message for fault in specification.iter_errors(compose)] == []
    compose["services"]["sla"]["heathcheck"] = {}
    (fault,) = specification.iter_errors(compose)
    assert "heathcheck" in fault.message


PLANTED: list[tuple[str, dict[str, Any], str]] = [
    ("kafka", {"image": "apache/kafka:latest"}, "names no version"),
    ("sla", {"image": "sqm:0.0.9"}, "is not of this version"),
    ("kafka", {"user": "0:0"}, "runs as root"),
    ("sla", {"read_only": False}, "can write to its image"),
    ("sla", {"cap_drop": ["NET_RAW"]}, "keeps capabilities"),
    ("sla", {"security_opt": []}, "may gain privileges"),
    ("sla", {"cap_add": ["SYS_ADMIN"]}, "asks for privileges"),
    ("sla", {"deploy": {"resources": {"limits": {"cpus": "1", "memory": "1G"}}}}, "has no bound of pids"),
    ("sla", {"logging": {}}, "may fill the disk"),
    ("sla", {"healthcheck": {"test": ["CMD", "curl", "http://127.0.0.1:8082/readyz"]}}, "sqm has no curl"),
    ("prometheus", {"healthcheck": {"disable": True}}, "nobody sees whether it works"),
    ("sla", {"depends_on": {"kafka": {"condition": "service_started"}}}, "not when it works"),
    ("sla", {"depends_on": {"simulator": {"condition": "service_healthy"}}}, "which has no check"),
    ("prometheus", {"ports": ["${SQM_BIND:?run make env}:9090:9090"]}, "is published"),
    ("ingest", {"ports": ["8081:8081"]}, "on every address"),
    ("prometheus", {"networks": ["line", "outside"]}, "reaches more than the line"),
    ("sla", {"secrets": ["till_key"]}, "secrets: till_key is named in one place alone"),
    ("sla", {"volumes": ["./deploy/till:/till:ro"]}, "mounts ./deploy/till, which is not there"),
    ("sla", {"environment": {"SQM_KAFKA__PASSWORD": "wolke7"}}, "is a secret in the environment"),
]


@pytest.mark.parametrize(("service", "change", "complaint"), PLANTED, ids=[planted[2] for planted in PLANTED])
def test_a_planted_violation_is_found(
    compose: dict[str, Any], service: str, change: dict[str, Any], complaint: str
) -> None:
    compose["services"][service] |= change
    assert [found for found in all_rules(compose, TEXT, PROJECT) if complaint in found]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("  SQM_X: ${SQM_BIND:-0.0.0.0}", "must be ${NAME:?run make env}"),
        ("  SQM_X: ${SQM_TILL:?run make env}", "SQM_TILL is made or asked for, not both"),
    ],
)
def test_a_variable_that_nobody_makes_is_found(compose: dict[str, Any], line: str, complaint: str) -> None:
    (found,) = rules.unmade(f"{TEXT}\n{line}\n", compose, made())
    assert complaint in found


def test_a_secret_that_nobody_makes_is_found(compose: dict[str, Any]) -> None:
    compose["secrets"]["till_key"] = {"file": "${SQM_SECRETS:?run make env}/till_key"}
    (found,) = rules.unmade(TEXT, compose, made())
    assert "till_key is made or asked for, not both" in found


def test_the_broker_of_the_stack_is_the_one_that_the_tests_run(compose: dict[str, Any]) -> None:
    tested = re.search(r"<kafka.version>(.*?)</kafka.version>", (PROJECT / "deploy/broker/pom.xml").read_text())
    assert tested is not None
    assert compose["services"]["kafka"]["image"].startswith(f"apache/kafka:{tested[1]}@")


def test_the_image_runs_the_python_that_the_locks_are_made_for_and_that_the_tests_run() -> None:
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert [image for image in images if image != "python"] == ["python:3.11.15-slim-bookworm"]
    assert "--python-version 3.11" in (PROJECT / "Makefile").read_text()


def test_the_image_takes_what_the_docker_context_holds_and_no_secret_is_in_it() -> None:
    admitted = {
        line.removeprefix("!") for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    }
    assert copied == admitted
    assert not admitted & {".env", "secrets", "backups", "var"}
