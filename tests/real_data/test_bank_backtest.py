"""
A month of the bank under ten proposals: one pass says of each what a pass of its own does, and what replay says.
"""

import json
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.project import PROJECT

STANDARDS = PROJECT / "deploy" / "standards" / "examples" / "bank-calls.yaml"
LIMITS = (10, 15, 20, 25, 30, 40, 45, 60, 90, 120)
ROWS = 6_000
"""Of the single runs, the first week; the whole month in one pass."""


def backtest(file: Path, *standards: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "services.cli", "backtest", "--mapping", "deploy/mappings/anonymous-bank.yaml"]
    for one in standards:
        command += ["--standards", str(one)]
    done = subprocess.run(
        [*command, "--against", str(STANDARDS), "--format", "json", "--first", "20", str(file)],
        cwd=PROJECT, capture_output=True, check=False, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("drafts")
    wait = STANDARDS.read_text(encoding="utf-8").partition("---")[0]
    for limit in LIMITS:
        text = wait.replace("limit: 20s", f"limit: {limit}s").replace("version: 1", "version: 2")
        (folder / f"limit-{limit:03}.yaml").write_text(text.replace("from: 1999", "from: 2027"), encoding="utf-8")
    return sorted(folder.iterdir())


def unnamed(comparison: dict[str, Any]) -> dict[str, Any]:
    """
    A comparison without the name that tells alternatives apart.
    """
    changes = [{**change, "proposal": None} for change in comparison["first_changes"]]
    return {**comparison, "label": None, "new": {**comparison["new"], "name": None}, "first_changes": changes}


def test_ten_proposals_in_one_pass_say_what_ten_passes_say(drafts: list[Path], real_data: Path, tmp_path: Path) -> None:
    week = tmp_path / "week.txt"
    with (real_data / "anonymous_bank" / "january.txt").open(encoding="ascii", newline="") as month:
        week.write_text("".join(islice(month, ROWS + 1)), encoding="ascii")
    together = backtest(week, *drafts)
    assert together["journeys"] > ROWS * 0.9
    assert len(together["comparisons"]) == len(LIMITS)
    for draft, comparison in zip(drafts, together["comparisons"], strict=True):
        (alone,) = backtest(week, draft)["comparisons"]
        assert unnamed(alone) == unnamed(comparison), draft.name


def test_a_month_under_ten_proposals_agrees_with_the_independent_count(drafts: list[Path], real_data: Path) -> None:
    found = backtest(real_data / "anonymous_bank" / "january.txt", *drafts)
    assert (found["events"], found["journeys"], found["period"]["days"]) == (114_400, 30_140, 31)
    assert found["not_compared"] == ["bank-handling"]
    by_limit = dict(zip(LIMITS, found["comparisons"], strict=True))
    for comparison in by_limit.values():
        whole = comparison["old"]["whole"]
        assert (whole["good"], whole["total"], whole["objective"]) == (16_402, 30_140, "failed")
        assert sum(whole["violations_by_hour"]) == whole["violations"]
        for side in (comparison["old"], comparison["new"]):
            told = [day["violations"] for site in side["sites"] for day in site["told"]]
            assert (sum(told), len(told)) == (side["whole"]["violations"], side["whole"]["alerts"])
    same = by_limit[20]
    assert same["new"]["whole"] == same["old"]["whole"]
    assert set(same["changes"].values()) == {0}
    for limit, comparison in by_limit.items():
        # Who was answered within the one limit and not within the other is who changes sides.
        gained = comparison["new"]["whole"]["good"] - 16_402
        changes = comparison["changes"]
        assert (changes["broken_to_kept"] - changes["kept_to_broken"]) == gained
        assert changes["kept_to_broken" if limit > 20 else "broken_to_kept"] == 0
        lost = comparison["old"]["whole"]["violations"] - comparison["new"]["whole"]["violations"]
        assert lost == gained + changes.get("broken_to_neither", 0) - changes.get("neither_to_broken", 0)
    figures = [comparison["new"]["whole"]["good"] for comparison in by_limit.values()]
    assert figures == sorted(figures)
    assert by_limit[120]["new"]["whole"]["objective"] == "kept"
