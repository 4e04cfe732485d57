"""
`sqm connector` checks connectors with their examples, and writes the pages that the documentation has.
"""

from pathlib import Path

import pytest

from schemas.signatures import SIGNATURES
from services.cli import main
from services.cli.connector_files import read_connector
from services.cli.connector_pages import pages, proof_of
from services.runtime.errors import Misconfigured
from tests.project import PROJECT

SHIPPED = PROJECT / "deploy" / "connectors"
QMINDER = (SHIPPED / "qminder.yaml").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "qminder.yaml").write_text(QMINDER, encoding="utf-8")
    return tmp_path


def test_a_good_connector_is_confirmed_in_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["connector", "check", str(folder / "qminder.yaml")]) == 0
    assert capsys.readouterr().out == "ok: qminder, 1 mappings, 6 examples\n"


def test_an_example_that_yields_something_else_is_told_with_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = QMINDER.replace("{reason: no_show}}", "{reason: late}}")
    (folder / "qminder.yaml").write_text(wrong, encoding="utf-8")
    assert main(["connector", "check", str(folder / "qminder.yaml")]) == 1
    line = wrong[: wrong.index("A visitor who did not come when called")].count("\n") + 1
    assert capsys.readouterr().err == (
        f"{folder / 'qminder.yaml'}:{line}: example 'A visitor who did not come when called': event 2: data.reason is "
        "'no_show' and should be 'late'\n"
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("time: entered\n", "time: {first_of: entry}\n", "nothing is called 'entry' here yet"),
        ("encoding: hex", "encoding: octal", "signature"),
        ("line: {name: data.line, means: {}}", "line: {name: data..line}", "is no path"),
    ],
)
def test_a_fault_is_told_with_file_line_and_field(folder: Path, old: str, new: str, told: str) -> None:
    file = folder / "qminder.yaml"
    file.write_text(QMINDER.replace(old, new), encoding="utf-8")
    with pytest.raises(Misconfigured) as caught:
        read_connector(file)
    assert told in str(caught.value)
    assert f"{file}:" in str(caught.value)


def test_a_connector_that_asks_for_no_signature_is_warned_of(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begin, end = QMINDER.index("signature:"), QMINDER.index("columns:")
    bare = QMINDER[:begin] + "signature: {scheme: none, why: it stands on the same machine}\n\n" + QMINDER[end:]
    (folder / "qminder.yaml").write_text(bare, encoding="utf-8")
    assert main(["connector", "check", str(folder / "qminder.yaml")]) == 0
    line = bare[: bare.index("signature:")].count("\n") + 1
    warning = "signature: warning: whoever knows the address may post; let it sign\n"
    assert capsys.readouterr().err == f"{folder / 'qminder.yaml'}:{line}: {warning}"


def test_pages_are_written_once_and_those_of_connectors_that_are_gone_are_removed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write = ["connector", "pages", str(folder), "--to", str(folder / "pages")]
    assert main(write) == 0
    assert sorted(file.name for file in (folder / "pages").iterdir()) == ["README.md", "qminder.md"]
    assert main(write) == 0
    (folder / "pages" / "old.md").write_text("gone", encoding="utf-8")
    (folder / "pages" / "qminder.md").write_text("changed", encoding="utf-8")
    assert main([*write, "--check"]) == 1
    assert main(write) == 0
    assert main([*write, "--check"]) == 0
    shown = capsys.readouterr()
    assert shown.out == "2 pages written\neverything was up to date\n2 pages written\n"
    assert [line.split(":")[0] for line in shown.err.splitlines()] == [
        str(folder / "pages" / "old.md"), str(folder / "pages" / "qminder.md"),
    ]  # fmt: skip


def test_a_folder_without_connectors_is_said_to_have_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["connector", "pages", str(tmp_path), "--to", str(tmp_path)]) == 2
    assert "holds no connector" in capsys.readouterr().err


def test_the_pages_of_the_documentation_are_what_the_command_writes(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["connector", "pages", str(SHIPPED), "--to", str(PROJECT / "docs" / "connectors"), "--check"]
    assert (main(command), capsys.readouterr().err) == (0, "")


def test_a_page_shows_the_mapping_with_its_remarks_and_no_more(folder: Path) -> None:
    page = pages([read_connector(folder / "qminder.yaml")], folder)["qminder.md"]
    shown = page[page.index("```yaml") : page.index("## Examples")]
    assert "# Called again, a ticket states the later call" in shown
    assert "guide:" not in shown
    assert "examples:" not in shown


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"scheme": "basic", "user": "till"}, "Basic authentication as `till`"),
        ({"scheme": "none", "why": "it stands on the same machine"}, "it stands on the same machine"),
        ({"scheme": "form", "header": "x-form"}, "sorted by their names, in base64."),
    ],
)
def test_every_scheme_is_told_in_words(said: dict[str, str], told: str) -> None:
    assert told in proof_of(SIGNATURES.validate_python(said))
