"""
What ClickHouse says decides what is done about it.
"""

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from services.runtime.clickhouse.faults import translated
from services.runtime.errors import Misconfigured, Overloaded, Rejected, ServiceError, Transient, Unreachable


class Said(DatabaseError):
    """
    An error with the code and the name that the server gave it.
    """

    def __init__(self, code: int, name: str) -> None:
        super().__init__(f"Code: {code}.\n  ({name})")
        self.code, self.name = code, name


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Said(252, "TOO_MANY_PARTS"), Overloaded),
        (Said(243, "NOT_ENOUGH_SPACE"), Transient),
        (Said(75, "CANNOT_WRITE_TO_FILE_DESCRIPTOR"), Transient),
        (Said(60, "UNKNOWN_TABLE"), Misconfigured),
        (Said(27, "CANNOT_PARSE_INPUT"), Rejected),
        (OperationalError("connection refused"), Unreachable),
        (DatabaseError("something else"), Rejected),
    ],
)
def test_an_error_is_of_the_kind_that_can_be_done_about_it(error: DatabaseError, kind: type[ServiceError]) -> None:
    found = translated(error, "insert into events")
    assert type(found) is kind
    assert str(found).startswith("ClickHouse: cannot insert into events: ")
    assert "\n" not in str(found)


def test_a_database_that_is_not_there_is_said_with_the_command_that_makes_it() -> None:
    assert str(translated(Said(81, "UNKNOWN_DATABASE"), "open the folder")).endswith("with `sqm history migrate`")


def test_a_rejection_carries_the_name_that_the_server_gave_it() -> None:
    known, unknown = translated(Said(27, "CANNOT_PARSE_INPUT"), "x"), translated(DatabaseError("?"), "x")
    assert isinstance(known, Rejected)
    assert isinstance(unknown, Rejected)
    assert (known.reason, unknown.reason) == ("cannot_parse_input", "clickhouse")
