"""
Adding what an export has and the live line missed.
"""

import sys
from collections.abc import Sequence

from services.cli.loading import BATCH, Summary
from services.cli.outlets import Way, open_outlet
from services.ingest.engine.mapped import MappedEvent, encode_event
from services.runtime.clock import Clock

__all__ = ["add"]


async def add(events: Sequence[MappedEvent], way: Way, encoding: str, summary: Summary, clock: Clock) -> None:
    """
    Send events as they are ordered, and count the answers. Raises Transient where ingest or the brokers stay away,
    Misconfigured where ingest takes none of it.
    """
    encoded = [encode_event(event) for event in events]
    async with open_outlet(way, encoding, summary, clock, lambda text: sys.stderr.write(text + "\n")) as outlet:
        await outlet.send([encoded[begin : begin + BATCH] for begin in range(0, len(encoded), BATCH)], [])
