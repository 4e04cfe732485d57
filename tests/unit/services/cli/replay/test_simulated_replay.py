"""
The first replay of a newcomer: made-up customers out of the simulator, judged by the standards of the demo.
"""

import json
from pathlib import Path

import pytest

from services.cli import main
from tests.project import PROJECT


def test_what_the_simulator_prints_is_judged_by_every_standard_of_the_demo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    customers = tmp_path / "customers.jsonl"
    assert main(["simulate", "--for", "20m", "--print", "--no-faults"]) == 0
    customers.write_text(capsys.readouterr().out, encoding="utf-8")
    mapping, standards = PROJECT / "deploy" / "mappings" / "simulator.yaml", PROJECT / "deploy" / "demo"
    words = ["--mapping", str(mapping), "--standards", str(standards), "--format", "json", str(customers)]
    assert main(["replay", *words]) == 0
    told = json.loads(capsys.readouterr().out)
    staff = customers.read_text(encoding="utf-8").count("sqm.staff.state_changed")
    assert (told["rows"] - staff, told["rejected"]) == (told["events"], [])
    assert set(told["notes"]) <= {"out_of_order"}
    judged = {row["standard"] for row in told["attainment"] if row["n"]}
    assert judged == {"counter-wait", "advice-wait", "call-answer", "call-handling", "order-taken", "order-to-window"}
