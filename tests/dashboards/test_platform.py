"""
The dashboard of the line itself shows what a real Prometheus remembers, panel by panel.
"""

from collections.abc import Callable

import pytest

from services.runtime.clickhouse import Database
from tests.fakes.prometheus_past import Past
from tests.fakes.shown_dashboards import BOARDS, Rows, Seen, look, titles
from tests.fakes.simulated_history import BEGINS, HOUR, Told


def last(rows: Rows) -> dict[str, float]:
    """
    The last value of each curve.
    """
    return {row["series"]: row["value"] for row in rows}


TILES = {
    "Processes": {"Ready": 3.0, "Not ready": 1.0, "Out of reach": 1.0, "Unknown": 0.0},
    "Behind": {"Workers": 3.0, "History": 5.0, "Objectives": 42.0},
}
CURVES: dict[str, dict[str, float]] = {
    "Events a second": {"accepted": 42, "folded in": 41, "rows stored": 90},
    "Records not worked on yet": {"partition 0": 12, "partition 1": 30, "history": 47},
    "How old the present is": {"oldest watermark": 1.5},
    # Of four a second, two lie between a tenth and a quarter of a second and two between that and a half.
    "From limit to verdict": {"half": 0.25, "99 %": 0.495},
    "Age of the last checkpoint": {"partition 0": 2.4, "partition 1": 6},
    "Open journeys": {"open": 168},
    "The engine's time for a batch": {"99 %": 0.0495},
    "How long an insert takes": {"99 %": 0.99},
    "Messages by what became of them": {"delivered": 90, "failed": 30},
    "From decision to delivery": {"99 %": 4.95},
    "Refused by ingest": {"unknown_field": 30},
    "Dead letters": {"ingest": 15, "workers": 6, "history": 3},
    "Inserts that failed": {"events": 12},
}


@pytest.mark.parametrize("title", titles("platform"))
def test_a_panel_shows_what_prometheus_remembers(title: str, see: Callable[..., Seen]) -> None:
    rows = see("platform").rows(title)
    if title in TILES:
        assert rows == [TILES[title]]
    elif title == "Versions":
        assert {(row["Service"], row["Version"], row["Processes"]) for row in rows} == {
            (service, "0.1.0", 1.0) for service in ("ingest", "sla", "history", "alerts")
        }
    else:
        assert last(rows) == {name: pytest.approx(value) for name, value in CURVES[title].items()}


@pytest.mark.parametrize(
    ("name", "title", "shown"),
    [
        ("platform", "Processes", {"Ready": 0, "Not ready": 0, "Out of reach": 0, "Unknown": 4}),
        ("alerts", "Does alerting itself live?", {"Watchdog": 0, "Leading": 0}),
    ],
)
def test_services_that_say_nothing_are_not_taken_for_well(
    name: str, title: str, shown: dict[str, int], history: Database, past: Past, truth: Told
) -> None:
    before = BEGINS - 24 * HOUR
    assert Seen(BOARDS[name], look(name, history, past, before - HOUR, before), truth).rows(title) == [shown]
