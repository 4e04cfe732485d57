"""
Open time of budgets: which hours a scope's minutes are counted by, version by version, and how long what is left lasts.
"""

from typing import Any

import pytest

from schemas.base import DAY_MS, HOUR_MS, MINUTE_MS
from schemas.calendars import Calendar
from schemas.register import Site
from schemas.standards import DOCUMENTS
from services.sla.engine import Book, Objectives
from services.sla.engine.objectives import advance, take
from services.sla.engine.open_time import OpenTime
from tests.properties.drawing import BASE_MS, book, standard
from tests.unit.services.sla.engine.test_objectives import row

START = BASE_MS
"""Monday, 2 March 2026, 09:00 UTC."""


def calendar(version: int, begin: str, until: str, since: str = "2020-01-01", ends: str | None = None) -> Calendar:
    meta = {
        "id": "shop", "version": version, "title": "s", "owner": "q", "zone": "UTC",
        "effective_from": f"{since}T00:00:00Z", "effective_until": None if ends is None else f"{ends}T00:00:00Z",
    }  # fmt: skip
    hours = {day: [{"from": begin, "until": until}] for day in ("monday", "tuesday")}
    return Calendar.model_validate({"apiVersion": "sqm/v1", "kind": "Calendar", "metadata": meta, "hours": hours})


def site(**more: Any) -> Site:  # noqa: ANN401 - fields of a site
    metadata = {"id": "harbour", "title": "Harbour", "region": "north", **more}
    found = DOCUMENTS.validate_python({"apiVersion": "sqm/v1", "kind": "Site", "metadata": metadata})
    assert isinstance(found, Site)
    return found


def timed(*documents: Calendar | Site, clock: str = "shop", **objective: Any) -> Book:  # noqa: ANN401 - parts
    aim = {"window": {"calendar": "day", "zone": "UTC"}, "budget": {"in": "time"}, **objective}
    return book(standard("wait", clock={"calendar": clock}, objective=aim), *documents)


def at(hours: float) -> int:
    return START + int(hours * HOUR_MS)


SHORT = calendar(1, "09:00", "11:00", ends="2026-03-03")
LONG = calendar(2, "08:00", "12:00", since="2026-03-03")
BOTH = OpenTime(timed(SHORT, LONG).openings("shop", ""))


def test_each_version_counts_while_it_is_in_force() -> None:
    assert BOTH.elapsed(at(1), at(24)) == HOUR_MS + HOUR_MS
    assert [BOTH.is_open(at(hours)) for hours in (0, 2, 22.9, 23, 26.9, 27)] == [True, False, False, True, True, False]
    gone = OpenTime(timed(SHORT).openings("shop", ""))
    assert gone.elapsed(at(0), at(24)) == 2 * HOUR_MS
    assert not gone.is_open(at(24))


@pytest.mark.parametrize(
    ("since", "hours", "reached"), [(0, 1, 1), (0, 2, 2), (0, 3, 24), (15, 1, 24), (23, 4, 27), (0, 7, 167 + 1)]
)
def test_what_is_left_lasts_until_so_much_open_time_has_passed(since: int, hours: int, reached: int) -> None:
    assert BOTH.after(at(since), hours * HOUR_MS) == at(reached)


def test_what_no_later_opening_reaches_lasts() -> None:
    assert OpenTime(timed(SHORT).openings("shop", "")).after(at(0), 3 * HOUR_MS) is None
    assert OpenTime(timed(SHORT).openings("shop", "")).after(at(30), HOUR_MS) is None
    assert BOTH.after(at(24), 1 << 50) is None


def standing(held: Book, scope: str, hours: float = 3.0) -> tuple[int, int, int | None]:
    """Minutes that missed, of how many, and after how long the budget is spent; in minute 5 and 30 nobody is served."""
    state = Objectives(DAY_MS)
    take(state, [row(minute, 0, 1) for minute in (5, 30)], held)
    advance(state, held, at(hours))
    (one,) = [one for one in state.standings() if one.scope == scope]
    return one.budgets[0].bad, one.budgets[0].total, one.budgets[0].exhausted_in_ms


@pytest.mark.parametrize(
    ("held", "scope", "told"),
    [
        (timed(SHORT, LONG), "site:harbour", (2, 120)),
        (timed(calendar(1, "09:10", "11:00")), "site:harbour", (1, 110)),
        (timed(SHORT, LONG, scopes=["organisation"]), "organisation", (2, 120)),
        (timed(SHORT, clock="site", scopes=["organisation"]), "organisation", (2, 720)),
        (timed(SHORT, site(calendar="shop", zone="Europe/London"), clock="site"), "site:harbour", (2, 120)),
        (timed(SHORT, site(calendar="shop", zone="Europe/Riga"), clock="site"), "site:harbour", (0, 120)),
        (timed(SHORT, site(), clock="site"), "site:harbour", (0, 0)),
        (timed(LONG), "site:harbour", (0, 0)),
    ],
    ids=["named", "opens later", "named by a wider scope", "wider scope of sites", "in the zone of the site",
         "closed there by then", "site without hours", "not in force"],
)  # fmt: skip
def test_minutes_are_counted_by_the_hours_of_the_scope(held: Book, scope: str, told: tuple[int, int]) -> None:
    assert standing(held, scope)[:2] == told


def test_a_budget_in_open_time_lasts_over_the_night() -> None:
    held = timed(SHORT, LONG, target="80%", window={"rolling": "5d"})
    # Two of 60 minutes, of which 12 may; at two an hour the ten that are left take five hours of open time.
    bad, total, exhausted_in = standing(held, "site:harbour", 1.0)
    assert (bad, total) == (2, 60)
    assert exhausted_in is None, "at this pace the budget grows faster than it is spent"
    assert standing(timed(SHORT, LONG, target="98%"), "site:harbour", 1.0)[2] == 0
    day = Objectives(DAY_MS)
    held = timed(SHORT, LONG, target="95%")
    take(day, [row(minute, 0, 1) for minute in (5, 30)], held)
    advance(day, held, at(1))
    (stood,) = day.standings()
    # The day has 120 open minutes, of which 6 may: four are left, two an hour; the second hour is tomorrow's first.
    projected = stood.budgets[1]
    assert (projected.budget.left_whole, projected.exhausted_in_ms) == (4, 23 * HOUR_MS)


def test_a_calendar_that_is_published_while_running_counts_from_then_on() -> None:
    state, before, after = Objectives(DAY_MS), timed(), timed(SHORT)
    take(state, [row(5, 0, 1)], before)
    advance(state, before, at(0.5))
    assert state.standings()[0].budgets[0].total == 0
    take(state, [row(40, 0, 1)], after)
    advance(state, after, at(1))
    (line, *_) = state.standings()[0].budgets
    assert (line.bad, line.total) == (1, 60)
    again = Objectives.decode(state.encode(), after)
    assert again.standings() == state.standings()
    assert MINUTE_MS * line.total == HOUR_MS
