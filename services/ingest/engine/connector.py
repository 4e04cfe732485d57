"""
Connectors, compiled: a stored webhook becomes the service events that its connector says, or what is wrong with it.

Every payload of a body is decided by itself. Whatever it holds, the answer is data: events that ingest will take, that
it is passed over, or why it is rejected, with the field and the line of the connector that asked.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from schemas.connectors import Connector, PayloadMapping, source_uri
from schemas.mappings import Column, Formula, MappingMetadata, Table
from schemas.mappings import Mapping as MappingDocument
from services.ingest.engine.expressions import EvaluationFault, Getter, Value
from services.ingest.engine.mapped import MappedEvent, Revisions
from services.ingest.engine.mapping import CompiledMapping, MappingFault, compile_mapping
from services.ingest.engine.paths import finder, text_of
from services.ingest.engine.payloads import BadBody, BodyReader, Payload
from services.ingest.engine.people import People, people_of
from services.ingest.engine.pseudonyms import Pseudonym
from services.ingest.engine.row_values import Path, RowValues, UnfitRow, expression
from services.ingest.engine.rows import RejectedRow, Row, RowReason, bounded
from services.ingest.engine.tables import LONGEST_USED_FIELD

__all__ = [
    "CompiledConnector",
    "Delivered",
    "MappedPayload",
    "Outcome",
    "PassedOver",
    "RejectedPayload",
    "compile_connector",
]

VERSIONS: Final = 10**13
"""Versions are smaller: milliseconds reach it in 2286. An edition outranks every version of the editions before it."""
_GIVEN: Final = {"source": Column(name=("-",)), "received_at": Column(name=("-",), type="epoch_milliseconds")}


class Delivered(NamedTuple):
    """
    A webhook as it was stored: its body, the headers that were kept (names in small letters), who posted, and when it
    came (milliseconds).
    """

    body: bytes
    headers: Mapping[str, str]
    source: str
    received_at: int


class MappedPayload(NamedTuple):
    """
    A payload that was mapped; it may yield no event, where no condition held.
    """

    mapping: tuple[str, ...]
    """The keys of the mappings that were for it."""
    delivery: str
    """The vendor's id of it."""
    object: str
    events: list[MappedEvent]


class PassedOver(NamedTuple):
    """
    A payload that the connector says no standard can use.
    """

    delivery: str


class RejectedPayload(NamedTuple):
    """
    A payload that yields nothing, and why. `mapping` is its mapping's key, empty where none was reached; `field` a
    column or a place in the connector; `path` where the column is found in the payload, empty for what is no column;
    `value` what stood there, for people who try a connector, never for a record.
    """

    place: int
    """In its body, from 1."""
    mapping: str
    field: str
    path: str
    value: str
    reason: RowReason
    detail: str

    @property
    def where(self) -> str:
        """
        The field, and where it is found in the payload, as people are told.
        """
        return f"{self.field} ({self.path} in the payload)" if self.path else self.field


Outcome = MappedPayload | PassedOver | RejectedPayload


class _Common(NamedTuple):
    """
    What all payloads of a connector have in common.
    """

    columns: dict[str, Column]
    values: dict[str, Formula]
    zone: str


class _Way(NamedTuple):
    key: str
    when: Getter
    fields: "_Fields"
    """Its own columns, beside those that all have in common."""
    mapping: CompiledMapping


def compile_connector(document: Connector, pseudonym: Pseudonym | None = None) -> "CompiledConnector":
    """
    Compile a validated connector. Raises MappingFault, with the path in the document.

    `pseudonym` is needed where the connector names people; without it their identities stay as they are, which only
    somebody who tries a connector may ask for.
    """
    return CompiledConnector(document, pseudonym)


class CompiledConnector:
    """
    Maps what one vendor's webhooks brought, as one document says.
    """

    def __init__(self, document: Connector, pseudonym: Pseudonym | None) -> None:
        self.document = document
        self.id = document.metadata.id
        self._reader = BodyReader(document.body)
        self._fields = _Fields(document.columns)
        self._names = RowValues(_Common(_GIVEN | document.columns, document.values, document.zone), {})
        scope = self._names.scope
        said = document.delivery
        self._delivery = expression(said.id, scope, ("delivery", "id"))
        self._object = expression(said.object, scope, ("delivery", "object"))
        self._version = [
            (f"delivery.{name}", expression(source, scope, ("delivery", name)))
            for name, source in (("version", said.version), ("time", said.time))
            if source is not None
        ]
        passes = document.passes_over
        self._passes_over = expression(passes, scope, ("passes_over",)) if passes is not None else None
        # What one mapping says of a shared column holds for the subjects of all.
        said_by = [people_of(one.events, document.values | one.values) for one in document.mappings.values()]
        shared = document.columns.keys()
        self._people = People(
            {name: whose for one in said_by for name, whose in one.named.items() if name in shared},
            {name: fact for one in said_by for name, fact in one.part_of.items() if name in shared},
        )
        self._ways = [
            _Way(
                key,
                expression(one.when, scope, ("mappings", key, "when")),
                _Fields(one.columns),
                self._compiled(key, one, pseudonym),
            )
            for key, one in document.mappings.items()
        ]

    def object_of(self, delivered: Delivered) -> str:
        """
        What the first payload of a body is a version of; empty where that cannot be told.
        """
        payloads = self._reader.read(delivered.body)
        for payload in () if isinstance(payloads, BadBody) else payloads[:1]:
            try:
                return _text(self._object, self._names.of(self._common(payload, delivered)), "delivery.object")
            except UnfitRow:
                return ""
        return ""

    def outcomes(self, delivered: Delivered) -> Iterator[Outcome]:
        """
        What becomes of each payload of a body.
        """
        payloads = self._reader.read(delivered.body)
        if isinstance(payloads, BadBody):
            yield RejectedPayload(1, "", payloads.field, "", "", payloads.reason, payloads.detail)
            return
        for place, payload in enumerate(payloads, start=1):
            try:
                yield self._outcome(place, payload, delivered)
            except UnfitRow as unfit:
                path = self._fields.path_of(unfit.field)
                yield RejectedPayload(place, "", unfit.field, path, bounded(unfit.value), unfit.reason, unfit.detail)

    def values_of(self, delivered: Delivered) -> list[dict[str, Value]]:
        """
        What every name of each mapping means in the first payload, for people who try a connector; nothing where the
        payload does not fit the mapping.
        """
        payloads = self._reader.read(delivered.body)
        if isinstance(payloads, BadBody) or not payloads:
            return []
        found = []
        for way in self._ways:
            try:
                texts = self._common(payloads[0], delivered) + way.fields.of(payloads[0], delivered)
                found.append(way.mapping.values_of(Row(1, texts, "")))
            except UnfitRow:
                found.append({})
        return found

    def _outcome(self, place: int, payload: Payload, delivered: Delivered) -> Outcome:
        common = self._common(payload, delivered)
        values = self._names.of(common)
        if self._passes_over is not None and _holds(self._passes_over, values, "passes_over"):
            return PassedOver(_text(self._delivery, values, "delivery.id"))
        ways = [way for way in self._ways if _holds(way.when, values, f"mappings.{way.key}.when")]
        if not ways:
            detail = "no mapping is for it; write one, or name it under passes_over"
            raise UnfitRow(RowReason.NO_MAPPING, "mappings", "", detail)
        delivery = _text(self._delivery, values, "delivery.id")
        about = _text(self._object, values, "delivery.object")
        first = self.document.metadata.edition * VERSIONS
        version = self._version_of(values)
        revisions = Revisions(first + version, first + VERSIONS - 1 - version)
        events: list[MappedEvent] = []
        for way in ways:
            try:
                row = Row(place, common + way.fields.of(payload, delivered), "")
                made = way.mapping.events(row, delivery, revisions)
            except UnfitRow as unfit:
                made = RejectedRow("", place, unfit.field, bounded(unfit.value), unfit.reason, unfit.detail)
            if isinstance(made, RejectedRow):
                path = self._fields.path_of(made.field) or way.fields.path_of(made.field)
                field = made.field if path else f"mappings.{way.key}.{made.field}"
                return RejectedPayload(place, way.key, field, path, made.value, made.reason, made.detail)
            events += made
        source = source_uri(self.id, delivered.source)
        for event in events:
            event.source = source
        return MappedPayload(tuple(way.key for way in ways), delivery, about, events)

    def _common(self, payload: Payload, delivered: Delivered) -> tuple[str, ...]:
        """
        The texts that every mapping sees first: those that are given, then the shared columns. Raises UnfitRow.
        """
        return (delivered.source, str(delivered.received_at), *self._fields.of(payload, delivered))

    def _version_of(self, values: list[Value]) -> int:
        for field, getter in self._version:
            version = _answer(getter, values, field)
            if version is None:
                continue
            if type(version) is not int or not 0 <= version < VERSIONS:
                detail = f"a version is a whole number from 0 to {VERSIONS - 1:,}; a time counts in milliseconds"
                raise UnfitRow(RowReason.BAD_FIELD, field, version, detail)
            return version
        return 0

    def _compiled(self, key: str, one: PayloadMapping, pseudonym: Pseudonym | None) -> CompiledMapping:
        document = self.document
        whole = MappingDocument(
            apiVersion="sqm/v1",
            kind="Mapping",
            metadata=MappingMetadata(id=self.id, title=one.title, owner=document.metadata.owner),
            source=source_uri(self.id, "any"),
            zone=document.zone,
            table=Table(format="json_lines"),
            columns=_GIVEN | {name: _in_rows(column) for name, column in (document.columns | one.columns).items()},
            journey=one.journey,
            values=document.values | one.values,
            events=one.events,
        )
        try:
            return compile_mapping(whole, {}, pseudonym, self._people)
        except MappingFault as fault:
            raise MappingFault(self._place(key, one, fault.path), fault.problem) from fault

    @staticmethod
    def _place(key: str, one: PayloadMapping, path: Path) -> Path:
        shared = (path[0] == "columns" and path[1] not in one.columns) or (
            path[0] == "values" and path[1] not in one.values
        )
        return path if shared else ("mappings", key, *path)


class _Fields:
    """
    Finds the texts of columns in a payload and in the headers of its request.
    """

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = [
            (name, column.header, None if column.header is not None else finder(column.name or (name,)))
            for name, column in columns.items()
        ]
        self._paths = {
            name: f"header {column.header}" if column.header is not None else " or ".join(column.name or (name,))
            for name, column in columns.items()
        }

    def path_of(self, column: str) -> str:
        """
        Where a column is found; empty for what is no column.
        """
        return self._paths.get(column, "")

    def of(self, payload: Payload, delivered: Delivered) -> tuple[str, ...]:
        """
        The texts in the order of the columns. Raises UnfitRow.
        """
        texts: list[str] = []
        for name, header, find in self._columns:
            found = delivered.headers.get(header or "") if find is None else find(payload.value, payload.body)
            if isinstance(found, dict | list):
                detail = "a list or an object; name the field inside it, with dots"
                raise UnfitRow(RowReason.BAD_FIELD, name, "", detail)
            text = text_of(found)
            if len(text) > LONGEST_USED_FIELD:
                detail = f"a field of {len(text)} characters; at most {LONGEST_USED_FIELD} are taken"
                raise UnfitRow(RowReason.FIELD_TOO_LONG, name, text, detail)
            texts.append(text)
        return tuple(texts)


def _in_rows(column: Column) -> Column:
    return column if column.header is None else column.model_copy(update={"header": None, "name": ("-",)})


def _answer(getter: Getter, values: list[Value], field: str) -> Value:
    try:
        return getter(values)
    except EvaluationFault as fault:
        raise UnfitRow(RowReason.NO_ANSWER, field, "", f"an expression has no answer: {fault}") from fault


def _holds(getter: Getter, values: list[Value], field: str) -> bool:
    answer = _answer(getter, values, field)
    if type(answer) is not bool:
        raise UnfitRow(RowReason.NO_ANSWER, field, answer, "neither true nor false")
    return answer


def _text(getter: Getter, values: list[Value], field: str) -> str:
    answer = _answer(getter, values, field)
    if answer is None or answer == "":
        raise UnfitRow(RowReason.MISSING_FIELD, field, "", "the payload does not say it")
    return str(answer)
