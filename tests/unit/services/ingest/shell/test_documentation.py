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
from services.ingest.shell.documentation import curl
from services.ingest.shell.openapi import EXAMPLES, openapi
from services.runtime.settings import ServiceSettings
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
    assert re.findall(r'(?:href|src)="([^"]+)"', page.text) == ["docs.css", "openapi.json"]
    assert style.headers["content-type"].startswith("text/css")
    assert page.text.count("curl --fail-with-body") == len(EXAMPLES)


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
