"""
Each test gets a prefix of its own on the shared broker.
"""

import itertools
from collections.abc import AsyncIterator, Iterator
from typing import Final

import pytest

from services.runtime.kafka import BatchProducer, Connection, LogReader

_NUMBERS: Final[Iterator[int]] = itertools.count()


@pytest.fixture
def connection(kafka: str) -> Connection:
    return Connection(kafka, client_id="contract", prefix=f"contract-{next(_NUMBERS)}.")


@pytest.fixture
async def producer(connection: Connection) -> AsyncIterator[BatchProducer]:
    made = BatchProducer(connection)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def reader(connection: Connection) -> AsyncIterator[LogReader]:
    made = LogReader(connection)
    await made.start()
    yield made
    await made.stop()
