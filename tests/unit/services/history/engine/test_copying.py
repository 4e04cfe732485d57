"""
Every topic has its way into a table, and the columns are the fields of its messages.
"""

import pytest

from schemas.alert_commands import AlertCommand
from schemas.alerts import Alert, Delivery, Notification
from schemas.base import Contract
from schemas.outcomes import Attainment, Measurement, Violation
from schemas.tables import (
    ALERT_COMMANDS_TABLE,
    ALERTS_TABLE,
    ATTAINMENT_TABLE,
    DELIVERIES_TABLE,
    EVENTS_TABLE,
    MEASUREMENTS_TABLE,
    NOTIFICATIONS_TABLE,
    VIOLATIONS_TABLE,
    Table,
)
from schemas.topics import ALERTING, EVENTS_IN, RAW, TOPICS
from services.history.engine import COPIES, copy_of

NOT_COPIED = {ALERTING.name, RAW.name, EVENTS_IN.name}
"""
All hold personal data: addresses of those who are told, whose past is in git, bodies as vendors sent them, and events
as systems wrote them themselves.
"""


def test_every_topic_is_copied_once_but_for_what_holds_personal_data() -> None:
    copied = [topic.name for topic in TOPICS if topic.name not in NOT_COPIED]
    assert sorted(copy.table.topic for copy in COPIES) == sorted(copied)
    assert all(copy_of(name).table.topic == name for name in copied)


@pytest.mark.parametrize(
    ("table", "model"),
    [
        (MEASUREMENTS_TABLE, Measurement), (VIOLATIONS_TABLE, Violation), (ATTAINMENT_TABLE, Attainment),
        (ALERTS_TABLE, Alert), (ALERT_COMMANDS_TABLE, AlertCommand), (NOTIFICATIONS_TABLE, Notification),
        (DELIVERIES_TABLE, Delivery),
    ],
)  # fmt: skip
def test_a_table_of_outcomes_has_a_column_for_every_field_but_the_addresses_of_people(
    table: Table, model: type[Contract]
) -> None:
    columns = {column.name: column for column in table.columns}
    addresses = {"to"} if model is Notification else set()
    assert set(columns) == set(model.model_fields) - addresses
    for name, column in columns.items():
        if column.may_be_absent is False:
            field = model.model_fields[name]
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
