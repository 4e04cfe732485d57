"""
The demo is shown on a screen of its own that goes away again, or in lines, not more of them than somebody can read.
"""

from dataclasses import replace
from datetime import UTC
from io import StringIO

from rich.console import Console

from services.cli.demo.scene import Row
from services.cli.demo.stages import LineStage, ScreenStage
from services.cli.demo.status import Status
from tests.fakes.clock import ManualClock
from tests.fakes.outcomes import standard
from tests.fakes.seen_alerts import alert, arrival, message, scene_of

OWN_SCREEN, SCREEN_BEFORE = "\x1b[?1049h", "\x1b[?1049l"


def console(*, terminal: bool) -> Console:
    return Console(width=200, height=40, file=StringIO(), force_terminal=terminal, color_system=None)


def shown(on: Console) -> str:
    assert isinstance(on.file, StringIO)
    return on.file.getvalue()


def row(value: int | None) -> Row:
    return Row(standard(), "centre", 3, 4, value, (value,), 1, 0)


def status(*rows: Row) -> Status:
    return Status(
        phase="live", broker="Apache Kafka", now_ms=0, live_seconds=34, of_seconds=None,
        services=(("broker", True),), accepted=1_000, refused=1, decided=999, lag=1, events_per_second=2,
        open_journeys=3, oldest_seconds=75, expected_seconds=None, measurements=4, waiting_too_long=1, at_risk=2,
        rows=rows, recent=(), alerts=(), happenings=(), hint="",
    )  # fmt: skip


def test_a_screen_opens_with_the_first_picture_and_gives_back_what_stood_there() -> None:
    terminal = console(terminal=True)
    with ScreenStage(terminal, UTC) as stage:
        stage.say("starting ingest")
        assert shown(terminal) == "· starting ingest …\n"
        stage.show(status())
        stage.show(status())
        assert shown(terminal).count(OWN_SCREEN) == 1
        before = shown(terminal)
        stage.say("settling")
        assert shown(terminal) == before, "words would tear the picture apart"
        assert SCREEN_BEFORE not in before
    assert shown(terminal).count(SCREEN_BEFORE) == 1
    stage.close()
    assert shown(terminal).count(SCREEN_BEFORE) == 1


def test_a_screen_that_showed_nothing_changes_nothing() -> None:
    terminal = console(terminal=True)
    with ScreenStage(terminal, UTC):
        pass
    assert shown(terminal) == ""


def test_lines_tell_all_figures_and_how_the_standards_stand() -> None:
    pipe = console(terminal=False)
    with LineStage(pipe, ManualClock()) as stage:
        stage.say("starting ingest")
        stage.show(status(row(7_999), row(8_000), row(None)))
    assert shown(pipe).splitlines() == [
        "· starting ingest",
        (
            "00:34 · live: 1,000 events in, 999 decided, 1 still to decide; 3 journeys open, the oldest clock runs "
            "for 1 min 15 s; 1 over a limit, 2 at risk"
        ),
        "       call-answer 79.9% (missed)  call-answer 80.0% (kept)  call-answer –",
    ]


def test_a_standard_of_a_mean_is_told_in_time_and_not_in_percent() -> None:
    share = standard()
    mean = share.model_copy(update={"objective": share.objective.model_copy(update={"metric": "aht", "target": "5m"})})
    pipe = console(terminal=False)
    with LineStage(pipe, ManualClock()) as stage:
        stage.show(status(row(183_430)._replace(standard=mean)))
    assert shown(pipe).splitlines()[1].strip() == "call-answer 3 min 3 s (kept)"


def test_whatever_happens_to_an_alert_is_one_line_at_once_and_once() -> None:
    pipe, clock = console(terminal=False), ManualClock()
    stage, firing = LineStage(pipe, clock), alert()
    scene = scene_of(firing)
    for _ in range(2):
        stage.show(replace(status(), happenings=tuple(scene.happenings)))
    scene.arrive(arrival(message(firing)))
    stage.show(replace(status(), happenings=tuple(scene.happenings)))
    assert [line for line in shown(pipe).splitlines() if "alert" in line] == [
        "00:34 · alert raised: call-answer · centre/everyday: ticket, 2 open",
        "00:34 · alert told: call-answer · centre/everyday: The board on the wall was told, in 0.1 s",
    ]


def test_lines_come_every_five_seconds_however_often_they_are_asked_for() -> None:
    pipe, clock = console(terminal=False), ManualClock()
    stage = LineStage(pipe, clock)
    for _ in range(10):
        stage.show(status())
        clock.advance(1_000)
    assert len(shown(pipe).splitlines()) == 2
