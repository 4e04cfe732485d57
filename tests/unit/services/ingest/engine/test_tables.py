"""
Tables are read row by row whatever their bytes are; what does not fit is told with its line, and the rest goes on.
"""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.mappings import Column, Table
from services.ingest.engine.rows import RejectedRow, Row, RowReason
from services.ingest.engine.tables import LONGEST_LINE, read_table

COLUMNS = {"a": Column(name=("A",)), "c": Column(name=("C",))}
PLACED = {"a": Column(at=1), "c": Column(at=3)}


def read(content: bytes | str, columns: dict[str, Column] = COLUMNS, **table: object) -> list[Row | RejectedRow]:
    raw = content if isinstance(content, bytes) else content.encode()
    return list(read_table(BytesIO(raw), "f", Table.model_validate(table), columns))


def fields(rows: list[Row | RejectedRow]) -> list[tuple[int, object]]:
    return [(row.line, row.fields if isinstance(row, Row) else row.reason) for row in rows]


def test_columns_are_found_by_their_header_in_any_order() -> None:
    assert fields(read("C,B,A\n3,2,1\n")) == [(2, ("1", "3"))]


def test_columns_are_found_by_their_place_where_there_is_no_header() -> None:
    assert fields(read("1,2,3\n4,5,6\n", PLACED, header=False)) == [(1, ("1", "3")), (2, ("4", "6"))]


@pytest.mark.parametrize(
    "content",
    [
        "A,B,C\n1,2,3\n",
        "A,B,C\r\n1,2,3\r\n",
        "\ufeffA,B,C\n1,2,3\n",
        "A,B,C\n1,2,3",
        "A,B,C\r1,2,3\r",
        "A, B , C\n 1 ,2,3\n",
    ],
)
def test_marks_and_ends_of_lines_make_no_difference(content: str) -> None:
    assert fields(read(content)) == [(2, ("1", "3"))]


def test_empty_lines_are_no_rows_but_count_as_lines() -> None:
    assert fields(read("\nA,B,C\n\n1,2,3\n   \n4,5,6\n\n")) == [(4, ("1", "3")), (6, ("4", "6"))]


def test_a_quoted_field_may_hold_delimiters_quotes_and_ends_of_lines() -> None:
    rows = read('A,B,C\n"1,x","say ""hi""","two\nlines"\n4,5,6\n')
    assert fields(rows) == [(2, ("1,x", "two\nlines")), (4, ("4", "6"))]
    assert isinstance(rows[0], Row)
    assert rows[0].raw == '"1,x","say ""hi""","two\nlines"\n'


def test_quotes_are_ordinary_characters_where_the_mapping_says_so() -> None:
    assert fields(read('A,B,C\n"1,2,3\n', quote=None)) == [(2, ('"1', "3"))]


def test_a_quote_that_nobody_closes_costs_its_own_line_only() -> None:
    rows = read('A,B,C\n1,"2,3\n4,5,6\n7,8,9\n')
    assert fields(rows) == [(2, RowReason.BAD_QUOTES), (3, ("4", "6")), (4, ("7", "9"))]


def test_text_behind_a_closing_quote_costs_its_own_line_only() -> None:
    assert fields(read('A,B,C\n1,"2"x,3\n4,5,6\n')) == [(2, RowReason.BAD_QUOTES), (3, ("4", "6"))]


def test_rows_with_another_number_of_fields_are_rejected_and_the_rest_goes_on() -> None:
    rows = read("A,B,C\n1,2\n1,2,3,4\n4,5,6\n")
    assert fields(rows) == [(2, RowReason.WRONG_FIELD_COUNT), (3, RowReason.WRONG_FIELD_COUNT), (4, ("4", "6"))]
    assert "2 fields instead of 3" in str(rows[0])


@pytest.mark.parametrize("content", ["A\tB\tC\t\n1\t2\t3\t\n", "A\tB\tC\n1\t2\t3\t\n", "A\tB\tC\t\n1\t2\t3\n"])
def test_one_delimiter_more_at_the_end_is_no_field_where_the_mapping_says_so(content: str) -> None:
    assert fields(read(content, delimiter="\t", trailing_delimiter=True)) == [(2, ("1", "3"))]


def test_an_empty_last_field_is_a_field_even_where_one_delimiter_more_may_stand() -> None:
    assert fields(read("A,B,C\n1,2,\n", trailing_delimiter=True)) == [(2, ("1", ""))]


def test_a_header_that_lacks_a_column_rejects_the_file_as_a_whole() -> None:
    (rejected,) = read("A,B\n1,2\n3,4\n")
    assert isinstance(rejected, RejectedRow)
    assert rejected.reason is RowReason.UNLIKE_HEADER
    assert "lacks C" in str(rejected)


def test_of_several_names_the_first_that_the_header_has_counts() -> None:
    columns = {"a": Column(name=("A",)), "c": Column(name=("C", "D"))}
    assert fields(read("A,D\n1,4\n", columns)) == [(2, ("1", "4"))]
    assert fields(read("D,A,C\n4,1,3\n", columns)) == [(2, ("1", "3"))]
    (rejected,) = read("A,B\n1,2\n", columns)
    assert "lacks C or D" in str(rejected)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"1,\xff\xfe,3\n", RowReason.NOT_TEXT),
        (b"1,\x00,3\n", RowReason.NOT_TEXT),
        (b"1,\xed\xa0\x80,3\n", RowReason.NOT_TEXT),
        (b"1,2," + b"x" * 10_000 + b"\n", RowReason.FIELD_TOO_LONG),
        (b"1,2," + b"x" * 1_000_000 + b"\n", RowReason.FIELD_TOO_LONG),
        (b"1,2," + b"x" * (LONGEST_LINE + 5) + b"\n", RowReason.LINE_TOO_LONG),
        (b"1,2," + b"x" * (3 * LONGEST_LINE) + b"\n", RowReason.LINE_TOO_LONG),
    ],
)
def test_a_line_that_is_no_text_or_far_too_long_is_rejected_and_the_rest_goes_on(bad: bytes, reason: RowReason) -> None:
    rows = read(b"A,B,C\n" + bad + b"4,5,6\n")
    assert fields(rows) == [(2, reason), (3, ("4", "6"))]
    assert isinstance(rows[0], RejectedRow)
    assert len(rows[0].value) <= 120


def test_a_broken_line_inside_quotes_rejects_the_row_that_it_is_in() -> None:
    rows = read(b'A,B,C\n1,"two\n\xff\nlines",3\n4,5,6\n')
    assert fields(rows) == [
        (2, RowReason.BAD_QUOTES),
        (3, RowReason.NOT_TEXT),
        (4, RowReason.WRONG_FIELD_COUNT),
        (5, ("4", "6")),
    ]


def test_a_long_field_that_nobody_asked_for_harms_nobody() -> None:
    assert fields(read(b"A,B,C\n1," + b"x" * 100_000 + b",3\n")) == [(2, ("1", "3"))]


def test_bytes_of_an_older_encoding_are_read_with_it() -> None:
    assert fields(read("A,B,C\nמשה,2,é\n".encode("iso-8859-8", "replace"), encoding="iso-8859-8")) == [
        (2, ("משה", "?"))
    ]


def test_lines_of_json_are_read_by_paths() -> None:
    columns = {"id": Column(name=("call.id",)), "ok": Column(name=("ok",)), "gone": Column(name=("x.y",))}
    lines = '{"call": {"id": 7}, "ok": true}\n\n{"ok": null, "call": {"id": "8"}}\n'
    assert fields(read(lines, columns, format="json_lines")) == [(1, ("7", "true", "")), (3, ("8", "", ""))]


@pytest.mark.parametrize(
    "bad",
    ["[1]", "nonsense", '{"a": NaN}', '{"a": 1', '"text"', "[" * 100_000, '{"a":' * 5_000, '{"a": "\\ud800"}'],
)
def test_a_line_that_is_no_json_object_is_rejected_and_the_rest_goes_on(bad: str) -> None:
    rows = read(bad + '\n{"a": "1"}\n', {"a": Column(name=("a",))}, format="json_lines")
    assert fields(rows) == [(1, RowReason.NOT_JSON), (2, ("1",))]


def test_a_list_where_a_value_is_needed_is_told_with_its_column() -> None:
    (rejected,) = read('{"a": [1]}\n', {"a": Column(name=("a",))}, format="json_lines")
    assert isinstance(rejected, RejectedRow)
    assert (rejected.field, rejected.reason) == ("a", RowReason.BAD_FIELD)


@pytest.mark.parametrize("bad", [b'{"a": "\xff"}', b'{"a": "\x00"}'], ids=["other-bytes", "NUL"])
def test_a_line_of_json_that_is_no_text_is_rejected_and_the_rest_goes_on(bad: bytes) -> None:
    rows = read(bad + b'\n{"a": "1"}\n', {"a": Column(name=("a",))}, format="json_lines")
    assert fields(rows) == [(1, RowReason.NOT_TEXT), (2, ("1",))]


def test_a_single_column_makes_rows_of_one_field() -> None:
    assert fields(read("A,B\n1,2\n", {"b": Column(name=("B",))})) == [(2, ("2",))]


def test_a_file_that_is_closed_while_it_is_read_may_be_let_go() -> None:
    stream = BytesIO(b"A,C\n1,2\n3,4\n")
    rows = read_table(stream, "f", Table(), COLUMNS)
    assert next(rows).line == 2
    stream.close()
    rows.close()  # type: ignore[attr-defined]  # a generator
    assert list(rows) == []


def test_an_empty_file_has_no_rows() -> None:
    assert read("") == []


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_rejected_rows(content: bytes) -> None:
    for row in read(b"A,B,C\n" + content):
        assert row.line >= 1
    for row in read(content, PLACED, format="json_lines"):
        assert row.line >= 1


@given(st.lists(st.sampled_from(["1,2,3\n", '1,"2\n2",3\n', "1,2\n", '1,"2,3\n', "\n", "1,\x00,3\n"]), max_size=12))
def test_a_bad_row_never_takes_a_good_one_with_it(lines: list[str]) -> None:
    good = sum(line == "1,2,3\n" for line in lines)
    seen = [row for row in read("A,B,C\n" + "".join(lines)) if isinstance(row, Row) and row.fields == ("1", "3")]
    # Two open quotes close each other, and what stands between them is one field: this cannot be told from a good row.
    if sum('"2,3' in line for line in lines) < 2:
        assert len(seen) >= good


def test_bytes_that_are_no_text_are_shown_as_bytes() -> None:
    (_, rejected) = read(b"A,B,C\n1,2,3\n1,\xff\xe9\t\xe2\x80\xa8,3\n")
    assert isinstance(rejected, RejectedRow)
    assert rejected.value == "1,\\xff\\xe9\\t\\u2028,3"
