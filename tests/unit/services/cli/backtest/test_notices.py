"""
Violations are counted by day and scope, and the first of each is when somebody would have been told.
"""

from hypothesis import given
from hypothesis import strategies as st

from services.cli.backtest.notices import Notice, Notices
from services.cli.replay.local_time import LocalTime
from services.sla.engine import Violation

MIDNIGHT = 1_790_000_000_000 - 1_790_000_000_000 % 86_400_000 - 3 * 3_600_000
"""The start of 21 September 2026 in Riga."""
HOUR = 3_600_000


def violation(at: int, *, site: str = "bank", queue: str | None = None, kind: str = "journey") -> Violation:
    return Violation(
        id="v", standard="wait", version=1, rev_offset=0, rev_watermark=0, site=site, journey="j", arrived_at=0,
        kind=kind, state="closed", reason="ended_late", opened_at=at, closed_at=at, detected_at=at, as_of=at,
        value_ms=1, limit_ms=1, trail=[], queue=queue,
    )  # fmt: skip


def told(*violations: Violation) -> Notices:
    notices = Notices(LocalTime("Europe/Riga"))
    for one in violations:
        notices.add(one)
    return notices


def test_one_day_of_one_queue_is_one_notice_at_the_first_violation() -> None:
    late, early = violation(MIDNIGHT + 9 * HOUR), violation(MIDNIGHT + 8 * HOUR)
    expected = [Notice("2026-09-21", "bank", None, MIDNIGHT + 8 * HOUR, 2)]
    assert told(late, early).of("wait") == told(early, late).of("wait") == expected


def test_days_sites_and_queues_are_told_apart_in_the_order_of_time() -> None:
    notices = told(
        violation(MIDNIGHT + 24 * HOUR), violation(MIDNIGHT + 24 * HOUR - 1), violation(MIDNIGHT + 3, site="shop"),
        violation(MIDNIGHT + 2, queue="desk"), violation(MIDNIGHT + 1, kind="at_risk"),
    )  # fmt: skip
    assert [(one.date, one.site, one.queue) for one in notices.of("wait")] == [
        ("2026-09-21", "bank", "desk"),
        ("2026-09-21", "shop", None),
        ("2026-09-21", "bank", None),
        ("2026-09-22", "bank", None),
    ]
    assert notices.of("another") == []


@given(st.lists(st.tuples(st.integers(0, 200 * HOUR), st.sampled_from("ab"), st.sampled_from([None, "q"]))))
def test_notices_and_hours_add_up_to_the_violations(drawn: list[tuple[int, str, str | None]]) -> None:
    notices = told(*(violation(MIDNIGHT + at, site=site, queue=queue) for at, site, queue in drawn))
    assert sum(one.violations for one in notices.of("wait")) == sum(notices.hours("wait")) == len(drawn)
    parts = [notices.hours("wait", site) for site in "ab"]
    assert [sum(hour) for hour in zip(*parts, strict=True)] == notices.hours("wait")
