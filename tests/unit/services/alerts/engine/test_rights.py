"""
Rights: every cell of the table in docs/alerts-running.md, whose rows are the cases here, in their order.
"""

from typing import Any

import pytest

from schemas.alert_commands import ACTIONS, AlertCommand
from schemas.alerting import ALERTINGS
from schemas.base import WEEK_MS
from services.alerts.engine import Role, may, needed_to_obey, needed_to_publish
from tests.e2e.alerts_line import alerting
from tests.project import PROJECT

NOW = 1_772_439_720_000  # 2026-03-02T08:22:00Z
OF_AN_ALERT = {"alert": "wait|queue:s1/tills"}
REPORTED = {"id": "f1", "name": "DiskFull", "state": "firing", "begun_at": NOW}
STAND_IN = {"person": "boris", "from": "2026-03-02T09:00:00Z", "until": "2026-03-02T12:00:00Z"}
AGAIN = {"rule": "FREQ=WEEKLY;BYDAY=SU", "zone": "UTC", "duration": "4h"}


def silence(match: dict[str, str], *, author: str = "anna", name: str = "works", **different: Any) -> dict[str, Any]:  # noqa: ANN401
    whole = {
        "id": name, "match": match, "from": "2026-03-02T08:00:00Z", "until": "2026-03-03T08:00:00Z",
        "author": author, "reason": "Works",
    }  # fmt: skip
    return whole | different


def command(action: str, **said: Any) -> AlertCommand:  # noqa: ANN401  as JSON has it
    return AlertCommand.model_validate({"id": "c", "at": NOW, "by": "anna", "action": action, **said})


THERE = {
    one["id"]: parsed
    for one in (silence({"site": "s1"}, name="hers"), silence({"site": "s1"}, author="boris", name="his"))
    if (parsed := command("silence", silence=one).silence)
}
HERE = ALERTINGS.validate_python(alerting({"floor": "http://floor.example/"}))
RULES = HERE.model_copy(update={"rules": tuple(one.model_copy(update={"severity": "info"}) for one in HERE.rules)})
RECEIVERS = ALERTINGS.validate_python(alerting({"floor": "http://elsewhere.example/"}))

WHO = ["viewer", "operator", "owner", "administrator"]
CASES = [
    (0, [command("comment", **OF_AN_ALERT, note="x"), command("feedback", **OF_AN_ALERT, verdict="false")]),
    (1, [command(one, **OF_AN_ALERT) for one in ("acknowledge", "unacknowledge", "escalate", "resolve")]),
    (1, [command("hand_over", **OF_AN_ALERT, to="boris")]),
    (1, [command("override", schedule="floor", override=STAND_IN)]),
    (1, [command("report", reported=REPORTED)]),
    (1, [command("silence", silence=silence({"site": "s1"})), command("silence", silence=silence({"site": "s*"}))]),
    (2, [command("silence", silence=silence({"site": "s1"}, until="2026-03-09T08:22:00.001Z"))]),
    (2, [command("silence", silence=silence({"site": "s1"}, until=None, again=AGAIN))]),
    (2, [command("silence", silence=silence({one: "x"})) for one in ("standard", "region", "rule", "owner")]),
    (3, [command("silence", silence=silence({one: "page"})) for one in ("severity", "queue", "category")]),
    (3, [command("silence", silence=silence({"site": "*"})), command("silence", silence=silence({"site": "?*"}))]),
    (1, [command("unsilence", ends="hers"), command("silence", silence=silence({"site": "s2"}, name="hers"))]),
    (3, [command("unsilence", ends="his"), command("silence", silence=silence({"site": "s2"}, name="his"))]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("least", "given"), [(least, one) for least, some in CASES for one in some],
    ids=lambda one: one.action if isinstance(one, AlertCommand) else WHO[one],
)  # fmt: skip
def test_a_command_is_obeyed_from_its_role_on_and_from_no_lesser_one(least: int, given: AlertCommand) -> None:
    needed = needed_to_obey(given, THERE)
    assert [may(role, needed) for role in WHO] == [rank >= least for rank in range(4)]


def test_a_week_is_what_whoever_is_on_duty_may_silence() -> None:
    lasts = silence({"site": "s1"}, until="2026-03-09T08:22:00Z")
    assert needed_to_obey(command("silence", silence=lasts), {}) is Role.OPERATOR
    assert WEEK_MS == 604_800_000


def test_every_action_has_a_case() -> None:
    assert {one.action for _, some in CASES for one in some} == set(ACTIONS)


def test_what_counts_as_an_alert_is_its_owner_s_to_say_and_who_is_told_is_not() -> None:
    assert needed_to_publish(HERE, RULES) is Role.OWNER
    assert needed_to_publish(HERE, HERE) is Role.OWNER
    assert needed_to_publish(HERE, RECEIVERS) is Role.ADMINISTRATOR
    assert needed_to_publish(None, HERE) is Role.ADMINISTRATOR


def test_whoever_has_no_role_or_an_unknown_one_may_nothing() -> None:
    assert not may(None, Role.VIEWER)
    assert not may("king", Role.VIEWER)


def test_the_page_has_a_row_for_each_case_with_the_same_roles() -> None:
    page = (PROJECT / "docs" / "alerts-running.md").read_text(encoding="utf-8")
    table = page.partition("| may | viewer | operator | owner | administrator |")[2].split("\n\n")[0].splitlines()[2:]
    marked = [[cell.strip() == "yes" for cell in row.strip("|").split("|")[1:]] for row in table]
    see, publish = [[True] * 4], [[rank >= least for rank in range(4)] for least in (2, 3)]
    assert marked == see + [[rank >= least for rank in range(4)] for least, _ in CASES] + publish
