"""
`sqm standards lint` as it is called: statuses, samples in either form, rules, and documents that are sound.
"""

import re
from pathlib import Path

import pytest

from domain.linting import RULES, Rule
from services.cli import main
from tests.project import PROJECT

HERE = Path(__file__).parent / "broken_standards" / "beside"
SOUND = HERE / "wait.yaml"
MAPPING = """\
apiVersion: sqm/v1
kind: Mapping
metadata: {id: calls, title: Calls, owner: Contact centre IT}
source: urn:test:calls
zone: UTC
table: {format: delimited, delimiter: ",", header: true}
columns:
  call: {name: call, required: true}
  queue: {name: queue}
  at: {name: at, type: local_time, format: "%Y-%m-%d %H:%M", required: true}
journey: {site: {text: harbour}, subject: "{call}"}
events:
  - {type: journey.arrived, time: {first_of: at}, data: {queue: queue}}
"""


def lint(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str]:
    status = main(["standards", "lint", *map(str, words)])
    said = capsys.readouterr()
    return status, said.out + said.err


def test_a_sound_standard_is_status_0_even_when_strict(capsys: pytest.CaptureFixture[str]) -> None:
    assert lint(capsys, SOUND, "--strict") == (0, "1 document(s) in 1 file(s): no finding\n")


def test_a_warning_is_status_1_only_when_strict(capsys: pytest.CaptureFixture[str]) -> None:
    file = HERE.parent / "no-budget.yaml"
    status, said = lint(capsys, file)
    assert status == 0
    assert said.endswith("1 document(s) in 1 file(s): 0 error(s), 1 warning(s)\n")
    assert lint(capsys, file, "--strict")[0] == 1


def test_the_present_of_the_clock_counts_beside_what_is_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new.yaml"
    text = SOUND.read_text("utf-8").replace("version: 1", "version: 2").replace("limit: 4m", "limit: 3m")
    new.write_text(text.replace("2026-01-01", "2026-01-02"), "utf-8")
    assert "[retroactive]" in lint(capsys, new, "--against", SOUND)[1]
    assert lint(capsys, new)[1].endswith("no finding\n")
    new.write_text(text.replace("2026-01-01", "2299-01-01"), "utf-8")
    assert lint(capsys, new, "--against", SOUND)[1].endswith("no finding\n")


def test_every_rule_is_listed_with_reason_and_fix(capsys: pytest.CaptureFixture[str]) -> None:
    status, said = lint(capsys, "--rules")
    assert status == 0
    for rule in Rule:
        assert rule.value in said
        assert RULES[rule].why in said
        assert RULES[rule].fix in said


def test_the_page_has_every_rule_as_the_command_lists_it(capsys: pytest.CaptureFixture[str]) -> None:
    page = (PROJECT / "docs/standards-lint.md").read_text("utf-8")
    status, said = lint(capsys, "--rules", "--format", "markdown")
    assert status == 0
    assert said in page


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "PATH is missing"),
        ([SOUND, "--mapping", "x.yaml"], "name its files with --events"),
        ([SOUND, "--events", "missing.jsonl"], "missing.jsonl: cannot be read"),
        ([SOUND, "--now", "yesterday"], "--now 'yesterday' is no instant"),
        (["missing.yaml"], "there is no such file"),
        ([SOUND, "--format", "markdown"], "--format markdown is for --rules"),
    ],
)
def test_what_cannot_be_done_is_status_2(
    words: list[str | Path], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = lint(capsys, *words)
    assert (status, told in said) == (2, True), said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n", "no event is in the sample"),
        ("\n{}\n", "sample.jsonl:2: "),
        ("\x00\n", "sample.jsonl:1: "),
        ("[" * 10_000 + "\n", "sample.jsonl:1: "),
        ('{"specversion": "1.0"}\n', "write one CloudEvent a line"),
    ],
)
def test_a_sample_that_is_none_is_told_by_file_and_line(
    text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = tmp_path / "sample.jsonl"
    sample.write_text(text, "utf-8")
    status, said = lint(capsys, SOUND, "--events", sample)
    assert (status, told in said) == (2, True), said


def test_a_sample_is_read_through_a_mapping(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mapping, calls = tmp_path / "calls.yaml", tmp_path / "calls.csv"
    mapping.write_text(MAPPING, "utf-8")
    calls.write_text("call,queue,at\n1,cash,2026-01-31 09:00\n2,,never\n", "utf-8")
    status, said = lint(capsys, SOUND, "--events", calls, "--mapping", mapping)
    assert status == 1
    assert "[never_ends] clock.stop: nothing ends it: the sample has no journey.called" in said
    assert "1 error(s), 0 warning(s)" in said


@pytest.mark.parametrize("page", ["standards.md", "getting-started.md", "users/quality-manager.md"])
def test_the_standards_that_the_pages_show_are_sound(
    page: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocks = re.findall(r"```yaml\n(apiVersion.*?)```", (PROJECT / "docs" / page).read_text("utf-8"), re.DOTALL)
    assert blocks
    for number, block in enumerate(blocks):
        (tmp_path / f"{number}.yaml").write_text(block, "utf-8")
    status, said = lint(capsys, tmp_path, "--strict")
    assert status == 0, said
