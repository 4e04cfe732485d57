"""
Tables: the bytes of a file, as hostile as they may be, become rows of text or rejected rows; a line at a time, in
bounded memory.

The order of the file is kept and every row knows its line. Empty lines are no rows. A quote that nobody closes costs
the line that it stands on: the lines that it swallowed are read again.
"""

import csv
from collections import deque
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from operator import itemgetter
from typing import BinaryIO, Final

import msgspec

from schemas.mappings import Column, Table
from services.ingest.engine.paths import finder, text_of
from services.ingest.engine.rows import RejectedRow, Row, RowReason, bounded

__all__ = ["read_table"]

LONGEST_LINE: Final = 1_048_576
LONGEST_FIELD: Final = 131_072
"""Also the most that one open quote may swallow; csv's own default."""
LONGEST_USED_FIELD: Final = 8_192

_BLANKS: Final = " \t"

Read = Iterator[Row | RejectedRow]
Texts = tuple[str, ...]


def read_table(stream: BinaryIO, file: str, table: Table, columns: dict[str, Column]) -> Read:
    """
    Read a file as its mapping says; `file` is what rejected rows call it.

    A file whose header lacks a column gives one rejected row (``unlike_header``) and ends.
    """
    lines = _Lines(stream, table.encoding)
    try:
        if table.format == "json_lines":
            yield from _json_rows(lines, file, columns)
        else:
            yield from _Delimited(lines, file, table, columns).rows()
    finally:
        lines.release()


class _BadLine(Exception):
    """
    A line that cannot be looked at; ends the row that was being read.
    """

    def __init__(self, reason: RowReason, line: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.line, self.detail = reason, line, detail


class _Lines:
    """
    The lines of a file, counted from 1; those of the row that is being read can be taken back.

    Raises _BadLine for one that is too long or is not made of characters; the next call goes on after it.
    """

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        # newline="" keeps the ends of lines as they are: csv wants to see them inside quotes.
        self._text = TextIOWrapper(
            stream, "utf-8-sig" if encoding == "utf-8" else encoding, errors="surrogateescape", newline=""
        )
        self._count = 0
        self._again: deque[tuple[int, str]] = deque()
        self._seen: list[tuple[int, str]] = []
        self.number = 0
        """Of the line that was looked at last."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._again:
            self.number, line = self._again.popleft()
        else:
            line = self._text.readline(LONGEST_LINE)
            if not line:
                raise StopIteration
            self._count += 1
            self.number = self._count
            self._refuse_unfit(line)
        self._seen.append((self.number, line))
        return line

    def release(self) -> None:
        """
        Let go of the stream, which belongs to the caller and would else be closed with this.
        """
        if not self._text.closed:
            self._text.detach()

    def begin(self) -> None:
        """
        A new row begins with the next line.
        """
        self._seen.clear()

    def begun_at(self) -> int:
        """
        The line on which the current row began.
        """
        return self._seen[0][0] if self._seen else self.number

    def raw(self) -> str:
        """
        The current row as it stands in the file.
        """
        return self._seen[0][1] if len(self._seen) == 1 else "".join([line for _, line in self._seen])

    def retreat(self) -> tuple[int, str]:
        """
        Go back to the line after the one on which the current row began; return that one.
        """
        first, *rest = self._seen
        self._again.extendleft(reversed(rest))
        self._seen.clear()
        return first

    def _refuse_unfit(self, line: str) -> None:
        if len(line) >= LONGEST_LINE and not line.endswith(("\n", "\r")):
            while (more := self._text.readline(LONGEST_LINE)) and not more.endswith(("\n", "\r")):
                pass
            detail = f"a line of more than {LONGEST_LINE} characters; is this a table?"
            raise _BadLine(RowReason.LINE_TOO_LONG, line, detail)
        if not line.isascii() and _broken(line):
            detail = "bytes that are not text in the mapping's encoding; correct `encoding`"
            raise _BadLine(RowReason.NOT_TEXT, line, detail)
        if "\0" in line:
            raise _BadLine(RowReason.NOT_TEXT, line, "a NUL byte; the file is damaged or is no text")


def _broken(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:
        return True
    return False


class _Delimited:
    """
    Reads a table of delimited fields, the quoting of which the standard library understands.
    """

    def __init__(self, lines: _Lines, file: str, table: Table, columns: dict[str, Column]) -> None:
        self._lines = lines
        self._file = file
        self._table = table
        self._columns = columns
        self._blanks = [blank for blank in _BLANKS if table.strip and blank != table.delimiter]
        self._width = 0
        self._pick: Callable[[list[str]], tuple[str, ...]] | None = None

    def rows(self) -> Read:
        """
        Yield rows and rejected rows in the order of the file.
        """
        csv.field_size_limit(LONGEST_FIELD)
        lines, reader = self._lines, self._reader()
        while True:
            lines.begin()
            try:
                fields = next(reader)
            except StopIteration:
                return
            except (csv.Error, _BadLine) as error:
                yield from self._faults(error)
                reader = self._reader()
                continue
            if not fields or (len(fields) == 1 and not fields[0].strip()):
                continue
            if (
                self._table.trailing_delimiter
                and len(fields) > 1
                and not fields[-1].strip()
                and len(fields) != self._width
            ):
                fields.pop()
            if self._pick is None:
                if unlike := self._begin(fields):
                    yield unlike
                    return
                if self._table.header:
                    continue
            yield self._row(fields)

    def _row(self, fields: list[str]) -> Row | RejectedRow:
        missing = self._width - len(fields)
        if missing > 0 and self._table.short_rows:
            fields += [""] * missing
        elif missing > 0 or (missing and self._table.header):
            line = self._table.delimiter.join(fields)
            detail = f"{len(fields)} fields instead of {self._width}"
            reason = RowReason.WRONG_FIELD_COUNT
            raw = self._lines.raw()
            return RejectedRow(self._file, self._lines.begun_at(), "", bounded(line), reason, detail, raw)
        used, raw = self._pick(fields) if self._pick else (), self._lines.raw()
        for blank in self._blanks:
            if blank in raw:
                used = tuple([field.strip(_BLANKS) for field in used])
                break
        return _fitting(self._file, Row(self._lines.begun_at(), used, raw), self._columns)

    def _begin(self, fields: list[str]) -> RejectedRow | None:
        places, missing = _places(fields, self._table, self._columns)
        if missing:
            found = bounded(", ".join(field.strip() for field in fields[:40]))
            detail = f"the header lacks {', '.join(missing)}; correct `columns`, `delimiter` or `header` of the mapping"
            reason = RowReason.UNLIKE_HEADER
            return RejectedRow(self._file, self._lines.begun_at(), missing[0], found, reason, detail, self._lines.raw())
        self._pick = _picker(places)
        self._width = len(fields) if self._table.header else max(places) + 1
        return None

    def _reader(self) -> Iterator[list[str]]:
        table = self._table
        return csv.reader(
            self._lines,
            delimiter=table.delimiter,
            quotechar=table.quote,
            quoting=csv.QUOTE_NONE if table.quote is None else csv.QUOTE_MINIMAL,
            doublequote=table.doubled_quote,
            escapechar=table.escape,
            strict=True,
        )

    def _faults(self, error: csv.Error | _BadLine) -> Iterator[RejectedRow]:
        bad_at = self._lines.number
        if not isinstance(error, _BadLine) or self._lines.begun_at() != bad_at:
            number, first = self._lines.retreat()
            if len(first) >= LONGEST_FIELD:
                reason, detail = RowReason.FIELD_TOO_LONG, f"a field of more than {LONGEST_FIELD} characters"
            else:
                reason = RowReason.BAD_QUOTES
                detail = "a quote that is not closed, or not where a field begins; correct `quote` if it is none"
            yield RejectedRow(self._file, number, "", bounded(first.rstrip("\r\n")), reason, detail, first)
        if isinstance(error, _BadLine):
            value = bounded(error.line.rstrip("\r\n"))
            yield RejectedRow(self._file, bad_at, "", value, error.reason, error.detail, error.line)


def _places(fields: list[str], table: Table, columns: dict[str, Column]) -> tuple[list[int], list[str]]:
    named = {name.strip(): place for place, name in reversed(list(enumerate(fields)))} if table.header else {}
    places, missing = [], []
    for column in columns.values():
        found = [named[name] for name in column.name or () if name in named]
        place = column.at - 1 if column.at is not None else found[0] if found else None
        if place is None or (table.header and place >= len(fields)):
            missing.append(" or ".join(column.name) if column.name else f"column {column.at}")
        else:
            places.append(place)
    return places, missing


def _picker(places: list[int]) -> Callable[[list[str]], tuple[str, ...]]:
    if len(places) == 1:
        (only,) = places
        return lambda fields: (fields[only],)
    return itemgetter(*places)


def _fitting(file: str, row: Row, columns: dict[str, Column]) -> Row | RejectedRow:
    if len(row.raw) <= LONGEST_USED_FIELD or max(map(len, row.fields)) <= LONGEST_USED_FIELD:
        return row
    name, value = next((n, f) for n, f in zip(columns, row.fields, strict=True) if len(f) > LONGEST_USED_FIELD)
    detail = f"a field of {len(value)} characters; at most {LONGEST_USED_FIELD} are taken"
    return RejectedRow(file, row.line, name, bounded(value), RowReason.FIELD_TOO_LONG, detail, row.raw)


def _json_rows(lines: _Lines, file: str, columns: dict[str, Column]) -> Read:
    decode = msgspec.json.Decoder(dict[str, object]).decode
    paths = {name: finder(column.name or (name,)) for name, column in columns.items()}
    while True:
        lines.begin()
        line = ""
        try:
            line = next(lines)
            if not line.strip():
                continue
            texts, nested = _texts(decode(line), paths)
        except StopIteration:
            return
        except _BadLine as bad:
            value = bounded(bad.line.rstrip("\r\n"))
            yield RejectedRow(file, lines.number, "", value, bad.reason, bad.detail, bad.line)
        except (msgspec.DecodeError, RecursionError) as error:
            detail = f"not a JSON object: {bounded(error)}"
            yield RejectedRow(file, lines.number, "", bounded(line.strip()), RowReason.NOT_JSON, detail, line)
        else:
            if nested:
                detail = "a list or an object; name the field inside it, with dots"
                yield RejectedRow(file, lines.number, nested, bounded(line.strip()), RowReason.BAD_FIELD, detail, line)
            else:
                yield _fitting(file, Row(lines.number, texts, line), columns)


def _texts(record: dict[str, object], paths: dict[str, Callable[[object, object], object]]) -> tuple[Texts, str]:
    texts = []
    for name, find in paths.items():
        value = find(record, record)
        if isinstance(value, dict | list):
            return (), name
        texts.append(text_of(value))
    return tuple(texts), ""
