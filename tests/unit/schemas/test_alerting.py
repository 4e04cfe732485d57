"""
The configuration of alerts: whatever id is there twice, or leads nowhere, is named where it stands; and what a command
needs.
"""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.alert_commands import ACTIONS, COMMANDS, OF_AN_ALERT
from schemas.alert_labels import LABELS, Matcher
from schemas.alerting import ALERTINGS, SECTIONS, routes_of
from schemas.export.messages import EXAMPLES
from schemas.receivers import KINDS, Receiver

TYPICAL: dict[str, Any] = json.loads((EXAMPLES / "alerting/good/typical.json").read_text("utf-8"))
Path = tuple[str | int, ...]


def fault(document: dict[str, Any]) -> tuple[Path, str]:
    with pytest.raises(ValidationError) as caught:
        ALERTINGS.validate_python(document)
    (one,) = caught.value.errors()
    return one["loc"], one["msg"]


@pytest.mark.parametrize("section", SECTIONS)
def test_an_id_that_is_there_twice_is_named_in_every_list(section: str) -> None:
    document = copy.deepcopy(TYPICAL)
    again = document[section][0]
    document[section].append(again)
    assert fault(document) == ((section, len(document[section]) - 1, "id"), "is there twice")


def references(part: object, path: Path = ()) -> Iterator[Path]:
    """
    Where the example mentions an id: in lists of ids and in fields of that name.
    """
    lists = ("receivers", "members", "people", "notify", "nobody", "contacts")
    if isinstance(part, dict):
        for name, one in part.items():
            if name in {"escalation", "receiver", "person", "replaces"} and isinstance(one, str):
                yield (*path, name)
            yield from references(one, (*path, name))
    elif isinstance(part, list):
        for place, one in enumerate(part):
            if isinstance(one, str) and path[-1] in lists:
                yield (*path, place)
            yield from references(one, (*path, place))


@pytest.mark.parametrize("path", list(references(TYPICAL)), ids=lambda path: ".".join(map(str, path)))
def test_an_id_that_leads_nowhere_is_named_where_it_is_mentioned(path: Path) -> None:
    document = copy.deepcopy(TYPICAL)
    at: Any = document
    for step in path[:-1]:
        at = at[step]
    kind, colon, _ = at[path[-1]].partition(":")
    at[path[-1]] = f"{kind}{colon}gone" if colon else "gone"
    place, problem = fault(document)
    assert place == path
    assert "there are" in problem


def test_every_kind_of_mention_is_in_the_example() -> None:
    found = {tuple(step for step in path if isinstance(step, str)) for path in references(TYPICAL)}
    assert found == {
        ("route", "receivers"), ("route", "routes", "receivers"), ("route", "routes", "escalation"),
        ("people", "contacts", "receiver"), ("people", "rules", "contacts"), ("teams", "members"),
        ("schedules", "layers", "people"), ("schedules", "overrides", "person"), ("schedules", "overrides", "replaces"),
        ("escalations", "steps", "notify"), ("escalations", "nobody"),
    }  # fmt: skip


def test_the_calendars_that_it_mentions_are_known_wherever_they_stand() -> None:
    document = copy.deepcopy(TYPICAL)
    assert ALERTINGS.validate_python(document).calendars == {"riga-branch", "nights"}
    document["people"][0]["rules"][2]["during"] = "of-a-person"
    document["escalations"][0]["steps"][1]["during"] = "of-a-step"
    document["route"]["mute_in"] = ["of-the-root"]
    assert ALERTINGS.validate_python(document).calendars == {
        "riga-branch", "nights", "of-a-person", "of-a-step", "of-the-root",
    }  # fmt: skip


def test_the_routes_are_walked_from_the_root_each_with_its_place() -> None:
    root = ALERTINGS.validate_python(TYPICAL).route
    assert [path for path, _ in routes_of(root, ("route",))] == [
        ("route",), ("route", "routes", 0), ("route", "routes", 1), ("route", "routes", 2),
    ]  # fmt: skip


def test_a_matcher_says_which_labels_it_asks_for_and_may_ask_for_each() -> None:
    assert Matcher().asked == {}
    assert Matcher.model_validate({"site": "north-*", "severity": ["page"]}).asked == {
        "site": ("north-*",), "severity": ("page",),
    }  # fmt: skip
    assert set(Matcher.model_fields) == set(LABELS)


def test_a_receiver_is_of_one_kind_and_says_which() -> None:
    read = [Receiver.model_validate(one) for one in TYPICAL["receivers"]]
    assert {one.kind for one in read} == set(KINDS)


def test_every_action_has_its_good_example_or_needs_an_alert_alone() -> None:
    files = (EXAMPLES / "alert-command" / "good").glob("*.json")
    shown = {COMMANDS.validate_json(file.read_text("utf-8")).action for file in files}
    assert set(ACTIONS) - shown <= set(OF_AN_ALERT)
    for action in sorted(set(ACTIONS) - shown):
        written = {"id": "c", "at": 1, "by": "anna", "action": action, "alert": "a|b", "note": "words"}
        assert COMMANDS.validate_python(written).action == action
