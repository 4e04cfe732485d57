"""
`sqm metrics` lists the catalogue, tells one metric whole, and writes the page that the documentation has.
"""

import json

import pytest

from domain.catalogue import CATALOGUE
from services.cli import main
from tests.project import PROJECT


def test_the_list_names_every_metric(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metrics"]) == 0
    shown = capsys.readouterr().out
    assert [line.split()[0] for line in shown.splitlines()[1:]] == list(CATALOGUE)


def test_one_metric_is_told_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metrics", "sl_short_excluded"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("sl_short_excluded\n  formula     A_T / (N + B - B_s)\n")
    assert "abandoned_short 10, answered_wait_ms 24,600,000: 81.90%" in shown
    assert "of          nothing: no value" in shown


def test_a_net_promoter_score_is_checked_with_its_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metrics", "nps"]) == 0
    # Half promote and a fifth detract, of a hundred: the root of 100² × (0.7 - 0.3²) / 100.
    assert (
        "promoters 50, detractors 20, top2 86, failed_critical 2: 30.00 (standard error 7.81)"
        in capsys.readouterr().out
    )


def test_programs_get_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metrics", "--format", "json"]) == 0
    told = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert list(told) == list(CATALOGUE)
    assert told["nps"]["unit"] == "points"
    assert told["p90"]["checks"][0] == {"of": "64 values from 1000 to 64000 ms", "figure": "58 s"}


@pytest.mark.parametrize(
    ("name", "hint"), [("sl_short", "did you mean 'sl_short_"), ("zzz", "`sqm metrics` lists them")]
)
def test_a_metric_that_is_not_there_is_said_to_be_not_there(
    name: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["metrics", name]) == 1
    assert hint in capsys.readouterr().err


def test_the_page_is_what_the_command_writes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metrics", "--format", "markdown"]) == 0
    assert capsys.readouterr().out == (PROJECT / "docs" / "metrics.md").read_text(encoding="utf-8")
