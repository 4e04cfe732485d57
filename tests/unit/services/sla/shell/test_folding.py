"""
What Kafka brings, on its way to the engine: in order, once, and to the dead letters where it is no event.
"""

import pytest

from services.runtime.errors import Misconfigured
from services.runtime.kafka import BlobName
from services.runtime.stopping import StopRule
from services.sla.engine import ClockKind, Partition, Policy
from services.sla.shell.envelope import sealed
from services.sla.shell.partitions import Owned
from tests.e2e.sla_line import event
from tests.fakes.records import FakeRecord
from tests.fakes.worker import NOON, Bench, arrived, called


def test_records_that_were_handled_before_are_left_out() -> None:
    bench = Bench()
    bench.fold(arrived(), called())
    again = [FakeRecord(0, arrived(), timestamp=NOON), FakeRecord(1, called(), timestamp=NOON)]
    bench.folding.records(bench.owned, again)
    bench.folding.records(bench.owned, [*again, FakeRecord(2, arrived("j2"), timestamp=NOON)])
    assert bench.owned.next_offset == 3
    assert len(bench.producer.on("measurements")) == 1
    assert bench.folding.tally.notes == {}


def test_what_is_no_event_goes_to_the_dead_letters_byte_for_byte_and_the_rest_goes_on() -> None:
    bench = Bench()
    bench.fold(arrived(), b'{"not": "an event"}', b"\xff\xfe", called())
    dead = [sent for sent in bench.producer.sent if sent[0] == "dead"]
    assert [value for _, _, value, _ in dead] == [b'{"not": "an event"}', b"\xff\xfe"]
    headers = dict(dead[0][3])
    assert headers["sqm-reason"] == b"undecodable"
    assert (headers["sqm-topic"], headers["sqm-partition"], headers["sqm-offset"]) == (b"events", b"0", b"1")
    assert len(bench.producer.on("measurements")) == 1


@pytest.mark.parametrize(
    "hostile",
    [
        arrived().replace(b"j1", b"\xff\xfe"),
        arrived()[:-1] + b',"more":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        arrived().replace(b"Z", b""),
        arrived().replace(b'"subject":"j1"', b'"subject":""'),
        arrived().replace(b'"site":"s1"', b'"site":""'),
        arrived().replace(b"s1", b"s" * 1_000),
        arrived().replace(b"j1", b"j" * 500_000),
    ],
    ids=["no UTF-8", "nested", "local time", "no journey", "no site", "endless site", "endless names"],
)
def test_a_hostile_record_is_a_dead_letter_and_the_rest_goes_on(hostile: bytes) -> None:
    bench = Bench()
    bench.fold(arrived("j2"), hostile, called("j2"))
    ((_, _, value, headers),) = [sent for sent in bench.producer.sent if sent[0] == "dead"]
    assert value == hostile
    assert dict(headers)["sqm-reason"] == b"undecodable"
    assert len(bench.producer.on("measurements")) == 1


def test_what_comes_after_the_horizon_goes_to_the_dead_letters_with_the_engines_reason() -> None:
    bench = Bench()
    bench.fold(arrived("old", NOON - 25 * 3_600_000), arrived())
    ((_, _, value, headers),) = [sent for sent in bench.producer.sent if sent[0] == "dead"]
    assert value == arrived("old", NOON - 25 * 3_600_000)
    assert dict(headers)["sqm-reason"] == b"too_late"


def test_the_headers_that_a_record_came_with_are_kept() -> None:
    bench = Bench()
    bench.folding.records(bench.owned, [FakeRecord(0, b"?", timestamp=NOON, headers=[("trace", b"1")])])
    ((_, _, _, headers),) = bench.producer.sent
    assert headers[0] == ("trace", b"1")


def test_time_caused_by_records_leaves_at_once() -> None:
    bench = Bench()
    bench.fold(arrived())
    bench.folding.records(bench.owned, [FakeRecord(1, arrived("j2", NOON + 60_000), timestamp=NOON + 60_000)])
    assert bench.states("violations") == ["opened"]
    assert bench.owned.held == {}


def test_on_event_time_rest_goes_to_the_greatest_event_time_and_no_further() -> None:
    bench = Bench()
    bench.owned = Owned(0, 1, Partition(Policy(clock=ClockKind.EVENT, lateness_ms=3_600_000)))
    bench.owned.next_offset = 0
    bench.fold(arrived(), arrived("j2", NOON + 30_000))
    assert bench.producer.on("violations") == []
    assert bench.folding.rest(bench.owned) != []
    assert bench.owned.state.watermark == NOON + 30_000
    assert bench.folding.rest(bench.owned) == []


def test_on_the_wall_clock_rest_moves_nothing() -> None:
    bench = Bench()
    bench.fold(arrived())
    watermark = bench.owned.state.watermark
    assert bench.folding.rest(bench.owned) == []
    assert bench.owned.state.watermark == watermark


def test_too_many_refusals_in_a_row_stop_the_worker_after_all_are_in_the_dead_letters() -> None:
    bench = Bench(rule=StopRule(in_a_row=10))
    with pytest.raises(Misconfigured, match="at offset 9: too_many_refused_in_a_row"):
        bench.fold(*[b"?"] * 10)
    assert len(bench.producer.on("dead")) == 10


def test_a_good_record_breaks_the_row() -> None:
    bench = Bench(rule=StopRule(in_a_row=3))
    for _ in range(10):
        bench.fold(arrived(), b"?", b"?")
    assert len(bench.producer.on("dead")) == 20


def test_too_large_a_share_stops_though_good_records_lie_between() -> None:
    bench = Bench(rule=StopRule(in_a_row=100, share_percent=50, window=10, minimum=10))
    for at in range(3):
        bench.fold(arrived(f"j{at}"), b"?", b"?")
    with pytest.raises(Misconfigured, match="too_large_a_share_refused"):
        bench.fold(arrived("j3"), b"?", b"?")


def test_late_records_never_stop_the_worker() -> None:
    bench = Bench(rule=StopRule(in_a_row=2, share_percent=1, window=10, minimum=1))
    bench.fold(*[arrived(f"old{at}", NOON - 25 * 3_600_000) for at in range(20)])
    assert len(bench.producer.on("dead")) == 20


def test_a_bound_that_somebody_reached_never_stops_the_worker_for_everybody_else() -> None:
    bench = Bench(rule=StopRule(in_a_row=2, share_percent=1, window=10, minimum=1))
    bench.owned = Owned(0, 1, Partition(Policy(max_sites=1, chunk_max_bytes=1_000)))
    bench.owned.next_offset = 0
    bench.fold(*[arrived(f"j{at}") for at in range(200)])
    bench.fold(*[event("journey.arrived", "k", NOON, site=f"further{at}") for at in range(20)])
    reasons = [dict(headers)["sqm-reason"] for topic, _, _, headers in bench.producer.sent if topic == "dead"]
    assert set(reasons) == {b"site_full", b"too_many_sites"}


def damaged() -> Bench:
    """
    A successor of somebody who saved an open journey, whose bytes were changed behind their header.
    """
    bench = Bench()
    bench.fold(arrived())
    (name,) = [BlobName(site, part) for site, part in bench.owned.state.dirty()]
    whole = bench.owned.state.encode(*name)
    bench.owned = bench.assigned({name: sealed(whole[:-20] + b"garbage", [])})
    bench.owned.next_offset = 1
    return bench


def test_a_damaged_state_stops_the_worker_at_its_sites_next_record() -> None:
    bench = damaged()
    with pytest.raises(Misconfigured, match=r"partition 0: chunk \d of site s1 is damaged .*docs/upgrading.md"):
        bench.fold(called())


def test_a_damaged_state_stops_the_worker_at_its_sites_next_timer() -> None:
    bench = damaged()
    with pytest.raises(Misconfigured, match="of site s1 is damaged"):
        bench.folding.time(bench.owned, NOON + 60_000)
