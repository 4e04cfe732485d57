"""
One reader's walk from `sqm standards show` through `sqm replay` to `sqm explain`: the words are the same everywhere.
"""

from pathlib import Path

import pytest

from schemas.standards import DOCUMENTS, Published
from services.cli import main, register
from services.runtime.yamlfile import read_documents, read_yaml_file
from services.sla.shell.catalogue import Catalogue
from tests.fakes.mappings import HEADER, TICKETS, WAIT

STANDARD = WAIT.replace("limit: 5m", "limit: LIMIT, short_abandon: 10s").replace("80%", "80.5%, minimum_n: 21")
MONDAY = HEADER + "A1,d3,26.01.2026,08:00:00,08:05:00\nA2,d4,26.01.2026,08:01:00,08:07:00\n"
OF_ENGLISH = "Nobody waits longer than five minutes: limit 5 min (wait, version 1)"
AIM_ENGLISH = "objective sl_all_offered at least 80.5% over the last 1 h, from 21 journeys on"


def shown(tmp_path: Path, limit: str = "5m") -> str:
    """
    What `sqm standards show` prints of the standard as it was published.
    """
    file = tmp_path / "wait.yaml"
    file.write_text(STANDARD.replace("LIMIT", limit).replace("short_abandon: 10s", "abandon: []"), encoding="utf-8")
    [one] = [DOCUMENTS.validate_python(found.value) for found in read_yaml_file(file)]
    catalogue = Catalogue([Published(document=one, published_at=0, published_by="test")])
    return register.as_yaml(catalogue, register.pick(catalogue, "wait"))


def walk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """
    The report of a replay, and one explanation out of its folder.
    """
    for name, text in {"mapping.yaml": TICKETS, "wait.yaml": STANDARD.replace("LIMIT", "5m"), "a.csv": MONDAY}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    judged = ["--mapping", f"{tmp_path}/mapping.yaml", "--standards", f"{tmp_path}/wait.yaml", f"{tmp_path}/a.csv"]
    assert main(["replay", *judged, "--out", f"{tmp_path}/out"]) == 0
    report = capsys.readouterr().out
    assert main(["explain", "A2", "--out", f"{tmp_path}/out"]) == 0
    return report, capsys.readouterr().out


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_what_a_standard_demands_is_said_in_the_same_words_by_all_three(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    report, explanation = walk(tmp_path, capsys)
    for text in (shown(tmp_path).replace("#", ""), report, explanation):
        assert OF_ENGLISH in squeezed(text)
        assert AIM_ENGLISH in squeezed(text)


def test_a_metric_has_the_same_name_in_the_document_the_report_and_the_explanation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    report, explanation = walk(tmp_path, capsys)
    assert "metric: sl_all_offered" in shown(tmp_path)
    assert "worst hours by sl_all_offered" in report or "no hour to show" in report
    assert "In sl_all_offered it counts in the denominator" in explanation


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "ru",
            "# Nobody waits longer than five minutes: норматив 5 мин (wait, версия 1)\n# цель: sl_all_offered не менее",
        ),
        (
            "lv",
            "# Nobody waits longer than five minutes: limits 5 min (wait, 1. versija)\n# mērķis: sl_all_offered vismaz",
        ),
    ],
)
def test_a_standard_is_shown_in_its_readers_language(
    language: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    assert shown(tmp_path).startswith(said)


def test_a_promised_time_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    assert "limit as promised to the customer (wait, version 1)" in shown(tmp_path, "promised")


def test_the_walk_may_begin_with_files_that_nobody_has_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    file = tmp_path / "wait.yaml"
    file.write_text(STANDARD.replace("LIMIT", "5m"), encoding="utf-8")
    assert main(["standards", "show", "wait", "--standards", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert OF_ENGLISH in text
    assert AIM_ENGLISH in text
    assert f"# from {file}:" in text
    (again,) = [DOCUMENTS.validate_python(one.value) for one in read_documents(text, "shown.yaml")]
    assert again == DOCUMENTS.validate_python(read_yaml_file(file)[0].value)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("wiat", "nothing is written as 'wiat'; did you mean 'wait'?"),
        ("queue", "nothing is written as 'queue'; `sqm standards validate` lists what is"),
        ("wait@2", "wait has no version '2'; written is version 1"),
    ],
)
def test_what_files_do_not_hold_is_told_with_the_way_out(
    name: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wait.yaml").write_text(STANDARD.replace("LIMIT", "5m"), encoding="utf-8")
    assert main(["standards", "show", name, "--standards", str(tmp_path)]) == 1
    assert said in capsys.readouterr().err
