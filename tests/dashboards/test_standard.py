"""
The dashboard of one standard shows what the engine found, panel by panel.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.metrics import METRICS, Counts
from domain.statistics import share_interval
from services.sla.engine import Attainment, Measurement
from tests.fakes.shown_dashboards import BOARDS, Rows, Seen, titles
from tests.fakes.simulated_history import Told

STANDARD, ZONE = "counter-wait", ZoneInfo("Europe/Berlin")
TARGET = 0.75
"""Of version 2, the latest."""


def minutes(truth: Told) -> list[Attainment]:
    return [one for one in truth.attainment if one.standard == STANDARD]


def clocks(truth: Told) -> list[Measurement]:
    return [one for one in truth.measurements if one.standard == STANDARD]


def counts(rows: list[Attainment]) -> Counts:
    return Counts.total(Counts(*(getattr(one, field) for field in Counts._fields)) for one in rows)


def figure(rows: list[Attainment]) -> tuple[int, int]:
    return METRICS["sl_all_offered"].pair(counts(rows))


def close(value: float) -> object:
    return pytest.approx(value, abs=1e-9)


def attainment(rows: Rows, truth: Told) -> None:
    good, total = figure(minutes(truth))
    likely = share_interval(good, total)
    assert likely is not None
    assert rows == [
        {
            "Attainment": close(good / total), "Likely from": close(likely.low), "Likely to": close(likely.high),
            "Target": TARGET,
        }
    ]  # fmt: skip


def verdict(rows: Rows, truth: Told) -> None:
    likely = share_interval(*figure(minutes(truth)))
    assert likely is not None
    assert likely.low > TARGET
    assert rows == [{"Verdict": "kept"}]


def counted(rows: Rows, truth: Told) -> None:
    good, total = figure(minutes(truth))
    assert rows == [{"Journeys": total, "Went wrong": total - good}]


def spent(truth: Told) -> float:
    """
    What went wrong by what may, each version by its own target.
    """
    good, total = figure(minutes(truth))
    may = [figure([one for one in minutes(truth) if one.version == version])[1] for version in (1, 2)]
    return (total - good) / (may[0] * 0.2 + may[1] * 0.25)


def budget(rows: Rows, truth: Told) -> None:
    assert rows == [{"Left": close(1 - spent(truth)), "Burn": close(spent(truth))}]


def through_time(rows: Rows, truth: Told) -> None:
    good, total = figure(minutes(truth))
    assert [(row["time"], row["Attainment"], row["Target"]) for row in rows] == [
        ("2026-08-31T22:00:00Z", close(good / total), TARGET)
    ]


def variants(rows: Rows, truth: Told) -> None:
    of = counts(minutes(truth))
    for row in rows:
        good, total = METRICS[f"sl_{row['Counted as'].replace(' ', '_')}"].pair(of)
        assert row["Figure"] == close(good / total)
    assert len(rows) == 6


def budget_left(rows: Rows, truth: Told) -> None:
    assert rows[-1]["Left"] == close(1 - spent(truth))


def burn(rows: Rows, truth: Told) -> None:
    assert rows[-1]["Burn"] == close(spent(truth))


def distribution(rows: Rows, truth: Told) -> None:
    ended = [one for one in clocks(truth) if one.validity == "plausible"]
    within = [one for one in ended if one.ended_by == "stopped" and one.value_ms <= one.limit_ms]
    assert sum(row["within the limit"] for row in rows) == len(within)
    assert sum(row["beyond the limit"] for row in rows) + len(within) == counts(minutes(truth)).answered
    assert sum(row["left"] for row in rows) == counts(minutes(truth)).abandoned
    to_the_limit = [row for row in rows if row["Up to, of the limit"] != "more"][:8]
    assert to_the_limit[-1]["Up to, of the limit"] == "100 %"
    assert sum(row["within the limit"] for row in to_the_limit) == len(within)


def weekdays(rows: Rows, truth: Told) -> None:
    assert [row["Weekday"] for row in rows] == ["Tuesday"]
    by_hour: dict[int, list[Attainment]] = {}
    for one in minutes(truth):
        by_hour.setdefault(datetime.fromtimestamp(one.minute / 1_000, ZONE).hour, []).append(one)
    for hour in range(24):
        good, total = figure(by_hour.get(hour, []))
        versions = [one.version for one in by_hour.get(hour, [])]
        target = 0.75 if 2 in versions else 0.8
        assert rows[0][f"{hour:02}"] == (None if total == 0 else pytest.approx((good / total - target) * 100, abs=0.51))
    assert by_hour


def worst_sites(rows: Rows, truth: Told) -> None:
    good, total = figure(minutes(truth))
    (row,) = rows
    assert (row["Site"], row["Id"], row["Journeys"]) == ("Branch on Market Street", "branch-07", total)
    assert row["Attainment"] == close(good / total)


def kinds(rows: Rows, truth: Told) -> None:
    judged = [one for one in clocks(truth) if one.met is not None]
    of = Counter((one.channel, one.service, one.segment) for one in judged)
    met = Counter((one.channel, one.service, one.segment) for one in judged if one.met)
    shown = {(row["Channel"], row["Service"], row["Segment"]): row for row in rows}
    assert {key: row["Journeys"] for key, row in shown.items()} == of
    assert all(row["Within the limit"] == close(met[key] / of[key]) for key, row in shown.items())


def versions(rows: Rows, truth: Told) -> None:
    assert [(row["Version"], row["Target"], row["Limit"]) for row in rows] == [(2, 0.75, 180_000), (1, 0.8, 240_000)]
    for row in rows:
        good, total = figure([one for one in minutes(truth) if one.version == row["Version"]])
        assert (row["Journeys"], row["Attainment"]) == (total, close(good / total))


def violations(rows: Rows, truth: Told) -> None:
    told = [one for one in truth.violations if one.standard == STANDARD and one.kind != "at_risk"]
    told.sort(key=lambda one: (-one.opened_at, one.id))
    assert [row["Violation"] for row in rows] == [one.id for one in told[:100]]


EXPECTED: dict[str, Callable[[Rows, Told], None]] = {
    "Attainment": attainment,
    "Verdict": verdict,
    "Counted": counted,
    "Budget": budget,
    "Attainment through time": through_time,
    "The same journeys, by every service level": variants,
    "Budget left of this time": budget_left,
    "Burn rate": burn,
    "How long it took, against the limit": distribution,
    "Above and below the target, by weekday and hour": weekdays,
    "Sites, the worst first": worst_sites,
    "By channel, service and segment": kinds,
    "Versions": versions,
    "Violations, the latest first": violations,
}


@pytest.mark.parametrize("title", titles("standard"))
def test_a_panel_shows_what_the_engine_says(title: str, see: Callable[..., Seen]) -> None:
    seen = see("standard", standard=STANDARD, grain="day")
    EXPECTED[title](seen.rows(title), seen.truth)


def test_marks_stand_where_versions_actions_and_outages_were(see: Callable[..., Seen]) -> None:
    seen = see("standard", standard=STANDARD)
    told = {
        mark["name"]: [(row["time"][:16], row["text"]) for row in seen.grafana.rows(mark["target"]["rawSql"])]
        for mark in seen.dashboard["annotations"]["list"]
    }
    assert told == {
        "Versions": [("2026-09-01T08:00", "Four minutes were too long.")],
        "Corrective actions": [("2026-09-01T08:30", "The form has one page. To be reviewed on 2026-09-08.")],
        "Notes on alerts": [("2026-09-01T08:00", "Opened a third counter.")],
        "Agreed outages": [("2026-09-01T07:00", "No electricity in the district.")],
    }


def test_one_version_alone_is_judged_by_its_own_target(see: Callable[..., Seen]) -> None:
    seen = see("standard", standard=STANDARD, version="1")
    good, total = figure([one for one in minutes(seen.truth) if one.version == 1])
    (row,) = seen.rows("Attainment")
    assert (row["Attainment"], row["Target"]) == (close(good / total), 0.8)


def test_a_part_of_the_day_leaves_the_others_out(see: Callable[..., Seen]) -> None:
    seen = see("standard", standard=STANDARD, day_part="morning")
    morning = [
        one
        for one in minutes(seen.truth)
        if 6 <= datetime.fromtimestamp(one.minute / 1_000, UTC).astimezone(ZONE).hour < 11
    ]
    assert seen.rows("Counted")[0]["Journeys"] == figure(morning)[1]


def test_curves_are_marked_by_what_was_promised_done_noted_and_agreed(see: Callable[..., Seen]) -> None:
    seen = see("standard")
    marks = seen.dashboard["annotations"]["list"]
    assert {
        one["name"]: [(row["title"], row["text"]) for row in seen.grafana.rows(one["target"]["rawSql"])]
        for one in marks
    } == {
        "Versions": [("Version 2: Called to the counter within three minutes", "Four minutes were too long.")],
        "Corrective actions": [
            ("A shorter form (Branch operations)", "The form has one page. To be reviewed on 2026-09-08.")
        ],
        "Notes on alerts": [("resolve by anna", "Opened a third counter.")],
        "Agreed outages": [("Agreed outage branch-07", "No electricity in the district.")],
    }
    assert BOARDS["site"]["annotations"]["list"] == marks
