"""
Saves the second stage: one state with its place in the topic of attainment and the verdicts that may leave with it.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from services.runtime.errors import Misconfigured
from services.runtime.kafka import SavedState, Storing

__all__ = ["Saved", "SavedObjectives", "Verdict"]

_PART: Final = "objectives"
"""All of it is one part: most of it changes with every minute."""


class Verdict(NamedTuple):
    """
    A verdict that waits for the state that contains it to be durable: its site, its state, and its bytes.
    """

    site: str
    state: str
    value: bytes


class Saved(NamedTuple):
    """
    What one checkpoint of the second stage holds.
    """

    positions: Mapping[int, int]
    """By partition of the topic of attainment, the first offset that is not contained."""
    reached: Mapping[int, int]
    """By partition of the events, how far its first stage was, by the revisions of its rows; on event time only."""
    latest: int
    """The end of the latest minute of any row."""
    engine: bytes
    verdicts: Sequence[Verdict]


class SavedObjectives:
    """
    One owner's time with the saved state, from `take_over` on.
    """

    def __init__(self, state: SavedState) -> None:
        self._state = state

    @classmethod
    async def take_over(cls, store: Storing) -> tuple["SavedObjectives", Saved | None]:
        """
        Become the owner, and return what the one before had saved. Raises Misconfigured where no worker wrote it.
        """
        state, parts = await SavedState.take_over(store)
        try:
            found = msgspec.msgpack.decode(parts[_PART], type=Saved) if _PART in parts else None
        except msgspec.MsgspecError as error:
            raise Misconfigured(
                f"the saved state of objectives is not readable ({error}); run the version that wrote it, or delete "
                "its topic, and the rows of attainment are read again"
            ) from error
        return cls(state), found

    async def save(self, saved: Saved) -> bool:
        """
        Make a checkpoint durable. False: somebody else has become the owner, and nothing of it may leave.
        """
        return await self._state.save({_PART: msgspec.msgpack.encode(saved)})
