"""
What time caused waits with the chunk that it is about, so that neither is durable without the other.
"""

import json

import pytest

from services.runtime.errors import Misconfigured
from services.runtime.kafka import BlobName, Lease
from services.sla.engine import Partition, Policy, advance, fold
from services.sla.engine.journeys import name_of
from services.sla.shell.partitions import Owned
from tests.properties.drawing import BASE_MS, HOUR, SETTLED, SILENCE, book, event, standard

BOOK = book(standard("wait"))


def test_each_outcome_of_time_is_held_with_its_own_chunk() -> None:
    owned = Owned(0, 1, Partition(Policy()))
    journeys = [f"j{number}" for number in range(40)]
    arrivals = [event(0, "journey.arrived", name, f"arrived-{name}") for name in journeys]
    fold(owned.state, [(offset, BASE_MS, one) for offset, one in enumerate(arrivals)], BOOK)
    decision = advance(owned.state, BOOK, BASE_MS + HOUR)
    names = owned.hold(decision)
    assert len(names) > 1
    assert set(owned.held) == set(names)
    for name, waiting in owned.held.items():
        chunk = owned.state.sites[name.owner].chunks[name.part]
        about = {outcome.journey for outcome in decision.timed if outcome.journey in chunk.journeys}
        assert len(waiting) == sum(outcome.journey in about for outcome in decision.timed)
    assert BlobName("branch-1", names[0].part) in owned.held


def test_what_is_said_of_who_watches_is_held_with_the_chunk_that_knows_of_it() -> None:
    owned, watching = Owned(0, 1, Partition(Policy())), book(SILENCE, SETTLED)
    for number in range(20):
        heard = [event(0, "source.heartbeat", None, "h", source=f"/{number}"),
                 event(0, "service.completed", f"j{number}", f"c{number}", customer=f"{number}")]  # fmt: skip
        fold(owned.state, [(2 * number + place, BASE_MS, one) for place, one in enumerate(heard)], watching)
    decision = advance(owned.state, watching, BASE_MS + HOUR)
    names = owned.hold(decision)
    assert set(names) == set(owned.held)
    for name, waiting in owned.held.items():
        known = set(map(name_of, owned.state.sites[name.owner].chunks[name.part].journeys))
        assert {json.loads(one.value)["journey"] for one in waiting} <= known
    assert sum(map(len, owned.held.values())) == len(decision.timed) == 40


def test_a_damaged_blob_is_told_with_its_partition_site_and_part() -> None:
    owned = Owned(3, 1, Partition(Policy()))
    lease = Lease(3, 7, {BlobName("branch-1", 2): b"\x01"})
    with pytest.raises(
        Misconfigured, match=r"partition 3, site 'branch-1', part 2: a saved state of 1 bytes is damaged"
    ):
        owned.install(lease, 0, lambda _site, _item: None)
