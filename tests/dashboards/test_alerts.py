"""
The dashboard of alerts counts as `sqm history alerts` does.
"""

from collections import Counter
from collections.abc import Callable

import pytest

from services.history.engine import AlertMeasures, AlertQuestion, AlertsBy, alert_measures, alert_questions
from services.runtime.clickhouse import Database
from tests.dashboards.season_rows import rows_of
from tests.fakes.grafana import Grafana
from tests.fakes.prometheus_past import Past
from tests.fakes.shown_dashboards import BOARDS, Rows, Seen, look, titles
from tests.season import Seeded

ZONE = "Europe/Berlin"


def measures(season: Seeded, by: AlertsBy | None = None) -> dict[str | None, AlertMeasures]:
    question = AlertQuestion(by=by, zone=ZONE)
    answers = [season.database.rows(*one) for one in alert_questions(question)]
    return {one.group: one for one in alert_measures(question, answers)}


def opened(rows: Rows, season: Seeded) -> None:
    still = [one for one in rows_of(season, "alerts") if one["fired_at"] and not one["ended_at"]]
    by = Counter(one["severity"] for one in still)
    assert rows == [
        {
            "Page": by["page"],
            "Ticket": by["ticket"],
            "Info": by["info"],
            "Nobody has it": sum(one["acknowledged_at"] is None for one in still),
        }
    ]


def alive(rows: Rows, _: Seeded) -> None:
    assert rows == [{"Watchdog": 1.0, "Leading": 1.0, "Last round": 2.0, "Messages waiting": 3.0}]


def silences(rows: Rows, _: Seeded) -> None:
    assert rows == []


def dealt_with(rows: Rows, season: Seeded) -> None:
    of = measures(season)[None]
    figures = of.figures
    (row,) = rows
    assert (row["Alerts"], row["Retracted"]) == (of.alerts, pytest.approx(of.retracted / of.alerts))
    for shown, name in (("MTTA", "mtta_ms"), ("MTTR", "mttr_ms"), ("In time", "share_in_time"),
                        ("Useful", "share_useful")):  # fmt: skip
        assert row[shown] == pytest.approx(figures[name])


def raised(rows: Rows, season: Seeded) -> None:
    told = Counter(one["severity"] for one in rows_of(season, "alerts") if one["fired_at"])
    assert (sum(row["Page"] for row in rows), sum(row["Ticket"] for row in rows)) == (told["page"], told["ticket"])


def by_hour(rows: Rows, season: Seeded) -> None:
    assert sum(row["Page"] + row["Ticket or info"] for row in rows) == measures(season)[None].alerts


def people(rows: Rows, season: Seeded) -> None:
    told = measures(season, AlertsBy.PERSON)
    for row in rows:
        of = told[row["Person"]]
        assert (row["Alerts"], row["Took on"], row["Went on"]) == (of.alerts, of.acknowledged, of.too_late)
        assert row["MTTA"] == pytest.approx(of.figures["mtta_ms"])
    assert len(rows) == 3


def shifts(rows: Rows, season: Seeded) -> None:
    told = measures(season, AlertsBy.PERSON)
    for row in rows:
        of = told[row["Person"]]
        assert sum(n for name, n in row.items() if "00 to" in name) == of.told
        assert row["In a shift"] == pytest.approx(of.figures["alerts_per_shift"])
        assert row["In the worst"] == of.most_in_a_shift


def rules(rows: Rows, season: Seeded) -> None:
    by_standard = measures(season, AlertsBy.STANDARD)
    for row in rows:
        if sum(one["Standard"] == row["Standard"] for one in rows) == 1:
            of = by_standard[row["Standard"]]
            assert (row["Alerts"], row["Marks"]) == (of.alerts, of.marked)
            assert row["Useful"] == (pytest.approx(of.figures["share_useful"]) if of.marked else None)
    assert sum(row["Alerts"] for row in rows) == measures(season)[None].alerts


def marks(rows: Rows, season: Seeded) -> None:
    of = measures(season)[None]
    assert {row["Mark"]: row["Marks"] for row in rows} == {
        "useful": of.marked_useful,
        "false": of.marked_false,
        "not actionable": of.marked_not_actionable,
        "too late": of.marked_too_late,
    }


def receivers(rows: Rows, season: Seeded) -> None:
    of = measures(season)[None]
    assert [sum(row[name] for row in rows) for name in ("Messages", "Delivered", "Given up", "Failed attempts")] == [
        of.messages, of.delivered, of.given_up, of.failed_attempts
    ]  # fmt: skip


def given_up(rows: Rows, season: Seeded) -> None:
    assert len(rows) == measures(season)[None].given_up
    assert {row["Problem"] for row in rows} == {"no answer in time"}


def latest(rows: Rows, season: Seeded) -> None:
    told = sorted((one["fired_at"] for one in rows_of(season, "alerts") if one["fired_at"]), reverse=True)
    assert [row["Raised"][:19].replace("T", " ") for row in rows] == [at[:19] for at in told[:100]]
    known = {one["id"] for one in season.database.rows("SELECT DISTINCT id FROM violations")}
    assert {row["Violation"] for row in rows} <= known


EXPECTED: dict[str, Callable[[Rows, Seeded], None]] = {
    "Open, by severity": opened,
    "Does alerting itself live?": alive,
    "Silences": silences,
    "Alerts raised in this time": dealt_with,
    "Alerts raised, by severity": raised,
    "When alerts are raised": by_hour,
    "By person": people,
    "By shift and person": shifts,
    "The noisiest rules": rules,
    "What people thought of alerts": marks,
    "Messages by receiver": receivers,
    "Given up, the latest first": given_up,
    "Alerts, the latest first": latest,
}


@pytest.mark.parametrize("title", titles("alerts"))
def test_a_panel_counts_as_the_product_does(title: str, see: Callable[..., Seen], season: Seeded) -> None:
    EXPECTED[title](see("alerts").rows(title), season)


def test_a_silence_is_shown_while_it_holds(history: Database, past: Past) -> None:
    shown: Grafana = look("alerts", history, past)
    (panel,) = [one for one in BOARDS["alerts"]["panels"] if one["title"] == "Silences"]
    (row,) = shown.panel(panel)
    assert (row["Silence"], row["State"], row["Asked for by"]) == ("painters", "in force", "anna")
    assert (row["From"], row["Until"]) == ("2026-09-01T06:00:00.000Z", "2026-09-02T06:00:00.000Z")
    assert "branch-07" in row["Matches"]
