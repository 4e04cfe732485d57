"""
The configuration of alerts: what is refused, and at which field.
"""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.alert_commands import AlertCommand
from schemas.alert_labels import LABELS, Matcher
from schemas.alert_routes import Recurrence, Silence
from schemas.alert_rules import AlertRule
from schemas.base import Contract
from schemas.on_call import Override, Person
from schemas.receivers import KINDS, Receiver
from tests.fakes.alerting import alerting

SILENCE = {"id": "s", "from": "2026-03-02T10:00:00Z", "author": "lead", "reason": "Drill"}
ENDS = {"until": "2026-03-02T11:00:00Z"}
TILLS = {"match": {"queue": ["tills"]}}
PHONE = {"id": "phone", "receiver": "sms", "to": "+1"}
COMMAND = {"id": "c", "at": 1_000, "by": "lead", "alert": "wait|site:north"}
LAYER = {"id": "usual", "people": ["lead"], "rotation": {"start": "2026-01-01"}}
FLOOR = {"id": "floor", "title": "Floor"}


def fault(model: type[Contract], said: dict[str, Any]) -> tuple[tuple[str | int, ...], str]:
    with pytest.raises(ValidationError) as refused:
        model.model_validate(said)
    first = refused.value.errors()[0]
    return first["loc"], first["msg"]


@pytest.mark.parametrize(
    ("model", "said", "place", "problem"),
    [
        (Matcher, {"severity": ["loud"]}, ("severity", 0), "is no severity; there are info, ticket, page"),
        (Matcher, {"kind": ["burn", "fire"]}, ("kind", 1), "is no kind; there are journey, at_risk"),
        (Matcher, {"agreement": ["friends"]}, ("agreement", 0), "is no agreement; there are customer"),
        (Recurrence, {"rule": "FREQ=DAILY", "zone": "UTC", "duration": "169h"}, ("duration",), "at most a week"),
        (Silence, SILENCE | ENDS | {"match": {}}, ("match",), "it would silence everything"),
        (Silence, SILENCE | TILLS, ("until",), "a silence that nobody ends is forgotten"),
        (Silence, SILENCE | TILLS | {"until": SILENCE["from"]}, ("until",), "must be later than from"),
        (AlertRule, {"id": "r", "grades": [{"severity": "page"}]}, ("grades", 0, "severity"), "says when"),
        (AlertRule, {"id": "r", "clear_below": 2}, ("clear_below",), "raised and quiet at once"),
        (AlertRule, {"id": "r", "raise_at": 2, "count": {"violations": 3, "within": "5m"}}, ("raise_at",), "count"),
        (Person, FLOOR | {"contacts": [PHONE, PHONE]}, ("contacts", 1, "id"), "is there twice"),
        (
            Person,
            FLOOR | {"contacts": [PHONE], "rules": [{"contacts": ["pager"]}]},
            ("rules", 0, "contacts", 0),
            "is no contact of this person; there are phone",
        ),
        (
            Override,
            {"person": "lead", "from": SILENCE["from"], "until": "2026-03-02T09:00:00Z"},
            ("until",),
            "must be later than from",
        ),
        (Receiver, {"id": "r", "title": "R"}, ("id",), "says one of webhook, email"),
        (
            Receiver,
            {"id": "r", "title": "R", "chat": {"url": "A"}, "apprise": {"url": "B"}},
            ("apprise",),
            "this one says chat and apprise",
        ),
        (AlertCommand, COMMAND | {"action": "hand_over"}, ("to",), "is needed to hand over"),
        (AlertCommand, COMMAND | {"action": "acknowledge", "alert": None}, ("alert",), "is needed to acknowledge"),
        (AlertCommand, COMMAND | {"action": "override", "schedule": "floor"}, ("override",), "is needed to override"),
        (AlertCommand, COMMAND | {"action": "acknowledge", "until": 1_000}, ("until",), "must be later than at"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    model: type[Contract], said: dict[str, Any], place: tuple[str | int, ...], problem: str
) -> None:
    found, message = fault(model, said)
    assert found == place
    assert problem in message


@pytest.mark.parametrize(
    ("sections", "place", "problem"),
    [
        ({"rules": [{"id": "a"}, {"id": "a"}]}, ("rules", 1, "id"), "is there twice"),
        ({"route": {"receivers": ["rum"]}}, ("route", "receivers", 0), "is not among the receivers; there are: room"),
        (
            {"route": {"routes": [{"routes": [{"escalation": "floor"}]}]}},
            ("route", "routes", 0, "routes", 0, "escalation"),
            "is not among the escalations; there are: none",
        ),
        (
            {"people": [{"id": "lead", "title": "Lead", "contacts": [{"id": "phone", "receiver": "pager"}]}]},
            ("people", 0, "contacts", 0, "receiver"),
            "is not among the receivers",
        ),
        ({"teams": [FLOOR | {"members": ["lead", "ghost"]}]}, ("teams", 0, "members", 1), "among the people"),
        (
            {"schedules": [FLOOR | {"zone": "UTC", "layers": [LAYER | {"people": ["ghost"]}]}]},
            ("schedules", 0, "layers", 0, "people", 0),
            "among the people",
        ),
        (
            {
                "schedules": [
                    FLOOR
                    | {
                        "zone": "UTC",
                        "layers": [LAYER],
                        "overrides": [
                            {"from": SILENCE["from"], "until": ENDS["until"]},
                            {"person": "lead", "replaces": "ghost", "from": SILENCE["from"], "until": ENDS["until"]},
                        ],
                    }
                ]
            },
            ("schedules", 0, "overrides", 1, "replaces"),
            "among the people",
        ),
        (
            {"escalations": [FLOOR | {"steps": [{"notify": ["person:lead", "team:ghosts"]}]}]},
            ("escalations", 0, "steps", 0, "notify", 1),
            "is not among the teams",
        ),
        (
            {"escalations": [FLOOR | {"steps": [{"notify": ["person:lead"]}], "nobody": ["receiver:siren"]}]},
            ("escalations", 0, "nobody", 0),
            "is not among the receivers",
        ),
    ],
)
def test_an_id_that_leads_nowhere_is_refused_where_it_stands(
    sections: dict[str, Any], place: tuple[str | int, ...], problem: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        alerting(**sections)
    first = refused.value.errors()[0]
    assert first["loc"] == place
    assert problem in first["msg"]


def test_all_calendars_that_are_mentioned_are_known() -> None:
    said = alerting(
        route={"mute_in": ["nights"], "routes": [{"only_in": ["office"]}]},
        people=[
            {"id": "lead", "title": "Lead", "contacts": [PHONE], "rules": [{"contacts": ["phone"], "during": "shift"}]}
        ],
        escalations=[
            FLOOR | {"steps": [{"notify": ["person:lead"], "during": "weekend"}, {"notify": ["person:lead"]}]}
        ],
    )
    assert said.calendars == {"nights", "office", "shift", "weekend"}


def test_a_matcher_asks_for_the_labels_that_it_names_in_their_order() -> None:
    asked = Matcher.model_validate({"rule": ["r"], "standard": ["wait", "a*"]}).asked
    assert list(asked.items()) == [("standard", ("wait", "a*")), ("rule", ("r",))]
    assert set(Matcher.model_fields) == set(LABELS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_receiver_says_of_which_kind_it_is(kind: str) -> None:
    said: dict[str, dict[str, Any]] = {
        "webhook": {"secret": "KEY"},
        "email": {"host": "mail.example.com", "from": "a@example.com"},
        "chat": {"url": "ROOM"},
        "alertmanager": {"url": "http://localhost:9093"},
        "pagerduty": {"routing_key": "KEY"},
        "apprise": {"url": "SMS"},
    }
    assert Receiver.model_validate({"id": "r", "title": "R", kind: said[kind]}).kind == kind
