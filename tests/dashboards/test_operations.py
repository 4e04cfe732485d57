"""
The dashboard of the present shows what the workers say and what the engine found in the last hour.
"""

from collections import Counter
from collections.abc import Callable

import pytest

from domain.statistics import share_interval
from services.sla.engine import Attainment, Violation
from tests.fakes.metrics_past import LINES
from tests.fakes.shown_dashboards import END, Rows, Seen, titles
from tests.fakes.simulated_history import HOUR, Told

TARGETS = {"counter-wait": 0.75, "advice-wait": 0.9, "call-answer": 0.8, "order-taken": 0.85, "order-to-window": 0.8}


def recent(truth: Told) -> list[Attainment]:
    return [one for one in truth.attainment if END - HOUR <= one.minute <= END and one.standard in TARGETS]


def opened(truth: Told, *kinds: str) -> list[Violation]:
    return [one for one in truth.violations if one.kind in kinds and END - HOUR <= one.opened_at <= END]


def waiting(rows: Rows, _: Told) -> None:
    assert rows == [{"Waiting": 20.0, "Beyond the limit": 2.0, "Longest wait": 260.0}]


def lines(rows: Rows, _: Told) -> None:
    shown = {(row["Standard"], row["Site"], row["Queue"]): row for row in rows}
    assert shown.keys() == LINES.keys()
    for line, said in LINES.items():
        assert shown[line]["Longest wait"] == said["sqm_sla_oldest_waiting_seconds"]
        assert shown[line]["Level now"] == said["sqm_sla_live_service_level_ratio"]
        assert shown[line]["Next one waits"] == said["sqm_sla_waiting_journeys"] * 20
    assert rows[0]["Queue"] == "counter"


def site_map(rows: Rows, truth: Told) -> None:
    assert {row["Site"] for row in rows} == {
        "Branch on Market Street", "Call centre", "Drive-thru at the ring road"
    }  # fmt: skip
    branch = next(row for row in rows if row["Site"] == "Branch on Market Street")
    assert (branch["Latitude"], branch["Longitude"]) == (53.5413, 9.9846)
    assert branch["Verdict"] == worst(verdicts(truth, "branch-07"))


ORDER = ["missed", "perhaps missed", "perhaps kept", "kept"]


def verdicts(truth: Told, site: str) -> list[str]:
    found = []
    for standard, target in TARGETS.items():
        rows = [one for one in recent(truth) if (one.standard, one.site) == (standard, site)]
        likely = share_interval(sum(one.good for one in rows), sum(one.total for one in rows))
        if likely is None:
            continue
        share = sum(one.good for one in rows) / sum(one.total for one in rows)
        sure = likely.high < target or likely.low >= target
        found.append(
            ("kept" if share >= target else "missed") if sure else f"perhaps {'kept' if share >= target else 'missed'}"
        )
    return found


def worst(found: list[str]) -> str:
    return min(found, key=ORDER.index)


def attainment(rows: Rows, truth: Told) -> None:
    good: Counter[tuple[str, str, str]] = Counter()
    total: Counter[tuple[str, str, str]] = Counter()
    for one in recent(truth):
        key = (one.standard, one.site, one.queue or "–")
        good[key] += one.good
        total[key] += one.total
    shown = {
        (row["Standard"], row["Site"], row["Queue"]): (row["Attainment"], row["Journeys"], row["Target"])
        for row in rows
    }
    assert shown == {
        key: (pytest.approx(good[key] / total[key]), total[key], TARGETS[key[0]]) for key in total if total[key]
    }


def at_risk(rows: Rows, truth: Told) -> None:
    still = [one for one in opened(truth, "at_risk") if one.closed_at is None and one.state != "closed"]
    assert {row["Violation"] for row in rows} == {one.id for one in still}


def opening(rows: Rows, truth: Told) -> None:
    assert sum(row["Journeys"] for row in rows) == len(opened(truth, "journey"))
    assert sum(row["Objectives"] for row in rows) == len(opened(truth, "objective", "burn"))


def violations(rows: Rows, truth: Told) -> None:
    latest = sorted(opened(truth, "journey", "objective", "burn"), key=lambda one: (-one.opened_at, one.id))
    assert [row["Violation"] for row in rows] == [one.id for one in latest[:100]]


def alerts(rows: Rows, _: Told) -> None:
    assert [(row["State"], row["Severity"], row["Standard"], row["Site"]) for row in rows] == [
        ("firing", "page", "counter-wait", "branch-07")
    ]


EXPECTED: dict[str, Callable[[Rows, Told], None]] = {
    "Waiting now": waiting,
    "Lines": lines,
    "Sites by state": site_map,
    "Attainment against target, by site and queue": attainment,
    "At risk": at_risk,
    "Violations opening": opening,
    "Violations, the latest first": violations,
    "Open alerts": alerts,
}


@pytest.mark.parametrize("title", titles("operations"))
def test_a_panel_shows_what_is_going_on(title: str, see: Callable[..., Seen]) -> None:
    seen = see("operations")
    EXPECTED[title](seen.rows(title), seen.truth)


def test_one_site_alone_is_asked_of_the_workers_too(see: Callable[..., Seen]) -> None:
    assert see("operations", site="call-centre").rows("Waiting now")[0]["Waiting"] == 11


def test_who_waits_at_a_site_that_opens_today_is_told_before_anybody_was_served(see: Callable[..., Seen]) -> None:
    assert "branch-40" in see("operations").grafana.options["site"]
    assert "branch-40" not in see("site").grafana.options["site"]
