"""
The laws of alerts: what may not depend on order, restarts or how often somebody looks, and what nobody may suffer.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from random import Random
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from schemas.alerting import Alerting
from services.alerts.engine import (
    Book,
    Changed,
    Desk,
    DeskState,
    Given,
    Lifecycles,
    Note,
    Notification,
    Reason,
    Saver,
    Seen,
    restored,
)
from tests.properties.alert_drawing import BEGIN, CLEANING, END, MINUTE, alertings, inputs

Input = Seen | Given


class Came(NamedTuple):
    messages: list[Notification]
    notes: list[Note]
    lifecycles: Lifecycles
    desk: Desk


def play(
    alerting: Alerting,
    all_inputs: Sequence[Input],
    *,
    restarts: Iterable[int] = (),
    looks: Iterable[int] = (),
    reloads: Iterable[int] = (),
) -> Came:
    """
    Play inputs in the batches of their instants, and let time pass up to some instants in between.

    After some of the batches there is a restart, or the configuration is taken anew.
    """
    book = Book(alerting, [CLEANING])
    lifecycles, state = Lifecycles(), DeskState()
    desk, saver, saved = Desk(book, state), Saver(lifecycles, state), dict[str, bytes]()
    messages: list[Notification] = []
    notes: list[Note] = []
    batches = [(at, list(together)) for at, together in groupby(all_inputs, lambda one: one.at)]
    batches = sorted([*batches, *((at, list[Input]()) for at in looks), (END, list[Input]())], key=lambda one: one[0])
    for number, (at, together) in enumerate(batches):
        step = lifecycles.take(book, together, at)
        told = desk.take([*(Changed(alert.at, alert) for alert in step.alerts), *step.commands], at)
        messages += [one.notification for one in told.messages]
        notes += [*step.notes, *told.notes]
        saved |= saver.changed()
        if number in set(restarts):
            lifecycles, state = restored({name: body for name, body in saved.items() if body})
            desk, saver = Desk(book, state), Saver(lifecycles, state)
        if number in set(reloads):
            desk = Desk(book, state)
            lifecycles.adopt(book, at)
            desk.reroute(at)
    return Came(messages, notes, lifecycles, desk)


@given(alertings(), inputs(), st.sets(st.integers(0, 12)))
def test_a_restart_at_any_point_gives_the_same_messages(alerting: Alerting, said: list[Input], at: set[int]) -> None:
    assert play(alerting, said, restarts=at).messages == play(alerting, said).messages


@given(alertings(), inputs(), st.randoms())
def test_the_order_of_equal_times_does_not_matter(alerting: Alerting, said: list[Input], chance: Random) -> None:
    other = list(said)
    chance.shuffle(other)
    other.sort(key=lambda one: one.at)
    assert play(alerting, other).messages == play(alerting, said).messages


@given(alertings(), inputs(), st.sets(st.integers(0, 359)))
def test_how_often_somebody_looks_does_not_matter(alerting: Alerting, said: list[Input], minutes: set[int]) -> None:
    looks = [BEGIN + minute * MINUTE for minute in sorted(minutes)]
    assert play(alerting, said, looks=looks).messages == play(alerting, said).messages


@given(alertings(), inputs(), st.sets(st.integers(0, 12)))
def test_the_same_configuration_taken_anew_changes_nothing(alerting: Alerting, said: list[Input], at: set[int]) -> None:
    assert play(alerting, said, reloads=at).messages == play(alerting, said).messages


@given(alertings(), inputs())
def test_nobody_is_told_the_same_twice_at_once(alerting: Alerting, said: list[Input]) -> None:
    told = [
        (one.at, one.receiver, one.person, each)
        for one in play(alerting, said).messages
        if not one.reason.startswith("nobody")
        for each in one.alerts
    ]
    assert len(told) == len(set(told))


@given(alertings(), inputs())
def test_no_message_is_sent_twice(alerting: Alerting, said: list[Input]) -> None:
    ids = [one.id for one in play(alerting, said).messages]
    assert len(ids) == len(set(ids))


@given(alertings(), inputs())
def test_whoever_sees_firing_sees_the_end_and_the_other_way_round(alerting: Alerting, said: list[Input]) -> None:
    came = play(alerting, said)
    firing: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    for one in came.messages:
        for told in one.alerts:
            seen, key = firing[one.receiver, one.person], told.id.rpartition("#")[0]
            if told.state in {"resolved", "retracted"}:
                assert key in seen, "an end of what nobody had seen begin"
                seen.discard(key)
            else:
                seen.add(key)
    held = {person for person, burden in came.desk.state.rest.burdens.items() if burden.held}
    going_on = came.desk.state.cases.keys()
    late = {told for group in came.desk.state.groups.values() for told in group.ended}
    for (_, person), keys in firing.items():
        waiting = {name.rpartition("#")[0] for name in late}
        assert keys <= going_on | waiting or person in held


@given(alertings(), inputs())
def test_a_silence_loses_no_alert(alerting: Alerting, said: list[Input]) -> None:
    came = play(alerting, said)
    told = {told.id for one in came.messages for told in one.alerts}
    for case in came.desk.state.cases.values():
        if case.alert.state == "firing" and case.muted is None:
            assert case.alert.id in told or case.alert.flapping


@given(alertings(), inputs(silences=False))
def test_an_escalation_ends_with_somebody_or_loudly_with_nobody(alerting: Alerting, said: list[Input]) -> None:
    came = play(alerting, said)
    loud = {note.about for note in came.notes if note.reason in {Reason.NOBODY_ANSWERED, Reason.NOBODY_ON_CALL}}
    for group in came.desk.state.groups.values():
        if group.run is not None and group.run.over:
            assert group.key in loud
