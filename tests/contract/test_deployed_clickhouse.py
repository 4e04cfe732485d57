"""
The settings that the stack gives its ClickHouse server, by what each of its users may do and may not.
"""

from pathlib import Path
from typing import Any

import pytest

from dashboards.asking import Span
from services.history.engine import statements
from services.history.shell.migrating import read_migrations
from tests.fakes.deployed_clickhouse import asked_as
from tests.fakes.grafana import Grafana
from tests.fakes.shown_dashboards import BOARDS
from tests.fakes.topic_records import NOON

OF_THE_READER = {
    "INSERT INTO sqm.events (id) VALUES (1)": "refused: ACCESS_DENIED",
    "DROP TABLE sqm.events": "refused: ACCESS_DENIED",
    "SELECT * FROM system.users": "refused: ACCESS_DENIED",
    "SELECT * FROM file('/etc/passwd', 'LineAsString')": "refused: ACCESS_DENIED",
    "SELECT * FROM url('http://127.0.0.1:9/', 'LineAsString')": "refused: ACCESS_DENIED",
    "SELECT * FROM remote('127.0.0.1', 'sqm', 'events')": "refused: ACCESS_DENIED",
    "SYSTEM SHUTDOWN": "refused: ACCESS_DENIED",
    "SET max_execution_time = 61": "refused: SETTING_CONSTRAINT_VIOLATION",
    "SET max_memory_usage = 4000000000": "refused: SETTING_CONSTRAINT_VIOLATION",
    "SET readonly = 0": "refused: READONLY",
    "SELECT number FROM numbers(1100000) FORMAT Null": "refused: TOO_MANY_ROWS_OR_BYTES",
    "SELECT groupArray(toString(number)) FROM numbers(300000000)": "refused: MEMORY_LIMIT_EXCEEDED",
    "SELECT count() FROM sqm.events": "0\n",
}
OF_THE_WRITER = {
    "SELECT * FROM url('http://127.0.0.1:9/', 'LineAsString')": "refused: ACCESS_DENIED",
    "CREATE DATABASE other": "refused: ACCESS_DENIED",
    "CREATE USER somebody": "refused: ACCESS_DENIED",
    "SYSTEM SHUTDOWN": "refused: ACCESS_DENIED",
    "BACKUP DATABASE sqm TO File('/tmp/elsewhere')": "refused: BAD_ARGUMENTS",
}


class Anything:
    """
    Answers every question with one row, which is a time zone where it should be one, and remembers it.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []

    def rows(self, sql: str) -> list[dict[str, Any]]:
        self.asked.append(sql)
        return [{"value": "UTC"}]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    A folder of the engine with the tables, which the writer made.
    """
    folder = tmp_path_factory.mktemp("deployed")
    made = ["CREATE DATABASE sqm", "USE sqm", *(one for file in read_migrations() for one in statements(file))]
    assert set(asked_as("sqm_writer", folder, made)) == {""}
    return folder


@pytest.mark.parametrize(("user", "expected"), [("sqm_reader", OF_THE_READER), ("sqm_writer", OF_THE_WRITER)])
def test_a_user_may_what_it_is_for_and_nothing_else(user: str, expected: dict[str, str], folder: Path) -> None:
    assert dict(zip(expected, asked_as(user, folder, list(expected)), strict=True)) == expected


def test_the_reader_may_ask_what_every_dashboard_asks(folder: Path) -> None:
    asked = Anything()
    for board in BOARDS.values():
        opened = Grafana(board, asked, None, Span(NOON - 86_400_000, NOON))  # type: ignore[arg-type]  # no more is asked
        for panel in board["panels"]:
            for target in panel.get("targets", ()):
                if "rawSql" in target:
                    opened.rows(target["rawSql"])
    assert len(asked.asked) > 80
    answers = asked_as("sqm_reader", folder, ["USE sqm", *asked.asked])[1:]
    refused = {sql: said for sql, said in zip(asked.asked, answers, strict=True) if said.startswith("refused: ")}
    assert refused == {}
