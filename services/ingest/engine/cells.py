"""
Cells: the fields of one row as values, column by column in an order in which each finds what it depends on.

A time of day needs its date, and knows that it belongs to the next day only from another time; what depends on what is
found out once, when the mapping is compiled.
"""

from collections.abc import Callable
from collections.abc import Mapping as Dict
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple, Protocol

from schemas.base import DAY_MS
from schemas.mappings import Column
from services.ingest.engine.columns import day_reader, scalar_reader, second_reader
from services.ingest.engine.expressions import EvaluationFault, ExpressionFault, Getter, Value, compile_expression
from services.ingest.engine.rows import RowReason
from services.ingest.engine.zones import LocalDays

__all__ = ["CellFault", "Cells", "ColumnFault", "Fields"]

_Read = Callable[[str, list[Value], tuple[str, ...]], Value]


class Fields(Protocol):
    """
    Columns, and the zone of their times.
    """

    @property
    def columns(self) -> Dict[str, Column]: ...

    @property
    def zone(self) -> str: ...


class ColumnFault(ValueError):
    """
    A column that cannot be read as the mapping says; `column` and `key` are the place in the document.
    """

    def __init__(self, column: str, key: str, problem: str) -> None:
        super().__init__(problem)
        self.column, self.key = column, key


class CellFault(NamedTuple):
    """
    A field that does not fit its column.
    """

    field: str
    value: str
    reason: RowReason
    detail: str


class _Cell(NamedTuple):
    name: str
    place: int
    slot: int
    required: bool
    not_reached: frozenset[str]
    unless: Getter | None
    means: Dict[str, str]
    read: _Read | None
    """None for text, which stays what it is."""


class Cells:
    """
    Turns the texts of a row into values.
    """

    def __init__(self, document: Fields, slots: Dict[str, int]) -> None:
        self._columns = document.columns
        self._zone = document.zone
        self._days: dict[str, LocalDays] = {}
        self._seconds: dict[str | None, Callable[[str], int]] = {}
        self._names = list(document.columns)
        self._slots = slots
        self._cells = tuple(self._cell(name) for name in self._ordered())

    def fill(self, slots: list[Value], fields: tuple[str, ...]) -> CellFault | None:
        """
        Put the value of each field into its slot; say what does not fit.
        """
        for name, place, slot, required, not_reached, unless, means, read in self._cells:
            text = fields[place]
            if means:
                text = slots[slot] = means.get(text, text)
            if not text or (text in not_reached and (unless is None or not self._meant(unless, fields))):
                if required:
                    reason = RowReason.MISSING_FIELD
                    return CellFault(name, text, reason, "empty or not reached, and the mapping requires it")
                slots[slot] = None
            elif read is not None:
                try:
                    slots[slot] = read(text, slots, fields)
                except ValueError as error:
                    return CellFault(name, text, RowReason.BAD_FIELD, str(error))
                except OverflowError:
                    return CellFault(name, text, RowReason.BAD_FIELD, "no day between the years 1 and 9990")
        return None

    @staticmethod
    def _meant(unless: Getter, fields: tuple[str, ...]) -> bool:
        try:
            return unless(fields) is True
        except EvaluationFault:
            return False

    def _ordered(self) -> list[str]:
        needs: dict[str, set[str]] = {}
        for name, column in self._columns.items():
            needs[name] = {*(column.rolls_over_after or ()), *((column.date,) if column.date else ())}
            for other in sorted(needs[name]):
                key = "date" if other == column.date else "rolls_over_after"
                if other not in self._columns:
                    raise ColumnFault(name, key, f"no column is called {other!r}; there are {', '.join(self._columns)}")
                if key == "date" and self._columns[other].type != "date":
                    raise ColumnFault(name, key, f"{other} is not a column of the type date")
        try:
            return list(TopologicalSorter(needs).static_order())
        except CycleError as error:
            circle = " after ".join(error.args[1])
            raise ColumnFault(error.args[1][0], "rolls_over_after", f"goes round in a circle: {circle}") from error

    def _cell(self, name: str) -> _Cell:
        column = self._columns[name]
        unless: Getter | None = None
        if column.unless is not None:
            try:
                # It sees the fields as they were written, for their values may depend on this one.
                unless = compile_expression(column.unless, {other: place for place, other in enumerate(self._names)})
            except ExpressionFault as fault:
                raise ColumnFault(name, "unless", str(fault)) from fault
        return _Cell(
            name=name,
            place=self._names.index(name),
            slot=self._slots[name],
            required=column.required,
            not_reached=frozenset(column.not_reached),
            unless=unless,
            means=column.means,
            read=self._reader(column),
        )

    def _reader(self, column: Column) -> _Read | None:
        if column.type == "text":
            return None
        if column.type == "time_of_day":
            return self._time_of_day(column)
        read = scalar_reader(column, self._days_of(column))
        return lambda text, _slots, _fields: read(text)

    def _time_of_day(self, column: Column) -> _Read:
        days = self._days_of(column)
        date = column.date or ""
        day, second_of = day_reader(self._columns[date]), self._seconds_of(column)
        date_place = self._names.index(date)
        anchors = tuple(self._slots[name] for name in column.rolls_over_after or ())
        beyond = column.rolls_over_beyond

        midnights: dict[str, int] = {}

        def read(text: str, slots: list[Value], fields: tuple[str, ...]) -> Value:
            second = second_of(text)
            date_text = fields[date_place]
            midnight = midnights.get(date_text)
            if midnight is not None:
                at = midnight + second * 1_000
            else:
                if not date_text:
                    raise ValueError(f"a time of day without a {date}")
                ordinal = day(date_text)
                at = days.instant_ms(ordinal, second)
                if days.is_even(ordinal):
                    midnights[date_text] = at - second * 1_000
            for slot in anchors:
                anchor = slots[slot]
                if anchor is not None:
                    if type(anchor) is int and anchor - at >= beyond:
                        return at + DAY_MS if midnight is not None else days.instant_ms(day(date_text) + 1, second)
                    return at
            return at

        return read

    def _seconds_of(self, column: Column) -> Callable[[str], int]:
        # Columns of one form share what was read: the end of one thing is the beginning of the next.
        if column.format not in self._seconds:
            self._seconds[column.format] = second_reader(column)
        return self._seconds[column.format]

    def _days_of(self, column: Column) -> LocalDays:
        zone = column.zone or self._zone
        if zone not in self._days:
            self._days[zone] = LocalDays(zone)
        return self._days[zone]
