"""
`sqm standards` against a real broker: what is published, what is refused, and what then stands.
"""

from pathlib import Path

import pytest

from services.cli import main

STANDARD = """\
apiVersion: sqm/v1
kind: Standard
metadata:
  id: wait
  version: {version}
  title: {title}
  owner: quality
  effective_from: {effective}
  why: people wait
clock:
  start: journey.arrived
  stop: journey.called
  limit: {limit}
objective:
  metric: sl_all_offered
  target: 80%
"""


class Office:
    """
    Somebody who publishes, with a prefix of topics of their own.
    """

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder = folder
        self._capsys = capsys

    def write(
        self, *, version: int = 1, title: str = "Answered", limit: str = "20s", effective: str = "2026-01-01T00:00:00Z"
    ) -> Path:
        file = self._folder / f"wait-{version}.yaml"
        file.write_text(STANDARD.format(version=version, title=title, limit=limit, effective=effective))
        return file

    def run(self, *words: str | Path) -> tuple[int, str]:
        status = main(["standards", *map(str, words)])
        said = self._capsys.readouterr()
        return status, said.out + said.err


@pytest.fixture
def office(
    kafka: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> Office:
    monkeypatch.setenv("SQM_KAFKA__BOOTSTRAP_SERVERS", kafka)
    monkeypatch.setenv("SQM_KAFKA__TOPIC_PREFIX", f"{abs(hash(request.node.nodeid))}.")
    monkeypatch.setenv("COLUMNS", "200")
    return Office(tmp_path, capsys)


def test_a_version_is_published_once_revised_in_wording_and_never_in_meaning(office: Office) -> None:
    status, said = office.run("publish", office.write(), "--backdate", "--by", "Quality office")
    assert (status, "new        Standard/wait/1" in said) == (0, True), said
    status, said = office.run("publish", office.write())
    assert (status, "unchanged  Standard/wait/1" in said) == (0, True), said
    status, said = office.run("publish", office.write(title="Answered soon"))
    assert (status, "revision   Standard/wait/1" in said) == (0, True), said
    status, said = office.run("publish", office.write(limit="30s"))
    assert status == 1
    assert "clock.limit: 20s → 30s" in said
    assert "version 2" in said
    status, said = office.run("show", "wait")
    assert status == 0
    assert "Answered soon" in said
    assert "revision 2" in said
    assert "limit: 20s" in said


def test_a_version_that_is_in_force_already_wants_backdate(office: Office) -> None:
    status, said = office.run("publish", office.write())
    assert status == 1
    assert "--backdate" in said
    assert office.run("list")[1].startswith("Nothing is published yet")


def test_nothing_is_published_if_one_document_will_not_do(office: Office) -> None:
    future = office.write(version=2, effective="2200-01-01T00:00:00Z")
    status, said = office.run("publish", future, office.write())
    assert status == 1
    assert "nothing was published, because 1 of 2" in said
    assert office.run("list")[1].startswith("Nothing is published yet")


def test_a_dry_run_says_what_would_happen_and_does_nothing(office: Office) -> None:
    status, said = office.run("publish", office.write(), "--backdate", "--dry-run")
    assert (status, "would publish 1 of 1" in said) == (0, True)
    assert office.run("list")[1].startswith("Nothing is published yet")


def test_what_was_published_is_listed_and_shown_and_a_misspelt_id_is_answered(office: Office) -> None:
    office.run("publish", office.write(), office.write(version=2, effective="2200-01-01T00:00:00Z"), "--backdate")
    said = office.run("list")[1]
    assert "since 2026-01-01" in said
    assert "from 2200-01-01" in said
    assert "sl_all_offered ≥ 80%" in said
    assert "version: 2" in office.run("show", "wait")[1]
    assert "version: 1" in office.run("show", "wait@1")[1]
    status, said = office.run("show", "wiat")
    assert (status, "did you mean 'wait'?" in said) == (1, True)


def test_the_history_of_a_standard_is_told_with_what_changed(office: Office) -> None:
    office.run("publish", office.write(), "--backdate", "--by", "Ada")
    office.run("publish", office.write(title="Answered soon"), "--by", "Ben")
    office.run("publish", office.write(version=2, limit="30s", effective="2200-01-01T00:00:00Z"), "--by", "Ada")
    status, said = office.run("history", "wait")
    assert status == 0
    heads = [line for line in said.splitlines() if not line.startswith(" ")]
    assert [(line.split(":")[0], line.rsplit(" ", 1)[1]) for line in heads] == [
        ("Standard/wait/1, revision 1", "Ada"),
        ("Standard/wait/1, revision 2", "Ben"),
        ("Standard/wait/2, revision 1", "Ada"),
    ]
    assert "wording  metadata.title: Answered → Answered soon" in said
    assert "meaning  clock.limit: 20s → 30s" in said
    assert office.run("history", "wiat") == (
        1, "sqm standards: nothing is published as 'wiat'; did you mean 'wait'?\n"
    )  # fmt: skip


def test_a_broker_that_is_not_there_is_status_3(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SQM_KAFKA__BOOTSTRAP_SERVERS", "127.0.0.1:1")
    status, said = office.run("list")
    assert status == 3
    assert "Traceback" not in said
