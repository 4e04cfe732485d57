"""
What is told of a season: what was planted, as it really came out, also where the season is too short to show it.
"""

from datetime import date

from services.cli.season import PLANTED, SeasonTruth


def truth(weeks: int, *weekdays: int) -> SeasonTruth:
    told = SeasonTruth(PLANTED, date(2026, 11, 2))
    for week in range(weeks):
        told.by_week.add(week, in_time=week == 0)
    for day in weekdays:
        told.by_weekday.add(day, in_time=day > 0)
    return told


def test_a_decay_is_told_from_its_first_week_to_its_last() -> None:
    falls, short, _ = truth(3, 0, 1).sentences()
    assert "counter-wait falls from 100.00 % in the first week to 0.00 % in the last" in falls
    assert "is kept by 0.00 % on Mondays and 100.00 % on other days" in short


def test_within_one_week_nothing_is_said_to_fall() -> None:
    falls, _, _ = truth(1).sentences()
    assert "counter-wait is kept by 100.00 %; that it falls week by week is not seen within one" in falls


def test_days_on_which_nobody_came_have_no_share() -> None:
    _, short, _ = truth(1, 1, 2).sentences()
    assert "is kept by nobody (none came) on Mondays and 100.00 % on other days" in short
