"""
A history that holds what `sqm replay --out` wrote into a folder, without Kafka and services.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from schemas.topics import ATTAINMENT, EVENTS, MEASUREMENTS, STANDARDS, VIOLATIONS
from services.history.engine import copy_of
from services.history.shell.migrating import migrate, read_migrations
from services.history.shell.storing import store
from services.runtime.clickhouse import ClickHouseSettings, Database, open_database
from tests.fakes.topic_records import TopicRecord, as_json

_BATCH: Final = 20_000


def put(database: Database, topic: str, values: Sequence[bytes], keys: Sequence[str] = ()) -> None:
    """
    Store messages of one topic, all of which must fit.
    """
    records = [
        TopicRecord(at, value, key=keys[at].encode() if keys else b"k", topic=topic) for at, value in enumerate(values)
    ]
    for start in range(0, len(records), _BATCH):
        assert store(database, copy_of(topic), records[start : start + _BATCH]) == []


def publish(database: Database, documents: Iterable[dict[str, Any]]) -> None:
    """
    Store publications of documents.
    """
    held = list(documents)
    keys = [f"{one['kind']}/{one['metadata']['id']}/{one['metadata'].get('version', '')}" for one in held]
    said = [as_json({"document": one, "published_at": 1_000, "published_by": "me"}) for one in held]
    put(database, STANDARDS.name, said, keys)


def stored_replay(out: Path, folder: Path) -> None:
    """
    Make a history in a folder out of that of a replay.
    """
    database = open_database(ClickHouseSettings(folder=folder, database="sqm"))
    try:
        migrate(database, read_migrations(), {})
        for topic, name in (
            (ATTAINMENT, "attainment"), (MEASUREMENTS, "measurements"), (VIOLATIONS, "violations"), (EVENTS, "events"),
        ):  # fmt: skip
            put(database, topic.name, (out / f"{name}.ndjson").read_bytes().splitlines())
        publish(database, map(json.loads, (out / "standards.ndjson").read_bytes().splitlines()))
    finally:
        database.close()
