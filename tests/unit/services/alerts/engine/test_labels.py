"""
Labels: what an alert is known by, and what can be asked of it.
"""

from typing import Any

import pytest

from schemas.alert_labels import LABELS
from services.alerts.engine.inputs import Violation
from services.alerts.engine.labels import alert_key, correlation_of
from services.alerts.engine.routing import Leaf
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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"queue": "tills|at_risk"}, {"kind": "at_risk"}),
        ({"channel": "call|segment=vip"}, {"channel": "call", "segment": "vip"}),
        ({"queue": "tills\\", "channel": "x"}, {"queue": "tills|channel=x"}),
        ({"channel": "a\\|segment=b"}, {"channel": "a\\", "segment": "b"}),
    ],
)
def test_what_a_line_is_called_makes_no_alert_another_ones(one: dict[str, Any], other: dict[str, Any]) -> None:
    by = ("channel", "segment")
    assert alert_key(violation(**one), by) != alert_key(violation(**other), by)


def test_alerts_with_long_names_are_told_apart_by_keys_that_their_readers_take() -> None:
    long: dict[str, Any] = {"site": "", "queue": None, "kind": "objective", "scope": "x" * 300, "window": "w" * 160}
    keys = {alert_key(violation(**long, channel=name * 64), ("channel",)) for name in "ab"}
    assert sorted(map(len, keys)) == [512, 512]


def test_a_group_is_of_those_that_share_what_it_is_by_whatever_that_is_called() -> None:
    leaf = Leaf("route", group_by=("queue", "channel"))
    one, other = {"queue": "a,channel=b"}, {"queue": "a", "channel": "b"}
    assert leaf.group_of(one) != leaf.group_of(other)
    every = Leaf("route", group_by=LABELS[:10])
    long: dict[str, str] = dict.fromkeys(LABELS, "v" * 99)
    groups = {every.group_of(long | {"site": site}) for site in ("a", "b")}
    assert len(groups) == 2
    assert max(map(len, groups)) < 600


def test_a_correlation_is_no_longer_than_its_readers_take() -> None:
    assert len(correlation_of(dict.fromkeys(LABELS, "v" * 99), LABELS[:6]) or "") == 512


def test_an_alert_about_a_region_has_it_as_its_label() -> None:
    said = labels_of(violation(site="", queue=None, scope="region:north/harbour"), None, None)
    assert said["region"] == "north/harbour"
    assert "site" not in said


def test_correlation_is_by_what_is_there() -> None:
    labels = {"standard": "wait", "region": "north"}
    assert correlation_of(labels, ("standard", "region", "channel")) == "standard=wait|region=north"
    assert correlation_of(labels, ("channel",)) is None
    assert correlation_of(labels, ()) is None
