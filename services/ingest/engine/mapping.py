"""
Mappings, compiled: a row of a file becomes the service events that its mapping says, or a rejected row.

Compiled once and then asked row by row. Whatever a row holds, the answer is data: events that ingest will take, or what
is wrong with the row. A row is taken whole or not at all.
"""

import hashlib
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Dict
from typing import BinaryIO, Final, NamedTuple, TypeVar

from schemas.mappings import Constant, EventRule, Expression, Fact, Formula, Mapping, Moment, fields_of
from services.ingest.engine.cells import Cells, ColumnFault
from services.ingest.engine.expressions import (
    EvaluationFault,
    ExpressionFault,
    Getter,
    Slots,
    Value,
    compile_expression,
)
from services.ingest.engine.facts import FactsMaker, UnfitFacts, facts_model, unfit_subject
from services.ingest.engine.mapped import LONGEST_ID, Facts, MappedEvent, journey_prefix
from services.ingest.engine.rows import RejectedRow, Row, RowReason, bounded
from services.ingest.engine.tables import read_table

__all__ = ["CompiledMapping", "MappingFault", "compile_mapping"]

_LONGEST_INSTANCE: Final = 40
_EARLIEST_MS: Final = 0
_LATEST_MS: Final = 253_370_764_800_000
"""The first day of the year 9999: later instants cannot be written."""


class MappingFault(ValueError):
    """
    A mapping that cannot be compiled; `path` leads to the place in the document, the message says what to change.
    """

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        super().__init__(f"{'.'.join(map(str, path))}: {message}")
        self.path = path
        self.problem = message


Spec = TypeVar("Spec")
Path = tuple[str | int, ...]


class _Unfit(Exception):
    """
    The row that is being mapped does not fit.
    """

    def __init__(self, reason: RowReason, field: str, value: object, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.field, self.value, self.detail = reason, field, value, detail


class _Scope(NamedTuple):
    """
    The names that an expression may use: where each is, and whose type may differ from row to row.
    """

    slots: dict[str, int]
    loose: set[str]


class _Template(NamedTuple):
    """
    A subject, ready to be filled in: its text, which fields of a row it takes, and where it stands in the document.
    """

    text: str
    parts: tuple[int, ...]
    path: str

    def fill(self, row: Row) -> str:
        subject = self.text.format(*[row.fields[part] for part in self.parts])
        if problem := unfit_subject(subject):
            raise _Unfit(RowReason.BAD_SUBJECT, self.path, subject, problem)
        return subject


class _Rule(NamedTuple):
    """
    One event rule, ready to be asked.
    """

    key: str
    subject: _Template
    instance: Getter | None
    type: str
    path: str
    when: Getter | None
    condition: int
    """Rules with the same condition have the same number, so that it is asked once for a row."""
    time: Getter
    facts: Callable[[list[Value]], list[Value]]
    maker: FactsMaker
    content: int
    """Likewise for rules with the same facts."""


def compile_mapping(document: Mapping, options: Dict[str, str]) -> "CompiledMapping":
    """
    Compile a validated mapping with the options that were chosen. Raises MappingFault.
    """
    return CompiledMapping(document, _chosen(document, options))


class CompiledMapping:
    """
    Reads files and maps rows as one document says. Holds no state but what it remembers to be fast.
    """

    def __init__(self, document: Mapping, chosen: Dict[str, str]) -> None:
        self.document = document
        self.id = document.metadata.id
        self.source = document.source
        self._options: list[Value] = list(chosen.values())
        names = [*chosen, *document.columns, *document.values]
        self._slots = {name: slot for slot, name in enumerate(names)}
        self._first_column = len(chosen)
        scope = _Scope({name: slot for name, slot in self._slots.items() if name not in document.values}, set())
        try:
            self._cells = Cells(document, self._slots)
        except ColumnFault as fault:
            raise MappingFault(("columns", fault.column, fault.key), str(fault)) from fault
        self._values: list[tuple[str, Getter]] = []
        for name, formula in document.values.items():
            self._values.append((name, _formula(formula, scope, ("values", name))))
            scope.slots[name] = self._slots[name]
            if not isinstance(formula, Moment) or scope.loose.intersection(formula.first_of):
                scope.loose.add(name)
        self._site = _fact(document.journey.site, scope, ("journey", "site"))
        self._columns = list(document.columns)
        self._kind = None if document.row_kind is None else self._columns.index(document.row_kind)
        self._subject = self._template(document.journey.subject, ("journey", "subject"))
        own = 1 + _LONGEST_INSTANCE if any(rule.instance is not None for rule in document.events) else 0
        self._longest_prefix = LONGEST_ID - own - max(len(rule.key) for rule in document.events)
        self._rules = tuple(self._rule(document, scope, place, rule) for place, rule in enumerate(document.events))

    def read(self, stream: BinaryIO, file: str) -> Iterator[Row | RejectedRow]:
        """
        Read a file, row by row; `file` is what rejected rows call it.
        """
        return read_table(stream, file, self.document.table, self.document.columns)

    def values_of(self, row: Row) -> dict[str, Value]:
        """
        What every name means for a row, for people who try a mapping; nothing where the row does not fit.
        """
        try:
            return dict(zip(self._slots, self._slots_of(row), strict=True))
        except _Unfit:
            return {}

    def kind_of(self, row: Row) -> str:
        """
        Of what kind a row is, as the mapping's column for it says; nothing where it names none.
        """
        return "" if self._kind is None else bounded(row.fields[self._kind])

    def events(self, row: Row, file: str) -> list[MappedEvent] | RejectedRow:
        """
        The events that a row yields: none, some, or the reason for which the row is rejected.
        """
        try:
            return self._events(row, file)
        except _Unfit as unfit:
            return RejectedRow(file, row.line, unfit.field, bounded(unfit.value), unfit.reason, unfit.detail, row.raw)

    def _events(self, row: Row, file: str) -> list[MappedEvent]:  # noqa: C901 - the one path of every row
        slots = self._slots_of(row)
        made: list[MappedEvent] = []
        subject = prefix = ""
        about: _Template | None = None
        site: Value = None
        answers: dict[int, Value] = {}
        known: dict[int, Facts] = {}
        for key, template, instance, kind, path, when, condition, time, facts, maker, content in self._rules:
            try:
                if when is not None:
                    answer = answers.get(condition)
                    if answer is None:
                        answer = answers[condition] = when(slots)
                    if answer is False:
                        continue
                    if answer is not True:
                        raise _Unfit(RowReason.NO_ANSWER, f"{path}.when", answer, "neither true nor false")
                if not made:
                    site = self._site(slots)
                if template is not about:
                    about, subject = template, template.fill(row)
                    prefix = journey_prefix(self.id, subject, self._longest_prefix)
                ident = prefix + key if instance is None else f"{prefix}{key}/{_instance(instance(slots), path)}"
                at = time(slots)
                if type(at) is not int or not _EARLIEST_MS <= at < _LATEST_MS:
                    problem = "no instant is there" if at is None else "no instant since 1970, in milliseconds"
                    raise _Unfit(RowReason.NO_TIME, f"{path}.time", "" if at is None else at, problem)
                data = known.get(content)
                if data is None:
                    data = known[content] = maker.make(site, facts(slots))
            except EvaluationFault as fault:
                raise _Unfit(RowReason.NO_ANSWER, path, "", f"an expression has no answer: {fault}") from fault
            except UnfitFacts as unfit:
                raise _Unfit(RowReason.BAD_FACT, unfit.field, unfit.value, unfit.problem) from unfit
            made.append(MappedEvent(ident, self.source, kind, subject, at, data, file, row.line))
        return made

    def _slots_of(self, row: Row) -> list[Value]:
        slots: list[Value] = [*self._options, *row.fields, *([None] * len(self._values))]
        fault = self._cells.fill(slots, row.fields)
        if fault is not None:
            raise _Unfit(fault.reason, fault.field, fault.value, fault.detail)
        slot = self._first_column + len(row.fields)
        for name, formula in self._values:
            try:
                slots[slot] = formula(slots)
            except EvaluationFault as problem:
                detail = f"an expression has no answer: {problem}"
                raise _Unfit(RowReason.NO_ANSWER, f"values.{name}", "", detail) from problem
            slot += 1
        return slots

    def _template(self, text: str, path: Path) -> _Template:
        names = fields_of(text)
        for name in names:
            if name not in self._columns:
                known = ", ".join(self._columns)
                raise MappingFault(path, f"no column is called {name[:40]!r}; there are {known}")
            text = text.replace("{" + name + "}", "{}", 1)
        return _Template(text, tuple(map(self._columns.index, names)), ".".join(map(str, path)))

    def _rule(self, document: Mapping, scope: "_Scope", place: int, rule: EventRule) -> _Rule:
        path: Path = ("events", place)
        when = None if rule.when is None else _expression(rule.when, scope, (*path, "when"))
        time = _formula(rule.time, scope, (*path, "time"))
        getters = {name: _fact(fact, scope, (*path, "data", name)) for name, fact in rule.data.items()}
        maker = FactsMaker(rule.type, tuple(getters), f"events.{place}.data")
        if unknown := maker.unknown():
            problem = f"{rule.type} has no such fact; it has {', '.join(maker.known())}"
            raise MappingFault((*path, "data", unknown[0]), problem)
        return _Rule(
            key=rule.key,
            subject=self._subject if rule.subject is None else self._template(rule.subject, (*path, "subject")),
            instance=None if rule.instance is None else _expression(rule.instance, scope, (*path, "instance")),
            type=rule.type,
            path=f"events.{place}",
            when=when,
            condition=_first([other.when for other in document.events], rule.when),
            time=time,
            facts=_all(tuple(getters.values())),
            maker=maker,
            content=_first(
                [(facts_model(other.type), other.data) for other in document.events],
                (facts_model(rule.type), rule.data),
            ),
        )


def _chosen(document: Mapping, options: Dict[str, str]) -> dict[str, str]:
    for name, value in options.items():
        offered = document.options.get(name)
        if offered is None:
            known = ", ".join(document.options) or "none"
            raise MappingFault(("options",), f"there is no option {name[:40]!r}; there are: {known}")
        if value not in offered.values:
            problem = f"{value[:40]!r} cannot be chosen; one of: {', '.join(offered.values)}"
            raise MappingFault(("options", name), problem)
    return {name: options.get(name, offered.default) for name, offered in document.options.items()}


def _expression(source: Expression, scope: _Scope, path: Path) -> Getter:
    try:
        return compile_expression(source, scope.slots, scope.loose)
    except ExpressionFault as fault:
        raise MappingFault(path, str(fault)) from fault


def _fact(fact: Fact, scope: _Scope, path: Path) -> Getter:
    if isinstance(fact, Constant):
        text = fact.text
        return lambda _slots: text
    return _expression(fact, scope, path)


def _instance(value: Value, path: str) -> str:
    text = "" if value is None else str(value)
    if not text:
        raise _Unfit(
            RowReason.MISSING_FIELD, f"{path}.instance", "", "nothing tells this event from others of its rule"
        )
    return text if len(text) <= _LONGEST_INSTANCE else hashlib.sha256(text.encode()).hexdigest()[:_LONGEST_INSTANCE]


def _first(all_of: list[Spec], one: Spec) -> int:
    return all_of.index(one)


def _all(getters: tuple[Getter, ...]) -> Callable[[list[Value]], list[Value]]:
    return lambda slots: [getter(slots) for getter in getters]


def _formula(formula: Formula, scope: _Scope, path: Path) -> Getter:
    if not isinstance(formula, Moment):
        return _expression(formula, scope, path)
    slots = scope.slots
    for name in (*formula.first_of, *formula.plus):
        if name not in slots:
            raise MappingFault(path, f"nothing is called {name!r} here yet; there are {', '.join(sorted(slots))}")
    first = tuple(slots[name] for name in formula.first_of)
    plus = tuple(slots[name] for name in formula.plus)
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
