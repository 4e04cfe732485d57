"""
What the pages about alerts show works: each command of curl, each piece of configuration, and the sample.
"""

import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from schemas.alert_commands import ACTIONS
from schemas.alerting import Alerting
from schemas.receivers import KINDS
from services.alerts.engine import Alert
from services.alerts.shell.config_file import read_alerting
from services.cli.demo.line import RECEIVER, alerting_file
from services.runtime.yamlfile import read_documents
from tests.fakes.seeing_alerts import OfferedApi, SeeingAlerts
from tests.project import PROJECT

PAGES = [PROJECT / "docs" / "alerts.md", PROJECT / "docs" / "users" / "supervisor.md"]
CONFIGURED = [PAGES[0], PROJECT / "docs" / "notifiers.md"]
KEY = "call-answer|queue:call-centre/everyday"
NOW = 1_795_600_000_000
_CURL = re.compile(r"^curl .*$", re.MULTILINE)
_YAML = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands_of(page: Path) -> list[str]:
    return _CURL.findall(page.read_text(encoding="utf-8"))


def fires() -> Alert:
    return Alert(
        f"{KEY}#{NOW}", KEY, 1, NOW, "firing", "violated", "ticket", "over-the-limit", {"standard": "call-answer"},
        version=1, begun_at=NOW, open=1, seen=1,
    )  # fmt: skip


async def answer_to(command: str, api: OfferedApi) -> int:
    words = shlex.split(command)
    url = next(word for word in words if word.startswith("http://"))
    body = next((word for flag, word in pairwise(words) if flag == "-d"), None)
    assert "Authorization: Bearer $SQM_TOKEN" in words
    async with api.client() as client:
        answer = await (client.get(url) if body is None else client.post(url, content=body))
    return answer.status_code


@pytest.mark.parametrize("command", [one for page in PAGES for one in commands_of(page)])
async def test_every_command_of_curl_is_answered(command: str) -> None:
    api = OfferedApi(SeeingAlerts(fires()), NOW)
    assert await answer_to(command, api) == (202 if " -d " in command else 200)
    assert len(api.commands) == command.count(" -d ")


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ("""curl -H "Authorization: Bearer $SQM_TOKEN" http://127.0.0.1:8084/v1/alerts/none""", 404),
        ("""curl -H "Authorization: Bearer $SQM_TOKEN" http://127.0.0.1:8084/v1/alert-commands -d '{}'""", 400),
    ],
)
async def test_a_command_that_is_wrong_would_be_found(wrong: str, status: int) -> None:
    assert await answer_to(wrong, OfferedApi(SeeingAlerts(fires()), NOW)) == status


def test_the_page_shows_or_tells_every_action() -> None:
    page = PAGES[0].read_text(encoding="utf-8")
    assert [action for action in ACTIONS if f"`{action}`" not in page] == []


def pieces() -> list[tuple[str, Any]]:
    texts = [text for page in CONFIGURED for text in _YAML.findall(page.read_text(encoding="utf-8"))]
    found: list[Any] = [document.value for text in texts for document in read_documents(text, "a page")]
    return [(name, value) for one in found for name, value in one.items()]


@pytest.mark.parametrize(("section", "value"), pieces(), ids=lambda one: one if isinstance(one, str) else "")
def test_every_piece_of_configuration_is_sound(section: str, value: object) -> None:
    # As in a whole configuration, where what it mentions would be missing.
    kind: Any = Alerting.model_fields[section].annotation
    TypeAdapter(kind).validate_python(tuple(value) if isinstance(value, list) else value)


def test_the_page_shows_every_section_that_decides_who_is_told() -> None:
    assert {name for name, _ in pieces()} >= {"rules", "route", "inhibit", "silences", "people", "escalations"}


def test_the_page_about_receivers_shows_each_kind() -> None:
    shown = next(value for section, value in pieces() if section == "receivers")
    assert {kind for one in shown for kind in KINDS if kind in one} == set(KINDS)


def test_the_sample_is_sound_and_reaches_only_the_receiver_of_the_demo() -> None:
    alerting = read_alerting(alerting_file())[0]
    addresses = [one.webhook.url for one in alerting.receivers if one.webhook is not None and one.webhook.url]
    addresses += [contact.to or "" for person in alerting.people for contact in person.contacts]
    assert len(addresses) == 4
    assert all(one.startswith(f"{RECEIVER}/") for one in addresses)
    assert all(one.private_addresses for one in alerting.receivers)
    assert [len(one.steps) for one in alerting.escalations] == [2]
