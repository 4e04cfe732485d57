"""
Standards: what changes their meaning, and what does not.
"""

import copy
from typing import Any, get_args

import pytest

from schemas.objectives import (
    ANSWER_METRICS,
    AT_MOST_METRICS,
    CHECKLIST_METRICS,
    CLOCK_METRICS,
    DURATION_METRICS,
    NUMBER_METRICS,
    RATE_METRICS,
    SERVICE_LEVELS,
    SHARE_METRICS,
    MetricName,
    Objective,
)  # fmt: skip
from schemas.standards import DOCUMENTS, Standard, document_key

BASE: dict[str, Any] = {
    "apiVersion": "sqm/v1",
    "kind": "Standard",
    "metadata": {
        "id": "calls",
        "version": 3,
        "title": "Calls",
        "owner": "Centre",
        "effective_from": "2026-01-01T00:00:00Z",
        "why": "Usual.",
    },
    "clock": {"start": "journey.arrived", "stop": "journey.called", "limit": "90s"},
    "objective": {"metric": "sl_all_offered", "target": "80%"},
}


def standard(*path: str, value: object = None) -> Standard:
    document = copy.deepcopy(BASE)
    at = document
    for step in path[:-1]:
        at = at.setdefault(step, {})
    if path:
        at[path[-1]] = value
    read = DOCUMENTS.validate_python(document)
    assert isinstance(read, Standard)
    return read


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("metadata", "title"), "Other words"),
        (("metadata", "owner"), "Others"),
        (("metadata", "agreement"), "internal"),
        (("metadata", "why"), "Because."),
        (("metadata", "labels"), {"a": "b"}),
        (("metadata", "effective_from"), "2026-01-01T01:00:00+01:00"),
        (("clock", "limit"), "1m30s"),
        (("clock", "start"), ["sqm.journey.arrived"]),
        (("clock", "stop"), {"event": "journey.called"}),
        (("objective", "target"), "80.00%"),
        (("clock", "expires_after"), "1d"),
    ],
)
def test_other_words_for_the_same_are_no_other_meaning(path: tuple[str, ...], value: object) -> None:
    assert standard(*path, value=value).meaning() == standard().meaning()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("metadata", "effective_from"), "2026-01-02T00:00:00Z"),
        (("metadata", "effective_until"), "2027-01-01T00:00:00Z"),
        (("metadata", "version"), 4),
        (("applies_to", "site"), "a*"),
        (("clock", "limit"), "91s"),
        (("clock", "warn_at"), "80%"),
        (("clock", "short_abandon"), "5s"),
        (("clock", "stop"), "service.started"),
        (("clock", "expires_after"), "12h"),
        (("objective", "metric"), "goal_met"),
        (("objective", "target"), "80.01%"),
        (("objective", "minimum_n"), 20),
        (("objective", "window"), {"rolling": "2h"}),
    ],
)
def test_whatever_decides_a_verdict_is_another_meaning(path: tuple[str, ...], value: object) -> None:
    assert standard(*path, value=value).meaning() != standard().meaning()


def test_a_standard_survives_the_way_to_json_and_back() -> None:
    once = standard("clock", "warn_at", value="75%")
    again = DOCUMENTS.validate_json(once.model_dump_json())
    assert again == once
    assert isinstance(again, Standard)
    assert again.meaning() == once.meaning()


def test_the_key_of_a_document_names_kind_id_and_version() -> None:
    assert document_key(standard()) == "Standard/calls/3"
    metadata = {"id": "a", "title": "A"}
    assert (
        document_key(DOCUMENTS.validate_python({"apiVersion": "sqm/v1", "kind": "Site", "metadata": metadata}))
        == "Site/a"
    )


def test_targets_are_in_the_unit_of_their_metric() -> None:
    assert standard().objective.target_value == 8_000
    assert standard("objective", value={"metric": "asa", "target": "30s"}).objective.target_value == 30_000
    assert Objective(metric="nps", target="-12.5").target_value == -1_250
    assert Objective(metric="per_1000", target="3").target_value == 300


def test_the_lists_of_metrics_agree() -> None:
    by_kind = (*CLOCK_METRICS, *RATE_METRICS, *ANSWER_METRICS, *CHECKLIST_METRICS)
    assert sorted(get_args(MetricName)) == sorted(by_kind)
    assert sorted(by_kind) == sorted((*SHARE_METRICS, *DURATION_METRICS, *NUMBER_METRICS))
    assert set(SERVICE_LEVELS) < set(SHARE_METRICS)
    assert set(AT_MOST_METRICS) < set(get_args(MetricName))
