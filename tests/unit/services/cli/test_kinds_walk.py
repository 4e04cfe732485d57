"""
One replay, and what it explains, under standards of all kinds at once: each is in the report and told in its own words.
"""

import json
from pathlib import Path

import pytest
import yaml

from services.cli import main
from tests.properties.drawing import of_kind, standard

MAPPING = """
apiVersion: sqm/v1
kind: Mapping
metadata: {id: timeline, title: A made timeline, owner: Branch IT}
source: urn:sqm:files:timeline
zone: UTC
columns:
  what: {name: What, required: true}
  who: {name: Who, required: true}
  day: {name: Day, type: date, format: "%Y-%m-%d", required: true}
  at: {name: At, type: time_of_day, date: day, required: true}
  score: {name: Score, type: integer}
journey: {site: '"branch"', subject: "{who}"}
events:
  - {type: journey.arrived, when: 'what == "arrived"', time: at, data: {customer: who}}
  - {type: journey.called, when: 'what == "called"', time: at, data: {customer: who}}
  - {type: service.completed, when: 'what == "completed"', time: at, data: {customer: who}}
  - {type: feedback.received, when: 'what == "answered"', time: at, data: {instrument: '"csat"', score: score}}
"""
TIMELINE = """What,Who,Day,At,Score
arrived,anna,2026-03-02,10:00:00,
called,anna,2026-03-02,10:00:50,
completed,anna,2026-03-02,10:05:00,
answered,anna,2026-03-02,10:06:00,2
arrived,bert,2026-03-02,11:00:00,
called,bert,2026-03-02,11:00:10,
completed,bert,2026-03-02,11:05:00,
answered,bert,2026-03-02,11:06:00,5
"""
STANDARDS = (
    standard("wait"),
    of_kind("visits", "rate", {"count": "feedback.received", "of": "journey.arrived"}, "per_100", "5"),
    of_kind("settled", "rate", {"of": "service.completed", "unless": "journey.arrived", "per": "customer",
                                "within": "10m"}, "first_contact_resolution", "75%"),
    of_kind("answers", "score", {"of": "feedback.received", "highest": 5, "minimum": "3"}, "csat_mean", "4"),
    of_kind("steps", "sequence", {"start": "journey.arrived", "end": "service.completed", "steps": [
        {"name": "called", "shown_by": "journey.called", "within": "20s"}]}, "rate", "90%"),
    of_kind("reports", "presence", {"signs": "journey.called", "every": "30m"}, "rate", "100%"),
)  # fmt: skip
DEMANDS = {
    "wait": "wait: limit 20 s (wait, version 1)",
    "visits": "objective per_100 at most 5 for every hundred over the last 1 h, from 1 case on",
    "settled": "a contact has settled it if the customer does not come back within 10 min",
    "answers": "a single one scores at least 3 points",
    "steps": "steps: called",
    "reports": "a sign at least every 30 min",
}
"""What each demands, as the report and every explanation say it."""
TOLD = {
    "m:wait@1:0:branch:anna": "Not kept: anna at branch waited 50 s; the limit is 20 s",
    "m:visits@1": "Counted: anna at branch: feedback was received",
    "m:settled@1": "anna at branch: the contact settled it",
    "m:answers@1": "2 points",
    "m:steps@1:0:branch:anna": "step called was not taken in time",
    "v:reports@1:presence": "gave no sign between 10:00:50 and 11:00:10",
}


def test_a_replay_under_standards_of_all_kinds_is_told_and_explained_in_the_same_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "day.csv").write_text(TIMELINE, encoding="utf-8")
    documents = [one.model_dump(mode="json", by_alias=True, exclude_defaults=True) for one in STANDARDS]
    (tmp_path / "standards.yaml").write_text(yaml.safe_dump_all(documents), encoding="utf-8")
    asked = ["--mapping", f"{tmp_path}/mapping.yaml", "--standards", f"{tmp_path}/standards.yaml"]
    out = tmp_path / "out"
    assert main(["replay", *asked, f"{tmp_path}/day.csv", "--out", f"{out}"]) == 0
    report = " ".join(capsys.readouterr().out.split())
    assert "rejected" not in report
    lines = [
        line for name in ("measurements", "violations") for line in (out / f"{name}.ndjson").read_bytes().splitlines()
    ]
    said = [json.loads(line) for line in lines]
    for begins, words in TOLD.items():
        one = next(one for one in said if one["id"].startswith(begins))
        assert main(["explain", one["id"], "--out", f"{out}"]) == 0
        explanation = " ".join(capsys.readouterr().out.split())
        assert words in explanation
        assert DEMANDS[one["standard"]] in report
        assert DEMANDS[one["standard"]] in explanation
    assert {one["standard"] for one in said} == set(DEMANDS)
