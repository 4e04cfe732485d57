"""
`sqm history action` says whether a corrective action helped, on every way to reach a database.
"""

import json
from collections.abc import Callable

import pytest

from schemas.base import format_instant
from services.cli import main
from services.runtime.clickhouse import Database
from tests.fakes.stored_replay import publish, put
from tests.fakes.topic_records import NOON, as_json, attainment
from tests.properties.drawing import standard

DAY = 86_400_000
WEEK = 7 * DAY
BEFORE, AFTER = NOON - DAY, NOON + WEEK


def action(ident: str, **changes: object) -> dict[str, object]:
    return {
        "apiVersion": "sqm/v1", "kind": "CorrectiveAction", "action": "Another desk.", "root_cause": "Few.",
        "metadata": {"id": ident, "title": "A desk", "owner": "Ada", "due": format_instant(NOON)},
        "applies_to": {"standard": "wait", "site": "branch-7"}, "similar_cases": "None.",
        "taken_at": format_instant(NOON), "review": {"planned_at": format_instant(NOON + 2 * WEEK)},
    } | changes  # fmt: skip


ELSEWHERE = action("other", applies_to={"standard": "wait", "site": ["branch-6"]})
TEXT = standard("wait", objective={"metric": "sl_all_offered", "target": "80%", "minimum_n": 5}).model_dump(
    mode="json", by_alias=True, exclude_defaults=True
)


def counted(*told: tuple[str, int, int, int], queue: str = "counter") -> list[bytes]:
    """Sites with, of so many that are offered, the good ones before and after."""
    rows = [
        attainment(minute=minute, site=site, queue=queue, answered=of, answered_within=good, good=good, total=of)
        for site, of, before, after in told
        for minute, good in ((BEFORE, before), (NOON, after))
    ]
    return [as_json(one) for one in [*rows, attainment(minute=AFTER, site=told[0][0], queue=queue)]]


Ask = Callable[..., list[str]]


@pytest.fixture
def asked(place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    if place != "here":
        monkeypatch.setenv("SQM_CLICKHOUSE__FOLDER", place)
    monkeypatch.setenv("SQM_HISTORY_HTTP_PORT", "9")

    def ask(name: str, *more: str) -> list[str]:
        main(["history", "action", name, *more])
        said = capsys.readouterr()
        return (said.out + said.err).splitlines()

    return ask


def test_it_is_held_against_the_sites_where_nothing_was_done(database: Database, asked: Ask) -> None:
    told = [("branch-7", 1_000, 712, 880), ("branch-8", 2_000, 1_600, 1_600), ("branch-6", 1_000, 100, 900)]
    put(database, "sqm.attainment.v1", counted(*told))
    publish(database, [TEXT, action("desk"), ELSEWHERE])
    alike = "80.0% (78.2% to 81.7% of 2,000)"
    assert asked("desk") == [
        f"A desk (Ada), in effect since {format_instant(NOON)}",
        "wait by sl_all_offered, 7 days before and 7 after",
        "where it was taken: 71.2% (68.3% to 73.9% of 1,000) before, 88.0% (85.8% to 89.9% of 1,000) after",
        f"1 other site, where nothing was done: {alike} before, {alike} after",
        "helped by 16.8 points (+12.5 to +21.0, better is above zero)",
    ]
    told_programs = json.loads("\n".join(asked("desk", "--format", "json")))
    assert (told_programs["verdict"], told_programs["elsewhere"]["sites"], told_programs["days"]) == ("helped", 1, 7)
    assert told_programs["where_taken"]["after"] | {"low": 0, "high": 0} == {
        "good": 880, "total": 1_000, "value": 0.88, "low": 0, "high": 0,
    }  # fmt: skip
    assert {name: round(of * 100, 1) for name, of in told_programs["better_by"].items()} == {
        "value": 16.8, "low": 12.5, "high": 21.0,
    }  # fmt: skip


def test_what_chance_explains_is_no_effect(database: Database, asked: Ask) -> None:
    cases = {
        "worse": ([("branch-7", 1_000, 880, 712)], "worse by 16.8 points (-20.2 to -13.3, better is above zero)"),
        "unsure": ([("branch-7", 100, 71, 75)], "no effect that chance does not explain: +4.0 points (-8.3 to +16.1, "),
        "few": ([("branch-7", 20, 2, 18)], "too few to judge: fewer than 30 before or after"),
        "alike": (
            [("branch-7", 100, 70, 90), ("branch-8", 100, 70, 90), ("branch-9", 100, 70, 90)],
            "no effect that chance does not explain: +0.0 points",
        ),
    }
    rows = [row for queue, (sites, _) in cases.items() for row in counted(*sites, queue=queue)]
    put(database, "sqm.attainment.v1", rows)
    scope = {"standard": "wait", "site": "branch-7"}
    publish(database, [TEXT, *(action(queue, applies_to=scope | {"queue": queue}) for queue in cases)])
    alone, verdicts = [], []
    for queue, (_, said) in cases.items():
        told = asked(queue)
        verdicts.append(json.loads("\n".join(asked(queue, "--format", "json")))["verdict"])
        assert [line for line in told if line.startswith(said)], told
        if "there was nothing to compare it with: whatever else changed meanwhile is in it" in told:
            alone.append(queue)
    assert alone == ["worse", "unsure"]
    assert verdicts == ["worse", "no_effect", "too_few", "no_effect"]


def test_what_cannot_be_measured_is_said(database: Database, asked: Ask) -> None:
    cases: dict[str, tuple[dict[str, object], str]] = {
        "open": ({"taken_at": None}, "open was not taken yet, so there is no figure before and after it"),
        "rude": ({"applies_to": {"complaints": ["c1"]}}, "rude names no standard, so there is no figure before and"),
        "new": ({"taken_at": format_instant(AFTER)}, "less than a day after the action: too few to judge"),
        "empty": ({"applies_to": {"standard": "wait", "queue": "desk"}}, "too few to judge: fewer than 30 before or"),
        "old": ({"taken_at": format_instant(BEFORE - DAY)}, "history has no figures of wait before and after old: too"),
    }
    put(database, "sqm.attainment.v1", counted(("branch-7", 100, 70, 90)))
    publish(database, [TEXT, *(action(name, **changes) for name, (changes, _) in cases.items())])
    for name, (_, said) in cases.items():
        assert said in " ".join(asked(name))
    assert "history holds no corrective action 'opem'; did you mean 'open'?" in " ".join(asked("opem"))


def test_a_mean_time_is_no_share(database: Database, asked: Ask) -> None:
    rows = [attainment(minute=minute, metric="asa", answered=40, total=40) for minute in (BEFORE, NOON, AFTER)]
    put(database, "sqm.attainment.v1", [as_json(one) for one in rows])
    publish(database, [TEXT, action("desk")])
    assert "wait is held to asa, which is no share" in " ".join(asked("desk"))
