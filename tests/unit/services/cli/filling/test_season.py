"""
A season in history: what was planted is found again by history's own questions.
"""

from services.history.engine import By, Figure, Question, figures, sql_of
from tests.season import Seeded


def kept(season: Seeded, standard: str, from_day: int, until_day: int, *by: By) -> dict[tuple[object, ...], float]:
    """
    The share of customers for whom a standard was kept, from one day of the season to another.
    """
    day_ms = 86_400_000
    begins_at = season.season.begins_at
    question = Question(standard, by, from_ms=begins_at + from_day * day_ms, until_ms=begins_at + until_day * day_ms)
    rows = season.database.rows(*sql_of(question))
    found: list[Figure] = figures(question, rows)
    return {tuple(one.by[str(name)] for name in by): one.value or 0 for one in found if one.metric == one.aim}


def test_the_standard_decays_at_one_site_and_at_no_other(season: Seeded) -> None:
    before = kept(season, "counter-wait", 0, 3, By.SITE)
    after = kept(season, "counter-wait", 4, 8, By.SITE)
    falls = {site: before[site] - after[site] for site in before}
    assert falls.pop(("branch-12",)) > 0.1
    assert max(falls.values()) < 0.05
