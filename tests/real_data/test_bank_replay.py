"""
The bank's months through the real command: every figure that somebody else counted, to the last call.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from schemas.outcomes import ATTAINMENTS, MEASUREMENTS, VIOLATIONS
from tests.project import PROJECT

MAPPING = "deploy/mappings/anonymous-bank.yaml"
STANDARDS = "deploy/standards/examples/bank-calls.yaml"


def replay(file: Path, *more: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "services.cli", "replay", "--mapping", MAPPING, "--standards", STANDARDS]
    done = subprocess.run(
        [*command, "--format", "json", *more, str(file)], cwd=PROJECT, capture_output=True, check=False, timeout=280
    )
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def figures(found: dict[str, Any], standard: str, **by: object) -> dict[str, tuple[int, int]]:
    return {
        one["metric"]: (one["good"], one["total"])
        for one in found["attainment"]
        if one["standard"] == standard and one["by"] == by
    }


@pytest.fixture(scope="module")
def january(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    out = tmp_path_factory.mktemp("january")
    return replay(real_data / "anonymous_bank" / "january.txt", "--by", "service", "--out", str(out)), out


def test_january_agrees_with_the_independent_count(january: tuple[dict[str, Any], Path]) -> None:
    found, _ = january
    assert (found["rows"], found["events"], found["journeys"], found["rejected"]) == (31_599, 114_400, 30_140, [])
    assert figures(found, "bank-wait") == {
        "sl_all_offered": (16_402, 30_140),
        "sl_short_excluded": (16_402, 29_966),
        "sl_short_credited": (16_576, 30_140),
        "sl_late_abandons": (16_402, 29_155),
        "sl_abandons_credited": (17_387, 30_140),
        "sl_answered_only": (16_402, 27_060),
        "goal_met": (16_402, 27_060),
        "abandonment": (3_080, 30_140),
        "abandonment_net": (2_906, 29_966),
        "asa": (947_857_000, 27_060),
        "overrun": (699_451_000, 10_658),
    }
    assert figures(found, "bank-handling")["goal_met"] == (18_515, 27_060)


def test_january_by_service_adds_up_to_the_whole(january: tuple[dict[str, Any], Path]) -> None:
    found, _ = january
    assert figures(found, "bank-wait", service="PS")["sl_all_offered"] == (12_612, 22_024)
    parts = [one for one in found["attainment"] if one["by"] and one["standard"] == "bank-wait"]
    for metric, (good, total) in figures(found, "bank-wait").items():
        of_metric = [one for one in parts if one["metric"] == metric]
        assert (sum(one["good"] for one in of_metric), sum(one["total"] for one in of_metric)) == (good, total)


def test_values_are_shares_and_seconds(january: tuple[dict[str, Any], Path]) -> None:
    found, _ = january
    whole = {one["metric"]: one for one in found["attainment"] if not one["by"] and one["standard"] == "bank-wait"}
    assert f"{whole['sl_all_offered']['value']:.2%}" == "54.42%"
    assert (f"{whole['asa']['value']:.1f}", whole["asa"]["unit"], whole["asa"]["n"]) == ("35.0", "seconds", 30_140)


def test_the_folder_holds_outcomes_as_their_contract_says(january: tuple[dict[str, Any], Path]) -> None:
    found, out = january
    measurements = [MEASUREMENTS.validate_json(line) for line in lines(out / "measurements.ndjson")]
    violations = [VIOLATIONS.validate_json(line) for line in lines(out / "violations.ndjson")]
    attainment = [ATTAINMENTS.validate_json(line) for line in lines(out / "attainment.ndjson")]
    assert len(lines(out / "events.ndjson")) == found["events"]
    for held in (measurements, violations, attainment):
        assert len({one.id for one in held}) == len(held)
    waits = [one for one in measurements if one.standard == "bank-wait"]
    assert (len(waits), sum(one.met is True for one in waits)) == (30_140, 16_402)
    # Nobody who waited longer goes without a violation, and nobody who did not gets one.
    late = {one.journey for one in waits if one.value_ms > one.limit_ms}
    accused = [one.journey for one in violations if one.standard == "bank-wait" and one.kind == "journey"]
    assert sorted(accused) == sorted(late)
    rows = [one for one in attainment if one.standard == "bank-wait"]
    assert (sum(one.good for one in rows), sum(one.total for one in rows)) == (16_402, 30_140)


def test_the_lines_as_sites_give_the_same_whole(real_data: Path) -> None:
    found = replay(real_data / "anonymous_bank" / "january.txt", "--option", "sites=lines", "--by", "site")
    assert figures(found, "bank-wait")["sl_all_offered"] == (16_402, 30_140)
    sites = {one["by"]["site"] for one in found["attainment"] if one["by"]}
    assert len(sites) == 27


def test_october_agrees_with_the_independent_count(real_data: Path) -> None:
    found = replay(real_data / "anonymous_bank" / "october.txt")
    assert (found["rows"], found["journeys"]) == (34_625, 32_950)
    (rejected,) = found["rejected"]
    assert (rejected["reason"], rejected["count"]) == ("wrong_field_count", 2)
    assert [place["line"] for place in rejected["first"]] == [7_315, 14_247]
    assert figures(found, "bank-wait") == {
        "sl_all_offered": (23_546, 32_950),
        "sl_short_excluded": (23_546, 32_830),
        "sl_short_credited": (23_666, 32_950),
        "sl_late_abandons": (23_546, 32_374),
        "sl_abandons_credited": (24_122, 32_950),
        "sl_answered_only": (23_546, 30_861),
        "goal_met": (23_546, 30_861),
        "abandonment": (2_089, 32_950),
        "abandonment_net": (1_969, 32_830),
        "asa": (715_766_000, 30_861),
        "overrun": (540_749_000, 7_315),
    }
    assert figures(found, "bank-handling")["goal_met"] == (22_097, 30_861)


def lines(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines()
