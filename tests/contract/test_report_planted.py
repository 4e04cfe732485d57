"""
Whoever reads the reports of a season finds what was planted in it.
"""

import csv
import io
from collections.abc import Callable

import pytest

from services.cli import main
from tests.fakes.databases import place_of
from tests.season import Seeded

Ask = Callable[..., list[dict[str, str]]]


@pytest.fixture
def ask(season: Seeded, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    monkeypatch.setenv("SQM_CLICKHOUSE__FOLDER", place_of(season.settings, monkeypatch.setenv))
    monkeypatch.setenv("SQM_HISTORY_HTTP_PORT", "9")

    def asked(*words: str) -> list[dict[str, str]]:
        assert main(["report", *words, "--format", "csv"]) == 0
        return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))

    return asked


def test_the_standard_that_decays_is_lost_day_by_day_at_one_site_alone(season: Seeded, ask: Ask) -> None:
    decay = season.season.planted.decay
    rows = [row for row in ask("attainment", "--standard", decay.standard, "--by", "site,day") if row["day"]]
    first, last = min(row["day"] for row in rows), max(row["day"] for row in rows)
    kept = {(row["site"], row["day"]): float(row["value"]) for row in rows}
    lost = {site: kept[site, first] - kept[site, last] for site, day in kept if day == first and (site, last) in kept}
    assert lost.pop(decay.site) > 0.2 > max(lost.values())
    whole = {row["site"]: row for row in ask("attainment", "--standard", decay.standard, "--by", "site")}
    assert min((site for site in whole if site), key=lambda site: float(whole[site]["value"])) == decay.site
    assert whole[decay.site]["state"] == "surely"


def test_the_queue_that_is_short_of_staff_is_worst_on_mondays(season: Seeded, ask: Ask) -> None:
    short = season.season.planted.short_day
    rows = ask("attainment", "--standard", short.standard, "--by", "weekday")
    kept = {row["weekday"]: float(row["value"]) for row in rows if row["weekday"]}
    monday, *others = [kept.pop(day) for day in sorted(kept, key=lambda day: kept[day])]
    assert rows[0]["target"] == "90%"
    assert monday < 0.8
    assert min(others) > 0.9


def test_the_till_whose_clock_is_fast_makes_its_site_seem_slow(season: Seeded, ask: Ask) -> None:
    clock = season.season.planted.wrong_clock
    rows = [row for row in ask("waits", "--by", "site") if row["standard"] == clock.standard and row["site"]]
    slow = {row["site"] == clock.site: int(row["p75_ms"]) for row in sorted(rows, key=lambda row: int(row["p75_ms"]))}
    assert slow[True] > clock.fast_ms > 10 * slow[False]
