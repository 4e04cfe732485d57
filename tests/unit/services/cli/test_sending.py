"""
Batches on their way to ingest overtake one another within bounds only, and none is forgotten.
"""

import asyncio
from collections.abc import Sequence

import pytest

from services.cli.sending import Window


class Slow:
    """
    An ingest that answers when it is told to.
    """

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.may_end: dict[int, asyncio.Event] = {}
        self.cancelled: list[int] = []

    async def send(self, batch: Sequence[object]) -> None:
        (number,) = batch
        assert isinstance(number, int)
        self.begun.append(number)
        try:
            await self.may_end.setdefault(number, asyncio.Event()).wait()
        except asyncio.CancelledError:
            self.cancelled.append(number)
            raise
        if number < 0:
            raise ValueError(number)

    def let(self, *numbers: int) -> None:
        for number in numbers:
            self.may_end.setdefault(number, asyncio.Event()).set()


async def turns() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def load(ingest: Slow, numbers: Sequence[int], width: int) -> None:
    async with Window(ingest.send, width) as window:
        for number in numbers:
            await window.put([number])  # type: ignore[list-item] # any batch


async def give_up(ingest: Slow) -> None:
    async with Window(ingest.send, 4) as window:
        await window.put([1])  # type: ignore[list-item] # any batch
        raise KeyError


async def test_nothing_goes_further_ahead_of_the_oldest_than_the_window_is_wide() -> None:
    ingest = Slow()
    loading = asyncio.create_task(load(ingest, range(1, 8), 3))
    ingest.let(2, 3, 4, 5, 6, 7)
    await turns()
    assert ingest.begun == [1, 2, 3]
    assert not loading.done()
    ingest.let(1)
    await loading
    assert ingest.begun == [1, 2, 3, 4, 5, 6, 7]


async def test_what_fails_ends_the_rest() -> None:
    ingest = Slow()
    ingest.let(-1)
    with pytest.raises(ValueError, match="-1"):
        await load(ingest, (-1, 2, 3), 2)
    assert ingest.cancelled == [2]


async def test_whoever_gives_up_leaves_nothing_under_way() -> None:
    ingest = Slow()
    with pytest.raises(KeyError):
        await give_up(ingest)
    assert ingest.cancelled == [1]
