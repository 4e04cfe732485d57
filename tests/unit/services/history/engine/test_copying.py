"""
Every topic has its way into a table, and the columns are the fields of its messages.
"""

import pytest

from schemas.outcomes import Attainment, Measurement, Violation
from schemas.tables import ATTAINMENT_TABLE, EVENTS_TABLE, MEASUREMENTS_TABLE, VIOLATIONS_TABLE, Table
from schemas.topics import TOPICS
from services.history.engine import COPIES, copy_of


def test_every_topic_is_copied_once() -> None:
    assert sorted(copy.table.topic for copy in COPIES) == sorted(topic.name for topic in TOPICS)
    assert all(copy_of(topic.name).table.topic == topic.name for topic in TOPICS)


@pytest.mark.parametrize(
    ("table", "model"),
    [(MEASUREMENTS_TABLE, Measurement), (VIOLATIONS_TABLE, Violation), (ATTAINMENT_TABLE, Attainment)],
)
def test_a_table_of_outcomes_has_a_column_for_every_field(
    table: Table, model: type[Measurement | Violation | Attainment]
) -> None:
    columns = {column.name: column for column in table.columns}
    assert set(columns) == set(model.model_fields)
    for name, field in model.model_fields.items():
        if columns[name].may_be_absent is False:
            assert field.is_required(), f"{table.name}.{name} must be there, but messages may leave it out"


@pytest.mark.parametrize("copy", COPIES, ids=lambda copy: copy.table.name)
def test_every_column_has_an_expression(copy: object) -> None:
    assert copy in COPIES
    for one in COPIES:
        assert len(one.columns) == len(one.expressions) == len(set(one.columns))
        assert bool(one.fits) == bool(one.parsed) == bool(one.why_not)


def test_an_event_must_say_who_what_when_and_where() -> None:
    fits = copy_of(EVENTS_TABLE.topic).fits
    for field in ("j.id", "j.source", "j.type", "j.time", "j.data.site"):
        assert field in fits
    assert "j.data.queue" not in fits
