"""
The desk: what is hard to see in a timeline. What people get to see is shown by the timelines.
"""

from typing import Any

import msgspec
import pytest

from schemas.alerting import Alerting
from schemas.on_call import PersonLimit
from services.alerts.engine import (
    Book,
    Changed,
    Desk,
    DeskState,
    Given,
    Lifecycles,
    Notification,
    Received,
    Saver,
    restored,
)
from services.alerts.engine.bearing import Burden
from services.alerts.engine.reaching import Recipient
from services.alerts.engine.rules import NEVER
from tests.fakes.alerting import MINUTE, MONDAY, alerting, given, opened, revised, standard

SILENCE = {
    "id": "s",
    "match": {"queue": ["tills"]},
    "from": "2026-03-02T10:00:00Z",
    "until": "2026-03-02T10:30:00Z",
    "author": "lead",
    "reason": "Drill",
}


class Line:
    """
    Lifecycles and desk one after the other, as the service has them.
    """

    def __init__(self, said: Alerting) -> None:
        self.book = Book(said, [standard()])
        self.lives = Lifecycles()
        self.desk = Desk(self.book, DeskState())

    def take(self, *inputs: Received | Given, until: int = 0) -> list[Notification]:
        at = MONDAY + until * MINUTE if until else max(one.at for one in inputs)
        step = self.lives.take(self.book, inputs, at)
        changed = [Changed(alert.at, alert) for alert in step.alerts]
        told = self.desk.take([*changed, *step.commands], at)
        return [one.notification for one in told.messages]

    def reload(self, said: Alerting, minute: int) -> list[Notification]:
        self.book = Book(said, [standard()])
        self.desk = Desk(self.book, self.desk.state)
        self.lives.adopt(self.book, MONDAY + minute * MINUTE)
        self.desk.reroute(MONDAY + minute * MINUTE)
        return self.take(until=minute)


def test_what_is_pending_is_nobodys_business_at_a_reload() -> None:
    said = alerting(rules=[{"id": "waits", "for": "5m"}])
    line = Line(said)
    line.take(opened("a"))
    assert not line.reload(said, 1)
    assert not line.desk.state.groups
    assert [one.reason for one in line.take(until=6)] == ["new"]


def test_what_is_to_be_told_again_is_so_wherever_the_tree_leads_it() -> None:
    line = Line(alerting(route={"receivers": ["room"], "group_wait": "0s"}, silences=[SILENCE]))
    assert not line.take(opened("a"), until=1)
    state = line.desk.state
    # The silence is over at the very instant at which the tree changes.
    state.rest.now = MONDAY + 30 * MINUTE
    line.desk.reroute(state.rest.now)
    (group,) = state.groups.values()
    assert group.again == {"wait|queue:north/tills": "silence_over"}
    branches = {"group_wait": "0s", "routes": [{"receivers": ["room"]}]}
    told = line.reload(alerting(route=branches, silences=[SILENCE]), 30)
    assert [(one.group, one.reason) for one in told] == [("route.0{standard=wait,site=north}", "silence_over")]
    assert list(state.groups) == ["route.0{standard=wait,site=north}"]


def test_an_end_that_flaps_while_a_silence_ends_is_told_when_it_is_steady() -> None:
    flapping = {"id": "waits", "keep_firing_for": "0s", "flapping": {"changes": 2, "within": "1h"}}
    line = Line(alerting(rules=[flapping]))
    first, second = opened("a"), opened("b", 2)
    line.take(first, revised(first, "closed", 1), second, revised(second, "closed", 3))
    assert not line.take(given("silence", 4, alert=None, silence=SILENCE))
    assert not line.take(until=50)
    assert [(one.reason, one.at) for one in line.take(until=70)] == [("resolved", MONDAY + 63 * MINUTE)]
    assert not line.desk.state.cases
    assert not line.desk.state.groups


def test_what_commands_said_about_times_that_are_over_is_forgotten() -> None:
    layers = [{"id": "usual", "people": ["lead"], "rotation": {"start": "2026-01-01"}}]
    line = Line(alerting(schedules=[{"id": "floor", "title": "Floor", "zone": "UTC", "layers": layers}]))
    again = {"rule": "FREQ=DAILY", "zone": "UTC", "duration": "1h"}
    stand = {"person": "lead", "from": "2026-03-02T10:00:00Z", "until": "2026-03-02T10:20:00Z"}
    line.take(
        given("silence", 1, alert=None, silence=SILENCE),
        given("silence", 2, alert=None, silence=SILENCE | {"id": "daily", "again": again}),
        given("override", 3, alert=None, schedule="floor", override=stand),
    )
    rest = line.desk.state.rest
    assert (sorted(rest.silences), len(rest.stands["floor"])) == (["daily", "s"], 1)
    line.take(given("unsilence", 31, alert=None, ends="daily"))
    assert (sorted(rest.silences), rest.stands["floor"]) == ([], [])


def test_a_burden_knows_when_there_is_room_again() -> None:
    limit, burden = PersonLimit(messages=2, within="10m"), Burden()  # type: ignore[arg-type]
    recipient = Recipient("sms", "lead", "phone")
    assert burden.due(limit) == NEVER
    burden.sent = [0, 60_000]
    assert not burden.has_room(limit, 120_000)
    assert burden.hold("group", recipient)
    assert not burden.hold("group", recipient)
    assert burden.held == 1
    assert burden.due(limit) == 600_000
    assert not burden.has_room(limit, 600_000), "nothing goes past what is held back"
    assert burden.due(limit) == 0, "the limit is greater than what went out lately"


def test_what_is_held_back_puts_no_reminder_off() -> None:
    lead: dict[str, Any] = {"id": "lead", "title": "Lead", "contacts": [{"id": "phone", "receiver": "sms"}]}
    lead |= {"limit": {"messages": 1, "within": "2h"}}
    steps = {"id": "floor", "title": "Floor", "steps": [{"notify": ["person:lead"], "wait": "5h"}]}
    route = {"escalation": "floor", "group_by": [], "group_wait": "0s", "group_interval": "0s"}
    line = Line(alerting(people=[lead], escalations=[steps], route=route))
    assert [one.reason for one in line.take(opened("a"))] == ["new"]
    assert not line.take(opened("b", 10, queue="advice"))
    (group,) = line.desk.state.groups.values()
    assert group.last_at == MONDAY
    assert [one.reason for one in line.take(until=120)] == ["digest"]


def test_only_what_has_changed_is_saved_and_what_is_gone_is_saved_as_gone() -> None:
    line = Line(alerting())
    saver = Saver(line.lives, line.desk.state)
    line.take(opened("a"))
    first = saver.changed()
    assert sorted({name.partition(".")[0] for name in first}) == ["case", "group", "life", "rest"]
    assert set(saver.changed()) == {"rest"}
    line.take(given("resolve", 1))
    gone = {name: body for name, body in saver.changed().items() if not body}
    assert sorted(name.partition(".")[0] for name in gone) == ["case", "group"]


def test_a_part_that_nobody_knows_is_left_alone_and_nothing_is_a_beginning() -> None:
    lives, state = restored({"weather.7": b"?"})
    assert not lives.lives
    assert state == DeskState()


def test_what_is_no_state_is_refused() -> None:
    with pytest.raises(msgspec.MsgspecError):
        restored({"case.7": msgspec.msgpack.encode({"wait": 7})})


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"queue": "yard"}, ["wait|queue:north/tills", "wait|queue:north/yard"]),
        ({"kind": "at_risk"}, ["wait|queue:north/tills"]),
    ],
    ids=["one of its like", "a warning"],
)
def test_those_that_fit_both_sides_of_an_inhibition_do_not_mute_each_other(
    other: dict[str, Any], told: list[str]
) -> None:
    sides = {"source": {"kind": ["journey"]}, "target": {"kind": ["journey", "at_risk"]}, "equal": ["site"]}
    line = Line(alerting(inhibit=[{"id": "graver", **sides}]))
    messages = line.take(opened("v-1"), opened("v-2", **other), until=600)
    assert sorted({one.id.rpartition("#")[0] for message in messages for one in message.alerts}) == told


def test_a_message_carries_the_gravest_alerts_first_in_its_list_and_beside_it() -> None:
    rules = [{"id": "grave", "match": {"queue": ["yard"]}, "severity": "page"}, {"id": "rest", "severity": "ticket"}]
    book = Book(alerting(rules=rules, route={"receivers": ["room"], "group_by": [], "group_wait": "0s"}), [standard()])
    inputs = [opened(f"v-{queue}", queue=queue) for queue in ("aisle", "tills", "yard")]
    changes = [Changed(alert.at, alert) for alert in Lifecycles().take(book, inputs, MONDAY).alerts]
    (sent,) = Desk(book, DeskState()).take(changes, MONDAY).messages
    assert [alert.severity for alert in sent.alerts] == ["page", "ticket", "ticket"]
    assert [alert.id for alert in sent.alerts] == [told.id for told in sent.notification.alerts]


def test_what_was_put_down_for_later_and_is_out_of_date_does_not_pile_up() -> None:
    rules = [{"id": "waits", "keep_firing_for": "0s", "flapping": None}]
    at_once = {"group_by": ["queue"], "group_wait": "0s", "group_interval": "0s", "repeat_interval": "400d"}
    line = Line(alerting(rules=rules, route={"receivers": ["room"], **at_once}))
    line.take(opened("v-other", queue="yard"))
    for minute in range(1, 1_200):
        one = opened(f"v-{minute}", minute)
        line.take(one, revised(one, "closed", minute)._replace(at=one.at + 1))
    assert len(line.desk.state.waiting) < 1_100
    assert [one.reason for one in line.take(until=401 * 1_440)] == ["repeated"]
