"""
Of everything that was said about one id, the later revision holds in the end, in whatever order it was handed over.
"""

from itertools import permutations

import pytest

from services.cli.replay.outcomes import Standing
from services.sla.engine import Attainment, Measurement, Violation


def violation(state: str, offset: int, closed_at: int | None = None) -> Violation:
    return Violation(
        id="v:1", standard="wait", version=1, rev_offset=offset, rev_watermark=0, site="bank", journey="j",
        arrived_at=0, kind="journey", state=state, reason="limit_passed", opened_at=1, closed_at=closed_at,
        detected_at=1, as_of=1, value_ms=1, limit_ms=1, trail=[],
    )  # fmt: skip


class Settled:
    def __init__(self) -> None:
        self.violations: list[Violation] = []

    def __call__(self, _m: list[Measurement], violations: list[Violation], _a: list[Attainment]) -> None:
        self.violations += violations


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_later_revision_holds_whichever_comes_first(order: tuple[int, ...]) -> None:
    said = [violation("opened", 1), violation("updated", 2), violation("closed", 3, closed_at=9)]
    settled = Settled()
    standing = Standing(settled)
    standing.take([said[place] for place in order])
    standing.settle_before(None)
    assert [one.state for one in settled.violations] == ["closed"]


def test_what_was_retracted_does_not_stand() -> None:
    settled = Settled()
    standing = Standing(settled)
    standing.take([violation("opened", 1), violation("retracted", 2, closed_at=2)])
    standing.settle_before(None)
    assert settled.violations == []


def test_what_may_still_change_is_not_settled_yet() -> None:
    settled = Settled()
    standing = Standing(settled)
    standing.take([violation("opened", 1)])
    standing.settle_before(1_000_000)
    assert settled.violations == []
    standing.take([violation("closed", 2, closed_at=5)])
    standing.settle_before(5)
    assert settled.violations == []
    standing.settle_before(6)
    assert [one.state for one in settled.violations] == ["closed"]
