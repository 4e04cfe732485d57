"""
How alerts were dealt with, as history tells it, on every way to reach a database: no copy counts, and each measure is
what one works out by hand.
"""

from typing import Any

import pytest

from schemas.export.messages import EXAMPLES, MESSAGES
from schemas.topics import ALERT_COMMANDS, ALERTS, DELIVERIES, NOTIFICATIONS
from services.history.engine import (
    TRANSITIONS_SQL,
    AlertMeasures,
    AlertQuestion,
    AlertsBy,
    alert_measures,
    alert_questions,
    copy_of,
    transition_of,
    why_not_asked,
)
from services.history.shell.storing import store
from services.runtime.clickhouse import Database
from tests.fakes.topic_records import NOON, TopicRecord, as_json

MINUTE, HOUR = 60_000, 3_600_000
CARRIED = {"alert": ALERTS, "notification": NOTIFICATIONS, "delivery": DELIVERIES, "alert-command": ALERT_COMMANDS}


class Shift:
    """
    What happened, told to history record by record.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.said: dict[str, list[dict[str, Any]]] = {topic.name: [] for topic in CARRIED.values()}
        self.messages = 0

    def alert(self, key: str, seq: int, at: int, state: str, reason: str, **more: object) -> None:
        standard, _, scope = key.partition("|")
        begun = more.pop("begun_at", NOON)
        site = scope.removeprefix("site:")
        self.said[ALERTS.name].append({
            "id": f"{key}#{begun}", "key": key, "seq": seq, "at": at, "state": state, "reason": reason,
            "severity": "page", "rule": f"rule-of-{standard}", "labels": {"standard": standard, "site": site},
            "version": 1, "begun_at": begun, "open": 1, "seen": 1, **more,
        })  # fmt: skip

    def raised(self, key: str, at: int = NOON) -> None:
        self.alert(key, 1, at, "firing", "violated", begun_at=at, fired_at=at)

    def told(self, *keys: str, at: int, person: str | None = "anna", reason: str = "new", **more: object) -> str:
        self.messages += 1
        name = f"message-{self.messages}"
        self.said[NOTIFICATIONS.name].append({
            "id": name, "at": at, "reason": reason, "status": "firing", "receiver": "mail", "person": person,
            "group": "g", "to": "anna@bank.example",
            "alerts": [{"id": f"{key}#{NOON}", "seq": 1, "state": "firing", "severity": "page"} for key in keys],
            **more,
        })  # fmt: skip
        return name

    def tried(self, message: str, outcome: str, at: int, took_ms: int, attempts: int = 1) -> None:
        self.said[DELIVERIES.name].append({
            "notification": message, "at": at, "receiver": "mail", "person": "anna", "outcome": outcome,
            "attempts": attempts, "took_ms": took_ms, "problem": None,
        })  # fmt: skip

    def marked(self, ident: str, key: str, at: int, verdict: str, by: str = "anna") -> None:
        self.said[ALERT_COMMANDS.name].append(
            {"id": ident, "at": at, "by": by, "action": "feedback", "alert": key, "verdict": verdict}
        )

    def keep(self, *, copies: int = 1) -> None:
        for topic, messages in self.said.items():
            records = [TopicRecord(at, as_json(one)) for at, one in enumerate(messages)]
            for _ in range(copies):
                assert store(self.database, copy_of(topic), records) == []

    def ask(self, question: AlertQuestion | None = None) -> list[AlertMeasures]:
        asked = question or AlertQuestion()
        return alert_measures(asked, [self.database.rows(*one) for one in alert_questions(asked)])

    def whole(self, question: AlertQuestion | None = None) -> AlertMeasures:
        (one,) = self.ask(question)
        return one


@pytest.fixture
def shift(database: Database) -> Shift:
    return Shift(database)


WAIT, CALLS = "wait|site:harbour", "calls|site:old-town"


@pytest.mark.parametrize("name", CARRIED)
def test_every_good_example_is_kept_once_with_its_fields(database: Database, name: str) -> None:
    (message,) = (one for one in MESSAGES if one.name == name)
    copy = copy_of(CARRIED[name].name)
    files = sorted((EXAMPLES / name / "good").glob("*.json"))
    whole = [message.validate(file.read_bytes()).model_dump_json(by_alias=True).encode() for file in files]
    short = [file.read_bytes() for file in files]
    for values in (whole, short, whole):
        records = [TopicRecord(at, value) for at, value in enumerate(values)]
        assert store(database, copy, records) == []
    rows = database.rows(f"SELECT * FROM standing_{copy.table.name}")  # noqa: S608  (a name of ours)
    assert len(rows) == len(files)
    assert {column.name for column in copy.table.columns} <= set(rows[0])


@pytest.mark.parametrize("by", [None, *AlertsBy])
def test_every_question_may_be_put_to_the_service_too(database: Database, by: AlertsBy | None) -> None:
    for sql, _ in alert_questions(AlertQuestion(by, from_ms=NOON, until_ms=NOON + HOUR)):
        written = database.rows("SELECT formatQuerySingleLine({question:String}) AS question", {"question": sql})
        assert why_not_asked(written[0]["question"]) is None


def test_no_address_of_a_person_is_kept(shift: Shift) -> None:
    shift.raised(WAIT)
    shift.told(WAIT, at=NOON)
    shift.keep()
    assert "bank.example" not in str(shift.database.rows("SELECT * FROM notifications"))


def test_of_a_command_that_came_twice_the_first_stands(shift: Shift) -> None:
    shift.raised(WAIT)
    shift.marked("c-1", WAIT, NOON + MINUTE, "useful")
    shift.marked("c-1", WAIT, NOON + MINUTE, "false")
    shift.keep()
    assert (shift.whole().marked_useful, shift.whole().marked_false) == (1, 0)


def test_the_time_to_acknowledge_and_to_resolve_is_that_of_the_first_and_the_last_transition(shift: Shift) -> None:
    shift.alert(WAIT, 1, NOON, "pending", "violated")
    shift.alert(WAIT, 2, NOON + MINUTE, "firing", "held_for", fired_at=NOON + MINUTE)
    fired = {"fired_at": NOON + MINUTE}
    shift.alert(WAIT, 3, NOON + 3 * MINUTE, "acknowledged", "acknowledged", by="anna", owner="anna", **fired)
    shift.alert(WAIT, 4, NOON + 5 * MINUTE, "firing", "ack_expired", **fired)
    shift.alert(WAIT, 5, NOON + 6 * MINUTE, "acknowledged", "handed_over", by="boris", owner="anna", **fired)
    shift.alert(WAIT, 6, NOON + 11 * MINUTE, "resolved", "quiet_for", ended_at=NOON + 11 * MINUTE, **fired)
    shift.raised(CALLS)
    shift.alert(CALLS, 2, NOON + MINUTE, "retracted", "never_was", fired_at=NOON, ended_at=NOON + MINUTE)
    shift.alert("only-pending|site:harbour", 1, NOON, "pending", "violated")
    shift.keep(copies=2)
    whole = shift.whole()
    assert (whole.alerts, whole.retracted, whole.acknowledged, whole.resolved) == (2, 1, 1, 1)
    assert (whole.figures["mtta_ms"], whole.figures["mttr_ms"]) == (2 * MINUTE, 10 * MINUTE)
    by_site = {one.group: one.alerts for one in shift.ask(AlertQuestion(AlertsBy.SITE))}
    assert by_site == {"harbour": 1, "old-town": 1}
    assert [one.group for one in shift.ask(AlertQuestion(AlertsBy.RULE))] == ["rule-of-calls", "rule-of-wait"]
    assert [one.group for one in shift.ask(AlertQuestion(AlertsBy.STANDARD))] == ["calls", "wait"]


def test_in_time_is_before_the_escalation_went_on_to_a_later_step_or_nobody_was_left(shift: Shift) -> None:
    keys = {name: f"{name}|site:harbour" for name in ("soon", "again", "late", "never", "nobody", "unasked", "over")}
    for name, key in keys.items():
        shift.raised(key)
        if name not in ("nobody", "unasked"):
            shift.told(key, at=NOON, step=2)
    # A second contact of the same person, five minutes later, is no other step.
    shift.told(keys["again"], at=NOON + 5 * MINUTE, reason="escalated", step=2)
    for name in ("late", "never"):
        shift.told(keys[name], at=NOON + 5 * MINUTE, reason="escalated", step=3, person="boris")
    shift.told(keys["nobody"], at=NOON, reason="nobody_on_call", person="boss")
    for name, minutes in (("soon", 1), ("again", 8), ("late", 9), ("unasked", 1)):
        shift.alert(keys[name], 2, NOON + minutes * MINUTE, "acknowledged", "acknowledged", by="anna", fired_at=NOON)
    shift.alert(keys["over"], 2, NOON + MINUTE, "resolved", "quiet_for", fired_at=NOON, ended_at=NOON + MINUTE)
    shift.keep(copies=2)
    whole = shift.whole()
    assert (whole.in_time, whole.too_late, whole.figures["share_in_time"]) == (2, 3, 0.4)
    people = {one.group: (one.alerts, one.acknowledged) for one in shift.ask(AlertQuestion(AlertsBy.PERSON))}
    assert people == {"anna": (6, 4), "boris": (2, 0), "boss": (1, 0)}


def test_alerts_are_counted_once_for_each_person_and_shift(shift: Shift) -> None:
    midnight = NOON - NOON % (24 * HOUR)
    for key in (WAIT, CALLS):
        shift.raised(key)
    shift.told(WAIT, CALLS, at=midnight + HOUR)
    shift.told(WAIT, at=midnight + 2 * HOUR, reason="repeated")
    shift.told(WAIT, at=midnight + 9 * HOUR, reason="repeated")
    shift.told(WAIT, at=midnight + 9 * HOUR, person="boris")
    shift.told(CALLS, at=midnight + 9 * HOUR, person=None)
    over = [{"id": f"{WAIT}#{NOON}", "seq": 2, "state": "resolved", "severity": "page"}]
    shift.told(WAIT, at=midnight + 20 * HOUR, reason="resolved", alerts=over)
    shift.keep(copies=2)
    whole = shift.whole()
    assert (whole.told, whole.shifts, whole.most_in_a_shift) == (4, 3, 2)
    anna, boris = shift.ask(AlertQuestion(AlertsBy.PERSON))
    assert (anna.figures["alerts_per_shift"], boris.figures["alerts_per_shift"]) == (1.5, 1.0)
    assert shift.whole(AlertQuestion(shift_hours=24)).shifts == 2
    # In Riga it is three hours later: what came at 01:00 and 02:00 came at 04:00 and 05:00.
    assert shift.whole(AlertQuestion(shift_hours=4, zone="Europe/Riga")).shifts == 3
    assert shift.whole(AlertQuestion(shift_hours=1, zone="Europe/Riga")).shifts == 4


def test_a_mark_is_of_the_alert_that_was_the_last_one_then_and_each_ones_last_mark_stands(shift: Shift) -> None:
    shift.raised(WAIT)
    shift.raised(WAIT, NOON + HOUR)
    shift.marked("c-1", WAIT, NOON + MINUTE, "false")
    shift.marked("c-2", WAIT, NOON + 2 * MINUTE, "useful")
    shift.marked("c-3", WAIT, NOON + 3 * MINUTE, "not_actionable", by="boris")
    shift.marked("c-4", WAIT, NOON + HOUR + MINUTE, "too_late")
    shift.marked("c-5", "unknown|site:x", NOON + MINUTE, "useful")
    shift.marked("c-6", WAIT, NOON - MINUTE, "useful")
    shift.keep(copies=2)
    whole = shift.whole()
    assert (whole.marked_useful, whole.marked_false, whole.marked_not_actionable, whole.marked_too_late) == (1, 0, 1, 1)
    assert (whole.marked, whole.figures["share_useful"]) == (3, 1 / 3)
    later = shift.whole(AlertQuestion(from_ms=NOON + HOUR, until_ms=NOON + HOUR + 1))
    assert (later.alerts, later.marked, later.marked_too_late) == (1, 1, 1)
    assert shift.ask(AlertQuestion(from_ms=NOON + 2 * HOUR)) == []


def test_a_message_is_delivered_the_first_time_that_it_arrived_and_failed_if_it_never_did(shift: Shift) -> None:
    shift.raised(WAIT)
    shift.raised(CALLS)
    twice, gone, waiting = (shift.told(WAIT, CALLS, at=NOON, person=who) for who in ("anna", "boris", None))
    shift.tried(twice, "failed", NOON + 500, 500)
    shift.tried(twice, "delivered", NOON + 1_500, 1_500, attempts=2)
    # After a crash it is delivered again, with the same key.
    shift.tried(twice, "delivered", NOON + 60_000, 60_000)
    shift.tried(gone, "failed", NOON + 1, 1)
    shift.tried(gone, "given_up", NOON + HOUR, HOUR, attempts=7)
    quick = shift.told(WAIT, at=NOON + 5)
    shift.tried(quick, "delivered", NOON + 105, 100)
    shift.keep(copies=2)
    whole = shift.whole()
    assert (whole.messages, whole.delivered, whole.given_up, whole.failed_attempts) == (4, 2, 1, 8)
    assert (whole.delivery_ms, whole.delivery_p99_ms, whole.figures["share_given_up"]) == (1_600, 1_500, 0.25)
    assert waiting not in str(shift.database.rows("SELECT * FROM deliveries"))
    by_site = {one.group: one.messages for one in shift.ask(AlertQuestion(AlertsBy.SITE))}
    assert by_site == {"harbour": 4, "old-town": 3}
    by_person = {one.group: (one.messages, one.given_up) for one in shift.ask(AlertQuestion(AlertsBy.PERSON))}
    assert by_person == {"anna": (2, 0), "boris": (1, 1)}


def test_the_transitions_of_a_week_are_of_those_that_were_not_over_when_it_began(shift: Shift) -> None:
    week = 168 * HOUR
    shift.raised(WAIT, NOON - 2 * week)
    shift.raised(CALLS, NOON - 2 * week)
    shift.alert(CALLS, 2, NOON - 2 * week + HOUR, "resolved", "quiet_for", begun_at=NOON - 2 * week)
    shift.raised("late|site:harbour", NOON - week + HOUR)
    shift.alert("late|site:harbour", 2, NOON - week + 2 * HOUR, "resolved", "quiet_for", begun_at=NOON - week + HOUR)
    shift.raised("after|site:harbour", NOON + 1)
    shift.keep(copies=2)
    rows = shift.database.rows(TRANSITIONS_SQL, {"from_ms": NOON - week, "until_ms": NOON})
    found = [transition_of(row) for row in rows]
    assert [(one["key"], one["seq"], one["state"]) for one in found] == [
        ("late|site:harbour", 1, "firing"), ("late|site:harbour", 2, "resolved"), (WAIT, 1, "firing"),
    ]  # fmt: skip
    assert (found[2]["at"], found[2]["begun_at"]) == (NOON - 2 * week, NOON - 2 * week)
    assert why_not_asked(TRANSITIONS_SQL) is None
