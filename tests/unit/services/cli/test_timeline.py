"""
Events of files come out in the order of their time, whether they fit into memory or not.
"""

from hypothesis import given
from hypothesis import strategies as st

from services.cli.timeline import in_time_order
from services.ingest.engine.mapped import Facts, MappedEvent

FACTS = Facts("branch", {"site": "branch", "queue": "desk 3"}, b'{"site":"branch","queue":"desk 3"}')


def event(place: int, at: int) -> MappedEvent:
    return MappedEvent(f"e{place}", "urn:s", "sqm.journey.arrived", f"j{place}", at, FACTS, "f.csv", place)


@given(st.lists(st.integers(min_value=0, max_value=50), max_size=60), st.integers(min_value=1, max_value=70))
def test_events_come_in_time_order_and_none_is_lost(times: list[int], most_in_memory: int) -> None:
    events = [event(place, at) for place, at in enumerate(times)]
    ordered = list(in_time_order(iter(events), most_in_memory))
    # Python's sort is stable: of one instant, the one that came first stays first.
    assert ordered == sorted(events, key=lambda one: one.time_ms)
