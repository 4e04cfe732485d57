"""
The API says about itself what it does, and every example works as it stands.
"""

import json
import re
import shlex
from itertools import pairwise

import pytest
from jsonschema import Draft202012Validator

from services.ingest.app import IngestSettings
from services.ingest.engine import Mode, RefusalReason
from services.ingest.shell.meters import Route
from services.ingest.shell.openapi import ANSWER_EXAMPLES, EXAMPLES, openapi
from services.ingest.shell.page import curl
from services.runtime.kafka.settings import ServiceSettings
from tests.fakes.ingest_api import IngestApi
from tests.project import PROJECT


@pytest.mark.parametrize("mode", list(Mode))
async def test_the_example_of_every_mode_is_accepted(mode: Mode) -> None:
    content_type, headers, body = EXAMPLES[mode]
    api = IngestApi()
    answer = await api.post(json.dumps(body).encode(), {"content-type": content_type, **headers})
    assert (answer.status_code, answer.json()["refused"]) == (200, 0), answer.text
    assert answer.json()["accepted"] == len(api.publisher.records) > 0


@pytest.mark.parametrize("mode", list(Mode))
async def test_the_command_of_every_mode_sends_its_example(mode: Mode) -> None:
    words = shlex.split(curl(mode).replace("\\\n", ""))
    headers = dict(word.split(": ", 1) for flag, word in pairwise(words) if flag == "-H")
    body = words[words.index("--data-binary") + 1]
    headers.pop("Authorization")
    answer = await IngestApi().post(body.encode(), headers)
    assert answer.status_code == 200, answer.text


async def test_the_document_is_served_and_its_references_lead_somewhere() -> None:
    async with IngestApi().client() as client:
        document = (await client.get("/openapi.json")).json()
    assert document["openapi"] == "3.1.0"
    for reference in set(re.findall(r'"(#/[^"]+)"', json.dumps(document))):
        place = document
        for part in reference[2:].split("/"):
            place = place[part]


def test_the_document_names_every_route_that_takes_something() -> None:
    assert set(openapi("1")["paths"]) == {route.value for route in Route}


def test_the_examples_fit_the_schema_that_the_document_gives() -> None:
    document = openapi("1")
    schema = {"$ref": "#/components/schemas/ServiceEvent", "components": document["components"]}
    validator = Draft202012Validator(schema)
    validator.validate(EXAMPLES[Mode.STRUCTURED][2])
    for one in EXAMPLES[Mode.BATCH][2]:
        validator.validate(one)
    assert not validator.is_valid({**EXAMPLES[Mode.STRUCTURED][2], "type": "sqm.nothing"})


async def test_what_is_answered_fits_the_schema_of_answers() -> None:
    components = openapi("1")["components"]
    api = IngestApi()
    headers = {"content-type": EXAMPLES[Mode.BATCH][0]}
    good = await api.post(b"[5," + json.dumps(EXAMPLES[Mode.STRUCTURED][2]).encode() + b"]", headers)
    bad = await api.post(b"[5]", headers)
    for answer, name in ((good, "Answer"), (bad, "Problem")):
        Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": components}).validate(answer.json())


async def test_the_page_needs_nothing_from_elsewhere_and_no_script() -> None:
    async with IngestApi().client() as client:
        page, style = await client.get("/docs"), await client.get("/docs.css")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "unsafe" not in policy
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert re.findall(r'(?:href|src)="([^"#]+)"', page.text) == ["docs.css", "openapi.json"]
    inside = re.findall(r'href="#([^"]+)"', page.text)
    assert inside
    assert [place for place in inside if f'id="{place}"' not in page.text] == []
    assert style.headers["content-type"].startswith("text/css")
    assert page.text.count("curl --fail-with-body") == len(EXAMPLES)


async def test_whoever_comes_by_the_front_door_is_shown_the_page() -> None:
    async with IngestApi().client() as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "docs")


async def test_the_page_names_every_event_type_and_every_status() -> None:
    async with IngestApi().client() as client:
        page = (await client.get("/docs")).text
    document = openapi("1")
    types = document["components"]["schemas"]["ServiceEvent"]["discriminator"]["mapping"]
    assert [name for name in types if f"<summary><code>{name}</code>" not in page] == []
    statuses = document["paths"]["/v1/events"]["post"]["responses"]
    assert [status for status in statuses if f">{status}</td>" not in page] == []


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("sqm.example.org:8443", "http://sqm.example.org:8443/v1/events"),
        ("[::1]:8081", "http://[::1]:8081/v1/events"),
        ("a;reboot", "http://127.0.0.1:8081/v1/events"),
        ("$(reboot)", "http://127.0.0.1:8081/v1/events"),
    ],
)
async def test_the_commands_of_the_page_go_to_where_it_was_read_unless_that_is_no_plain_address(
    host: str, shown: str
) -> None:
    async with IngestApi().client() as client:
        page = (await client.get("/docs", headers={"host": host})).text
    assert page.count(f"curl --fail-with-body {shown} ") == len(EXAMPLES)


async def test_the_answers_on_the_page_are_those_that_the_api_gives() -> None:
    content_type, _, batch = EXAMPLES[Mode.BATCH]
    good = await IngestApi().post(json.dumps(batch).encode(), {"content-type": content_type})
    assert good.json() == ANSWER_EXAMPLES["answer"][1]
    misspelt = json.dumps(batch[0]), json.dumps(batch[1]).replace('"segment"', '"segmnt"')
    mixed = await IngestApi().post(f"[{','.join(misspelt)}]".encode(), {"content-type": content_type})
    assert mixed.json()["items"][1] == ANSWER_EXAMPLES["refusal"][1]


@pytest.mark.parametrize("mode", list(Mode))
def test_the_guide_shows_the_commands_that_are_tested_here(mode: Mode) -> None:
    guide = (PROJECT / "docs" / "ingest.md").read_text(encoding="utf-8")
    unindented = "\n".join(line.removeprefix("   ") for line in guide.splitlines())
    assert curl(mode) in guide or curl(mode) in unindented


def test_the_guide_names_every_reason_that_http_can_give() -> None:
    guide = (PROJECT / "docs" / "ingest.md").read_text(encoding="utf-8")
    only_kafka = {RefusalReason.EMPTY, RefusalReason.UNSUPPORTED_CONTENT_TYPE}
    assert [reason for reason in RefusalReason if f"`{reason}`" not in guide and reason not in only_kafka] == []


def test_the_guide_names_every_setting() -> None:
    guide = (PROJECT / "docs" / "ingest.md").read_text(encoding="utf-8")
    own = IngestSettings.model_fields.keys() - ServiceSettings.model_fields.keys()
    assert [name for name in own if f"SQM_{name.upper()}" not in guide] == []
