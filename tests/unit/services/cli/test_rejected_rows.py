"""
Rejected rows leave the command line whole: as a line of JSON, or as a dead letter with the bytes of the file.
"""

import json
from pathlib import Path

import pytest

from services.cli.rejected_rows import RejectedFile, dead_letter_of
from services.ingest.engine.rows import RejectedRow, RowReason
from services.runtime.errors import Misconfigured

BYTES = b"1,\xff\xe9,3\r\n"
ROW = RejectedRow("f.csv", 7, "b", "value", RowReason.NOT_TEXT, "why", BYTES.decode("utf-8", "surrogateescape"))


def test_a_dead_letter_has_the_bytes_of_the_file_and_the_place() -> None:
    letter = dead_letter_of(ROW, "utf-8", now_ms=5)
    assert (letter.value, letter.reason, letter.stage, letter.detail) == (BYTES, "not_text", "mapping", "why")
    assert (letter.file, letter.line, letter.field, letter.first_failed_at) == ("f.csv", 7, "b", 5)


def test_a_dead_letter_of_a_damaged_file_stays_within_what_the_topic_takes() -> None:
    letter = dead_letter_of(ROW._replace(raw="x" * 2_000_000), "utf-8", now_ms=5)
    assert letter.detail.endswith("; cut to 524288 bytes, the rest is in the file only")
    assert letter.value == b"x" * 524_288


def test_a_file_of_rejected_rows_is_json_even_where_the_row_is_no_text(tmp_path: Path) -> None:
    with RejectedFile(tmp_path / "rejected.ndjson") as rejected:
        rejected.write(ROW)
    (told,) = map(json.loads, (tmp_path / "rejected.ndjson").read_text(encoding="utf-8").splitlines())
    assert (told["line"], told["reason"], told["raw"]) == (7, "not_text", "1,\\udcff\\udce9,3\r\n")


def test_without_a_file_rows_are_only_counted() -> None:
    with RejectedFile(None) as rejected:
        rejected.write(ROW)


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be written"), RejectedFile(tmp_path / "gone" / "x"):
        pass
