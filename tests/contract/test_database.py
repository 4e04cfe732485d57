"""
What a service may rely on of a database, on every way to reach one.
"""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.runtime.clickhouse import (
    Arriving,
    ClickHouseSettings,
    Database,
    Insert,
    Limits,
    open_database,
    open_reader,
)
from services.runtime.errors import Misconfigured, Rejected, ServiceError, Transient
from tests.fakes.databases import opened, settings_for

COLUMNS = ("n Int32", "word Nullable(String)")
MADE = (
    "CREATE TABLE words (n Int32, word Nullable(String)) ENGINE = MergeTree ORDER BY n "
    "SETTINGS non_replicated_deduplication_window = 100"
)
INSERT = Insert("words", ("n", "word"), ("n + throwIf(n < 0, 'negative')", "upper(w)"), "assumeNotNull(word) AS w")


@pytest.fixture
def database(settings: ClickHouseSettings) -> Iterator[Database]:
    yield from opened(settings, tables=False)


@pytest.fixture
def reader(settings: ClickHouseSettings, database: Database) -> Iterator[Database]:
    door = open_reader(settings, Limits(seconds=5, rows=3))
    yield door
    door.close()


def rows_of(*numbers: int) -> Arriving:
    return Arriving(COLUMNS, b"".join(n.to_bytes(4, "little", signed=True) + b"\x00\x02ok" for n in numbers))


def numbers(database: Database) -> list[int]:
    return [row["n"] for row in database.rows("SELECT n FROM words ORDER BY n")]


def test_rows_are_stored_as_the_expressions_say(database: Database) -> None:
    database.command(MADE)
    database.insert(INSERT, rows_of(2, 1), "a")
    assert database.rows("SELECT n, word FROM words ORDER BY n") == [{"n": 1, "word": "OK"}, {"n": 2, "word": "OK"}]


def test_where_there_is_no_room_to_hand_rows_over_trying_again_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for database in opened(settings_for("folder", tmp_path.parent), tables=False):
        database.command(MADE)
        with monkeypatch.context() as gone:
            gone.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
            with pytest.raises(Transient, match=r"cannot hand rows over: .*gone: No such file .*TMPDIR"):
                database.insert(INSERT, rows_of(1), "a")
        database.insert(INSERT, rows_of(1), "a")
        assert numbers(database) == [1]


def test_an_insert_with_the_same_token_is_dropped_and_one_with_another_is_not(database: Database) -> None:
    database.command(MADE)
    database.insert(INSERT, rows_of(1), "a")
    database.insert(INSERT, rows_of(1), "a")
    assert numbers(database) == [1]
    database.insert(INSERT, rows_of(1), "b")
    assert numbers(database) == [1, 1]


def test_an_insert_with_one_bad_row_stores_none_and_is_rejected(database: Database) -> None:
    database.command(MADE)
    with pytest.raises(Rejected):
        database.insert(INSERT, rows_of(*range(2_000), -1), "a")
    assert numbers(database) == []
    database.insert(INSERT, rows_of(5), "a")
    assert numbers(database) == [5]


def test_arriving_rows_can_be_looked_at_without_being_stored(database: Database) -> None:
    found = database.look_at("n AS bad", rows_of(3, -4, 5, -6), "n < 0")
    assert found == [{"bad": -4}, {"bad": -6}]


def test_parameters_are_values_and_never_text_of_the_question(database: Database) -> None:
    awkward = "it's; DROP TABLE words -- \\ ü\n{x:String}"
    rows = database.rows("SELECT {x:String} AS x, {n:Nullable(Int64)} AS n", {"x": awkward, "n": None})
    assert rows == [{"x": awkward, "n": None}]


def test_an_answer_after_a_failed_question_is_its_own(database: Database) -> None:
    for _ in range(3):
        with pytest.raises(ServiceError):
            database.command("SELECT throwIf(number = 3, 'enough') FROM numbers(5)")
        assert database.rows("SELECT 7 AS seven") == [{"seven": 7}]


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("SELECT * FROM no_such_table", Misconfigured),
        ("SELEKT 1", Misconfigured),
        ("SELECT throwIf(1, 'no')", Rejected),
        ("SELECT unhex('ff') AS bytes", Rejected),
    ],
)
def test_errors_say_what_can_be_done_about_them(database: Database, sql: str, kind: type[ServiceError]) -> None:
    with pytest.raises(kind):
        database.rows(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO words VALUES (1, 'x')",
        "DROP TABLE words",
        "CREATE TABLE other (n Int8) ENGINE = Memory",
        "ALTER TABLE words DELETE WHERE 1",
        "TRUNCATE TABLE words",
    ],
)
def test_a_reader_changes_nothing(database: Database, reader: Database, sql: str) -> None:
    database.command(MADE)
    database.insert(INSERT, rows_of(1), "a")
    with pytest.raises(ServiceError):
        reader.command(sql)
    assert numbers(reader) == [1]
    assert [row["name"] for row in reader.rows("SHOW TABLES")] == ["words"]


@pytest.mark.parametrize(
    "source",
    ["file('/etc/passwd', 'LineAsString')", "url('http://127.0.0.1:1/', 'CSV')", "remote('127.0.0.1:1', 'a', 'b')",
     "executable('ls', 'CSV', 'a String')"],
)  # fmt: skip
def test_a_reader_opens_no_table_elsewhere(reader: Database, source: str) -> None:
    with pytest.raises(ServiceError, match=r"READONLY|readonly|ACCESS_DENIED|UNKNOWN_FUNCTION"):
        reader.rows("SELECT * FROM " + source)  # noqa: S608


@pytest.mark.parametrize("limit", ["max_execution_time", "max_memory_usage", "limit", "readonly"])
def test_a_reader_cannot_change_its_limits(reader: Database, limit: str) -> None:
    with pytest.raises(ServiceError):
        reader.rows("SELECT * FROM numbers(1000) SETTINGS " + limit + " = 0")  # noqa: S608


def test_a_reader_gets_no_more_rows_than_its_limit(reader: Database) -> None:
    assert len(reader.rows("SELECT number FROM numbers(10)")) == 3


def test_a_question_that_takes_too_long_is_ended(reader: Database) -> None:
    with pytest.raises(ServiceError):
        reader.rows("SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 0")


def test_the_interpreter_goes_on_while_a_question_is_answered(database: Database) -> None:
    answered = threading.Event()
    counted = 0

    def ask() -> None:
        database.rows("SELECT sum(sipHash64(number)) FROM numbers(30000000)")
        answered.set()

    asking = threading.Thread(target=ask)
    asking.start()
    while not answered.wait(0.001):
        counted += 1
    asking.join()
    assert counted > 5


def test_a_reader_sees_what_is_written_while_it_is_open(database: Database, reader: Database) -> None:
    database.command(MADE)
    assert numbers(reader) == []
    database.insert(INSERT, rows_of(4), "a")
    assert numbers(reader) == [4]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    def run(code: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)

    return run


def test_a_folder_admits_one_process_and_says_so(
    tmp_path_factory: pytest.TempPathFactory, elsewhere: Callable[[str], subprocess.CompletedProcess[str]]
) -> None:
    settings = settings_for("folder", tmp_path_factory.getbasetemp())
    held = open_database(settings)
    try:
        other = elsewhere(
            "from pathlib import Path\n"
            "from services.runtime.clickhouse import ClickHouseSettings, open_database\n"
            f"open_database(ClickHouseSettings(folder=Path({str(settings.folder)!r})))"
        )
    finally:
        held.close()
    assert other.returncode != 0
    assert "Misconfigured" in other.stderr
    assert "another process has the folder" in other.stderr


def test_a_folder_that_cannot_be_made_is_named_with_its_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(
        Misconfigured, match=r"file/inside cannot be made or written to: Not a directory.*SQM_CLICKHOUSE__FOLDER"
    ):
        open_database(ClickHouseSettings(folder=tmp_path / "file" / "inside"))


def test_a_folder_that_cannot_be_written_to_is_named_with_its_setting() -> None:
    # Not even root makes files there.
    with pytest.raises(Misconfigured, match=r"/proc/self cannot be made or written to.*SQM_CLICKHOUSE__FOLDER"):
        open_database(ClickHouseSettings(folder=Path("/proc/self")))
