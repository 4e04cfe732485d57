"""
The demo's alerts: what is kept of them, counted, compared and shown.
"""

from collections.abc import Callable
from io import StringIO

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console

from schemas.topics import ALERTS, DELIVERIES, NOTIFICATIONS
from services.cli.demo.alert_counts import count_alerts
from services.cli.demo.alert_panel import alert_panel
from services.cli.demo.alert_scene import AlertScene, Step, line_of
from tests.fakes.seen_alerts import LINE, T0, alert, arrival, commanded, message, scene_of

OPEN = {f"call-answer|{LINE}"}


def lines(scene: AlertScene) -> list[str]:
    return [f"{one.word}: {one.what}: {one.more}" for one in scene.happenings]


def words(scene: AlertScene) -> list[str]:
    return [row.step.word for row in scene.rows()]


def test_an_alert_is_followed_from_raised_to_over() -> None:
    firing = alert()
    lead = arrival(message(firing, person="shift-lead"))
    scene = scene_of(alert(1, "pending"), alert(2))
    assert words(scene) == ["raised"]
    scene = scene_of(firing, lead)
    assert scene.rows()[0].step == Step("told", T0 + 120, "Shift lead", "phone")
    manager = message(firing, reason="escalated", person="area-manager", after=15_000)
    scene = scene_of(firing, lead, arrival(manager))
    assert scene.rows()[0].step == Step("escalated", T0 + 15_120, "Area manager", "phone")
    taken = alert(2, "acknowledged", after=20_000, reason="acknowledged", owner="shift-lead")
    scene = scene_of(firing, taken)
    assert scene.rows()[0].step == Step("taken", T0 + 20_000, "Shift lead")
    assert words(scene_of(firing, taken, alert(3, "resolved", after=30_000))) == ["over"]


def test_what_happens_is_told_in_lines_in_its_order() -> None:
    first, taken = alert(), alert(3, "acknowledged", after=20_000, reason="acknowledged", owner="shift-lead")
    graver, over = alert(2, reason="more_severe", severity="page"), alert(4, "resolved", after=31_000)
    scene = scene_of(
        first,
        arrival(message(first, person="shift-lead")),
        graver,
        arrival(message(graver, reason="escalated", person="area-manager")),
        arrival(message(graver, reason="nobody_answered")),
        taken,
        over,
        arrival(message(over, reason="resolved", person="shift-lead")),
    )
    name = "call-answer · centre/everyday"
    assert lines(scene) == [
        f"raised: {name}: ticket, 2 open",
        f"told: {name}: Shift lead was told by phone, in 0.1 s",
        f"graver: {name}: now page",
        f"escalated: {name}: nobody acted: Area manager was told by phone, in 0.1 s",
        f"nobody: {name}: nobody acted at any step: The board on the wall was told, in 0.1 s",
        f"taken: {name}: Shift lead has it; nobody else is called",
        f"over: {name}: after 31 s",
        f"told: {name}: it is over: Shift lead was told by phone, in 0.1 s",
    ]
    assert [one.number for one in scene.happenings] == list(range(1, 9))


def test_a_message_that_is_here_before_its_alert_was_read_is_told_after_it() -> None:
    firing = alert()
    scene = scene_of(arrival(message(firing)))
    assert lines(scene) == []
    scene.take(ALERTS.name, msgspec.json.encode(firing))
    assert [one.word for one in scene.happenings] == ["raised", "told"]


def test_a_message_about_several_alerts_names_one_and_counts_the_others() -> None:
    one, other = alert(), alert(scope="queue:centre/priority")
    assert "everyday and 1 more: The board" in lines(scene_of(one, other, arrival(message(one, other))))[-1]


def test_what_never_was_says_so_and_what_was_over_before_anybody_knew_says_nothing() -> None:
    assert "a late report says so" in lines(scene_of(alert(), alert(2, "retracted")))[-1]
    assert lines(scene_of(alert(1, "pending"), alert(2, "resolved", reason="recovered_early"))) == []


def test_an_older_transition_that_comes_again_changes_nothing() -> None:
    scene = scene_of(alert(2, "resolved"), alert(1))
    assert scene.alerts[alert().id].state == "resolved"


def test_the_gravest_and_then_the_oldest_that_somebody_knows_of_is_the_next_to_acknowledge() -> None:
    old, new = alert(), alert(scope="queue:centre/priority")
    new.fired_at = T0 + 1
    unknown = alert(scope="site:centre")
    scene = scene_of(new, old, unknown, arrival(message(new)), arrival(message(old)))
    assert [one.key for one in scene.unanswered()] == [old.key, new.key]
    grave = alert(severity="page", scope="site:z")
    grave.fired_at = T0 + 2
    scene = scene_of(new, old, grave, arrival(message(new)), arrival(message(old)), arrival(message(grave)))
    assert [one.key for one in scene.unanswered()] == [grave.key, old.key, new.key]


def test_whoever_sees_the_board_knows_unless_a_person_does() -> None:
    warned = alert(severity="info", kind="at_risk")
    board = arrival(message(warned))
    assert scene_of(warned, board).rows()[0].step == Step("told", T0 + 120, "The board on the wall")
    lead = arrival(message(warned, person="shift-lead"))
    for order in ((board, lead), (lead, board)):
        assert scene_of(warned, *order).rows()[0].step.who == "Shift lead"


def test_what_is_told_later_does_not_take_back_that_nobody_acted_but_an_acknowledgement_does() -> None:
    firing = alert()
    escalated = arrival(message(firing, reason="escalated", person="area-manager"))
    graver = arrival(message(firing, reason="more_severe", person="shift-lead"))
    scene = scene_of(firing, escalated, graver)
    assert words(scene) == ["escalated"]
    taken, again = alert(2, "acknowledged", owner="deputy"), alert(3, reason="unacknowledged")
    assert words(scene_of(firing, escalated, taken, again)) == ["raised"]
    assert words(scene_of(firing, escalated, taken, again, arrival(message(again, person="deputy")))) == ["told"]


def test_those_that_nobody_has_come_first_then_those_that_are_taken_then_those_that_are_over() -> None:
    young, over, older_over = (
        alert(scope="site:a"),
        alert(2, "resolved", scope="site:b", after=9),
        alert(2, "resolved", after=5),
    )
    young.fired_at = T0 + 4
    taken = alert(2, "acknowledged", scope="site:0", owner="deputy", severity="page")
    scene = scene_of(older_over, over, taken, young, alert(scope="site:c"))
    assert [row.alert.labels["scope"] for row in scene.rows()] == ["site:c", "site:a", "site:0", "site:b", LINE]


def told_and_over() -> AlertScene:
    firing, over = alert(), alert(2, "resolved", after=1_000)
    return scene_of(firing, arrival(message(firing)), over, arrival(message(over, reason="resolved")))


def test_everybody_who_must_know_knows() -> None:
    firing = alert()
    counted = count_alerts(scene_of(firing, arrival(message(firing))), OPEN, set())
    assert counted.at_rest
    assert (counted.raised, counted.told, counted.messages, counted.over) == (1, 1, 1, 0)
    ended = count_alerts(told_and_over(), set(), set())
    assert ended.at_rest
    assert (ended.raised, ended.over, ended.messages) == (1, 1, 2)


def nothing_recorded() -> AlertScene:
    scene = scene_of(alert())
    scene.arrive(arrival(message(alert())))
    scene.take(NOTIFICATIONS.name, msgspec.json.encode(message(alert())))
    scene.take(DELIVERIES.name, msgspec.json.encode({"notification": "x", "outcome": "failed"}))
    return scene


def decided_only() -> AlertScene:
    scene = scene_of(alert(), arrival(message(alert())))
    scene.take(NOTIFICATIONS.name, msgspec.json.encode(message(alert(), reason="repeated")))
    return scene


def forged() -> AlertScene:
    scene = scene_of(alert(), arrival(message(alert())))
    scene.arrive(arrival(message(alert(), reason="digest"), genuine=False))
    return scene


@pytest.mark.parametrize(
    ("made", "open_lines", "name"),
    [
        (scene_of, OPEN, "lines in which somebody waits beyond a limit"),
        (lambda: scene_of(alert(), arrival(message(alert()))), set(), "alerts of limits that are not over"),
        (lambda: scene_of(alert()), OPEN, "alerts that must be told"),
        (lambda: scene_of(alert(), arrival(message(alert(), person="shift-lead"))), OPEN, "alerts that must be told"),
        (
            lambda: scene_of(alert(), arrival(message(alert())), alert(2, "resolved")),
            set(),
            "alerts that are over",
        ),
        (decided_only, OPEN, "messages that were decided"),
        (nothing_recorded, OPEN, "messages that arrived"),
        (forged, OPEN, "posts to the receiver"),
    ],
)
def test_whatever_is_missing_is_named(made: Callable[[], AlertScene], open_lines: set[str], name: str) -> None:
    counted = count_alerts(made(), open_lines, set())
    assert not counted.at_rest
    assert [one.what.startswith(name) for one in counted.comparisons if not one.agrees] == [True]


def test_an_acknowledgement_that_was_taken_must_be_on_its_topic() -> None:
    scene = scene_of(alert(), arrival(message(alert())))
    missing = count_alerts(scene, OPEN, {"one"})
    assert [one.what for one in missing.comparisons if not one.agrees] == [
        "acknowledgements that were taken / on their topic"
    ]
    commanded(scene, "one")
    assert count_alerts(scene, OPEN, {"one"}).at_rest


@pytest.mark.parametrize(
    "one", [alert(flapping=True), alert(kind="at_risk", standard="wait"), alert(2, "retracted", standard="wait")]
)
def test_of_what_nobody_need_be_told_nothing_is_expected(one: object) -> None:
    assert isinstance(one, type(alert()))
    scene = scene_of(alert(), arrival(message(alert())), one)
    assert all(pair.agrees for pair in count_alerts(scene, OPEN, set()).comparisons)


def test_a_copy_of_a_message_counts_once() -> None:
    said = arrival(message(alert()))
    scene = scene_of(alert(), said, said)
    assert (len(scene.arrived), scene.posts[True]) == (1, 2)
    assert [one.word for one in scene.happenings] == ["raised", "told"]


def panel(scene: AlertScene, width: int, count: int = 4) -> str:
    console = Console(width=width, file=StringIO(), color_system=None)
    console.print(alert_panel(scene.rows(), T0 + 75_000, hint="press a", width=width, lines=count))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [40, 64, 80, 100, 120, 200])
def test_the_panel_has_its_size_whatever_is_in_it(width: int) -> None:
    for scene in (scene_of(), told_and_over(), scene_of(*(alert(scope=f"queue:s/{name}") for name in range(9)))):
        said = panel(scene, width).rstrip("\n").split("\n")
        assert [len(said), max(map(cell_len, said))] == [6, width]


def test_the_panel_says_who_was_told_how_and_when() -> None:
    firing = alert(severity="page")
    scene = scene_of(firing, arrival(message(firing, person="shift-lead", after=60_000), took=0))
    assert "Shift lead told by phone, 0:15 ago 1:15" in panel(scene, 120)
    narrow = panel(scene, 80)
    assert "page" in narrow
    assert "call-answer · everyday" in narrow
    assert "Shift lead told 1:15" in narrow
    assert "press a" in narrow


def test_the_panel_says_that_there_is_more_and_that_there_is_nothing() -> None:
    assert "Alerts, and 5 more" in panel(scene_of(*(alert(scope=f"queue:s/{name}") for name in range(9))), 80)
    assert "none" in panel(scene_of(), 80)


def test_a_warning_and_the_whole_organisation_are_called_what_they_are() -> None:
    assert line_of(alert(kind="at_risk")) == "call-answer (at risk) · centre/everyday"
    assert line_of(alert(scope="organisation", kind="objective")) == "call-answer (objective) · everywhere"
