"""
Everything that names somebody is found in its place: sealed, written directly, or where nobody can take it out.
"""

from collections.abc import AsyncIterator
from pathlib import Path

from schemas.topics import ALERT_COMMANDS, DEAD_LETTERS, EVENTS, EVENTS_IN, RAW, TOPICS
from services.ingest.shell.erasing import search
from services.ingest.shell.sealing import Original, sealed
from tests.fakes.identities import identity_store
from tests.fakes.records import FakeRecord

ANNA = "anna@example.org"


async def test_what_names_somebody_is_found_wherever_it_lies(tmp_path: Path) -> None:
    store = identity_store(tmp_path)
    stands_for = store.pseudonyms()("customer", ANNA)
    sealing = [
        Original(None, f'{{"who":"{ANNA.upper()}"}}'.encode(), []),
        Original(None, b"{}", [("http-x", ANNA.encode())]),
        Original(None, b"carl", []),
    ]
    records: dict[str, list[FakeRecord]] = {}
    for place, original in enumerate(sealing):
        value, header = sealed(store, original)
        records.setdefault(RAW.name, []).append(FakeRecord(place, value, b"k", headers=[header]))
    value, header = sealed(store, Original(ANNA.encode(), None, []))
    records[DEAD_LETTERS.name] = [
        FakeRecord(0, value, None, headers=[header]),
        FakeRecord(1, ANNA.encode(), None),
        FakeRecord(2, value[:12] + b"another key's", None, headers=[header]),
    ]
    records[EVENTS_IN.name] = [
        FakeRecord(at, text, None, partition=3) for at, text in ((4, ANNA.encode()), (5, b"carl"))
    ]
    records[EVENTS.name] = [FakeRecord(0, stands_for.encode(), b"s1"), FakeRecord(1, b'"I am anna@example.org"', b"s1")]

    records[ALERT_COMMANDS.name] = [FakeRecord(0, b'{"note":"called anna@example.org back"}', b"k")]
    records["sqm.state.v1"] = [FakeRecord(0, b"\x81\xa4note\xd9pAnna@example.org".lower(), b"k")]

    async def records_of(topic: str) -> AsyncIterator[FakeRecord]:
        for one in records.get(topic, []):
            yield one

    told: list[str] = []
    topics = {**{topic.name: False for topic in TOPICS}, "sqm.state.v1": True}
    found = await search(
        store, records_of, topics, [ANNA], "customer", lambda topic, count: told.append(f"{topic} {count}")
    )
    store.commit()
    assert [one.pseudonym for one in found.identities] == [stands_for]
    assert {place.topic: place[1:] for place in found.places if place.looked_at} == {
        RAW.name: (3, 2, 0),
        DEAD_LETTERS.name: (3, 2, 1),
        EVENTS_IN.name: (2, 1, 0),
        EVENTS.name: (2, 1, 0),
        ALERT_COMMANDS.name: (1, 1, 0),
        "sqm.state.v1": (1, 1, 0),
    }
    assert len(found.seals) == 3
    assert found.plain == {3: 5}
    assert found.left == {DEAD_LETTERS.name: 1, EVENTS.name: 1, ALERT_COMMANDS.name: 1, "sqm.state.v1": 1}
    assert f"{RAW.name} 3" in told
    store.close()
