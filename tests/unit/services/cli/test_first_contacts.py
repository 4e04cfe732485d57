"""
`sqm history first-contact` writes what history counted, for people and for programs.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from schemas.standards import DOCUMENTS
from services.cli import main
from tests.fakes.history_service import HistoryService, history_service
from tests.project import PROJECT

NOON = 1_790_000_000_000 - 1_790_000_000_000 % 3_600_000
COUNTS = {"good": 6, "total": 8, "provisional": 2, "elsewhere": 1, "as_of": NOON}
FILE = Path(PROJECT, "deploy/standards/contact-centre/counts.yaml")
ASK = ("history", "first-contact", "--standard", "contact-first-contact")


@pytest.fixture
def service() -> Iterator[HistoryService]:
    with history_service() as running:
        running.answers({**COUNTS, "by_hour": NOON, "by_site": None})
        running.answers_about("FROM standards", *map(published, yaml.safe_load_all(FILE.read_text("utf-8"))))
        running.answers_about("FROM attainment", {"standard": "contact-first-contact", "version": 1})
        yield running


def published(written: dict[str, object]) -> dict[str, str]:
    document = json.loads(DOCUMENTS.validate_python(written).model_dump_json(by_alias=True, exclude_none=True))
    return {"raw": json.dumps({"document": document, "published_at": NOON, "published_by": "me"})}


def test_people_see_the_share_what_is_provisional_and_who_came_back_elsewhere(
    service: HistoryService, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*ASK, "--by", "site,hour", "--url", service.url]) == 0
    header, line, beneath = capsys.readouterr().out.splitlines()
    assert re.split(r"\s{2,}", header.strip())[:4] == ["standard", "site", "hour (UTC)", "n"]
    found = re.split(r"\s{2,}", line.strip())
    assert found[0] == "contact-first-contact@1"
    assert found[1:5] == ["–", "2026-09-21 14:00", "8", "75.00%"]
    assert found[5:] == ["40.93% to 92.85%", "1", "2"]
    assert beneath == "provisional: may still come back, as of 2026-09-21T14:00:00.000Z"


def test_programs_get_the_counts(service: HistoryService, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASK, "--format", "json", "--url", service.url]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["good"], told["total"], told["value"], told["metric"]) == (6, 8, 0.75, "first_contact_resolution")
    assert main([*ASK, "--format", "csv", "--by", "site", "--url", service.url]) == 0
    header, line = capsys.readouterr().out.splitlines()
    assert header == "standard,version,site,value,good,total,provisional,elsewhere,as_of"
    assert line == "contact-first-contact,1,,0.75,6,8,2,1,2026-09-21T14:00:00.000Z"


def test_a_span_without_contacts_is_said_in_words(service: HistoryService, capsys: pytest.CaptureFixture[str]) -> None:
    service.answers()
    until = "2026-09-21T14:00:00Z"
    assert main([*ASK, "--until", until, "--url", service.url]) == 0
    assert capsys.readouterr().out == "no contacts of this standard in this span\n"
    _, (_, parameters, _) = service.questions
    assert str(NOON) in parameters.values()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("contact-first-contact", "--version", "9"), "contact-first-contact has no version 9; history holds 1"),
        (("contact-transfers",), "contact-transfers counts nothing per customer; name a rate with per: customer"),
        (("contact-first-contct",), "no standard 'contact-first-contct'; did you mean 'contact-first-contact'?"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_the_way_out(
    service: HistoryService, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert main(["history", "first-contact", "--standard", *words, "--url", service.url]) == 1
    assert said in capsys.readouterr().err
