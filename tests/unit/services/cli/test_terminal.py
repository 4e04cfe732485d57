"""
Tables show every text as it is.
"""

import io

import pytest
from rich.table import Table

from services.cli.terminal import console

SAID = "v:satisfaction@1:objective:site:branch-07:calendar:week [bold]400[/x]"


def table() -> Table:
    one = Table()
    one.add_column("id")
    one.add_row(SAID)
    return one


def test_neither_names_of_pictures_nor_marks_are_guessed_in_a_text(capsys: pytest.CaptureFixture[str]) -> None:
    console().print(table())
    console(stderr=True).print(table())
    said = capsys.readouterr()
    assert (SAID in said.out, SAID in said.err) == (True, True)


def test_a_file_is_as_wide_as_its_table() -> None:
    file = io.StringIO()
    console(file).print(SAID * 3)
    assert SAID * 3 in file.getvalue()
