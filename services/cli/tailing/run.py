"""
The run: lines become events, events are acknowledged, and only then does the position move.
"""

import asyncio
from typing import Final

from services.cli.outlets import Outlet
from services.cli.rejected_rows import RejectedFile
from services.cli.tailing.follower import Chunk, Follower
from services.cli.tailing.parcels import Packer, Parcel
from services.cli.tailing.position import PositionFile
from services.cli.tailing.status import Status
from services.runtime.errors import Transient

__all__ = ["LOOK_SECONDS", "Tail"]

LOOK_SECONDS: Final = 0.25
"""How often the end of the file is looked at; that much later a verdict may come."""
_FIRST_PAUSE_SECONDS: Final = 1.0
_LONGEST_PAUSE_SECONDS: Final = 30.0


class Tail:
    """
    Sends what a follower finds. Killed at any instant it leaves a position that everything before was acknowledged at.
    """

    def __init__(
        self,
        follower: Follower,
        packer: Packer,
        outlet: Outlet,
        position: PositionFile,
        aside: RejectedFile,
        status: Status,
        *,
        look_seconds: float = LOOK_SECONDS,
        first_pause_seconds: float = _FIRST_PAUSE_SECONDS,
    ) -> None:
        self._follower = follower
        self._packer = packer
        self._outlet = outlet
        self._position = position
        self._aside = aside
        self._status = status
        self._look_seconds = look_seconds
        self._first_pause_seconds = first_pause_seconds

    async def once(self) -> None:
        """
        Send what is there by now. Raises Transient where it cannot be sent.
        """
        self._begin()
        while (chunk := self._follower.next()) is not None:
            parcel = self._packer.pack(chunk)
            await self._outlet.send(parcel.batches, list(parcel.rejected))
            self._acknowledged(chunk, parcel)

    async def follow(self, stop: asyncio.Event) -> None:
        """
        Send what comes, until `stop` is set; what is under way then is sent again by the next run.
        """
        self._begin()
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                chunk = self._follower.next()
                if chunk is None:
                    self._status.at_the_end()
                    await asyncio.wait({stopping}, timeout=self._look_seconds)
                    continue
                parcel = self._packer.pack(chunk)
                sending = asyncio.create_task(self._deliver(parcel))
                await asyncio.wait({sending, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if not sending.done():
                    sending.cancel()
                    await asyncio.gather(sending, return_exceptions=True)
                    return
                sending.result()
                self._acknowledged(chunk, parcel)
        finally:
            stopping.cancel()

    def close(self) -> None:
        """
        Let go of the file.
        """
        self._follower.close()

    def _begin(self) -> None:
        if first := self._follower.begin():
            self._position.write(first)

    def _acknowledged(self, chunk: Chunk, parcel: Parcel) -> None:
        # The position last: rows set aside twice do less harm than rows that nobody keeps.
        self._aside.keep(parcel.rejected)
        self._position.write(chunk.after)
        self._status.acknowledged(chunk)

    async def _deliver(self, parcel: Parcel) -> None:
        pause = self._first_pause_seconds
        while True:
            try:
                await self._outlet.send(parcel.batches, list(parcel.rejected))
            except Transient as error:
                self._status.waiting(str(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            else:
                return
