"""
Every scenario of this folder, played on the engine; and that one which promises something else is seen to fail.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest

from services.cli import main
from services.cli.scenarios import run_file
from services.cli.scenarios.checking import differences
from services.cli.scenarios.model import Step
from services.cli.scenarios.playing import play
from services.cli.scenarios.reading import read_scenario
from services.runtime.errors import Misconfigured

HERE = Path(__file__).parent
SCENARIOS = sorted(HERE.glob("*.yaml"))
PLAIN = """
scenario: A wait
because: It shows the form.
standards: [{id: wait, start: journey.arrived, stop: journey.called, limit: 20s}]
timeline:
  - {at: "10:00", event: journey.arrived, journey: anna}
  - {at: "10:00:25", event: journey.called, journey: anna}
  - {advance_to: "10:01:30"}
"""


ROWS: Final = range(1, 20)
"""Rows of field-notes B1: what the users of other such systems suffered from."""


def named_rows(title: str) -> set[int]:
    """
    The rows that a scenario's title says it shows.
    """
    said = re.search(r"\(field-notes B1 rows? (\d+)(?: to (\d+))?\)$", title)
    return set() if said is None else set(range(int(said[1]), int(said[2] or said[1]) + 1))


def unshown(titles: Iterable[str]) -> list[int]:
    """
    The rows that none of these titles names.
    """
    return sorted(set(ROWS).difference(*map(named_rows, titles)))


def test_every_row_of_b1_has_a_scenario() -> None:
    """
    Each row of field-notes B1 is shown by the scenario whose title names it.

     1  b1-01-a-deadline-lists-its-days-with-the-holidays
     2  b1-02-one-promise-never-hides-another
     3  b1-03-the-last-word-decides
     4  b1-04-retiring-a-standard-ends-its-clocks
     5  b1-05-merged-journeys-keep-no-escalation
     6  b1-06-what-was-measured-stands
     7  b1-07-a-violation-is-stated-at-its-own-instant; to hold a notice until opening is the business of alerts
     8  b1-08-pauses-survive-a-change-of-standard
     9  b1-09-warnings-run-backwards-in-open-time
    10  b1-10-out-of-hours-the-clock-starts-at-the-next-opening
    11  b1-11-a-limit-passes-in-business-hours
    12  b1-12-a-day-has-several-intervals
    13  b1-13-each-site-has-its-own-hours
    14  b1-14-pauses-have-reasons-and-a-budget
    15  b1-15-courtesies-restart-no-clock
    16  b1-16-re-opening-starts-a-new-cycle
    17  b1-17-every-hand-over-has-its-own-clock; what to do when it is over is the business of alerts
    18  b1-18-attainment-by-site-and-queue; by employee and team, as CSV: the tests of `sqm replay`
    19  b1-19-every-overrun-says-whose-and-by-how-much; the average of them: the tests of `sqm replay`
    """
    titles = {file.stem: read_scenario(file)[0].scenario for file in SCENARIOS}
    assert not unshown(titles.values())
    mapping = test_every_row_of_b1_has_a_scenario.__doc__ or ""
    assert [stem for stem, title in titles.items() if named_rows(title) and stem not in mapping] == []


OF_TEXT: Final = {20, 26, 33}
"""What no timeline shows and has tests of its own: a burn in plain words, the lint of windows, the backtest."""


def test_every_row_of_b2_about_evaluation_has_a_scenario() -> None:
    titles = [read_scenario(file)[0].scenario for file in SCENARIOS if file.stem.startswith("b2-")]
    said = [re.search(r"\(field-notes B2 row (\d+)\)$", title) for title in titles]
    shown = {int(one[1]) for one in said if one is not None}
    assert len(titles) == len(shown)
    assert shown | OF_TEXT == set(range(20, 34))


def test_a_row_without_a_scenario_is_missed_by_its_number() -> None:
    titles = [f"Shown (field-notes B1 row {row})" for row in ROWS if row not in {5, 11, 12, 19}]
    assert unshown(titles) == [5, 11, 12, 19]
    assert unshown([*titles, "Both (field-notes B1 rows 11 to 12)", "Nearly (field-notes B2 row 19)"]) == [5, 19]


@pytest.mark.parametrize(
    "file", [file for file in SCENARIOS if file.stem.startswith("b1-")], ids=lambda file: file.stem
)
def test_a_restart_anywhere_in_a_row_of_b1_changes_nothing(file: Path) -> None:
    scenario, _ = read_scenario(file)
    for place in range(len(scenario.timeline) + 1):
        played = play(scenario, [])
        found: list[str] = []
        for number, step in enumerate(scenario.timeline):
            if number == place:
                played.do(Step(restart="clean"))
            played.do(step)
            if step.expect is not None:
                found += differences(played, step.expect)
        played.finish()
        assert found + differences(played, scenario.expect) == [], f"restarted before step {place}"


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_scenario(file: Path) -> None:
    assert not run_file(file)


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ("{measurements: [{journey: anna, value: 24s}]}", "value is 25s, not 24s"),
        ("{measurements: [{journey: anna, limit: 30s}]}", "limit is 20s, not 30s"),
        ("{measurements: [{journey: anna, over: 4s}]}", "over is 5s, not 4s"),
        (
            "{measurements: [{journey: anna, story: [standing, withdrawn]}]}",
            "its story is standing, not standing, with",
        ),
        ("{measurements: [{journey: anna, trail: ['10:00:00 start']}]}", "'10:00:25 stop')"),
        (
            "{measurements: []}",
            "got a measurement that nobody expected: anna, wait v1 standing, stopped after 25s, not kept",
        ),
        ("{violations: [{journey: bert}]}", "expected a violation of bert (any), got none"),
        ("{violations: [{journey: anna, state: opened}]}", "state is closed, not opened"),
        (
            "{violations: [{journey: anna, opened_at: '10:00:21'}]}",
            "opened_at is 2026-03-02 10:00:20, not 2026-03-02 10:00:21",
        ),
        ("{violations: [{journey: anna, story: [opened]}]}", "its story is opened, closed, not opened"),
        ("{attainment: [{standard: wait, value: 1/1}]}", "expected sl_all_offered of wait to be 1/1, got 0/1"),
        ("{attainment: [{standard: wait, counts: {answered: 2}}]}", "expected 2 answered of wait, got 1"),
        ("{notes: {duplicate: 1}}", "expected notes duplicate 1, got nothing"),
        ("{open_journeys: 1}", "expected 1 open journeys, got 0"),
        (
            "{objectives: [{scope: 'site:branch-1', as_of: '10:02'}]}",
            "as_of is 2026-03-02 10:01:00, not 2026-03-02 10:02:00",
        ),
        ("{objectives: []}", "nobody expected: site:branch-1, wait v1 objective over rolling:1h opened"),
        (
            "{standings: [{scope: 'site:branch-1', window: 'rolling:2h'}]}",
            "expected one standing of site:branch-1 over rolling:2h, got 0; there are site:branch-1 over rolling:1h",
        ),
        (
            "{standings: [{scope: 'site:branch-1', window: 'rolling:1h', figure: 1/1, left: {so_far: 1}}]}",
            "expected left of site:branch-1 over rolling:1h to be so_far 1, got so_far -1",
        ),
        (
            "{lines: [{standard: wait, queue: till}]}",
            "expected the line of wait at branch-1 till, got none; there are wait at branch-1",
        ),
        (
            "{lines: [{standard: wait, waiting: 0, service_level: 1/1, by_last_answered: 25s}]}",
            "expected service_level of the line of wait at branch-1 to be 1/1, got 0/1",
        ),
        (
            "{lines: [{standard: wait, by_last_answered: 25s}]}",
            "expected by_last_answered of the line of wait at branch-1 to be 25s, got too_few_answered",
        ),
        (
            "{lines: [{standard: wait, oldest: 5s}]}",
            "expected oldest of the line of wait at branch-1 to be 5s, got 0s",
        ),
    ],
)
def test_a_scenario_that_does_not_come_out_says_so_in_words(tmp_path: Path, expected: str, message: str) -> None:
    file = tmp_path / "other.yaml"
    file.write_text(f"{PLAIN}expect: {expected}\n", encoding="utf-8")
    differing = run_file(file)
    assert any(message in line for line in differing), differing
    assert all(line.startswith(f"{file}:") for line in differing)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PLAIN, "expect: is missing"),
        (
            PLAIN.replace("journey.arrived, journey", "journey.arived, journey") + "expect: {}",
            r"faulty\.yaml:\d+: timeline\[0\]: .*journey\.arived",
        ),
        (PLAIN.replace("event: journey.called", "evnt: x") + "expect: {}", "evnt"),
        (PLAIN.replace("limit: 20s", "limit: 20") + "expect: {}", "unit"),
        (PLAIN + "  - {again: nobody}\nexpect: {}", r"faulty\.yaml:\d+: timeline\[\d\]: .*give that event an `id`"),
        (
            PLAIN.replace("standards:", "# standards:") + "expect: {}",
            r"faulty\.yaml:\d+: .*a scenario needs a standard",
        ),
        (PLAIN + "expect: {}\n---\nscenario: another", "a scenario is one"),
        (
            PLAIN.replace('"10:00:25"', '"25:00:25"') + "expect: {}",
            r"faulty\.yaml:\d+: timeline\[1\]\.at: a time is written like 10:00:25",
        ),
        (PLAIN.replace('"10:00:25"', '"noon"') + "expect: {}", r"timeline\[1\]\.at: a time is written like"),
        (
            PLAIN.replace("stop: journey.called", "stop: journey.caled") + "expect: {}",
            r"faulty\.yaml:4: standards\[0\]: clock\.stop: .* \(value '.*'\); did you mean 'journey\.called'\?$",
        ),
        (
            PLAIN + "  - publish: {id: late, start: journey.arrived, stop: journey.called, limit: 20}\nexpect: {}",
            r"timeline\[3\]: publish: clock\.limit: .*unit",
        ),
    ],
)
def test_a_file_that_is_no_scenario_is_refused_with_its_fault(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "faulty.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Misconfigured, match=message):
        run_file(file)


def test_the_command_runs_files_and_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a-wait.yaml").write_text(
        PLAIN + "expect: {attainment: [{standard: wait, value: 0/1}]}", encoding="utf-8"
    )
    assert main(["scenario", "run", str(tmp_path)]) == 0
    assert "ok     a wait" in capsys.readouterr().out
    (tmp_path / "b-wait.yaml").write_text(PLAIN + "expect: {measurements: []}", encoding="utf-8")
    assert main(["scenario", "run", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert "FAILED b wait" in said.out
    assert "1 of 2 scenario(s)" in said.err


def test_a_folder_without_scenarios_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario", "run", str(tmp_path)]) == 2
    assert f"{tmp_path}: holds no .yaml file" in capsys.readouterr().err
