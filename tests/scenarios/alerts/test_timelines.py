"""
Every timeline of this folder, played on the engine of alerts; and that one which promises something else is seen to
fail.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest

from services.cli.alerting.model import Step
from services.cli.alerting.playing import told_line
from services.cli.alerting.reading import play_file, read_alerting, read_timeline
from services.runtime.errors import Misconfigured

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
TIMELINES = sorted(HERE.glob("*.yaml"))
PLAIN = """
timeline: A wait
config: config/floor.yaml
files: [config/around.yaml]
steps:
  - {at: "10:00", open: anna, queue: tills}
  - {at: "10:01", do: resolve, alert: nothing}
"""
ROWS: Final = range(34, 53)
"""Rows of field-notes B3: what the users of other such systems suffered from."""
OF_RIGHTS: Final = "tests/unit/services/alerts/engine/test_rights.py"
BY_TEST: Final = {
    40: (OF_RIGHTS, "test_a_command_is_obeyed_from_its_role_on_and_from_no_lesser_one"),
    50: (OF_RIGHTS, "test_the_page_has_a_row_for_each_case_with_the_same_roles"),
}
"""Rows that no timeline shows, by the test that does."""


def named_rows(title: str) -> set[int]:
    """
    The rows that a timeline's title says it shows.
    """
    said = re.search(r"\(field-notes B3 rows? (\d+(?:, \d+)*)\)$", title)
    return set() if said is None else {int(row) for row in said[1].split(", ")}


def unshown(titles: Iterable[str]) -> list[int]:
    """
    The rows that neither one of these titles names nor a test shows.
    """
    return sorted(set(ROWS).difference(BY_TEST, *map(named_rows, titles)))


def test_every_row_of_b3_has_a_timeline_or_a_test() -> None:
    titles = [read_timeline(file)[0].timeline for file in TIMELINES]
    assert not unshown(titles)
    assert set().union(*map(named_rows, titles)) <= set(ROWS)
    for file, name in BY_TEST.values():
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")


def test_a_row_without_a_timeline_is_missed_by_its_number() -> None:
    titles = [f"Shown (field-notes B3 row {row})" for row in ROWS if row not in {36, 43, 44}]
    assert unshown(titles) == [36, 43, 44]
    assert unshown([*titles, "Both (field-notes B3 rows 43, 44)", "Nearly (field-notes B2 row 36)"]) == [36]


@pytest.mark.parametrize("file", TIMELINES, ids=lambda file: file.stem)
def test_timeline(file: Path) -> None:
    played, differing = play_file(file)
    assert not differing
    assert len({one.id for one in played.messages}) == len(played.messages)


@pytest.mark.parametrize("file", TIMELINES, ids=lambda file: file.stem)
def test_a_restart_after_every_step_changes_nothing(file: Path) -> None:
    undisturbed, _ = play_file(file)
    restarted, differing = play_file(file, after_each=Step(restart=True))
    assert not differing
    assert restarted.messages == undisturbed.messages
    assert restarted.transitions == undisturbed.transitions


@pytest.mark.parametrize("file", TIMELINES, ids=lambda file: file.stem)
def test_a_timeline_that_promises_something_else_fails(tmp_path: Path, file: Path) -> None:
    text, changed = re.subn(r"\((?:page|ticket)\)", "(other)", file.read_text(encoding="utf-8"), count=1)
    assert changed
    _, differing = play_file(_beside_the_config(tmp_path, text))
    assert any("missing message" in one and "(other)" in one for one in differing)


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ("{told: []}", "unexpected message: 10:00 room new: wait|queue:branch-1/tills (page)"),
        ('{told: ["10:00 room new: wait|queue:branch-1/advice (page)"]}', "missing message: 10:00 room new: wait"),
        ("{notes: []}", "unexpected note: 10:01 no_such_alert nothing"),
        ('{notes: ["10:01 no_such_alert nothing", "10:01 no_such_alert nothing"]}', "notes came in another order or n"),
        ("{alerts: {}}", "unexpected alert: wait|queue:branch-1/tills: firing page"),
        ('{alerts: {"wait|queue:branch-1/tills": firing info}}', "missing alert: wait|queue:branch-1/tills: firing i"),
    ],
)
@pytest.mark.parametrize("within", [False, True], ids=["at the end", "within"])
def test_what_came_out_otherwise_is_said_in_words(tmp_path: Path, expected: str, message: str, within: bool) -> None:
    file = _beside_the_config(tmp_path, PLAIN + (f"  - expect: {expected}" if within else f"expect: {expected}"))
    _, differing = play_file(file)
    assert any(message in line for line in differing), differing
    assert all(re.match(rf"{re.escape(str(file))}:\d+: ", line) for line in differing)


def test_a_check_that_does_not_look_at_messages_leaves_them_to_the_next_one(tmp_path: Path) -> None:
    checks = '  - expect: {alerts: {"wait|queue:branch-1/tills": firing page}}\nexpect: {told: []}'
    _, differing = play_file(_beside_the_config(tmp_path, PLAIN + checks))
    assert [line.partition("unexpected ")[2] for line in differing] == [
        "message: 10:00 room new: wait|queue:branch-1/tills (page)"
    ]


def test_another_configuration_can_be_tried_on_the_same_timeline(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text((HERE / "config/floor.yaml").read_text().replace("severity: page", "severity: info"))
    played, _ = play_file(_beside_the_config(tmp_path, PLAIN), other)
    assert [told_line(one, played.day) for one in played.messages] == [
        "10:00 room new: wait|queue:branch-1/tills (info)"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PLAIN.replace("config: config/floor.yaml", ""), "says no configuration"),
        (PLAIN.replace("floor.yaml", "flor.yaml"), "flor.yaml"),
        (PLAIN.replace("files:", "alerting: {rules: []}\nfiles:"), r"timeline\.yaml:\d+: alerting: rules"),
        (PLAIN + "documents: [{kind: Calendar}]", r"timeline\.yaml:\d+: documents\[0\]: "),
        (PLAIN + '  - {at: "10:02", reload: {rules: []}}', r"timeline\.yaml:\d+: steps\[2\]: rules"),
        (PLAIN + '  - {at: "10:02", do: silence}', r"timeline\.yaml:\d+: steps\[2\]: silence: is needed to silence"),
        (PLAIN + '  - {at: "10:02"}', "does nothing"),
        (PLAIN + "  - {open: bert}", "is needed to open"),
        (PLAIN.replace("10:01", "25:01"), r"steps\[1\]\.at: is no time that a clock shows: hour must be in 0\.\.23"),
        (PLAIN.replace("10:01", "09:59"), r"timeline\.yaml:7: steps\[1\]\.at: is earlier than the step before it"),
        (PLAIN + '  - {advance_to: "10:00"}', r"steps\[2\]\.advance_to: is earlier"),
        (PLAIN + "day: 2026-02-30", "day"),
        (PLAIN.replace("config:", "timeline: Twice\nconfig:"), "is written twice"),
        (PLAIN + "---\ntimeline: another", "a timeline is one"),
    ],
)
def test_a_file_that_is_no_timeline_is_refused_with_its_fault(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(Misconfigured, match=message):
        play_file(_beside_the_config(tmp_path, text))


def test_what_most_timelines_begin_with_is_sound() -> None:
    alerting, _ = read_alerting(HERE / "config/floor.yaml")
    assert alerting.metadata.id == "floor"


def _beside_the_config(folder: Path, text: str) -> Path:
    (folder / "config").symlink_to(HERE / "config")
    file = folder / "timeline.yaml"
    file.write_text(text, encoding="utf-8")
    return file
