"""
Turns and cycles of long journeys, and what late news of one of them leaves alone.
"""

import sys
from typing import Any, cast

import pytest

from services.sla.engine import Measurement, fold
from services.sla.engine.clocks import EXPIRED, NEVER, STOPPED, Run
from services.sla.engine.courses import next_place
from services.sla.engine.events import Fact
from services.sla.engine.roles import START, STOP
from services.sla.engine.rules import Rule
from tests.properties.drawing import BASE_MS, HAND_OFF, HOUR, SECOND, SETTLED, STEPS, event, instant, of_kind, standard
from tests.unit.services.sla.engine.test_judging import WAIT, Line

SEVERAL = {
    "start": "journey.transferred", "end": "service.completed", "courses": [
        {"name": f"{way}", "steps": [
            {"name": f"{step}", "shown_by": {"event": "milestone.reached", "where": {"milestone": f"{step + way}"}},
             "within": "5s", "repeats": way == 0} for step in range(5)]} for way in range(3)],
}  # fmt: skip
LONG: dict[str, Any] = {
    "contacts": (SETTLED, lambda n: event(n * SECOND, "service.completed", f"j{n}", f"{n}", customer="carl")),
    "turns": (standard("turns", clock={"start": "journey.transferred", "stop": "journey.transferred", "repeats": True}),
              lambda n: event(n * SECOND, "journey.transferred", "j", f"{n}")),
    "steps": (of_kind("steps", "sequence", SEVERAL, "rate", "90%"),
              lambda n: event(n * SECOND, "milestone.reached" if n else "journey.transferred", "j", f"{n}",
                              milestone=f"{n % 6}")),
}  # fmt: skip


def test_a_late_reopening_takes_what_followed_it_out_of_the_verdict_before() -> None:
    line = Line(standard("wait", clock={"expires_after": "2h"}))
    for at in (0, SECOND):
        line.hear(at, "journey.arrived")
    line.wait(2 * HOUR)
    assert [one.at - BASE_MS for one in line.measurement().trail] == [0, SECOND]
    line.hear(SECOND // 2, "journey.reopened", received=2 * HOUR)
    told = line.ledger.by_id["m:wait@1:0:branch-1:j"]
    assert isinstance(told, Measurement)
    assert [one.at - BASE_MS for one in told.trail] == [0]


HEARD = ((0, "arrived"), (31, "arrived"), (41, "arrived"), (30, "reopened"), (40, "reopened"), (5, "called"))


def test_late_news_of_a_cycle_before_the_last_is_told_of_that_one() -> None:
    line = Line(WAIT)
    for at, kind in HEARD:
        line.hear(at * SECOND, f"journey.{kind}", received=50 * SECOND)
    assert line.measurement().cycle == 0


def test_the_turns_of_a_long_journey_are_those_of_a_short_one() -> None:
    line = Line(HAND_OFF)
    for number in range(40):
        line.hear(number * SECOND, "journey.transferred", ident=f"t{number}")
    line.hear(500, "journey.called", ident="late", received=41 * SECOND)
    line.hear(41 * SECOND, "journey.called", ident="last")
    told = [one for one in line.ledger.by_id.values() if isinstance(one, Measurement)]
    assert [(one.turn, one.value_ms) for one in sorted(told, key=lambda one: one.turn)] == [
        (0, 500), *((turn, SECOND) for turn in range(1, 39)), (39, 2 * SECOND),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["contacts", "turns", "steps"])
def test_the_price_of_an_event_hardly_grows_with_the_journey(kind: str) -> None:
    def calls(count: int) -> int:
        """How many functions it takes to fold so many events of one customer."""
        line, made = Line(*LONG[kind][:-1]), [0]
        records = [(number, BASE_MS + number * SECOND, LONG[kind][-1](number)) for number in range(count)]
        sys.setprofile(lambda *_: made.__setitem__(0, made[0] + 1))
        fold(line.state, records, line.book)
        sys.setprofile(None)
        return made[0]

    calls(10)
    # Sixteen times as many, if each looked at all that were before it.
    assert calls(400) < 7 * calls(100)


def test_turns_of_a_promise_that_is_heard_of_late_are_all_judged_again() -> None:
    promise = {"start": "journey.arrived", "limit": "promised", "repeats": True}
    line = Line(standard("promise", clock=promise))
    for at, kind in ((0, "arrived"), (5, "called"), (10, "arrived"), (15, "called")):
        line.hear(at * SECOND, f"journey.{kind}", promised_at=instant(HOUR))
    line.hear(1, "journey.transferred", promised_at=instant(2 * SECOND))
    line.hear(-1, "journey.transferred", received=20 * SECOND, promised_at=instant(SECOND))
    told = [one for one in line.ledger.by_id.values() if isinstance(one, Measurement)]
    assert sorted((one.turn, one.limit_ms) for one in told) == [(0, SECOND), (1, 0)]


def test_of_steps_that_never_began_nothing_is_said() -> None:
    line = Line(STEPS)
    line.hear(0, "journey.called")
    line.hear(SECOND, "service.completed")
    assert line.ledger.said == []


class Marks:
    """
    A rule by which each rank is a role of its own.
    """

    def role(self, rank: int, attributes: object) -> int:
        del attributes
        return rank


def happened(*marked: tuple[int, int]) -> list[Fact]:
    return [cast("Fact", (at, mark, "/s", str(number), ())) for number, (at, mark) in enumerate(marked)]


def ended(how: int, at: int) -> Run:
    return Run(0, how, at, 0, NEVER, False, NEVER, 1)  # noqa: FBT003 - in the order of the fields


def test_what_happens_at_the_very_instant_of_an_end_by_time_begins_no_turn() -> None:
    facts = happened((0, START), (10, 0), (10, 0), (20, START))
    assert next_place(cast("Rule", Marks()), facts, ended(EXPIRED, 10), 0) == 3


def test_what_happens_at_the_instant_of_an_end_and_does_not_end_is_passed_over() -> None:
    facts = happened((0, START), (10, 0), (10, STOP), (20, START))
    assert next_place(cast("Rule", Marks()), facts, ended(STOPPED, 10), 0) == 3
    assert next_place(cast("Rule", Marks()), facts[:2], ended(STOPPED, 10), 0) is None
