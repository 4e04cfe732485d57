"""
The book of alerts: the last sound configuration holds, whatever comes after it, and it knows what was published.
"""

import asyncio

from schemas.alerting import Alerting
from services.alerts.shell.books import Books
from services.runtime.logs import logger
from tests.e2e.sla_line import standard
from tests.fakes.alerts_office import FakeTopics, alerting_of, until
from tests.fakes.topic_records import as_json


def published(said: Alerting) -> bytes:
    return said.model_dump_json(by_alias=True).encode()


def of_standard(name: str) -> bytes:
    return as_json({"document": standard(name), "published_at": 0, "published_by": "test"})


def books(topics: FakeTopics) -> Books:
    return Books(topics, topics, ("standards", "alerting"), logger("test"))


def receivers(made: Books) -> list[str]:
    return sorted(made.book.receivers) if made.book is not None else []


async def test_without_a_configuration_there_is_no_book() -> None:
    topics = FakeTopics()
    topics.append("standards", of_standard("wait"))
    made = books(topics)
    await made.load()
    assert (made.book, made.changes) == (None, 0)


async def test_the_last_sound_configuration_holds_and_what_is_none_is_passed_over() -> None:
    topics = FakeTopics()
    unknown = alerting_of("floor").model_dump(mode="json", by_alias=True)
    unknown["route"]["receivers"] = ["nobody"]
    topics.append("standards", b"{", of_standard("wait"), None)
    topics.append("alerting", published(alerting_of("floor")), published(alerting_of("room")))
    topics.append("alerting", b"{}", as_json(unknown), None, partition=1)
    made = books(topics)
    await made.load()
    assert receivers(made) == ["room"]
    assert made.book is not None
    assert list(made.book.standards) == ["wait@1"]


async def test_what_is_published_later_counts_from_then_on_and_a_broken_one_changes_nothing() -> None:
    topics = FakeTopics()
    topics.append("alerting", published(alerting_of("floor")))
    made = books(topics)
    await made.load()
    following = asyncio.create_task(made.follow())
    first = made.changes
    topics.append("alerting", b'{"kind": "Alerting"}')
    topics.append("standards", b"{", of_standard("wait"))
    await until(lambda: made.changes == first + 1)
    assert receivers(made) == ["floor"]
    assert made.book is not None
    assert "wait@1" in made.book.standards
    topics.append("alerting", published(alerting_of("room")))
    await until(lambda: made.changes == first + 2)
    assert receivers(made) == ["room"]
    following.cancel()
    await asyncio.wait([following])


async def test_a_configuration_of_which_the_words_are_right_and_the_sense_is_not_is_refused() -> None:
    topics = FakeTopics()
    topics.append("alerting", published(alerting_of("floor")))
    never = {"id": "never", "match": {"site": ["s1"]}, "from": "2026-01-01T00:00:00Z", "author": "a", "reason": "r"}
    again = {"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "zone": "UTC", "duration": "1h"}
    topics.append("alerting", published(alerting_of("room", silences=[{**never, "again": again}])))
    made = books(topics)
    await made.load()
    assert receivers(made) == ["floor"]
