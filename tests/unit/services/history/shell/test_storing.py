"""
Of a batch everything is stored that can be, whatever else is in it, and the rest is named with its reason.
"""

import pytest

from schemas.topics import DEAD_LETTERS, EVENTS
from services.history.engine import Misfit, copy_of
from services.history.shell.storing import store
from services.runtime.errors import Unreachable
from tests.fakes.picky_database import PickyDatabase
from tests.fakes.topic_records import TopicRecord

EVENT_COPY, ANYTHING_COPY = copy_of(EVENTS.name), copy_of(DEAD_LETTERS.name)


def batch(*values: str) -> list[TopicRecord]:
    return [TopicRecord(offset, value.encode()) for offset, value in enumerate(values)]


def test_a_batch_that_fits_is_one_insert() -> None:
    database = PickyDatabase()
    assert store(database, EVENT_COPY, batch("good-0", "good-1")) == []
    assert (database.inserts, database.looks) == ([["good-0", "good-1"]], 0)


def test_what_does_not_fit_is_named_and_the_rest_is_one_insert_more() -> None:
    database = PickyDatabase({1: Misfit.NOT_JSON, 2: Misfit.FIELD_MISSING})
    records = batch("good-0", "misfit", "misfit", "good-3")
    refused = store(database, EVENT_COPY, records)
    assert [(one.record.offset, one.why) for one in refused] == [(1, Misfit.NOT_JSON), (2, Misfit.FIELD_MISSING)]
    assert "not one JSON document" in refused[0].detail
    assert database.inserts == [["good-0", "good-3"]]


def test_nothing_is_inserted_again_where_nothing_fits() -> None:
    database = PickyDatabase({0: Misfit.NOT_JSON})
    assert [one.why for one in store(database, EVENT_COPY, batch("misfit"))] == [Misfit.NOT_JSON]
    assert database.inserts == []


@pytest.mark.parametrize("place", range(5))
def test_a_culprit_that_nobody_can_name_is_found_by_halving(place: int) -> None:
    values = [f"good-{number}" for number in range(5)]
    values[place] = "poison"
    database = PickyDatabase()
    (refused,) = store(database, EVENT_COPY, batch(*values))
    assert (refused.record.offset, refused.why) == (place, Misfit.NOT_STORABLE)
    assert "too_odd" in refused.detail
    assert database.stored == [value for value in values if value != "poison"]


def test_a_culprit_is_found_beside_those_that_are_named() -> None:
    database = PickyDatabase({0: Misfit.NOT_JSON})
    refused = store(database, EVENT_COPY, batch("misfit", "good-1", "poison", "good-3"))
    assert [(one.record.offset, one.why) for one in refused] == [(0, Misfit.NOT_JSON), (2, Misfit.NOT_STORABLE)]
    assert database.stored == ["good-1", "good-3"]


def test_a_table_that_takes_anything_is_not_asked_what_fits() -> None:
    database = PickyDatabase()
    (refused,) = store(database, ANYTHING_COPY, batch("good-0", "poison"))
    assert (refused.record.offset, database.looks, database.stored) == (1, 0, ["good-0"])


def test_no_two_inserts_of_different_rows_have_the_same_token() -> None:
    database = PickyDatabase()
    store(database, EVENT_COPY, batch("good-0", "good-1", "poison", "good-3"))
    assert len(set(database.tokens)) == len(database.inserts) > 1


def test_of_a_database_that_is_away_nothing_is_said_about_the_records() -> None:
    database = PickyDatabase()
    database.away = True
    with pytest.raises(Unreachable):
        store(database, EVENT_COPY, batch("good-0"))
