"""
A log with one line for each event: rows of varying length and of several kinds, each about a subject of its own.
"""

from io import BytesIO

import pytest
from pydantic import ValidationError

from schemas.mappings import MAPPINGS
from services.ingest.engine.mapped import MappedEvent
from services.ingest.engine.mapping import MappingFault
from services.ingest.engine.rows import RejectedRow, RowReason
from tests.fakes.mappings import document_of, mapped, mapping_of

LINES = """
apiVersion: sqm/v1
kind: Mapping
metadata: {id: lines, title: Lines of a switchboard, owner: IT}
source: urn:sqm:files:lines
table: {delimiter: "|", quote: null, header: false, short_rows: true}
columns:
  at: {at: 1, type: epoch, required: true}
  call: {at: 2}
  who: {at: 3}
  event: {at: 4, required: true}
  more: {at: 5}
row_kind: event
journey: {site: '"centre"', subject: "{call}"}
events:
  - {type: journey.arrived, when: event == "ENTER", time: at}
  - type: milestone.reached
    when: event == "RING"
    instance: string(at) + who
    time: at
    data: {milestone: {text: rang}}
  - type: staff.state_changed
    when: event == "ENTER" || event == "PAUSE"
    subject: "{who}-{event}"
    instance: more
    time: at
    data: {employee: who, state: {text: break}}
"""


def ids_of(lines: str) -> list[str]:
    found = mapped(mapping_of(LINES), lines)
    assert all(isinstance(one, MappedEvent) for one in found), found
    return [one.id for one in found if isinstance(one, MappedEvent)]


def test_a_row_may_be_shorter_than_its_columns_and_longer() -> None:
    assert ids_of("1700000000|c1|anna|RING\n1700000001|c1|anna|RING|x|y|z\n") == [
        "lines/c1/milestone.reached/1700000000000anna",
        "lines/c1/milestone.reached/1700000001000anna",
    ]


def test_a_short_row_still_needs_what_the_mapping_requires() -> None:
    (found,) = mapped(mapping_of(LINES), "1700000000|c1\n")
    assert isinstance(found, RejectedRow)
    assert (found.reason, found.field) == (RowReason.MISSING_FIELD, "event")


def test_without_short_rows_a_short_row_is_rejected() -> None:
    table = {**document_of(LINES)["table"], "short_rows": False}
    (found,) = mapped(mapping_of(LINES, table=table), "1700000000|c1|anna|RING\n")
    assert isinstance(found, RejectedRow)
    assert found.reason is RowReason.WRONG_FIELD_COUNT


def test_under_a_header_a_short_row_is_filled_and_a_long_one_rejected() -> None:
    columns = {name: {**one, "at": None, "name": name} for name, one in document_of(LINES)["columns"].items()}
    table = {**document_of(LINES)["table"], "header": True}
    found = mapped(
        mapping_of(LINES, columns=columns, table=table),
        "at|call|who|event|more\n1700000000|c1|anna|RING\n1700000000|c1|anna|RING|x|y\n",
    )
    assert isinstance(found[0], MappedEvent)
    assert isinstance(found[1], RejectedRow)
    assert found[1].reason is RowReason.WRONG_FIELD_COUNT


def test_one_row_may_be_about_two_subjects_each_with_an_id_of_its_own() -> None:
    found = mapped(mapping_of(LINES), "1700000000|c1|anna|ENTER|q1\n")
    assert [(one.subject, one.id) for one in found if isinstance(one, MappedEvent)] == [
        ("c1", "lines/c1/journey.arrived"),
        ("anna-ENTER", "lines/anna-ENTER/staff.state_changed/q1"),
    ]


def test_the_number_of_instances_in_a_subject_changes_no_id_of_another() -> None:
    lines = [f"170000000{second}|c1|{who}|RING\n" for second in range(3) for who in ("anna", "ben")]
    assert len(set(ids_of("".join(lines)))) == 6
    assert set(ids_of("".join(reversed(lines)))) == set(ids_of("".join(lines)))


def test_a_long_instance_and_a_long_subject_keep_the_id_within_its_length() -> None:
    (one, other) = ids_of(f"1700000000|{'c' * 100}|{'a' * 50}|RING\n1700000000|{'c' * 100}|{'a' * 51}|RING\n")
    assert one != other
    assert max(len(one), len(other)) <= 128


def test_an_event_that_nothing_tells_apart_is_rejected() -> None:
    (found,) = mapped(mapping_of(LINES), "1700000000|c1|anna|PAUSE\n")
    assert isinstance(found, RejectedRow)
    assert (found.reason, found.field) == (RowReason.MISSING_FIELD, "events.2.instance")


def test_an_empty_subject_of_an_event_is_told_with_its_place() -> None:
    mapping = mapping_of(LINES, events=[{"type": "staff.state_changed", "time": "at", "subject": "{who}"}])
    (found,) = mapped(mapping, "1700000000|c1||PAUSE|q\n")
    assert isinstance(found, RejectedRow)
    assert (found.reason, found.field) == (RowReason.BAD_SUBJECT, "events.0.subject")


def test_an_unknown_column_in_the_subject_of_an_event_is_told_with_its_place() -> None:
    with pytest.raises(MappingFault, match=r"events\.0\.subject: no column is called 'agent'"):
        mapping_of(LINES, events=[{"type": "staff.state_changed", "time": "at", "subject": "{agent}"}])


def test_the_kind_of_a_row_is_what_its_column_says() -> None:
    mapping = mapping_of(LINES)
    (row,) = list(mapping.read(BytesIO(b"1700000000|c1|anna|OWN\n"), "f"))
    assert not isinstance(row, RejectedRow)
    assert mapping.kind_of(row) == "OWN"
    assert mapping_of(LINES, row_kind=None).kind_of(row) == ""


def test_the_kind_of_rows_must_be_a_column() -> None:
    with pytest.raises(ValidationError, match="row_kind names a column; none is called 'kind'"):
        MAPPINGS.validate_python(document_of(LINES, row_kind="kind"))
