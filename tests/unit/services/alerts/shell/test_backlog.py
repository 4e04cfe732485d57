"""
The backlog: records of several partitions come out in the order in which they were written, and nothing is waited for
for ever.
"""

from services.alerts.shell.backlog import PATIENCE_MS, Backlog
from tests.fakes.records import FakeRecord

ENDS = {("v", 0): 2, ("v", 1): 0, ("c", 0): 1}
NOTHING_READ = dict.fromkeys(ENDS, 0)


def record(topic: str, offset: int, at: int, partition: int = 0) -> FakeRecord:
    return FakeRecord(offset, b"", timestamp=at, topic=topic, partition=partition)


def ready(backlog: Backlog) -> list[tuple[int, str, int]]:
    return [(at, one.topic, one.offset) for at, one in backlog.ready()]


def test_a_record_waits_until_nothing_older_can_come() -> None:
    backlog = Backlog(ENDS, NOTHING_READ, 0)
    backlog.add([record("v", 0, 10), record("v", 1, 40)], 1)
    assert (ready(backlog), backlog.is_whole) == ([], False)
    backlog.add([record("c", 0, 20)], 2)
    assert backlog.is_whole
    assert ready(backlog) == [(10, "v", 0), (20, "c", 0), (40, "v", 1)]
    assert ready(backlog) == []


def test_what_is_older_than_all_that_may_come_is_ready_at_once() -> None:
    backlog = Backlog({("v", 0): 3, ("c", 0): 3}, {("v", 0): 0, ("c", 0): 0}, 0)
    backlog.add([record("v", 0, 10), record("v", 1, 30), record("c", 0, 20)], 1)
    assert ready(backlog) == [(10, "v", 0)]
    backlog.add([record("c", 1, 50)], 1)
    assert ready(backlog) == [(20, "c", 0)]


def test_of_one_partition_the_order_stands_whatever_the_times_say() -> None:
    backlog = Backlog({("v", 0): 2}, {("v", 0): 0}, 0)
    backlog.add([record("v", 0, 30), record("v", 1, 10)], 1)
    assert ready(backlog) == [(30, "v", 0), (30, "v", 1)]


def test_where_nothing_was_written_it_is_whole_from_the_beginning() -> None:
    assert Backlog(ENDS, ENDS, 0).is_whole


def test_a_partition_that_nobody_serves_is_given_up_after_a_while_without_any_record() -> None:
    backlog = Backlog(ENDS, NOTHING_READ, 0)
    assert not backlog.is_stuck(PATIENCE_MS - 1)
    backlog.add([record("c", 0, 20)], PATIENCE_MS - 1)
    assert not backlog.is_stuck(PATIENCE_MS)
    assert backlog.is_stuck(2 * PATIENCE_MS)
    backlog.give_up()
    assert not backlog.is_stuck(2 * PATIENCE_MS)
    assert ready(backlog) == [(20, "c", 0)]
