"""
The values of one row: what every name of a mapping means for it, in an order in which each finds what it rests on.

Options and columns come first, then the values that the mapping works out of them, each from those before it. Whatever
asks further (events, or which payload this is) is compiled in the scope of these names.
"""

from collections.abc import Mapping as Dict
from typing import NamedTuple, Protocol

from schemas.mappings import Constant, Expression, Fact, Formula, Moment
from services.ingest.engine.cells import Cells, ColumnFault, Fields
from services.ingest.engine.expressions import (
    EvaluationFault,
    ExpressionFault,
    Getter,
    Slots,
    Value,
    compile_expression,
)
from services.ingest.engine.rows import RowReason

__all__ = ["MappingFault", "Named", "Path", "RowValues", "Scope", "UnfitRow", "expression", "fact", "formula"]

Path = tuple[str | int, ...]


class MappingFault(ValueError):
    """
    A mapping that cannot be compiled; `path` leads to the place in the document, the message says what to change.
    """

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(f"{'.'.join(map(str, path))}: {message}")
        self.path = path
        self.problem = message


class UnfitRow(Exception):
    """
    The row that is being mapped does not fit; `field` is the column or the place in the mapping.
    """

    def __init__(self, reason: RowReason, field: str, value: object, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.field, self.value, self.detail = reason, field, value, detail


class Scope(NamedTuple):
    """
    The names that an expression may use: where each is, and whose type may differ from row to row.
    """

    slots: dict[str, int]
    loose: set[str]


class Named(Fields, Protocol):
    """
    What gives names to the values of a row: a mapping, or what the payloads of a connector have in common.
    """

    @property
    def values(self) -> Dict[str, Formula]: ...


class RowValues:
    """
    Turns the fields of a row into the values of all names. `scope` is what further expressions are compiled in.
    """

    def __init__(self, document: Named, chosen: Dict[str, str]) -> None:
        self.names = [*chosen, *document.columns, *document.values]
        self._options: list[Value] = list(chosen.values())
        slots = {name: slot for slot, name in enumerate(self.names)}
        self.scope = scope = Scope({name: slot for name, slot in slots.items() if name not in document.values}, set())
        try:
            self._cells = Cells(document, slots)
        except ColumnFault as fault:
            raise MappingFault(("columns", fault.column, fault.key), str(fault)) from fault
        self._first_column = len(chosen)
        self._values: list[tuple[str, Getter]] = []
        for name, wanted in document.values.items():
            self._values.append((name, formula(wanted, scope, ("values", name))))
            scope.slots[name] = slots[name]
            if not isinstance(wanted, Moment) or scope.loose.intersection(wanted.first_of):
                scope.loose.add(name)

    def of(self, fields: tuple[str, ...]) -> list[Value]:
        """
        The value of every name, in the order of `names`. Raises UnfitRow.
        """
        slots: list[Value] = [*self._options, *fields, *([None] * len(self._values))]
        fault = self._cells.fill(slots, fields)
        if fault is not None:
            raise UnfitRow(fault.reason, fault.field, fault.value, fault.detail)
        slot = self._first_column + len(fields)
        for name, value in self._values:
            try:
                slots[slot] = value(slots)
            except EvaluationFault as problem:
                detail = f"an expression has no answer: {problem}"
                raise UnfitRow(RowReason.NO_ANSWER, f"values.{name}", "", detail) from problem
            slot += 1
        return slots


def expression(source: Expression, scope: Scope, path: Path) -> Getter:
    """
    Compile an expression in a scope. Raises MappingFault.
    """
    try:
        return compile_expression(source, scope.slots, scope.loose)
    except ExpressionFault as fault:
        raise MappingFault(path, str(fault)) from fault


def fact(wanted: Fact, scope: Scope, path: Path) -> Getter:
    """
    Compile an expression or a constant. Raises MappingFault.
    """
    if isinstance(wanted, Constant):
        text = wanted.text
        return lambda _slots: text
    return expression(wanted, scope, path)


def formula(wanted: Formula, scope: Scope, path: Path) -> Getter:
    """
    Compile an expression or a moment. Raises MappingFault.
    """
    if not isinstance(wanted, Moment):
        return expression(wanted, scope, path)
    slots = scope.slots
    for name in (*wanted.first_of, *wanted.plus):
        if name not in slots:
            raise MappingFault(path, f"nothing is called {name!r} here yet; there are {', '.join(sorted(slots))}")
    first = tuple(slots[name] for name in wanted.first_of)
    plus = tuple(slots[name] for name in wanted.plus)
    return _moment(first, plus)


def _moment(first: tuple[int, ...], plus: tuple[int, ...]) -> Getter:
    if len(first) == 1 and not plus:
        (only,) = first
        return lambda values: values[only]

    def moment(values: Slots) -> Value:
        at: Value = None
        for slot in first:
            at = values[slot]
            if at is not None:
                break
        for slot in plus:
            more = values[slot]
            if type(at) is not int or type(more) is not int:
                return None
            at += more
        return at

    return moment
