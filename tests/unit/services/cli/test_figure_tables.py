"""
Tables of figures on terminals of every width: nothing of a figure, a title or a group is cut.
"""

from io import StringIO

import pytest
from rich.console import Console

from domain.metrics import METRICS
from services.cli.figure_tables import Line, print_figures

FIGURES = {name: f"{80 + place}.{place:02d}%" for place, name in enumerate(METRICS)} | {"asa": "1234.5 s"}
LINES = [Line(("all", "all"), "30,140", FIGURES), Line(("counter", "2026-11-25 03:00"), "265", FIGURES)]


def shown(width: int, aim: str | None = None) -> str:
    stream = StringIO()
    print_figures(Console(file=stream, width=width), ["queue", "hour (UTC)"], list(METRICS), LINES, aim)
    return stream.getvalue()


@pytest.mark.parametrize("width", [60, 80, 100, 120, 240])
def test_every_figure_is_there_whole_for_every_group_and_no_line_is_too_long(width: int) -> None:
    text = shown(width)
    assert [figure for figure in FIGURES.values() if text.count(figure) != len(LINES)] == []
    assert "…" not in text
    assert max(len(line.rstrip()) for line in text.splitlines()) <= width


def test_a_wide_terminal_has_one_table() -> None:
    assert shown(240).count("30,140") == 1


@pytest.mark.parametrize("width", [80, 120])
def test_a_table_that_goes_on_beneath_says_again_which_group_a_line_is_of(width: int) -> None:
    text = shown(width)
    assert text.count("30,140") == text.count("2026-11-25 03:00") > 1


def test_a_metric_is_titled_by_the_words_of_its_name() -> None:
    head = " ".join(shown(240).split())
    assert "sl_" not in head
    assert [word for name in METRICS for word in name.removeprefix("sl_").split("_") if word not in head] == []
