"""
The sign of life is a service event that ingest takes.
"""

from typing import Any

from schemas.base import to_millis
from schemas.events import EVENTS
from services.agent.engine import heartbeat

NOW = 1_772_445_600_000


def taken(event: bytes) -> Any:  # noqa: ANN401  (made of its facts: the checker knows the envelope only)
    return EVENTS.validate_json(event)


def test_it_says_how_much_waits_and_how_far_the_clock_is_off() -> None:
    event = taken(heartbeat("/shop/riga-1/agent", "riga-1", NOW, 12, -1_840))
    assert (event.type, event.source) == ("sqm.source.heartbeat", "/shop/riga-1/agent")
    assert (event.data.site, event.data.backlog, event.data.skew_ms) == ("riga-1", 12, -1_840)


def test_its_instant_is_the_server_s_lest_it_be_refused_as_in_the_future() -> None:
    event = taken(heartbeat("/s", "riga-1", NOW + 600_000, 0, 600_000))
    assert to_millis(event.time) == NOW


def test_what_is_not_known_of_the_clock_is_left_out_and_the_count_is_bounded() -> None:
    event = taken(heartbeat("/s", "riga-1", NOW, 2_000_000, None))
    assert (event.data.backlog, event.data.skew_ms) == (1_000_000, None)
    assert to_millis(event.time) == NOW
