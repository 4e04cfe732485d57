"""
January of the bank by `sqm report`, out of history: every figure is that of the replay.
"""

import contextlib
import csv
import io
import json
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from services.cli import main
from tests.fakes.stored_replay import stored_replay
from tests.project import PROJECT

BANK: Final = PROJECT / "deploy" / "standards" / "examples" / "bank-calls.yaml"
MAPPING: Final = PROJECT / "deploy" / "mappings" / "anonymous-bank.yaml"
ZONE: Final = "Asia/Jerusalem"
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Month(NamedTuple):
    replay: dict[str, Any]
    violations: int
    folder: Path


def sqm(*words: str) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert main(list(words)) == 0
    return said.getvalue()


@pytest.fixture(scope="module")
def january(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Month:
    base = tmp_path_factory.mktemp("january")
    # Held to a percentile too, so that replay tells one of each group.
    wait, handling = BANK.read_text(encoding="utf-8").split("---\n")
    p90 = wait.replace("id: bank-wait", "id: bank-p90").replace("metric: sl_all_offered", "metric: p90")
    (base / "standards.yaml").write_text(f"{wait}---\n{p90.replace('80%', '60s')}---\n{handling}", encoding="utf-8")
    out = base / "out"
    said = sqm(
        "replay", "--mapping", str(MAPPING), "--standards", str(base / "standards.yaml"),
        "--by", "service", "--by", "weekday", "--format", "json", "--out", str(out),
        str(real_data / "anonymous_bank" / "january.txt"),
    )  # fmt: skip
    stored_replay(out, base / "history")
    broken = sum(b'"kind":"journey"' in line for line in (out / "violations.ndjson").read_bytes().splitlines())
    return Month(json.loads(said), broken, base / "history")


def report(month: Month, kind: str, *words: str, form: str = "csv") -> list[dict[str, str]]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SQM_CLICKHOUSE__FOLDER", str(month.folder))
        environment.setenv("SQM_HISTORY_HTTP_PORT", "9")
        said = sqm("report", kind, "--zone", ZONE, "--format", form, *words)
    return list(csv.DictReader(io.StringIO(said)))


def group_of(row: dict[str, str]) -> tuple[str, str]:
    return row["service"], WEEKDAYS[int(row["weekday"]) - 1] if row["weekday"] else ""


def replayed(month: Month, standard: str, metric: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (one["by"].get("service") or "", one["by"].get("weekday") or ""): one
        for one in month.replay["attainment"]
        if (one["standard"], one["metric"]) == (standard, metric)
    }


def test_attainment_agrees_with_the_replay_on_the_whole_and_in_every_group(january: Month) -> None:
    rows = report(january, "attainment", "--period", "1999-01", "--by", "service,weekday")
    checked = 0
    for row in rows:
        if row["metric"] == "p90":
            continue
        expected = replayed(january, row["standard"], row["metric"])[group_of(row)]
        assert (int(row["good"] or 0), int(row["total"])) == (expected["good"], expected["total"]), row
        assert int(row["n"]) == expected["n"]
        checked += 1
    groups = replayed(january, "bank-wait", "sl_all_offered").keys()
    assert checked >= 2 * len(groups) > 60
    (whole,) = [row for row in rows if row["metric"] == "sl_all_offered" and group_of(row) == ("", "")
                and row["standard"] == "bank-wait"]  # fmt: skip
    assert (whole["good"], whole["total"], whole["state"]) == ("16402", "30140", "surely")


def test_sums_of_hours_sites_and_days_are_the_whole(january: Month) -> None:
    for by in ("site,clock_hour", "day"):
        rows = report(january, "attainment", "--standard", "bank-wait", "--by", by)
        parts = [row for row in rows if row[by.split(",")[0]]]
        assert (sum(int(row["good"]) for row in parts), sum(int(row["total"]) for row in parts)) == (16_402, 30_140)


def test_percentiles_agree_with_the_replay_to_the_millisecond(january: Month) -> None:
    rows = report(january, "waits", "--standard", "bank-p90", "--by", "service,weekday")
    expected = replayed(january, "bank-p90", "p90")
    within = replayed(january, "bank-p90", "goal_met")
    assert {group_of(row) for row in rows} == expected.keys()
    for row in rows:
        wanted = expected[group_of(row)]["value"]
        assert row["p90_ms"] == ("" if wanted is None else str(round(wanted * 1_000))), row
        assert (int(row["within"]), int(row["n"])) == tuple(within[group_of(row)][name] for name in ("good", "total"))


def test_violations_are_as_many_and_the_scorecard_says_the_same_figures(january: Month) -> None:
    rows = report(january, "violations", "--by", "service")
    assert sum(int(row["n"]) for row in rows if row["kind"] == "journey") == january.violations
    card = {row["standard"]: row for row in report(january, "scorecard", "--period", "1999-01", "--by", "")}
    assert (card["bank-wait"]["good"], card["bank-handling"]["good"]) == ("16402", "18515")
    assert card["bank-p90"]["value"] == f"{replayed(january, 'bank-p90', 'p90')['', '']['value'] * 1_000:.6f}"


def test_a_page_and_a_parquet_file_are_made_of_the_same_month(january: Month, tmp_path: Path) -> None:
    page, table = tmp_path / "page.html", tmp_path / "table.parquet"
    report(january, "attainment", "--standard", "bank-wait", "--out", str(page), form="html")
    said = page.read_text(encoding="utf-8")
    assert "54.42%" in said
    assert said.count("<svg") == 6
    report(january, "attainment", "--standard", "bank-wait", "--out", str(table), form="parquet")
    assert table.read_bytes()[:4] == table.read_bytes()[-4:] == b"PAR1"
