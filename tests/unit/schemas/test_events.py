"""
Service events: what the union accepts, keeps and refuses.
"""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.events import EVENT_MODELS, EVENTS, JOURNEY_TYPES, LIFE_ORDER, MAX_EXTENSIONS

ARRIVED: dict[str, Any] = {
    "specversion": "1.0",
    "id": "1",
    "source": "/s",
    "type": "sqm.journey.arrived",
    "subject": "j",
    "time": "2026-03-02T09:14:07Z",
    "data": {"site": "a"},
}


def read(event: dict[str, Any], **how: Any) -> Any:  # noqa: ANN401 - fields are looked up by name
    return EVENTS.validate_json(json.dumps(event), **how)


def test_the_union_knows_every_type_and_gives_its_model() -> None:
    assert len(EVENT_MODELS) == 29
    assert isinstance(read(ARRIVED), EVENT_MODELS["sqm.journey.arrived"])
    assert LIFE_ORDER.keys() == EVENT_MODELS.keys()


def test_a_journey_arrives_before_anything_else_happens_to_it() -> None:
    assert min(LIFE_ORDER, key=LIFE_ORDER.__getitem__) == "sqm.journey.arrived"
    assert LIFE_ORDER["sqm.service.started"] < LIFE_ORDER["sqm.service.completed"]


def test_the_types_of_journeys_are_those_that_need_a_subject() -> None:
    needing = {name for name, model in EVENT_MODELS.items() if model.model_fields["subject"].is_required()}
    assert needing == JOURNEY_TYPES


@pytest.mark.parametrize("model", EVENT_MODELS.values(), ids=lambda model: model.__name__)
def test_every_field_of_every_event_says_what_it_means(model: Any) -> None:  # noqa: ANN401 - a model made from the table
    assert model.__doc__
    assert all(field.description for field in model.model_fields.values())
    facts = model.model_fields["data"].annotation
    assert all(field.description for field in facts.model_fields.values())


def test_extensions_are_kept_as_they_came() -> None:
    extra = {"traceparent": "00-ab", "sequence": -(2**31), "sampled": True, "gone": None}
    assert read(ARRIVED | extra).model_extra == extra


def test_the_greatest_number_of_extensions_is_accepted() -> None:
    assert read(ARRIVED | {f"x{n}": n for n in range(MAX_EXTENSIONS)})


def test_unknown_facts_are_kept_where_a_deployment_says_so() -> None:
    event = ARRIVED | {"data": {"site": "a", "window": 3}}
    with pytest.raises(ValidationError):
        read(event)
    assert read(event, extra="allow").data.model_extra == {"window": 3}


def test_bounds_of_extensions_hold_where_unknown_facts_are_kept() -> None:
    with pytest.raises(ValidationError):
        read(ARRIVED | {"trace": {"a": 1}}, extra="allow")


def test_of_a_key_that_is_written_twice_the_last_one_counts() -> None:
    text = json.dumps(ARRIVED).replace('"id": "1"', '"id": "first", "id": "second"')
    assert EVENTS.validate_json(text).id == "second"


def test_half_a_surrogate_pair_is_refused_on_every_way_in() -> None:
    with pytest.raises(ValidationError):
        EVENTS.validate_json(json.dumps(ARRIVED | {"id": "\ud800"}))
    with pytest.raises(ValidationError):
        EVENTS.validate_python(ARRIVED | {"id": "\ud800"})


@pytest.mark.parametrize("depth", [300, 100_000])
def test_deep_nesting_is_refused_without_harm(depth: int) -> None:
    text = '{"type":"sqm.journey.arrived","data":' + "[" * depth + "]" * depth + "}"
    with pytest.raises(ValidationError) as caught:
        EVENTS.validate_json(text)
    assert caught.value.error_count() == 1


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_is_refused_wherever_it_stands(number: str) -> None:
    for place in ('"id": "1"', '"site": "a"', '"time": "2026-03-02T09:14:07Z"'):
        name = place.split(":")[0]
        with pytest.raises(ValidationError):
            EVENTS.validate_json(json.dumps(ARRIVED).replace(place, f"{name}: {number}"))
    with pytest.raises(ValidationError):
        EVENTS.validate_json(json.dumps(ARRIVED)[:-1] + f', "x": {number}}}')


@pytest.mark.parametrize(
    "written",
    ["application/json", "Application/JSON", "application/json;charset=utf-8", 'application/json; charset="UTF-8"'],
)
def test_every_spelling_of_json_is_accepted(written: str) -> None:
    assert read(ARRIVED | {"datacontenttype": written})
