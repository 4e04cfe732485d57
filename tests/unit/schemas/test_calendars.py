"""
What a calendar means, what is only its wording, and where its faults are told.
"""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.calendars import Calendar, Interval
from schemas.standards import DOCUMENTS, PUBLISHED, document_key

CLOSED = {"name": "Ligo Day", "date": "2026-06-23", "closed": True}


def document(**parts: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a document
    metadata = {"id": "shop", "version": 3, "title": "Shop", "owner": "q", "zone": "Europe/Riga"}
    return {
        "apiVersion": "sqm/v1",
        "kind": "Calendar",
        "metadata": {"effective_from": "2026-01-01T00:00:00Z", **metadata, **parts.pop("metadata", {})},
        "hours": {"monday": [{"from": "09:00", "until": "18:00"}]},
        **parts,
    }


def calendar(**parts: Any) -> Calendar:  # noqa: ANN401 - parts of a document
    made = DOCUMENTS.validate_python(document(**parts))
    assert isinstance(made, Calendar)
    return made


@pytest.mark.parametrize(
    "wording", [{"title": "Our shop"}, {"owner": "somebody"}, {"why": "Because."}, {"labels": {"size": "small"}}]
)
def test_other_wording_keeps_the_meaning(wording: dict[str, Any]) -> None:
    assert calendar(metadata=wording).meaning() == calendar().meaning()


@pytest.mark.parametrize(
    "part",
    [
        {"metadata": {"zone": "Europe/Tallinn"}},
        {"metadata": {"effective_until": "2027-01-01T00:00:00Z"}},
        {"hours": {"monday": [{"from": "09:00", "until": "17:00"}]}},
        {"exceptions": [CLOSED]},
        {"exceptions": [CLOSED | {"name": "Another name"}]},
        {"seasons": [{"name": "summer", "from": "2026-06-01", "to": "2026-06-30", "hours": {}}]},
    ],
)
def test_other_hours_are_another_meaning(part: dict[str, Any]) -> None:
    meanings = {calendar(**part).meaning(), calendar().meaning(), calendar(exceptions=[CLOSED]).meaning()}
    assert len(meanings) == (2 if part == {"exceptions": [CLOSED]} else 3)


def test_the_key_names_the_version() -> None:
    assert document_key(calendar()) == "Calendar/shop/3"


def test_a_calendar_survives_the_way_to_json_and_back() -> None:
    season = {"name": "summer", "from": "2026-06-01", "to": "2026-06-30", "hours": {}}
    once = calendar(exceptions=[CLOSED], seasons=[season])
    for by_alias in (True, False):
        again = DOCUMENTS.validate_json(once.model_dump_json(by_alias=by_alias))
        assert again == once


def test_an_interval_that_ends_at_or_before_its_beginning_ends_on_the_next_day() -> None:
    def minutes(begin: str, until: str) -> tuple[int, int]:
        return Interval.model_validate({"from": begin, "until": until}).minutes

    assert minutes("09:00", "17:30") == (540, 1050)
    assert minutes("09:00", "24:00") == (540, 1440)
    assert minutes("22:00", "06:00") == (1320, 1800)
    assert minutes("08:00", "08:00") == (480, 1920)


def test_weeks_may_touch_at_midnight_and_at_their_ends() -> None:
    night = [{"from": "22:00", "until": "06:00"}, {"from": "06:00", "until": "10:00"}]
    assert calendar(hours={"sunday": night, "monday": night}).frozen


def test_a_draft_cannot_be_published_and_the_fault_names_the_import() -> None:
    years = {"from": 2026, "to": 2027}
    imports = {"import_ics": [{"file": "closures.ics", "years": years}]}
    assert calendar().frozen
    assert not calendar(**imports).frozen
    published = {"document": document(**imports), "published_at": 0, "published_by": "q"}
    with pytest.raises(ValidationError) as caught:
        PUBLISHED.validate_python(published)
    (fault,) = caught.value.errors()
    assert fault["loc"] == ("document", "import_ics")
    assert "sqm calendar freeze" in fault["msg"]
