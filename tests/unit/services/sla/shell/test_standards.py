"""
The book in force follows the topic of standards and is not upset by what does not belong there.
"""

import asyncio
from collections.abc import Mapping, Sequence

from schemas.standards import DOCUMENTS, PUBLISHED, Published
from services.runtime.kafka import Record
from services.runtime.logs import logger
from services.sla.shell.standards import Standards
from tests.e2e.sla_line import standard
from tests.fakes.records import FakeRecord


class FakeTopic:
    """
    A topic of one partition, with what is there at first and what comes later.
    """

    def __init__(self, first: Sequence[bytes], later: Sequence[bytes] = ()) -> None:
        self._first = first
        self._later = later

    async def partitions_of(self, _topic: str) -> list[int]:
        return [0]

    async def end_offsets(self, _topic: str, _partitions: Sequence[int]) -> Mapping[int, int]:
        return {0: len(self._first)}

    async def read_to(self, _topic: str, ends: Mapping[int, int]) -> list[Record]:
        return [FakeRecord(at, value) for at, value in enumerate(self._first[: ends[0]])]

    async def follow(self, _topic: str, starts: Mapping[int, int], into: "asyncio.Queue[list[Record]]") -> None:
        for at, value in enumerate(self._later, start=starts[0]):
            await into.put([FakeRecord(at, value)])
        await asyncio.Event().wait()


def publication(name: str, limit: str = "20s") -> bytes:
    document = DOCUMENTS.validate_python(standard(name, limit=limit))
    return PUBLISHED.dump_json(Published(document=document, published_at=1, published_by="test"), by_alias=True)


def limits(standards: Standards) -> dict[str, int | str | None]:
    return {key: rule.standard.clock.limit for key, rule in standards.book.rules.items() if rule.standard.clock}


async def test_everything_published_so_far_is_in_force_before_anything_is_judged() -> None:
    standards = Standards(FakeTopic([publication("a"), publication("b")]), "t", logger("test"))
    await standards.load()
    assert set(limits(standards)) == {"a@1", "b@1"}


async def test_what_is_published_later_is_in_force_from_then_on() -> None:
    standards = Standards(FakeTopic([publication("a")], [publication("b")]), "t", logger("test"))
    await standards.load()
    following = asyncio.create_task(standards.follow())
    async with asyncio.timeout(30):
        while len(limits(standards)) < 2:
            await asyncio.sleep(0)
    following.cancel()
    assert set(limits(standards)) == {"a@1", "b@1"}


async def test_the_first_meaning_of_a_version_stands() -> None:
    standards = Standards(FakeTopic([publication("a", "20s"), publication("a", "30s")]), "t", logger("test"))
    await standards.load()
    assert limits(standards) == {"a@1": 20_000}


async def test_what_is_no_publication_is_passed_over() -> None:
    standards = Standards(FakeTopic([b"{}", b"\xff", publication("a")]), "t", logger("test"))
    await standards.load()
    assert set(limits(standards)) == {"a@1"}
