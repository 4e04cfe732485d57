"""
A connector that would mislead whoever wrote it is refused with the line to change.
"""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.connectors import source_uri
from schemas.mappings import Column
from schemas.paths import steps_of
from tests.fakes.desk_connector import connector_document
from tests.fakes.mappings import document_of, mapping_of

MAPPING: dict[str, Any] = {
    "title": "m",
    "when": "true",
    "journey": {"site": "source", "subject": "{number}"},
    "events": [{"type": "journey.arrived", "time": "opened"}],
}
TWICE = [{"type": "journey.arrived", "time": "opened"}] * 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"mappings": {"m": MAPPING | {"columns": {"number": {"name": "n"}}}}}, "used twice"),
        ({"mappings": {"m": MAPPING | {"values": {"source": "number"}}}}, "received_at"),
        ({"mappings": {"m": MAPPING | {"events": TWICE}}}, "give a role"),
        ({"columns": {"number": {"at": 1}}}, "a payload has no places"),
        ({"columns": {"number": {"name": "a..b"}}}, "columns.number.name: 'a..b' is no path"),
        ({"body": {"items": "a.["}}, "is no path"),
        ({"metadata": {"id": "Desk 1", "title": "t", "owner": "o"}}, "pattern"),
    ],
)
def test_a_connector_is_refused_with_what_to_change(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=r".") as error:
        connector_document(**changes)
    assert said in str(error.value)


@pytest.mark.parametrize("path", ["", ".", "a.", ".a", "a[b", "a]", "[a]", "[=b]", "a.[b=c", "[a=b]c"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="is no path"):
        steps_of(path)


def test_a_path_is_taken_apart_at_its_dots() -> None:
    assert steps_of("a-b.0.[purpose=agent.1].*") == ("a-b", "0", ("purpose", "agent.1"), "*")


def test_a_file_has_no_headers_of_a_request_and_json_no_path_without_names() -> None:
    columns = document_of()["columns"]
    with pytest.raises(ValidationError, match="only a webhook"):
        mapping_of(columns=columns | {"desk": {"header": "x-kind"}})
    with pytest.raises(ValidationError, match="is no path"):
        mapping_of(columns=columns | {"desk": {"name": "a."}}, table={"format": "json_lines"})
    with pytest.raises(ValidationError, match="say where the column is found"):
        Column()


def test_events_of_a_sender_carry_the_address_that_it_posts_to() -> None:
    assert source_uri("desk", "north") == "/webhooks/desk/north"
