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

from schemas.alert_routes import Inhibition
from schemas.alerting import ALERTINGS, Alerting
from services.alerts.engine import (
    Alert,
    Book,
    Changed,
    Desk,
    DeskState,
    Given,
    Lifecycles,
    Note,
    Notification,
    Reason,
    Received,
    Saver,
    restored,
)
from services.alerts.engine.labels import Fits
from tests.fakes.alerting import opened
from tests.properties.alert_drawing import BEGIN, CLEANING, END, MINUTE, PLAIN, SITES, alertings, inputs

Input = Received | Given


def key_of(episode: str) -> str:
    return episode.rpartition("#")[0]


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


SIDES = st.fixed_dictionaries({"site": st.sampled_from((*SITES, "*")), "queue": st.sampled_from(["a", "b", "*"])})
INHIBITIONS = st.lists(
    st.tuples(SIDES, SIDES, st.sampled_from([(), ("site",), ("queue",)])), min_size=1, max_size=4
).map(
    lambda rules: [
        {"id": f"i{number}", "source": source, "target": target, "equal": equal}
        for number, (source, target, equal) in enumerate(rules)
    ]
)  # fmt: skip


def raw_muters(rules: Sequence[Inhibition], fires: dict[str, Alert]) -> dict[str, set[str]]:
    """
    By alert the others that would mute it by the rules alone: a slow oracle.
    """
    found: dict[str, set[str]] = {key: set() for key in fires}
    for rule in rules:
        source, target = Fits(rule.source), Fits(rule.target)
        for key, one in fires.items():
            for name, other in fires.items():
                alike = all(one.labels.get(label) == other.labels.get(label) for label in rule.equal)
                both = source(one.labels) and source(other.labels) and target(other.labels)
                if name != key and alike and target(one.labels) and source(other.labels) and not both:
                    found[key].add(name)
    return found


@given(INHIBITIONS, st.lists(st.tuples(st.sampled_from(SITES), st.sampled_from("ab")), max_size=5, unique=True))
def test_behind_whatever_is_inhibited_there_is_one_that_is_told(
    rules: list[dict[str, object]], places: list[tuple[str, str]]
) -> None:
    said = ALERTINGS.validate_python(PLAIN | {"inhibit": rules})
    lines = [opened(f"v{number}", number, site=site, queue=queue) for number, (site, queue) in enumerate(places)]
    came = play(said, lines)
    cases = came.desk.state.cases
    muters = raw_muters(said.inhibit, {key: case.alert for key, case in cases.items()})
    for key, case in cases.items():
        if case.muted is None:
            assert case.alert.id in {told.id for one in came.messages for told in one.alerts}
            continue
        behind, waiting = set[str](), [key]
        while waiting:
            new = muters[waiting.pop()] - behind
            behind |= new
            waiting += new
        assert any(cases[name].muted is None for name in behind), "nobody hears of any of them"
    assert not [key for key, above in muters.items() if not above and cases[key].muted is not None]


@given(alertings(), inputs(silences=False), st.integers(0, 80), st.integers(1, 200))
def test_whoever_works_again_tells_nobody_what_was_over_or_acknowledged_meanwhile(
    alerting: Alerting, said: list[Input], down: int, length: int
) -> None:
    book, lives = Book(alerting, [CLEANING]), Lifecycles()
    desk = Desk(book, DeskState())
    away, back = BEGIN + down * MINUTE, BEGIN + (down + length) * MINUTE
    step = lives.take(book, [one for one in said if one.at <= away], away)
    desk.take([*(Changed(one.at, one) for one in step.alerts), *step.commands], away)
    known = {key_of(alert) for group in desk.state.groups.values() for told in group.told.values() for alert in told}
    step = lives.take(book, [one for one in said if away < one.at <= back], back)
    heard = desk.hear([*(Changed(one.at, one) for one in step.alerts), *step.commands], back)
    asked_for = {"reminder", "handed_over", "more_severe"}
    for one in [*heard.messages, *desk.take((), back).messages]:
        assert one.notification.at == back, "nothing is told of an hour that has passed"
        reason = one.notification.reason
        for alert in one.alerts:
            assert not alert.is_over or alert.key in known, "an end of what nobody had heard of"
            assert alert.state != "acknowledged" or alert.key in known or reason in asked_for
            assert not (reason == "escalated" and alert.state != "firing"), "a call for what needs nobody"
