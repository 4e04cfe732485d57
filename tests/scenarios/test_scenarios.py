"""
Every scenario of this folder, played on the engine; and that one which promises something else is seen to fail.
"""

from pathlib import Path

import pytest

from services.cli import main
from services.cli.scenarios import run_file
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


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_scenario(file: Path) -> None:
    assert not run_file(file)


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ("{measurements: [{journey: anna, value: 24s}]}", "value is 25s, not 24s"),
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
            r"faulty\.yaml:\d+: timeline\.0: .*journey\.arived",
        ),
        (PLAIN.replace("event: journey.called", "evnt: x") + "expect: {}", "evnt"),
        (PLAIN.replace("limit: 20s", "limit: 20") + "expect: {}", "unit"),
        (PLAIN + "  - {again: nobody}\nexpect: {}", r"faulty\.yaml:\d+: timeline\.\d: .*give that event an `id`"),
        (
            PLAIN.replace("standards:", "# standards:") + "expect: {}",
            r"faulty\.yaml:\d+: .*a scenario needs a standard",
        ),
        (PLAIN + "expect: {}\n---\nscenario: another", "a scenario is one"),
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
