"""
The book: calendars in their versions, regions of sites, and what a standard says about its alerts.
"""

from schemas.base import WEEK_MS
from schemas.standards import DOCUMENTS
from services.alerts.engine import Book
from tests.fakes.alerting import MINUTE, MONDAY, alerting, calendar, standard


def site(**meta: str) -> object:
    metadata = {"title": "Site", "zone": "UTC"} | meta
    return DOCUMENTS.validate_python({"apiVersion": "sqm/v1", "kind": "Site", "metadata": metadata})


def test_a_calendar_is_open_in_its_hours_and_says_when_it_changes() -> None:
    book = Book(alerting(), [calendar()])
    assert not book.is_open("late-morning", MONDAY)
    assert book.next_change("late-morning", MONDAY) == MONDAY + 60 * MINUTE
    assert book.is_open("late-morning", MONDAY + 60 * MINUTE)
    assert book.next_change("late-morning", MONDAY + 60 * MINUTE) == MONDAY + 120 * MINUTE
    assert not book.is_open("late-morning", MONDAY + 120 * MINUTE)


def test_of_two_versions_the_one_in_force_holds() -> None:
    begin, later = "2025-01-01T00:00:00Z", "2026-03-02T10:30:00Z"
    book = Book(alerting(), [calendar(2, begin=later), calendar(1, begin=begin)])
    first, second = (book.hours_of("late-morning", at) for at in (MONDAY, MONDAY + 30 * MINUTE))
    assert first is not None
    assert second is not None
    assert (first.key, second.key) == ("late-morning@1", "late-morning@2")


def test_a_calendar_that_is_not_in_force_is_closed_and_asked_again_in_a_week() -> None:
    book = Book(alerting(), [calendar(until="2026-03-01T00:00:00Z")])
    for name in ("late-morning", "nights"):
        assert book.hours_of(name, MONDAY) is None
        assert not book.is_open(name, MONDAY)
        assert book.next_change(name, MONDAY) == MONDAY + WEEK_MS


def test_a_site_has_the_region_that_the_register_says() -> None:
    book = Book(alerting(), [site(id="north", region="north/harbour"), site(id="south")])  # type: ignore[list-item]
    assert [book.region_of(name) for name in ("north", "south", "east")] == ["north/harbour", None, None]


def test_a_standard_says_whose_it_is_and_from_which_value_on_a_grade_holds() -> None:
    bands = [{"name": "good", "within": "5m"}, {"name": "bad"}, {"name": "worst"}]
    clock = {"start": "journey.arrived", "stop": "journey.called", "limit": "10m", "bands": bands[:2]}
    facts = Book(alerting(), [standard(clock=clock)]).standards["wait@1"]
    assert facts.owner == "branches"
    assert facts.bands == (("good", 0), ("bad", 5 * MINUTE))
