"""
What time caused waits with the chunk that it is about, so that neither is durable without the other.
"""

import pytest

from services.runtime.errors import Misconfigured
from services.runtime.kafka import BlobName, Lease
from services.sla.engine import Partition, Policy, advance, fold
from services.sla.shell.partitions import Owned
from tests.properties.drawing import BASE_MS, HOUR, book, event, standard

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


def test_a_damaged_blob_is_told_with_its_partition_site_and_part() -> None:
    owned = Owned(3, 1, Partition(Policy()))
    lease = Lease(3, 7, {BlobName("branch-1", 2): b"\x01"})
    with pytest.raises(
        Misconfigured, match=r"partition 3, site 'branch-1', part 2: a saved state of 1 bytes is damaged"
    ):
        owned.install(lease, 0, lambda _site, _item: None)
