"""
Lifecycles: copies, corrections, long memories and what is forgotten. What people see of them is in the timelines.
"""

from collections.abc import Iterable

from schemas.base import HOUR_MS
from services.alerts.engine import (
    Alert,
    Book,
    DeskState,
    Given,
    Lifecycles,
    Reason,
    Received,
    Saver,
    Transitions,
    restored,
)
from services.alerts.engine.lifecycle import FORGOTTEN_MS, MOST_COMMANDS, REMEMBERED_MS
from services.alerts.engine.taking import FUTURE_MS, MOST_MEMBERS
from tests.fakes.alerting import MINUTE, MONDAY, alerting, given, opened, revised, standard

DAY = 86_400_000
KEY = "wait|queue:north/tills"
BOOK = Book(alerting(), [standard()])


def taken(lives: Lifecycles, *inputs: Received | Given, book: Book = BOOK, until: int = 0) -> Transitions:
    return lives.take(book, inputs, until or max(one.at for one in inputs))


def said(alerts: Iterable[Alert]) -> list[tuple[str, str]]:
    return [(one.state, one.reason) for one in alerts]


def test_a_copy_and_an_older_revision_do_nothing() -> None:
    lives, one = Lifecycles(), opened("a")
    taken(lives, one, revised(one, "closed", 1))
    later = MONDAY + 2 * MINUTE
    again = taken(lives, one._replace(at=later), revised(one, "closed", 1)._replace(at=later))
    assert [note.reason for note in again.notes] == [Reason.OLD_REVISION, Reason.OLD_REVISION]
    assert said(again.alerts) == []


def test_a_violation_that_was_over_before_it_was_reported_is_raised_and_over() -> None:
    step = taken(Lifecycles(), opened("a", state="closed"))
    assert said(step.alerts) == [("firing", "violated"), ("resolved", "quiet_for")]


def test_a_violation_that_was_retracted_before_it_was_reported_is_nothing() -> None:
    assert not taken(Lifecycles(), opened("a", state="retracted")).alerts


def test_each_episode_has_an_id_of_its_own_though_the_oldest_violation_is_the_same() -> None:
    book = Book(alerting(rules=[{"id": "w", "raise_at": 2, "clear_below": 2, "keep_firing_for": "0s"}]), [standard()])
    lives, second = Lifecycles(), opened("b", 1)
    alerts = taken(lives, opened("a"), second, revised(second, "closed", 2), opened("c", 3), book=book).alerts
    assert said(alerts) == [("firing", "raised"), ("resolved", "quiet_for"), ("firing", "reopened")]
    first, _, later = alerts
    assert first.begun_at == later.begun_at == MONDAY
    assert first.id != later.id
    assert [one.seq for one in alerts] == [1, 2, 3]


def test_a_change_in_the_number_alone_is_told_once_a_minute() -> None:
    lives = Lifecycles()
    taken(lives, opened("a"))
    at = [MONDAY + 10_000, MONDAY + 20_000]
    step = taken(lives, opened("b")._replace(at=at[0]), opened("c")._replace(at=at[1]), until=MONDAY + 5 * MINUTE)
    assert [(one.reason, one.at, one.open) for one in step.alerts] == [("violations_changed", MONDAY + MINUTE, 3)]


def test_of_an_alert_the_ten_oldest_violations_are_listed() -> None:
    step = taken(Lifecycles(), *(opened(f"v{number:02}", opened_at=MONDAY - number) for number in range(12)))
    assert step.alerts[0].violations == tuple(f"v{number:02}" for number in range(11, 1, -1))
    assert step.alerts[0].open == 12


def test_of_very_many_violations_not_all_are_known_one_by_one() -> None:
    book = Book(alerting(rules=[{"id": "w", "count": {"violations": 2, "within": "1h"}}]), [standard()])
    lives = Lifecycles()
    taken(lives, *(opened(f"v{number}") for number in range(MOST_MEMBERS)), book=book)
    taken(lives, opened("one-more", 1), book=book)
    life = lives.lives[KEY]
    assert len(life.members) == len(life.opened) == MOST_MEMBERS
    assert life.seen == MOST_MEMBERS + 1


def test_what_is_over_is_forgotten_first_its_violations_then_itself() -> None:
    lives, one = Lifecycles(), opened("a")
    taken(lives, one, revised(one, "closed", 1), given("comment", 2, note="Well done"))
    over = MONDAY + MINUTE
    lives.take(BOOK, (), over + REMEMBERED_MS - 1)
    assert "a" in lives.keys
    assert lives.commands
    lives.take(BOOK, (), over + REMEMBERED_MS + HOUR_MS)
    assert "a" not in lives.keys
    assert not lives.commands
    lives.take(BOOK, (), over + FORGOTTEN_MS)
    assert KEY in lives.lives
    lives.take(BOOK, (), over + FORGOTTEN_MS + HOUR_MS)
    assert not lives.lives


def test_what_was_never_raised_is_forgotten_with_its_violations_unless_they_count() -> None:
    counting = {"id": "w", "count": {"violations": 2, "within": "300d"}}
    rules = [{"id": "many", "match": {"queue": ["tills"]}, "raise_at": 2}, counting]
    book, lives = Book(alerting(rules=rules), [standard()]), Lifecycles()
    for one in (opened("v-1"), opened("v-2", queue="yard")):
        taken(lives, one, revised(one, "closed", 1), book=book)
    lives.take(book, (), MONDAY + REMEMBERED_MS + HOUR_MS)
    assert list(lives.lives) == ["wait|queue:north/yard"]
    lives.take(book, (), MONDAY + FORGOTTEN_MS + HOUR_MS)
    assert not lives.lives


def test_a_command_counts_from_when_it_was_received_whatever_clock_its_sender_has() -> None:
    lives = Lifecycles()
    late = given("resolve", 1)._replace(at=MONDAY + 3 * MINUTE)
    alerts = taken(lives, opened("a"), late).alerts
    assert [one.ended_at for one in alerts] == [None, MONDAY + 3 * MINUTE]


def test_what_is_open_is_never_forgotten() -> None:
    lives = Lifecycles()
    taken(lives, opened("a"), until=MONDAY + 2 * FORGOTTEN_MS)
    assert lives.lives[KEY].state == "firing"
    assert "a" in lives.keys


def test_an_alert_whose_rule_is_gone_is_over_once() -> None:
    lives, other = Lifecycles(), Book(alerting(rules=[{"id": "other", "match": {"queue": ["advice"]}}]))
    taken(lives, opened("a"))
    for _ in range(2):
        lives.adopt(other, MONDAY + MINUTE)
        step = lives.take(other, (), MONDAY + 2 * MINUTE)
        assert said(step.alerts) in ([("resolved", "rule_gone")], [])
    assert lives.lives[KEY].is_over
    lives.adopt(BOOK, MONDAY + 3 * MINUTE)
    assert said(lives.take(BOOK, (), MONDAY + 3 * MINUTE).alerts) == [("firing", "reopened")]


def test_a_rule_that_says_otherwise_holds_at_once_for_what_fires() -> None:
    lives, graver = Lifecycles(), Book(alerting(rules=[{"id": "waits", "severity": "page"}]), [standard()])
    taken(lives, opened("a"))
    lives.adopt(graver, MONDAY + MINUTE)
    assert [one.severity for one in lives.take(graver, (), MONDAY + MINUTE).alerts] == ["page"]


def test_what_is_over_and_done_with_is_left_alone_at_a_reload() -> None:
    lives, one = Lifecycles(), opened("a")
    taken(lives, one, revised(one, "closed", 1))
    lives.touched.clear()
    lives.adopt(BOOK, MONDAY + 2 * MINUTE)
    assert not lives.take(BOOK, (), MONDAY + 3 * MINUTE).alerts
    assert not lives.touched


def test_a_copy_of_a_command_is_passed_on_to_nobody_whatever_it_is_about() -> None:
    lives = Lifecycles()
    ends = given("unsilence", 1, alert=None, ends="drill")
    first = lives.take(BOOK, [ends, ends], MONDAY + MINUTE)
    assert [one.command for one in first.commands] == [ends.command]
    assert [one.reason for one in first.notes] == [Reason.DUPLICATE_COMMAND]
    again = restored_lifecycles(lives).take(BOOK, [ends], MONDAY + MINUTE)
    assert (again.commands, [one.reason for one in again.notes]) == ((), [Reason.DUPLICATE_COMMAND])


def test_of_very_many_commands_the_oldest_are_forgotten_also_over_a_restart() -> None:
    lives = Lifecycles()
    lives.take(BOOK, [given("escalate", 1, id=f"c-{number:05}") for number in range(MOST_COMMANDS)], MONDAY + MINUTE)
    lives = restored_lifecycles(lives)
    lives.take(BOOK, [given("escalate", 2, id="one-more")], MONDAY + 2 * MINUTE)
    assert len(lives.commands) == MOST_COMMANDS
    assert "one-more" in lives.commands
    assert "c-00000" not in lives.commands


def restored_lifecycles(lives: Lifecycles) -> Lifecycles:
    """
    The same after a restart.
    """
    parts = Saver(lives, DeskState()).changed()
    return restored({name: body for name, body in parts.items() if body})[0]


COUNTING = Book(alerting(rules=[{"id": "w", "count": {"violations": 2, "within": "1h"}}]), [standard()])
IN_2099 = 4_070_908_800_000


def test_a_violation_from_the_future_is_taken_as_soon_to_come_and_counts_no_longer_than_others() -> None:
    lives, one = Lifecycles(), opened("a", opened_at=IN_2099)
    step = taken(lives, one, opened("b"), book=COUNTING)
    assert [note.reason for note in step.notes] == [Reason.IN_THE_FUTURE]
    assert [(alert.reason, alert.begun_at) for alert in step.alerts] == [("counted", MONDAY)]
    again = taken(lives, revised(one, "updated", 1), book=COUNTING)
    assert [note.reason for note in again.notes] == [Reason.IN_THE_FUTURE]
    assert lives.lives[KEY].open["a"].opened_at == MONDAY + FUTURE_MS
    over = taken(lives, revised(one, "closed", 2), revised(opened("b"), "closed", 2), book=COUNTING, until=MONDAY + DAY)
    assert said(over.alerts)[-1] == ("resolved", "quiet_for")


def test_a_clock_that_is_decades_ahead_costs_no_more_than_what_there_is_to_do() -> None:
    lives, one = Lifecycles(), opened("a")
    taken(lives, one, revised(one, "closed", 1), opened("b", 2), given("comment", 3, note="Well done"))
    sweeps = len(lives.waiting)
    lives.take(BOOK, (), IN_2099)
    assert sweeps <= 3
    assert not lives.waiting
    assert not lives.fading
    assert (list(lives.lives[KEY].known), lives.commands) == (["b"], {})


def test_what_would_be_forgotten_is_so_after_a_restart_too() -> None:
    lives, one = Lifecycles(), opened("a")
    taken(lives, one, revised(one, "closed", 1), given("comment", 2, note="Well done"))
    lives = restored_lifecycles(lives)
    lives.take(BOOK, (), MONDAY + REMEMBERED_MS + HOUR_MS)
    assert not lives.keys
    assert not lives.commands
    lives = restored_lifecycles(lives)
    lives.take(BOOK, (), MONDAY + FORGOTTEN_MS + HOUR_MS)
    assert not lives.lives


def test_what_ends_after_its_violations_were_forgotten_is_forgotten_itself() -> None:
    lives, one = Lifecycles(), opened("a")
    book = Book(alerting(rules=[{"id": "w", "keep_firing_for": "30d"}]), [standard()])
    taken(lives, one, revised(one, "closed", 1), book=book, until=MONDAY + 31 * DAY)
    assert lives.lives[KEY].is_over
    lives.take(book, (), MONDAY + 30 * DAY + FORGOTTEN_MS + HOUR_MS)
    assert not lives.lives
