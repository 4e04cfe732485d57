"""
What history decides without a database: bytes, names of batches, migrations that are due, questions that may be asked.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.history.engine import (
    Altered,
    Migration,
    encode,
    read_migration,
    statements,
    to_apply,
    token_of,
    why_not_asked,
)
from tests.fakes.topic_records import TopicRecord

BLOBS = st.none() | st.binary(max_size=300) | st.sampled_from([b"x" * 127, b"x" * 128, b"x" * 16_384, b"x" * 70_000])


def decoded(rows: bytes) -> list[TopicRecord]:
    at = 0
    found: list[TopicRecord] = []

    def number(size: int) -> int:
        nonlocal at
        at += size
        return int.from_bytes(rows[at - size : at], "little", signed=True)

    def length() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = rows[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def blob() -> bytes:
        nonlocal at
        size = length()
        at += size
        return rows[at - size : at]

    def maybe() -> bytes | None:
        return None if number(1) else blob()

    while at < len(rows):
        partition, offset, timestamp = number(4), number(8), number(8)
        key, value = maybe(), maybe()
        headers = tuple((blob().decode(), blob()) for _ in range(length()))
        found.append(TopicRecord(offset, value, partition, "", key, headers, timestamp))
    return found


@given(
    st.lists(
        st.builds(
            TopicRecord,
            offset=st.integers(0, 2**63 - 1),
            value=BLOBS,
            partition=st.integers(0, 2**31 - 1),
            key=BLOBS,
            headers=st.lists(st.tuples(st.text(max_size=10), st.binary(max_size=200)), max_size=3).map(tuple),
            timestamp=st.integers(1, 2**62),
        ),
        max_size=5,
    )
)
def test_records_arrive_byte_for_byte(records: list[TopicRecord]) -> None:
    assert decoded(encode(records)) == records


@pytest.mark.parametrize("size", [0, 127, 128, 16_384], ids=["empty", "one-byte", "two-bytes", "three-bytes"])
def test_a_record_of_any_length_is_read_back_with_all_that_it_had(size: int) -> None:
    plain = TopicRecord(1, b"v" * size, key=b"k" * size, headers=(("name", b"h" * size),))
    bare = TopicRecord(2, None, key=None)
    assert decoded(encode([plain, bare])) == [plain, bare]


def test_a_header_without_a_value_is_an_empty_one() -> None:
    (found,) = decoded(encode([TopicRecord(1, b"v", headers=(("name", None),))]))  # type: ignore[arg-type]  # aiokafka
    assert found.headers == (("name", b""),)


def test_a_batch_is_called_by_what_is_in_it() -> None:
    batch = [TopicRecord(3, b"a"), TopicRecord(4, b"b"), TopicRecord(9, b"c", partition=1)]
    name = token_of("t", batch)
    assert token_of("t", [batch[2], *batch[:2]]) == name, "the order of partitions in a fetch says nothing"
    others = [
        token_of("u", batch),
        token_of("t", batch[:2]),
        token_of("t", [batch[0], batch[2]]),
        token_of("t", batch, [(0, 5)]),
        token_of("t", [TopicRecord(3, b"a", timestamp=1), *batch[1:]]),
    ]
    assert len({name, *others}) == 6


FIRST = Migration(1, "0001_a.sql", "-- why; and how\nCREATE TABLE a (n Int8)\nENGINE = Memory;\n\nCREATE TABLE b;\n")
SECOND = Migration(2, "0002_b.sql", "DROP TABLE b;")


def test_statements_end_with_a_semicolon_and_comments_do_not_count() -> None:
    assert statements(FIRST) == ["CREATE TABLE a (n Int8)\nENGINE = Memory", "CREATE TABLE b"]
    assert FIRST._replace(sql="-- other words\n" + FIRST.sql).checksum == FIRST.checksum


def test_what_is_due_comes_in_order_and_only_once() -> None:
    assert to_apply([SECOND, FIRST], {}) == [FIRST, SECOND]
    assert to_apply([SECOND, FIRST], {1: FIRST.checksum}) == [SECOND]
    assert to_apply([FIRST], {1: FIRST.checksum}) == []


@pytest.mark.parametrize(
    ("written", "applied", "why"),
    [
        ([FIRST], {1: "another"}, "changed after it had been applied"),
        ([FIRST], {1: FIRST.checksum, 2: "x"}, "made by a newer version"),
        ([SECOND], {}, "without gap"),
        ([FIRST, FIRST], {}, "without gap"),
    ],
)
def test_a_history_that_was_changed_is_refused(written: list[Migration], applied: dict[int, str], why: str) -> None:
    refusal = to_apply(written, applied)
    assert isinstance(refusal, Altered)
    assert why in refusal.why


def test_a_migration_is_numbered() -> None:
    assert isinstance(read_migration("tables.sql", ""), Altered)
    assert read_migration("0007_more.sql", "x") == Migration(7, "0007_more.sql", "x")


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELECT 1", None),
        ("WITH 1 AS x SELECT x FROM events WHERE reason = 'INTO OUTFILE file('", None),
        ("SELECT 'it\\'s INTO' , profile FROM t", None),
        ("SELECT 1 INTO OUTFILE 'x'", "writes_a_file"),
        ("SELECT 'a' INTO OUTFILE 'x' FORMAT JSON", "writes_a_file"),
        ("SELECT file('/etc/passwd')", "reads_a_file"),
        ("SELECT `file`('/etc/passwd')", "reads_a_file"),
        ("SELECT arrayMap(file, ['/etc/passwd'])", "reads_a_file"),
        # A quote inside a name begins no text that would hide what follows.
        ("SELECT 1 AS `'`, file('/etc/passwd')", "reads_a_file"),
        ("SELECT 1 AS `a\\`'`, file('/etc/passwd')", "reads_a_file"),
        ("SELECT 1 AS `a``'`, file('/etc/passwd')", "reads_a_file"),
        ("SELECT 1 AS \"'\", file('/etc/passwd')", "reads_a_file"),
        ("SELECT 1 AS `'` INTO OUTFILE 'x'", "writes_a_file"),
        ("SELECT '`', 'file', '`' FROM t", None),
        ("SELECT 'INTO \\'`' AS `'` FROM t", None),
        ("INSERT INTO t SELECT 1", "not_a_question"),
        ("DROP TABLE t", "not_a_question"),
        ("", "not_a_question"),
    ],
)
def test_only_questions_that_touch_no_file_are_asked(sql: str, why: str | None) -> None:
    assert why_not_asked(sql) == why
