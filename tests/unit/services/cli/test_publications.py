"""
Publications are told in the order of time, also where a broker made several partitions of their topic.
"""

from services.cli.publications import oldest_first
from tests.fakes.records import FakeRecord


def told(*records: FakeRecord) -> list[bytes | None]:
    return [one.value for one in oldest_first(records)]


def test_times_order_the_records_of_several_partitions() -> None:
    second = FakeRecord(0, b"second", partition=3, timestamp=20)
    third = FakeRecord(1, b"third", partition=0, timestamp=30)
    assert told(second, third, FakeRecord(0, b"first", partition=0, timestamp=10)) == [b"first", b"second", b"third"]


def test_within_a_partition_the_offset_decides_though_a_clock_went_back() -> None:
    back = FakeRecord(1, b"second", timestamp=5)
    between = FakeRecord(0, b"other", partition=1, timestamp=15)
    assert told(between, back, FakeRecord(0, b"first", timestamp=10)) == [b"first", b"second", b"other"]
