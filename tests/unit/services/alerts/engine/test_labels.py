"""
Labels: what an alert is known by, and what can be asked of it.
"""

from typing import Any

import pytest

from services.alerts.engine.inputs import Violation
from services.alerts.engine.labels import alert_key, correlation_of
from services.alerts.engine.rules import labels_of
from tests.fakes.alerting import opened


def violation(**fields: Any) -> Violation:  # noqa: ANN401 - fields of a violation
    return opened("v", **fields).violation


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({}, "wait|queue:north/tills"),
        ({"version": 7, "id": "another"}, "wait|queue:north/tills"),
        ({"queue": None}, "wait|site:north"),
        ({"site": "", "queue": None, "scope": "region:north/harbour"}, "wait|region:north/harbour"),
        ({"kind": "at_risk"}, "wait|queue:north/tills|at_risk"),
        ({"kind": "presence", "queue": None}, "wait|site:north"),
        ({"kind": "objective", "scope": "site:north", "window": "rolling:1h"}, "wait|site:north|objective=rolling:1h"),
        ({"kind": "burn", "scope": "site:north", "burn_tier": "1h/5m"}, "wait|site:north|burn=1h/5m"),
    ],
)
def test_an_alert_is_known_by_standard_and_place_and_never_by_the_version(fields: dict[str, Any], key: str) -> None:
    assert alert_key(violation(**fields), ()) == key


def test_journeys_of_one_line_are_told_apart_where_the_rule_says_by_what() -> None:
    one = violation(channel="call", segment=None)
    assert alert_key(one, ("channel", "segment")) == "wait|queue:north/tills|channel=call"


def test_an_alert_about_a_region_has_it_as_its_label() -> None:
    said = labels_of(violation(site="", queue=None, scope="region:north/harbour"), None, None)
    assert said["region"] == "north/harbour"
    assert "site" not in said


def test_correlation_is_by_what_is_there() -> None:
    labels = {"standard": "wait", "region": "north"}
    assert correlation_of(labels, ("standard", "region", "channel")) == "standard=wait|region=north"
    assert correlation_of(labels, ("channel",)) is None
    assert correlation_of(labels, ()) is None
