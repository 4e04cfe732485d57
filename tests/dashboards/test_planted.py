"""
Whoever looks at the dashboards of a season finds what was planted in it, as large as it really is.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.fakes.grafana import Grafana
from tests.fakes.prometheus_past import Past
from tests.fakes.shown_dashboards import BOARDS, Seen, look
from tests.fakes.simulated_history import Told
from tests.season import Seeded

Open = Callable[..., Seen]


@pytest.fixture
def open_season(season: Seeded, past: Past) -> Open:
    nothing = Told([], [], [], [], [], [])

    def opened(name: str, **chosen: str) -> Seen:
        shown: Grafana = look(name, season.database, past, season.season.begins_at, season.season.ends_at)
        return Seen(BOARDS[name], shown.choosing(**chosen), nothing)

    return opened


def test_the_site_at_which_the_standard_decays_is_the_worst_and_falls(season: Seeded, open_season: Open) -> None:
    decay = season.season.planted.decay
    worst = open_season("standard", standard=decay.standard).rows("Sites, the worst first")
    assert worst[0]["Id"] == decay.site
    assert worst[0]["Verdict"] == "missed"
    days = open_season("standard", standard=decay.standard, site=decay.site, grain="day").rows(
        "Attainment through time"
    )
    weeks = season.truth.by_week
    assert days[0]["Attainment"] > days[-1]["Attainment"] + 0.2
    assert days[-1]["Attainment"] == pytest.approx(weeks.basis_points(1) / 10_000, abs=0.02)


def test_the_day_on_which_the_queue_is_short_of_staff_stands_out(season: Seeded, open_season: Open) -> None:
    short = season.season.planted.short_day
    shown = open_season("standard", standard=short.standard, site=short.site, queue=short.queue)
    week = {row.pop("Weekday"): [points for points in row.values() if points is not None] for row in shown.rows(
        "Above and below the target, by weekday and hour"
    )}  # fmt: skip
    means = {day: sum(points) / len(points) for day, points in week.items() if points}
    assert min(means, key=lambda day: means[day]) == "Monday"
    assert means["Monday"] < -10 < min(mean for day, mean in means.items() if day != "Monday")


def test_the_till_with_the_wrong_clock_is_ahead_by_as_much_as_it_is(season: Seeded, open_season: Open) -> None:
    clock = season.season.planted.wrong_clock
    rows = open_season("quality").rows("Sources")
    ahead = {row["Source"]: row["Ahead by"] for row in rows}
    assert max(ahead, key=lambda source: ahead[source]) == clock.source
    assert (rows[0]["Source"], rows[0]["State"]) == (clock.source, "ahead")
    assert ahead[clock.source] == pytest.approx(clock.fast_ms, abs=timedelta(seconds=10) / timedelta(milliseconds=1))
