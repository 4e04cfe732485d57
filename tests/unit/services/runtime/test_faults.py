"""
A fault of a document is told with its file, line, field, value and fix.
"""

from typing import Annotated, Literal

import pytest
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from schemas.base import SLUG, misfit
from services.runtime.faults import MAX_FAULTS, Fault, describe, faults_of
from services.runtime.yamlfile import Document, read_documents


class Wheel(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    size: int
    label: str = ""


class Car(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Literal["car"]
    wheels: list[Wheel]
    colours: Annotated[list[str], BeforeValidator(lambda v: v if isinstance(v, list) else [v])] = []


class Boat(BaseModel):
    kind: Literal["boat"]
    sails: int = 1


VEHICLE: TypeAdapter[Car | Boat] = TypeAdapter(Annotated[Car | Boat, Discriminator("kind")])


def told(text: str) -> list[str]:
    (document,) = read_documents(text, "car.yaml")
    with pytest.raises(ValidationError) as caught:
        VEHICLE.validate_python(document.value)
    return describe(caught.value, document, Car | Boat)


def test_each_fault_names_file_line_field_value_and_fix() -> None:
    assert told("kind: car\nwheels:\n  - size: 1\n  - size: '2'\n    lable: x\n  - {}\n") == [
        "car.yaml:4: wheels[1].size: must be a whole number (value '2'); write a whole number without quotes",
        "car.yaml:5: wheels[1].lable: is not known here (value 'x'); did you mean 'label'?",
        "car.yaml:6: wheels[2].size: is missing; add it",
    ]


def test_a_fault_is_told_in_its_parts_to_programs() -> None:
    (document,) = read_documents("plate: A B", "sign.yaml")
    with pytest.raises(ValidationError) as caught:
        Sign.model_validate(document.value)
    problem = "must be small letters, digits, dots, hyphens and underscores (value 'A B')"
    assert faults_of(caught.value, document, Sign) == [
        Fault("sign.yaml", 1, "plate", problem, "write it like branch-wait")
    ]


def test_a_field_that_is_near_none_is_to_be_corrected_or_removed() -> None:
    (sentence,) = told("kind: car\nwheels: []\nseats: 4\n")
    assert sentence == "car.yaml:3: seats: is not known here (value 4); correct its spelling or remove it"


def test_a_field_of_an_alternative_that_was_not_written_is_not_offered() -> None:
    (sentence,) = told("kind: car\nwheels: []\nsaails: 4\n")
    assert "did you mean" not in sentence


def test_a_missing_part_is_told_at_the_start_of_the_document() -> None:
    assert told("\nkind: car\n") == ["car.yaml:2: wheels: is missing; add it"]


def test_an_unknown_kind_is_told_with_the_kinds_that_exist() -> None:
    (sentence,) = told("a: 1\nkind: plane\n")
    assert sentence.startswith("car.yaml:2: kind: ")
    assert "'car', 'boat'" in sentence
    assert "(value 'plane')" in sentence


def test_a_misspelt_word_is_told_with_the_nearest_one() -> None:
    (sentence,) = told("a: 1\nkind: baot\n")
    assert sentence == "car.yaml:2: kind: must be 'car', 'boat' (value 'baot'); did you mean 'boat'?"


_USES = tuple(f"use-{number}" for number in range(100))


class Sign(BaseModel):
    plate: Annotated[str, Field(pattern=SLUG)] = "a"
    shape: Annotated[str, Field(pattern="^[a-z]$")] = "a"
    doors: Annotated[int, Field(ge=2, le=5)] = 2
    fuel: Literal["oil", "gas"] = "gas"
    name: Annotated[str, Field(max_length=3)] = ""
    seats: Annotated[list[int], Field(max_length=2)] = []
    lamps: Annotated[tuple[int, ...], Field(min_length=1)] = (1,)
    axles: Literal["two"] = "two"
    use: Literal[_USES] = "use-1"  # type: ignore[valid-type]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "plate: A B",
            "plate: must be small letters, digits, dots, hyphens and underscores; write it like branch-wait",
        ),
        ("shape: AB", "shape: String should match pattern '^[a-z]$'"),
        ("name: abcd", "name: has more than 3 characters"),
        ("seats: [1, 2, 3]", "seats: has more than 2 entries"),
        ("seats: 1", "seats: must be a list"),
        ("doors: 1", "doors: must be at least 2"),
        ("doors: 6", "doors: must be at most 5"),
        ("fuel: ga", "fuel: must be 'oil' or 'gas'; did you mean 'gas'?"),
        ("fuel: 7", "fuel: must be 'oil' or 'gas'"),
        ("axles: twoo", "axles: must be 'two'"),
        ("lamps: []", "lamps: has too few entries"),
    ],
)
def test_what_may_be_written_is_told_in_words(text: str, sentence: str) -> None:
    (document,) = read_documents(text, "sign.yaml")
    with pytest.raises(ValidationError) as caught:
        Sign.model_validate(document.value)
    (found,) = faults_of(caught.value, document, Sign)
    assert found.problem.endswith(")")
    problem, _, fix = sentence.partition("; ")
    assert f"{found.field}: {found.problem}".startswith(f"{problem} (value ")
    assert fix in found.fix


def test_the_nearest_of_many_words_is_told_though_they_do_not_all_fit_into_the_line() -> None:
    (document,) = read_documents("use: usee-1", "sign.yaml")
    with pytest.raises(ValidationError) as caught:
        Sign.model_validate(document.value)
    (found,) = describe(caught.value, document, Sign)
    assert found.endswith("… (value 'usee-1'); did you mean 'use-1'?")


class Pair(BaseModel):
    short: str = "1m"
    long: str = "2m"

    @model_validator(mode="after")
    def _ordered(self) -> "Pair":
        raise misfit("Pair", "short", 60_000, "must be shorter than long; write less")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("short: 5m", "pair.yaml:1: short: must be shorter than long (value '5m'); write less"),
        ("long: 5m", "pair.yaml:1: document: must be shorter than long; write less"),
    ],
)
def test_what_does_not_fit_another_field_is_told_as_it_is_written(text: str, sentence: str) -> None:
    (document,) = read_documents(text, "pair.yaml")
    with pytest.raises(ValidationError) as caught:
        Pair.model_validate(document.value)
    assert describe(caught.value, document, Pair) == [sentence]


def test_a_list_whose_entries_are_at_fault_is_not_also_called_too_short() -> None:
    (document,) = read_documents("lamps: [a, b]", "sign.yaml")
    with pytest.raises(ValidationError) as caught:
        Sign.model_validate(document.value)
    assert [sentence.split(": ")[1] for sentence in describe(caught.value, document, Sign)] == ["lamps[0]", "lamps[1]"]


def test_a_document_without_kind_is_told_so() -> None:
    assert told("a: 1\n") == ["car.yaml:1: kind: is missing; add it"]


def test_a_single_value_in_place_of_a_list_keeps_its_own_name() -> None:
    (sentence,) = told("kind: car\nwheels: []\ncolours: 7\n")
    assert sentence.startswith(
        "car.yaml:3: colours: must be text (value 7); write it as text, in quotes, with its unit"
    )


def test_a_document_that_is_no_mapping_is_told_so() -> None:
    assert told("- 1\n- 2\n") == [
        "car.yaml:1: document: must be a mapping (value a list of 2); write its fields, each as name: value"
    ]


def test_huge_values_and_names_are_shortened() -> None:
    for sentence in told(f"kind: car\nwheels: []\n{'x' * 1000}: {'y' * 5000}\n"):
        assert len(sentence) < 500


def test_control_characters_cannot_reach_the_terminal() -> None:
    (sentence,) = told('kind: car\nwheels: []\n"\\e[31mred": "\\e[0m"\n')
    assert "\x1b" not in sentence


def test_a_flood_of_faults_is_cut_and_counted() -> None:
    sentences = told("kind: car\nwheels:\n" + "  - size: x\n" * (MAX_FAULTS + 7))
    assert len(sentences) == MAX_FAULTS + 1
    assert sentences[-1] == "car.yaml: and 7 more; mend these first"


def test_a_document_without_lines_is_told_without_them() -> None:
    with pytest.raises(ValidationError) as caught:
        VEHICLE.validate_python({"kind": "car"})
    assert describe(caught.value, Document("car.json", {"kind": "car"}), Car | Boat) == [
        "car.json: wheels: is missing; add it"
    ]
