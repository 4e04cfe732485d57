"""
Each path of `docs/connect.md`, from nothing to the first verdict, by the lines that the page shows.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.connect_page import Walk, sections


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    return Walk(tmp_path_factory.mktemp("connect"))


@pytest.fixture(scope="module")
def line(walk: Walk) -> Iterator[str]:
    with walk.staying(1, 4) as settings:
        yield settings


def test_every_section_has_commands_and_a_test_here() -> None:
    numbers = [title.partition(".")[0] for title, text in sections().items() if text]
    assert numbers == [str(number) for number in range(1, 8)]


def test_payloads_of_a_till_are_judged_without_a_line(tmp_path: Path) -> None:
    said = Walk(tmp_path).run(1, 2)
    assert "(1 of 2)" in said
    assert "ok: my-till, 1 mappings, 1 examples\n" in said


def test_an_export_is_judged_and_explained(tmp_path: Path) -> None:
    said = Walk(tmp_path).run(1, 3)
    assert "(1 of 3)" in said
    assert "Not kept: 02.03.2026-A2 at riga-1 waited 7 min 40 s; the limit is 5 min; over by 2 min 40 s\n" in said


def test_a_signed_webhook_gets_its_verdict(walk: Walk, line: str) -> None:
    assert "Not kept: T-21 at riga-1 waited 8 min; the limit is 5 min; over by 3 min\n" in walk.run(5, before=line)


def test_a_ticket_gets_its_verdict(walk: Walk, line: str) -> None:
    said = walk.run(6, before=line)
    assert "-A017 at riga-2 waited 2 min; the limit is 5 min; 3 min to spare\n" in said


def test_a_call_gets_its_verdict(walk: Walk, line: str) -> None:
    said = walk.run(7, before=line)
    assert "7-support at call-centre waited 1 min 30 s; the limit is 5 min; 3 min 30 s to spare\n" in said
