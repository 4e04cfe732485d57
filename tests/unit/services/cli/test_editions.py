"""
What was published under one id is told edition by edition, with what each changed.
"""

from typing import Any

import pytest

from schemas.standards import DOCUMENTS, PUBLISHED, Published
from services.cli import main
from services.cli.editions import editions_of, told_edition
from services.runtime.yamlfile import read_documents
from tests.fakes.history_service import history_service

STANDARD = """
apiVersion: sqm/v1
kind: Standard
metadata:
  id: wait
  version: 1
  title: Called soon
  owner: Branches
  effective_from: 2026-01-01T00:00:00Z
  why: People look at the clock.
clock: {start: journey.arrived, stop: journey.called, limit: 4m}
objective: {metric: goal_met, target: 80%}
"""
RETIREMENT = """
apiVersion: sqm/v1
kind: Retirement
metadata: {id: wait, retired_at: 2026-06-01T00:00:00Z, owner: Branches, why: Enough.}
"""
HOUR = 3_600_000


def published(hour: int, text: str, *changes: tuple[str, str]) -> Published:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (document,) = read_documents(text, "wait.yaml")
    return Published(document=DOCUMENTS.validate_python(document.value), published_at=hour * HOUR, published_by="Ada")


def told(*publications: Published, name: str = "wait") -> list[list[str]]:
    return [list(told_edition(one)) for one in editions_of(publications, name)]


def test_versions_and_revisions_come_in_order_with_what_they_changed() -> None:
    assert told(
        published(1, STANDARD),
        published(2, STANDARD, ("id: wait", "id: other")),
        published(3, STANDARD, ("Called soon", "Called at once")),
        published(4, STANDARD, ("Called soon", "Called at once")),
        published(5, STANDARD, ("version: 1", "version: 2"), ("4m", "3m"), ("2026-01-01", "2026-05-01")),
        published(6, RETIREMENT),
    ) == [
        [
            "Standard/wait/1, revision 1: published 1970-01-01T01:00:00.000Z by Ada",
            "  from     2026-01-01T00:00:00.000Z",
        ],
        [
            "Standard/wait/1, revision 2: published 1970-01-01T03:00:00.000Z by Ada",
            "  wording  metadata.title: Called soon → Called at once",
        ],
        [
            "Standard/wait/2, revision 1: published 1970-01-01T05:00:00.000Z by Ada",
            "  from     2026-05-01T00:00:00.000Z",
            "  meaning  clock.limit: 4m → 3m",
            "  meaning  metadata.effective_from: 2026-01-01T00:00:00.000Z → 2026-05-01T00:00:00.000Z",
            "  wording  metadata.title: Called at once → Called soon",
        ],
        [
            "Retirement/wait, revision 1: published 1970-01-01T06:00:00.000Z by Ada",
            "  retired  2026-06-01T00:00:00.000Z",
        ],
    ]


def test_what_lost_to_another_meaning_is_told_as_ignored_and_nothing_follows_from_it() -> None:
    first, lost, next_ = told(
        published(1, STANDARD),
        published(2, STANDARD, ("4m", "3m")),
        published(3, STANDARD, ("version: 1", "version: 2"), ("4m", "5m")),
    )
    assert first[0].startswith("Standard/wait/1, revision 1")
    assert lost == [
        "Standard/wait/1: published 1970-01-01T02:00:00.000Z by Ada, ignored: this version has another meaning already",
        "  meaning  clock.limit: 4m → 3m",
    ]
    assert next_[-1] == "  meaning  clock.limit: 4m → 5m"


def asked(capsys: pytest.CaptureFixture[str], name: str, *rows: dict[str, Any]) -> tuple[int, str]:
    with history_service() as service:
        service.answers_about("FROM standards", *rows)
        status = main(["standards", "history", name, "--history", service.url])
    said = capsys.readouterr()
    return status, said.out + said.err


def test_history_tells_them_too_and_passes_over_what_it_cannot_read(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"raw": PUBLISHED.dump_json(published(1, STANDARD)).decode()}, {"raw": "{}"}]
    status, said = asked(capsys, "wait", *rows)
    assert (status, said.splitlines()[0]) == (0, told(published(1, STANDARD))[0][0])


def test_an_id_that_nobody_published_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    status, said = asked(capsys, "wiat")
    assert (status, "nothing is published as 'wiat'" in said) == (1, True)
