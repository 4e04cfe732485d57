"""
Rows of a file, and the rows that do not fit: what was wrong, where, and with which value.

A row that does not fit goes to the dead letters and the rest of the file goes on, so what is wrong with it is data
here, never an exception that leaves the engine.
"""

from enum import StrEnum
from typing import Final, NamedTuple

__all__ = ["RejectedRow", "Row", "RowReason", "bounded"]

_LONGEST_VALUE: Final = 120
_FIRST_BYTE: Final = "\udc80"
_LAST_BYTE: Final = "\udcff"


class RowReason(StrEnum):
    """
    Why a row, or a whole file, was not taken; the same name goes to the summary, the dead letter and the test.
    """

    UNLIKE_HEADER = "unlike_header"
    """The file as a whole: its header lacks columns that the mapping needs."""
    LINE_TOO_LONG = "line_too_long"
    NOT_TEXT = "not_text"
    BAD_QUOTES = "bad_quotes"
    FIELD_TOO_LONG = "field_too_long"
    WRONG_FIELD_COUNT = "wrong_field_count"
    NOT_JSON = "not_json"
    MISSING_FIELD = "missing_field"
    BAD_FIELD = "bad_field"
    NO_ANSWER = "no_answer"
    """An expression of the mapping has no answer for this row."""
    NO_TIME = "no_time"
    BAD_SUBJECT = "bad_subject"
    BAD_FACT = "bad_fact"
    """The row's event would be refused: a fact is too long, empty, or not of those that are allowed."""
    NO_MAPPING = "no_mapping"
    """A webhook's payload that no mapping of its connector is for, and that is not passed over either."""
    REFUSED = "refused"
    """By whoever took the row's event further."""

    @property
    def concerns_a_row(self) -> bool:
        """
        Whether one row is meant, not the file as a whole.
        """
        return self is not RowReason.UNLIKE_HEADER


class Row(NamedTuple):
    """
    One row: the line it begins on (the first of a file is 1) and its fields in the order of the mapping's columns.
    `raw` is what stood in the file, ends of lines included.
    """

    line: int
    fields: tuple[str, ...]
    raw: str


class RejectedRow(NamedTuple):
    """
    A row that yields nothing, and why. ``value`` is what stood there, cut to a length that a screen can bear; ``raw``
    is the row as it stands in the file, for the dead letters.
    """

    file: str
    line: int
    field: str
    value: str
    reason: RowReason
    detail: str
    raw: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " + (f"{self.field}: " if self.field else "")
        return f"{where}{self.detail}" + (f" (value {self.value})" if self.value else "")


def bounded(value: object) -> str:
    """
    Cut a value for a message: control characters and broken text escaped, at most 120 characters.
    """
    text = str(value)
    cut = text[:_LONGEST_VALUE]
    if not cut.isprintable():
        cut = "".join(char if char.isprintable() else _escaped(char) for char in cut)[:_LONGEST_VALUE]
    return cut if len(text) <= _LONGEST_VALUE else cut[: _LONGEST_VALUE - 1] + "…"


def _escaped(char: str) -> str:
    if _FIRST_BYTE <= char <= _LAST_BYTE:  # a byte that was no text, as Python carries it through a str
        return f"\\x{ord(char) - 0xDC00:02x}"
    return char.encode("unicode_escape", "surrogatepass").decode()
