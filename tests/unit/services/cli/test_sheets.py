"""
Names that a sheet would take for formulas.
"""

import io

import pytest

from services.cli.report.paper import Report, Table
from services.cli.report.writing import write_csv
from services.cli.sheets import cell


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1+cmd|x", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_name_that_would_be_worked_out_is_a_text(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["counter", "", "a=b", "'=1", None, -5, -0.5])
def test_all_else_stays_as_it_is(value: object) -> None:
    assert cell(value) == value


def test_reports_have_no_formulas_in_names_and_negative_figures_as_they_are() -> None:
    table = Table((("queue", "String"), ("change", "Float64")), [("=1+1", -0.5)])
    out = io.StringIO()
    write_csv(Report("", "en", (), (), {"waits": table}), out)
    assert out.getvalue() == "queue,change\n'=1+1,-0.500000\n"
