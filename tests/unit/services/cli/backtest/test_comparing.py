"""
Laws of comparing: a standard differs in nothing from itself, exchanged sides mirror every change, and nothing is lost.
"""

from collections import Counter
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from services.cli.backtest.comparing import Change, Comparison, JourneyKey, Judged, Swing, Verdict, verdicts_of
from services.sla.engine import Measurement, Violation

_SAID: Final = (Verdict.KEPT, Verdict.BROKEN, Verdict.NEITHER)
Side = dict[JourneyKey, Judged]


def judged(verdict: Verdict, limit: int = 20) -> Judged:
    return Judged(verdict, 5, None, "stopped", 10, limit, 7 if verdict is Verdict.BROKEN else None)


SIDES = st.dictionaries(
    st.builds(JourneyKey, st.sampled_from("ab"), st.sampled_from("pqrs"), st.integers(0, 1)),
    st.sampled_from(_SAID).map(judged),
)


def compared(
    old: Side, new: Side, order: list[bool] | None = None, unheard: Verdict | None = None
) -> tuple[list[Change], Counter[Swing]]:
    """
    Compare two sides; `order` says whose next verdict comes first, `unheard` what it means that one side says nothing.
    """
    told: list[Change] = []
    comparison = Comparison([("old", "new")], told.append, {} if unheard is None else {0: unheard})
    queues = {False: list(old.items()), True: list(new.items())}
    for is_new in [*(order or []), *[False] * len(old), *[True] * len(new)]:
        if queues[is_new]:
            key, one = queues[is_new].pop(0)
            comparison.take("new" if is_new else "old", key, one)
    comparison.finish()
    return sorted(told, key=lambda change: change.key), comparison.swings[0]


@given(SIDES)
def test_a_standard_beside_itself_changes_nothing(side: Side) -> None:
    changes, swings = compared(side, side)
    assert changes == []
    assert swings == Counter((one.verdict, one.verdict) for one in side.values())


@given(SIDES, SIDES)
def test_exchanged_sides_mirror_every_change(old: Side, new: Side) -> None:
    there, swings = compared(old, new)
    back, swings_back = compared(new, old)
    assert there == [change._replace(old=change.new, new=change.old) for change in back]
    assert swings == Counter({(after, before): count for (before, after), count in swings_back.items()})


@given(SIDES, SIDES)
def test_where_only_breaches_are_heard_of_what_one_side_does_not_say_was_kept(old: Side, new: Side) -> None:
    changes, swings = compared(old, new, unheard=Verdict.KEPT)
    assert all(Verdict.UNJUDGED not in swing for swing in swings)
    assert sum(swings.values()) == len(old.keys() | new.keys())
    for change in changes:
        for side, said in ((old, change.old), (new, change.new)):
            assert said is not None
            assert (said.verdict, said.ended_by) == (
                (side[change.key].verdict, "stopped") if change.key in side else (Verdict.KEPT, "unheard")
            )


@given(SIDES, SIDES)
def test_the_turns_add_up_to_what_each_side_judged(old: Side, new: Side) -> None:
    changes, swings = compared(old, new)
    for place, side in enumerate((old, new)):
        sums = Counter[Verdict]()
        for swing, count in swings.items():
            sums[swing[place]] += count
        assert sums[Verdict.UNJUDGED] == len((old.keys() | new.keys()) - side.keys())
        assert sums.total() - sums[Verdict.UNJUDGED] == len(side)
    assert Counter(change.swing for change in changes) == Counter(
        {swing: count for swing, count in swings.items() if swing[0] is not swing[1]}
    )


@given(SIDES, SIDES, st.lists(st.booleans(), max_size=20))
def test_it_does_not_matter_which_side_judges_first(old: Side, new: Side, order: list[bool]) -> None:
    assert compared(old, new, order) == compared(old, new)


def test_many_proposals_beside_one_standard_are_as_many_comparisons() -> None:
    told: list[Change] = []
    comparison = Comparison([("old", "new/0"), ("old", "new/1")], told.append)
    key = JourneyKey("bank", "j", 0)
    comparison.take("new/1", key, judged(Verdict.KEPT))
    comparison.take("old", key, judged(Verdict.BROKEN))
    comparison.take("stranger", key, judged(Verdict.KEPT))
    comparison.finish()
    assert {(change.pair, change.swing) for change in told} == {
        (0, (Verdict.BROKEN, Verdict.UNJUDGED)),
        (1, (Verdict.BROKEN, Verdict.KEPT)),
    }


def measurement(journey: str, *, met: bool | None, ended_by: str = "stopped") -> Measurement:
    return Measurement(
        id=f"m:{journey}", standard="wait", version=1, rev_offset=0, rev_watermark=0, site="bank", journey=journey,
        arrived_at=5, state="standing", started_at=5, ended_at=9, ended_by=ended_by, value_ms=4, paused_ms=0,
        limit_ms=3, validity="plausible", met=met, short_abandon=False, trail=[], segments=(), queue="desk",
    )  # fmt: skip


def violation(journey: str, *, kind: str = "journey", closed_at: int | None = 9) -> Violation:
    return Violation(
        id=f"v:{journey}", standard="wait", version=1, rev_offset=0, rev_watermark=0, site="bank", journey=journey,
        arrived_at=5, kind=kind, state="closed" if closed_at else "opened", reason="ended_late", opened_at=8,
        closed_at=closed_at, detected_at=8, as_of=8, value_ms=4, limit_ms=3, trail=[],
    )  # fmt: skip


def test_a_verdict_is_what_measurement_and_violation_say_together() -> None:
    found = verdicts_of(
        [
            measurement("kept", met=True),
            measurement("late", met=False),
            measurement("left-late", met=None, ended_by="abandoned"),
            measurement("left", met=None, ended_by="abandoned"),
        ],
        [
            violation("late"),
            violation("left-late"),
            violation("left", kind="at_risk"),
            violation("waits", closed_at=None),
        ],
    )
    assert [(who, key.journey, one.verdict, one.ended_by, one.told_at) for who, key, one in found] == [
        ("wait", "kept", Verdict.KEPT, "stopped", None),
        ("wait", "late", Verdict.BROKEN, "stopped", 8),
        ("wait", "left-late", Verdict.BROKEN, "abandoned", 8),
        ("wait", "left", Verdict.NEITHER, "abandoned", None),
        ("wait", "waits", Verdict.BROKEN, "running", 8),
    ]
