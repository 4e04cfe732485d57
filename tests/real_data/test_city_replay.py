"""
Two cities' requests through the real command: our verdict on each beside what the city's own columns say.
"""

import csv
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.project import PROJECT


class City(NamedTuple):
    """
    Where a city's file lies and how it writes what we need.
    """

    file: str
    mapping: str
    standard: str
    request: str
    opened: str
    target: str
    closed: str
    written: str


BOSTON = City(
    "boston311-100.csv", "boston-311", "boston", "case_enquiry_id", "open_dt", "target_dt", "closed_dt",
    "%Y-%m-%d %H:%M:%S",
)  # fmt: skip
NEW_YORK = City(
    "nyc311-100.csv", "nyc-311", "new-york", "Unique Key", "Created Date", "Due Date", "Closed Date",
    "%m/%d/%Y %I:%M:%S %p",
)  # fmt: skip
OPEN_WHEN_EXPORTED = {"101004141848"}
"""Due after the last thing that the file tells of: the city exported it later than that and knew it overdue."""


def rows(folder: Path, city: City) -> list[dict[str, str]]:
    with (folder / "city311" / city.file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def read(city: City, text: str) -> datetime | None:
    return datetime.strptime(text.strip(), city.written) if text.strip() else None  # noqa: DTZ007 - compared within one zone


def replay(file: Path, city: City, out: Path) -> dict[str, Any]:
    command = [
        sys.executable, "-m", "services.cli", "replay", "--mapping", f"deploy/mappings/{city.mapping}.yaml",
        "--standards", f"deploy/standards/city-service/{city.standard}.yaml", "--format", "json", "--out", str(out),
    ]  # fmt: skip
    done = subprocess.run([*command, str(file)], cwd=PROJECT, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def verdicts(folder: Path, city: City, out: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """
    What `sqm replay` says of the whole, and of each request that was promised something: kept, broken or running.
    """
    told = replay(folder / "city311" / city.file, city, out)
    measured = [json.loads(line) for line in (out / "measurements.ndjson").read_text("utf-8").splitlines()]
    violated = [json.loads(line) for line in (out / "violations.ndjson").read_text("utf-8").splitlines()]
    said = {row[city.request]: "running" for row in rows(folder, city) if row[city.target].strip()}
    said |= {one["journey"]: "broken" for one in violated if one["state"] in {"opened", "updated", "closed"}}
    return told, said | {one["journey"]: "kept" if one["met"] else "broken" for one in measured}


def independent(folder: Path, city: City) -> dict[str, str]:
    """
    The same by comparing the columns of each row, with the last instant of the file as the present.
    """
    found = rows(folder, city)
    told = [at for row in found for at in (read(city, row[city.opened]), read(city, row[city.closed])) if at]
    present = max(told)
    judged = {}
    for row in found:
        target, closed = read(city, row[city.target]), read(city, row[city.closed])
        if target is not None:
            kept = "kept" if closed is not None else "running"
            judged[row[city.request]] = "broken" if (closed or present) > target else kept
    return judged


@pytest.mark.parametrize("city", [BOSTON, NEW_YORK], ids=["boston", "new-york"])
def test_every_request_is_judged_as_its_own_columns_say(real_data: Path, city: City, tmp_path: Path) -> None:
    told, said = verdicts(real_data, city, tmp_path / "out")
    assert told["rejected"] == []
    assert told["rows"] == told["journeys"] == 100
    assert said == independent(real_data, city)


@pytest.mark.parametrize(
    ("city", "then", "now"),
    [(BOSTON, ",target_dt,", ",sla_target_dt,"), (NEW_YORK, ",Complaint Type,", ",Problem (formerly Complaint Type),")],
    ids=["boston", "new-york"],
)
def test_columns_may_be_called_as_the_city_calls_them_today(
    real_data: Path, city: City, then: str, now: str, tmp_path: Path
) -> None:
    told, _ = verdicts(real_data, city, tmp_path / "then")
    (tmp_path / "city311").mkdir()
    text = (real_data / "city311" / city.file).read_text("utf-8")
    assert then in text.splitlines()[0]
    (tmp_path / "city311" / city.file).write_text(text.replace(then, now, 1), "utf-8")
    again = replay(tmp_path / "city311" / city.file, city, tmp_path / "now")
    assert again["attainment"] == told["attainment"]


def test_boston_agrees_with_the_city_on_every_request_with_a_target_but_one(real_data: Path, tmp_path: Path) -> None:
    _, said = verdicts(real_data, BOSTON, tmp_path / "out")
    differing = {
        row[BOSTON.request]
        for row in rows(real_data, BOSTON)
        if row[BOSTON.target].strip() and (said[row[BOSTON.request]] == "broken") != (row["ontime"] == "OVERDUE")
    }
    assert len(said) == 89
    assert differing == OPEN_WHEN_EXPORTED


def test_new_york_counts_what_was_closed_by_its_due_date(real_data: Path, tmp_path: Path) -> None:
    told, said = verdicts(real_data, NEW_YORK, tmp_path / "out")
    assert sorted(said.values()).count("kept") == 33
    # Eight were closed late, one was never closed.
    assert sorted(said.values()).count("broken") == 9
    goal = next(one for one in told["attainment"] if one["metric"] == "goal_met")
    assert (goal["good"], goal["total"]) == (33, 41)
