"""
Inhibition: what is hard to see in a timeline. What people get to see is shown by the timelines and the laws.
"""

import msgspec

from services.alerts.engine import Alert, Book
from services.alerts.engine.inhibition import Inhibitions
from tests.fakes.alerting import MONDAY, alerting

QUEUE = Alert("q#1", "q", 1, MONDAY, "firing", "violated", "page", "w", {"kind": "journey"}, 1, MONDAY, 1, 1)
FIRST = msgspec.structs.replace(QUEUE, id="a#1", key="a", labels={"kind": "presence"})
SECOND = msgspec.structs.replace(FIRST, id="b#1", key="b")
RULE = {"id": "machine-first", "source": {"kind": "presence"}, "target": {"kind": "journey"}}


def test_what_is_muted_by_two_is_muted_until_both_are_over() -> None:
    inhibitions = Inhibitions(Book(alerting(inhibit=[RULE])).said.inhibit)
    assert [inhibitions.note(one, fires=True) for one in (FIRST, SECOND, QUEUE)] == [True, True, False]
    assert inhibitions.mutes(QUEUE)
    inhibitions.note(FIRST, fires=False)
    assert inhibitions.mutes(QUEUE)
    inhibitions.note(SECOND, fires=False)
    assert not inhibitions.mutes(QUEUE)
