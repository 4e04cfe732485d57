"""
Mappings, compiled: a row of a file becomes the service events that its mapping says, or a rejected row.

Compiled once and then asked row by row. Whatever a row holds, the answer is data: events that ingest will take, or what
is wrong with the row. A row is taken whole or not at all.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as Dict
from functools import partial
from typing import BinaryIO, Final, NamedTuple, TypeVar

from schemas.connectors import IDENTITIES
from schemas.mappings import EventRule, Mapping, fields_of
from services.ingest.engine.expressions import EvaluationFault, Getter, Slots, Value
from services.ingest.engine.facts import FactsMaker, UnfitFacts, facts_model, unfit_subject
from services.ingest.engine.mapped import LONGEST_ID, UNREVISED, Facts, MappedEvent, Revisions, journey_prefix
from services.ingest.engine.people import NOBODY, People, people_of
from services.ingest.engine.pseudonyms import Pseudonym
from services.ingest.engine.row_values import (
    MappingFault,
    Path,
    RowValues,
    Scope,
    UnfitRow,
    expression,
    fact,
    formula,
)
from services.ingest.engine.rows import RejectedRow, Row, RowReason, bounded
from services.ingest.engine.tables import read_table

__all__ = ["CompiledMapping", "MappingFault", "compile_mapping"]

_EARLIEST_MS: Final = 0
_LATEST_MS: Final = 253_370_764_800_000
"""The first day of the year 9999: later instants cannot be written."""


Spec = TypeVar("Spec")
_LONGEST_INSTANCE: Final = 40


class _Template(NamedTuple):
    """
    A subject, ready to be filled in: its text, which fields of a row it takes, and where it stands in the document.
    """

    text: str
    parts: tuple[int, ...]
    path: str
    keyed: Dict[int, Callable[[str], str]]
    """Fields that are somebody's identity, each with what puts a pseudonym in its place."""

    def fill(self, row: Row) -> str:
        found = [row.fields[part] for part in self.parts]
        for place, part in enumerate(self.parts):
            if found[place] and part in self.keyed:
                found[place] = self.keyed[part](found[place])
        subject = self.text.format(*found)
        if problem := unfit_subject(subject):
            raise UnfitRow(RowReason.BAD_SUBJECT, self.path, subject, problem)
        return subject


class _Rule(NamedTuple):
    """
    One event rule, ready to be asked.
    """

    key: str
    subject: _Template
    type: str
    path: str
    when: Getter | None
    condition: int
    """Rules with the same condition have the same number, so that it is asked once for a row."""
    instance: Getter | None
    oldest: bool
    time: Getter
    facts: Callable[[list[Value]], list[Value]]
    maker: FactsMaker
    content: int
    """Likewise for rules with the same facts."""


def compile_mapping(
    document: Mapping,
    options: Dict[str, str],
    pseudonym: Pseudonym | None = None,
    people: People = NOBODY,
) -> "CompiledMapping":
    """
    Compile a validated mapping with the options that were chosen. Raises MappingFault.

    With `pseudonym` the identities of customers and employees never leave the row: not as facts, and not in subjects
    either. `people` are the columns that name people elsewhere, beside those that this document's own events tell of.
    """
    return CompiledMapping(document, _chosen(document, options), pseudonym, people)


class CompiledMapping:
    """
    Reads files and maps rows as one document says. Holds no state but what it remembers to be fast.
    """

    def __init__(self, document: Mapping, chosen: Dict[str, str], pseudonym: Pseudonym | None, people: People) -> None:
        self.document = document
        self.id = document.metadata.id
        self.source = document.source
        self._pseudonym = pseudonym
        named = people_of(document.events, document.values)
        self._people = People({**people.named, **named.named}, {**people.part_of, **named.part_of})
        self._row_values = RowValues(document, chosen)
        scope = self._row_values.scope
        self._site = fact(document.journey.site, scope, ("journey", "site"))
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
            return dict(zip(self._row_values.names, self._row_values.of(row.fields), strict=True))
        except UnfitRow:
            return {}

    def kind_of(self, row: Row) -> str:
        """
        Of what kind a row is, as the mapping's column for it says; nothing where it names none.
        """
        return "" if self._kind is None else bounded(row.fields[self._kind])

    def events(self, row: Row, file: str, revisions: Revisions = UNREVISED) -> list[MappedEvent] | RejectedRow:
        """
        The events that a row yields: none, some, or the reason for which the row is rejected.
        """
        try:
            return self._events(row, file, revisions)
        except UnfitRow as unfit:
            return RejectedRow(file, row.line, unfit.field, bounded(unfit.value), unfit.reason, unfit.detail, row.raw)

    def _events(self, row: Row, file: str, revisions: Revisions) -> list[MappedEvent]:  # noqa: C901 - the one path of every row
        slots = self._row_values.of(row.fields)
        made: list[MappedEvent] = []
        subject = prefix = ""
        about: _Template | None = None
        site: Value = None
        answers: dict[int, Value] = {}
        known: dict[int, Facts] = {}
        for key, template, kind, path, when, condition, instance, oldest, time, facts, maker, content in self._rules:
            try:
                if when is not None:
                    answer = answers.get(condition)
                    if answer is None:
                        answer = answers[condition] = when(slots)
                    if answer is False:
                        continue
                    if answer is not True:
                        raise UnfitRow(RowReason.NO_ANSWER, f"{path}.when", answer, "neither true nor false")
                if not made:
                    site = self._site(slots)
                if template is not about:
                    about, subject = template, template.fill(row)
                    prefix = journey_prefix(self.id, subject, self._longest_prefix)
                ident = prefix + key if instance is None else f"{prefix}{key}/{_instance(instance(slots), path)}"
                at = time(slots)
                if type(at) is not int or not _EARLIEST_MS <= at < _LATEST_MS:
                    problem = "no instant is there" if at is None else "no instant since 1970, in milliseconds"
                    raise UnfitRow(RowReason.NO_TIME, f"{path}.time", "" if at is None else at, problem)
                data = known.get(content)
                if data is None:
                    data = known[content] = maker.make(site, facts(slots))
            except EvaluationFault as fault:
                raise UnfitRow(RowReason.NO_ANSWER, path, "", f"an expression has no answer: {fault}") from fault
            except UnfitFacts as unfit:
                raise UnfitRow(RowReason.BAD_FACT, unfit.field, unfit.value, unfit.problem) from unfit
            revision = revisions.oldest if oldest else revisions.newest
            made.append(MappedEvent(ident, self.source, kind, subject, at, data, file, row.line, revision))
        return made

    def _fact(self, name: str, getter: Getter) -> Getter:
        whose = IDENTITIES.get(name)
        return getter if whose is None or self._pseudonym is None else _keyed(whose, getter, self._pseudonym)

    def _template(self, text: str, path: Path) -> _Template:
        names = fields_of(text)
        for name in names:
            if name not in self._columns:
                known = ", ".join(self._columns)
                raise MappingFault(path, f"no column is called {name[:40]!r}; there are {known}")
            text = text.replace("{" + name + "}", "{}", 1)
        parts = tuple(map(self._columns.index, names))
        return _Template(text, parts, ".".join(map(str, path)), self._keyed_fields(names, path))

    def _keyed_fields(self, names: Iterable[str], path: Path) -> dict[int, Callable[[str], str]]:
        if self._pseudonym is None:
            return {}
        keyed: dict[int, Callable[[str], str]] = {}
        for name in names:
            if name in self._people.named:
                keyed[self._columns.index(name)] = partial(self._pseudonym, self._people.named[name])
            elif name in self._people.part_of:
                fact = self._people.part_of[name]
                problem = (
                    f"the column {name} is part of what `{fact}` is worked out of, and everybody sees subjects; "
                    f"take one that names nobody, or give `{fact}` the column itself: its pseudonym then stands here"
                )
                raise MappingFault(path, problem)
        return keyed

    def _rule(self, document: Mapping, scope: Scope, place: int, rule: EventRule) -> _Rule:
        path: Path = ("events", place)
        when = None if rule.when is None else expression(rule.when, scope, (*path, "when"))
        instance = None if rule.instance is None else expression(rule.instance, scope, (*path, "instance"))
        time = formula(rule.time, scope, (*path, "time"))
        getters = {name: self._fact(name, fact(one, scope, (*path, "data", name))) for name, one in rule.data.items()}
        maker = FactsMaker(rule.type, tuple(getters), f"events.{place}.data")
        if unknown := maker.unknown():
            problem = f"{rule.type} has no such fact; it has {', '.join(maker.known())}"
            raise MappingFault((*path, "data", unknown[0]), problem)
        return _Rule(
            key=rule.key,
            subject=self._subject if rule.subject is None else self._template(rule.subject, (*path, "subject")),
            type=rule.type,
            path=f"events.{place}",
            when=when,
            condition=_first([other.when for other in document.events], rule.when),
            instance=instance,
            oldest=rule.stands == "oldest",
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


def _instance(value: Value, path: str) -> str:
    text = "" if value is None else str(value)
    if not text:
        raise UnfitRow(
            RowReason.MISSING_FIELD, f"{path}.instance", "", "nothing tells this event from others of its rule"
        )
    return text if len(text) <= _LONGEST_INSTANCE else hashlib.sha256(text.encode()).hexdigest()[:_LONGEST_INSTANCE]


def _first(all_of: list[Spec], one: Spec) -> int:
    return all_of.index(one)


def _all(getters: tuple[Getter, ...]) -> Callable[[list[Value]], list[Value]]:
    return lambda slots: [getter(slots) for getter in getters]


def _keyed(whose: str, getter: Getter, pseudonym: Pseudonym) -> Getter:
    def keyed(slots: Slots) -> Value:
        name = getter(slots)
        return None if name is None else pseudonym(whose, str(name))

    return keyed
