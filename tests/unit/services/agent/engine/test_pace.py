"""
A lane waits longer the longer ingest is away, and comes back soon; a record that ingest fails at blocks nobody.
"""

import random

from services.agent.engine import Pace, Wait, WaitReason
from services.agent.engine.pace import BACKOFF, STRIKES

HOUR = 3_600_000
AWAY = Wait(WaitReason.UNREACHABLE)


def test_an_hour_without_ingest_costs_few_attempts_and_a_minute_at_most_afterwards() -> None:
    lot, pace, now, attempts = random.Random(6), Pace(500), 0, 0
    while now < HOUR:
        attempts += 1
        pace.went_wrong(AWAY, now, lot.randrange)
        assert now <= pace.not_before <= now + BACKOFF.longest_ms
        now = pace.not_before
    assert pace.trouble is WaitReason.UNREACHABLE
    assert pace.failures == attempts
    assert attempts < 250
    assert now <= HOUR + BACKOFF.longest_ms
    pace.went_well([])
    assert pace == Pace(500)


def test_a_thousand_shops_do_not_come_back_at_once() -> None:
    due = set()
    for shop in range(1_000):
        pace, lot = Pace(500), random.Random(shop)
        for _ in range(10):
            pace.went_wrong(AWAY, 0, lot.randrange)
        due.add(pace.not_before // 1_000)
    assert len(due) == BACKOFF.longest_ms // 1_000


def test_ingest_is_not_asked_before_the_time_that_it_names() -> None:
    pace = Pace(500)
    pace.went_wrong(Wait(WaitReason.BEHIND, 30_000), 1_000, lambda _: 0)
    assert pace.not_before == 31_000


def test_a_batch_shrinks_to_one_and_grows_again() -> None:
    pace, sizes = Pace(500), []
    for _ in range(10):
        pace.send_less()
        sizes.append(pace.at_once)
    assert sizes == [250, 125, 62, 31, 15, 7, 3, 1, 1, 1]
    for _ in range(10):
        pace.went_well([])
    assert pace.at_once == 500


def test_a_record_is_given_up_after_some_failures_of_its_own() -> None:
    pace = Pace(8)
    assert [pace.gives_up(3) for _ in range(STRIKES)] == [False] * (STRIKES - 1) + [True]
    assert not pace.gives_up(4)
    pace.went_well([3, 5])
    assert pace.strikes == {4: 1}
