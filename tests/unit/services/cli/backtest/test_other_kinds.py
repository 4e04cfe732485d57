"""
`sqm backtest` of standards that are no clocks: figures side by side, whose verdict changes, who would have been told,
and what cannot be compared, with the reason.
"""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from services.cli import main
from tests.fakes import day_log
from tests.fakes.day_log import CLOCK, PRESENCE, RATE, SCORE, SEQUENCE, SETTLED, document


class Shop:
    """
    Somebody who backtests drafts on a day of a shop.
    """

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        (folder / "mapping.yaml").write_text(day_log.MAPPING, encoding="utf-8")
        (folder / "log.csv").write_text(day_log.log(), encoding="utf-8")

    def says(self, old: str, new: str, *more: str) -> str:
        for name, said, version in (("old", old, 1), ("new", new, 2)):
            (self.folder / f"{name}.yaml").write_text(document("s", said, version), encoding="utf-8")
        sides = ("--standards", str(self.folder / "new.yaml"), "--against", str(self.folder / "old.yaml"))
        read = ("--mapping", str(self.folder / "mapping.yaml"), str(self.folder / "log.csv"))
        assert main(["backtest", *sides, *more, *read]) == 0
        return self._capsys.readouterr().out

    def finds(self, old: str, new: str, *more: str) -> dict[str, Any]:
        (found,) = json.loads(self.says(old, new, "--format", "json", *more))["comparisons"]
        assert isinstance(found, dict)
        return found


@pytest.fixture
def shop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shop:
    return Shop(tmp_path, capsys)


def beside(found: dict[str, Any], *names: str) -> list[list[object]]:
    return [[found[side]["whole"][name] for name in names] for side in ("old", "new")]


def swung(found: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in found["changes"].items() if count}


def test_answers_are_compared_one_by_one_and_told_where_they_are_below_the_minimum(shop: Shop) -> None:
    found = shop.finds(SCORE, SCORE.replace("minimum: '2'", "minimum: '3.5'"))
    assert beside(found, "value", "n", "objective", "violations") == [[3.25, 4, "failed", 1], [3.25, 4, "failed", 2]]
    assert found["new"]["whole"]["unit"] == "steps of the scale"
    assert swung(found) == {"kept_to_broken": 1}
    (change,) = found["first_changes"]
    assert (change["journey"], change["old_score"], change["old_minimum"], change["new_minimum"]) == (
        "v2", 300, 200, 350,
    )  # fmt: skip
    assert found["new"]["sites"][0]["told"][0]["first_at"] == "2026-03-02T06:27:00.000Z"
    assert found["remarks"] == []


def test_steps_are_compared_journey_by_journey_with_what_was_wrong(shop: Shop) -> None:
    strict, lax = SEQUENCE, SEQUENCE.replace("30s", "1m")
    found = shop.finds(strict, lax)
    assert beside(found, "good", "total", "violations", "alerts") == [[4, 6, 2, 2], [5, 6, 1, 1]]
    assert [(site["site"], site["good"]) for site in found["new"]["sites"]] == [("kiosk", 1), ("shop", 4)]
    assert swung(found) == {"broken_to_kept": 1}
    assert found["first_changes"][0]["old_faults"] == "greeted late"
    assert "broken: greeted late  kept" in shop.says(strict, lax)


def test_silences_are_compared_and_who_was_not_silent_was_kept(shop: Shop) -> None:
    found = shop.finds(PRESENCE, PRESENCE.replace("5m", "12m"))
    assert beside(found, "violations", "value", "objective") == [[6, None, "no_value"], [1, None, "no_value"]]
    assert swung(found) == {"broken_to_kept": 5}
    change = found["first_changes"][0]
    assert (change["journey"], change["old_ended_by"], change["new_ended_by"]) == ("till", "silent", "unheard")
    assert "presence has no figure" in found["remarks"][0]
    shown = shop.says(PRESENCE, PRESENCE.replace("5m", "12m"))
    for part in ("every 12 min", "broken: from 2026-03-02 08:05:00 on  kept", "kiosk    –    –"):
        assert part in shown, shown


def test_of_a_rate_the_objective_tells_and_what_is_counted_is_compared(shop: Shop) -> None:
    wider = RATE.replace("count: complaint.opened", "count: [complaint.opened, feedback.received]")
    found = shop.finds(RATE, wider)
    assert beside(found, "value", "n", "violations") == [
        [pytest.approx(1000 / 6), 6, 2],
        [pytest.approx(5000 / 6), 6, 2],
    ]
    assert swung(found) == {"not_counted_to_counted": 4}
    assert [(site["site"], site["violations"]) for site in found["new"]["sites"]] == [
        ("kiosk", 0), ("organisation", 1), ("shop", 1),
    ]  # fmt: skip
    assert found["remarks"] == [
        "what a rate counts is neither kept nor broken by itself",
        "violations and alerts are of the objective: each time that it was missed in a window and scope",
    ]
    shown = shop.says(RATE, wider)
    for part in (
        "833.33",
        "not counted  counted",
        "most misses of the objective at 08:00 (2)",
        "2026-03-02 organisation: 1",
    ):
        assert part in shown, shown


def test_what_is_counted_on_one_side_only_is_a_change(shop: Shop) -> None:
    per_visit = RATE.replace("of: journey.arrived", "of: journey.arrived, per: journey")
    found = shop.finds(per_visit, per_visit.replace("complaint.opened", "milestone.reached"))
    assert swung(found) == {"not_counted_to_counted": 4}


def test_contacts_of_one_customer_are_kept_or_broken_by_themselves(shop: Shop) -> None:
    found = shop.finds(SETTLED.replace("1h", "10m"), SETTLED.replace("1h", "1m"))
    assert beside(found, "good", "total") == [[4, 5], [5, 5]]
    assert swung(found) == {"broken_to_kept": 1}


def test_an_answer_without_a_minimum_has_no_verdict(shop: Shop) -> None:
    plain = SCORE.replace(", minimum: '2'", "")
    found = shop.finds(plain, plain.replace("csat_mean, target: '4'", "csat_top2, target: 50%"))
    assert beside(found, "value", "unit", "objective") == [
        [3.25, "steps of the scale", "failed"],
        [0.5, "share", "kept"],
    ]
    assert swung(found) == {}
    assert found["remarks"] == [
        "the figures are not of one metric: old csat_mean, new csat_top2",
        "an answer or a checklist without a minimum is neither kept nor broken by itself",
        "violations and alerts are of the objective: each time that it was missed in a window and scope",
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (CLOCK, SEQUENCE, "a sequence and a clock judge different things"),
        (RATE, SETTLED, "per customer and per event count different things"),
    ],
)
def test_what_cannot_be_compared_is_said_with_the_reason(shop: Shop, old: str, new: str, reason: str) -> None:
    found = shop.finds(old, new)
    assert found["changes"] is None
    assert reason in found["remarks"][0]
    assert found["old"]["whole"]["total"] > 0
    shown = shop.says(old, new)
    assert reason in shown
    assert "verdicts that change" not in shown


def test_only_what_happened_in_the_period_counts(shop: Shop) -> None:
    span = ("--from", "2026-03-02T08:10:00+02:00", "--to", "2026-03-02T08:30:00+02:00")
    found = shop.finds(SCORE, RATE, *span)
    assert beside(found, "n") == [[2], [2]]


def test_a_backtest_leaves_nothing_out_for_an_agreed_outage(shop: Shop) -> None:
    cut = (
        "---\napiVersion: sqm/v1\nkind: Exclusion\n"
        "metadata: {id: cut, reason: R., author: a, entered_at: 2026-03-03T00:00:00Z}\n"
        "from: 2026-03-02T00:00:00Z\nuntil: 2026-03-03T00:00:00Z\n"
    )
    found = shop.finds(RATE, RATE + "\n" + cut)
    assert beside(found, "n", "violations") == [[6, 2], [6, 2]]


def test_every_change_goes_to_the_file_with_scores_and_faults(shop: Shop) -> None:
    out = shop.folder / "changes.csv"
    shop.says(SEQUENCE, SEQUENCE.replace("30s", "1m"), "--out", str(out))
    (row,) = csv.DictReader(out.read_text(encoding="utf-8").splitlines())
    assert (row["old_faults"], row["new_faults"], row["old_score"]) == ("greeted late", "", "")
