"""
A member of a group while its broker goes away.
"""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from schemas.topics import EVENTS, TOPICS
from services.runtime.broker import BrokerKind, BrokerOptions, start_broker
from services.runtime.kafka import Connection, GroupConsumer, Place, Record, ensure_topics, specs_of
from tests.fakes.waiting import until


async def _nothing(_fetched: Mapping[Place, Sequence[Record]]) -> None:
    return


async def test_a_member_that_is_told_to_stop_while_no_broker_answers_ends_as_told_and_not_as_cancelled(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with start_broker(BrokerOptions(kind=BrokerKind.MEMORY)) as broker:
        connection = Connection(bootstrap_servers=broker.bootstrap_servers)
        await ensure_topics(connection, specs_of(TOPICS, partitions=1, replication=1))
        member = GroupConsumer(connection, group="away", topics=[EVENTS.name])
        running = asyncio.create_task(member.run(_nothing))
        await until(lambda: bool(member.assigned()))
    await until(lambda: "Unable" in caplog.text)
    member.stop()
    await running
