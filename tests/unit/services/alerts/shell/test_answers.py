"""
How alerts are dealt with, as Prometheus is told: each counts once, whoever worked when, and people by their schedules.
"""

from typing import Any

import msgspec
import pytest

from schemas.alert_commands import AlertCommand
from services.alerts.engine import Alert, DeskState, Notification, Sent
from services.alerts.engine.desk_state import Case
from services.alerts.engine.groups import Group, Run
from services.alerts.engine.outcomes import Told
from services.alerts.shell.answers import Answer, Answers, told_by_schedule, verdicts_of
from tests.fakes.alerts_office import NOON, OfficeBench, alerting_of, until, waits

MINUTE = 60_000
FIRING = Alert(
    "wait|site:s1#1", "wait|site:s1", 1, NOON, "firing", "violated", "page", "all", {"site": "s1"},
    version=1, begun_at=NOON - MINUTE, open=1, seen=1, fired_at=NOON,
)  # fmt: skip


def later(minutes: int, state: str, reason: str, **different: Any) -> Alert:  # noqa: ANN401
    return msgspec.structs.replace(FIRING, at=NOON + minutes * MINUTE, state=state, reason=reason, **different)


def message(
    step: int | None = None, *, reason: str = "new", person: str | None = "anna", state: str = "firing"
) -> Sent:
    told = msgspec.structs.replace(FIRING, state=state)
    return Sent(Notification(NOON, reason, "phone", "g", id="m", person=person, step=step), (told,))


def after(*happened: Alert | Sent, state: DeskState | None = None) -> Answers:
    answers = Answers()
    answers.take_over(state or DeskState())
    for one in happened:
        answers.changed(one) if isinstance(one, Alert) else answers.decided(one)
    return answers


TAKEN = later(3, "acknowledged", "acknowledged", owner="anna")
OVER = later(10, "resolved", "quiet_for", ended_at=NOON + 9 * MINUTE)


def test_an_alert_is_taken_on_once_and_over_once() -> None:
    answers = after(
        FIRING, TAKEN, later(4, "firing", "unacknowledged"), later(5, "acknowledged", "handed_over"), OVER,
        later(11, "resolved", "feedback"),
    )  # fmt: skip
    assert answers.acknowledged == [("page", 180.0)]
    assert answers.resolved == [("page", 540.0)]
    assert answers.answers == {}, "nobody was asked step by step"


@pytest.mark.parametrize(
    ("happened", "answer"),
    [
        ((FIRING, message(1), TAKEN, OVER), Answer.IN_TIME),
        ((FIRING, message(2), message(2), TAKEN), Answer.IN_TIME),
        ((FIRING, message(1), message(2, reason="escalated"), TAKEN, OVER), Answer.LATE),
        ((FIRING, message(1), message(2), OVER), Answer.UNANSWERED),
        (
            (FIRING, message(1), message(reason="nobody_answered"), later(9, "retracted", "never_was")),
            Answer.UNANSWERED,
        ),
        ((FIRING, message(1), OVER), None),
        ((FIRING, OVER), None),
    ],
)
def test_an_escalation_is_answered_in_time_late_or_by_nobody(
    happened: tuple[Alert | Sent, ...], answer: Answer | None
) -> None:
    assert after(*happened).answers == ({("page", answer): 1} if answer else {})


def test_what_never_was_takes_no_time_to_resolve_and_what_is_pending_is_no_alert_yet() -> None:
    assert after(FIRING, later(9, "retracted", "never_was")).resolved == []
    pending = later(0, "pending", "violated", fired_at=None)
    assert after(pending, later(1, "resolved", "recovered_early", fired_at=None)).resolved == []


def saved(state: str, **run: Any) -> DeskState:  # noqa: ANN401
    """
    A state in which the alert was told to anna, and its escalation has come so far.
    """
    told = {"phone/anna": {FIRING.key: Told(FIRING.id, 1, "firing", "page")}, "wall": {}}
    group = Group("g", "", {FIRING.key}, told, run=Run("floor", NOON, **run) if run else None)
    case = Case(msgspec.structs.replace(FIRING, state=state), ["g", "gone"])
    return DeskState(cases={FIRING.key: case}, groups={"g": group})


@pytest.mark.parametrize(
    ("run", "answer"),
    [({"step": 1}, Answer.IN_TIME), ({"step": 2}, Answer.LATE), ({"step": 1, "round": 1}, Answer.LATE),
     ({"step": 1, "over": True}, Answer.LATE)],
)  # fmt: skip
def test_who_takes_over_goes_on_where_the_one_before_stopped(run: dict[str, Any], answer: Answer) -> None:
    answers = after(message(person="anna"), TAKEN, state=saved("firing", **run))
    assert answers.answers == {("page", answer): 1}
    assert answers.told == {}, "she had been told before"


def test_what_was_taken_on_before_is_not_taken_on_again() -> None:
    answers = after(later(4, "acknowledged", "handed_over"), OVER, state=saved("acknowledged"))
    assert (answers.acknowledged, len(answers.resolved)) == ([], 1)


def test_people_are_told_of_an_alert_once_each_and_counted_by_their_schedules() -> None:
    answers = after(
        FIRING, message(), message(reason="repeated"), message(person="boris"), message(person=None),
        message(person="carl", state="resolved"),
    )  # fmt: skip
    assert answers.told == {"anna": 1, "boris": 1}
    on_call = {"floor": "anna", "night": "anna", "back": None}
    assert told_by_schedule(answers.told, on_call) == {"floor": 1, "night": 1, "none": 1}


def test_every_alert_of_a_message_counts_however_many_it_lists() -> None:
    answers, alerts = Answers(), [msgspec.structs.replace(FIRING, id=f"wait|site:s{n}#1") for n in range(150)]
    for one in alerts:
        answers.changed(one)
    listed = tuple(Told(one.id, 1, one.state, one.severity) for one in alerts[:100])
    said = Notification(NOON, "new", "phone", "g", id="m", alerts=listed, more=50, person="anna", step=1)
    answers.decided(Sent(said, tuple(alerts)))
    for one in alerts:
        answers.changed(msgspec.structs.replace(one, state="acknowledged", reason="acknowledged", owner="anna"))
    assert answers.told == {"anna": 150}
    assert answers.answers == {("page", Answer.IN_TIME): 150}


def test_a_verdict_counts_where_it_was_obeyed_and_a_copy_of_it_does_not() -> None:
    def mark(name: str, verdict: str, by: str = "anna") -> AlertCommand:
        said = {"id": name, "at": 1, "by": by, "action": "feedback", "alert": FIRING.key, "verdict": verdict}
        return AlertCommand.model_validate(said)

    obeyed = [later(1, "firing", "feedback", by="anna"), later(1, "firing", "feedback", by="boris")]
    given = [mark("2", "false", "boris"), mark("1", "useful"), mark("1", "useful")]
    assert list(verdicts_of([FIRING, *obeyed], given)) == ["useful", "false"]
    assert list(verdicts_of(obeyed, [])) == []


async def test_what_the_one_before_said_last_is_sent_again_and_not_counted_again() -> None:
    bench = OfficeBench(alerting_of("floor"))
    async with bench.owner():
        bench.happen(waits("a"))
        await until(lambda: bench.states() != [])
        first = bench.outputs
        assert (first.transitions_by_state.total(), first.messages_by_reason.total()) == (1, 1)
    async with bench.owner():
        await until(lambda: len(bench.states()) == 2)
        assert bench.outputs is not first
        assert (bench.outputs.transitions_by_state.total(), bench.outputs.messages_by_reason.total()) == (0, 0)
