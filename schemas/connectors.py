"""
Connectors: how the webhooks of one vendor are checked and read, as data. Code knows schemes of signatures, nothing else
of a vendor.

A connector is one YAML document, ``kind: Connector``. Its columns are those of file mappings, found by paths in the
body or in headers of the request; every expression sees them, the name of the ``source`` that posts and the instant
``received_at``. The events of its mappings carry the source ``/webhooks/CONNECTOR/SOURCE``.
"""

from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, JsonValue, StringConstraints, TypeAdapter, model_validator

from schemas.base import URL, Contract, Instant, LongName, Text, Zone
from schemas.conditions import EventType
from schemas.mappings import (
    MOST_COLUMNS,
    Column,
    EventRule,
    Expression,
    Formula,
    Identifier,
    Identity,
    as_tuple,
    refuse_same_keys,
    refuse_unreadable_paths,
)
from schemas.paths import Path
from schemas.signatures import Signature

__all__ = [
    "CONNECTORS",
    "GIVEN",
    "IDENTITIES",
    "LONGEST_ID",
    "Body",
    "Connector",
    "ConnectorId",
    "Delivery",
    "Example",
    "Guide",
    "PayloadMapping",
    "source_uri",
]

LONGEST_ID: Final = 40
ConnectorId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=LONGEST_ID)]
"""Of a connector or of one who posts to it: both stand in the address and in the name of the secret."""
GIVEN: Final = ("source", "received_at")
"""Names that every expression of a connector sees beside its columns: who posts, and when it came (milliseconds)."""
IDENTITIES: Final = {"customer": "customer", "employee": "employee", "to_employee": "employee"}
"""Facts that name a person, each with whom it names; ingest replaces them by pseudonyms."""

Columns = Annotated[dict[Identifier, Column], Field(max_length=MOST_COLUMNS)]
Values = Annotated[dict[Identifier, Formula], Field(max_length=50)]
Paths = Annotated[tuple[Path, ...], BeforeValidator(as_tuple), Field(max_length=10)]
Lines = Annotated[tuple[Text, ...], BeforeValidator(as_tuple), Field(max_length=30)]


class ConnectorMetadata(Contract):
    """
    Which vendor's webhooks these are, and who looks after the connector.
    """

    id: ConnectorId
    """Its name in the address that the vendor posts to."""
    title: LongName
    """Its name for people."""
    owner: LongName
    """Who looks after it."""
    why: Text | None = None
    """What it is for."""
    edition: Annotated[int, Field(ge=1, le=899)] = Field(
        default=1,
        description="Raise it when a mapping is corrected: what a later edition says of an event stands over what "
        "earlier ones said, once the stored bodies are replayed.",
    )


class Body(Contract):
    """
    What the body of a request is made of, and where in it the payloads are.
    """

    format: Literal["json", "form"] = "json"
    """How it is written."""
    items: Path | None = Field(default=None, description="The list of payloads, where one body brings several.")
    wrappers: Paths = Field(
        default=(), description="Where the payload may lie inside the body; if nothing is there, it is the body itself."
    )
    texts_of_json: Paths = Field(
        default=(),
        description="Members of the body that are texts of JSON, each by names with dots alone; read as such before "
        "items and wrappers are looked for. One that is not there, or is no text, stays as it is.",
    )


class Delivery(Contract):
    """
    What one payload is about. Expressions over the shared columns and values.

    Of an event that several payloads tell, the one of the highest ``version`` stands, in whatever order they come.
    """

    id: Expression = Field(description="The vendor's id of the delivery, for people who look for one.")
    object: Expression = Field(description="What the payload is a version of: an order, a call, a ticket.")
    version: Expression | None = Field(
        default=None, description="A whole number that grows with each version; if not said, the time, if that is said."
    )
    time: Expression | None = Field(default=None, description="When the vendor says it happened (milliseconds).")


class PayloadMapping(Contract):
    """
    How one kind of payload becomes service events; the rest is as in a mapping of files.
    """

    title: LongName
    """Its name for people."""
    when: Expression = Field(description="Which payloads it is for; what fits several is mapped by each.")
    columns: Columns = Field(default_factory=dict)
    """Fields of these payloads only."""
    journey: Identity
    """Whose payload it is: the site, and the journey by a template of columns."""
    values: Values = Field(default_factory=dict)
    """What is worked out of them."""
    events: Annotated[tuple[EventRule, ...], Field(strict=False, min_length=1, max_length=30)]
    """The events that it yields."""


class Guide(Contract):
    """
    What an integrator has to know before and while connecting.
    """

    documentation: Annotated[str, StringConstraints(pattern=URL, max_length=500)]
    """The vendor's public description of its webhooks."""
    feeds: Lines
    """Journeys and standards that it can feed."""
    lacks: Lines = ()
    """What no payload says, so that no standard can ask for it."""
    setup: Lines
    """Steps at the vendor and here, in their order."""


class ExpectedEvent(Contract):
    """
    An event that an example yields.
    """

    type: EventType
    """Its type."""
    subject: LongName
    """The journey that it belongs to."""
    time: Instant
    """When it happened."""
    data: dict[Identifier, JsonValue] = Field(default_factory=dict, description="Facts that it has, among others.")


class Example(Contract):
    """
    A payload written by us after the vendor's documentation, and what becomes of it.
    """

    title: LongName
    """What it shows."""
    headers: Annotated[dict[str, str], Field(max_length=20)] = Field(default_factory=dict)
    """Headers of the request, by their names in small letters."""
    body: JsonValue = Field(description="The body as JSON; of a form its fields.")
    events: Annotated[tuple[ExpectedEvent, ...], Field(strict=False, max_length=100)] = Field(
        default=(), description="In their order; none where it is passed over."
    )


class Connector(Contract):
    """
    How the webhooks of one vendor become service events.
    """

    apiVersion: Literal["sqm/v1"]  # noqa: N815 - the name that such documents use everywhere
    """Version of this kind of document."""
    kind: Literal["Connector"]
    """Which document it is."""
    metadata: ConnectorMetadata
    """Which vendor's webhooks these are."""
    guide: Guide
    """What an integrator has to know."""
    signature: Signature
    """How a request proves who sent it."""
    body: Body = Body()
    """What the body of a request is made of."""
    zone: Zone = "UTC"
    """Zone of local times."""
    columns: Columns = Field(default_factory=dict, description="Seen by every expression.")
    values: Values = Field(default_factory=dict, description="Likewise.")
    delivery: Delivery
    """What one payload is about."""
    passes_over: Expression | None = Field(
        default=None, description="Which payloads no standard can use; counted apart from what is refused."
    )
    mappings: Annotated[dict[Identifier, PayloadMapping], Field(min_length=1, max_length=30)]
    """How each kind of payload becomes events."""
    examples: Annotated[tuple[Example, ...], Field(strict=False, max_length=100)] = ()
    """Payloads, and what becomes of them."""

    @property
    def headers(self) -> tuple[str, ...]:
        """
        The headers of a request that its columns read, in small letters.
        """
        columns = [*self.columns.values(), *(one for rule in self.mappings.values() for one in rule.columns.values())]
        return tuple(sorted({column.header for column in columns if column.header is not None}))

    @property
    def names_people(self) -> bool:
        """
        Whether an event of it carries the identity of a customer or an employee.
        """
        return any(name in IDENTITIES for rule in self.mappings.values() for one in rule.events for name in one.data)

    @model_validator(mode="after")
    def _names_are_one_each(self) -> "Connector":
        for key, rule in self.mappings.items():
            names = [*GIVEN, *self.columns, *self.values, *rule.columns, *rule.values]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                msg = (
                    f"in mappings.{key} these names are used twice or are given ({', '.join(GIVEN)}): "
                    f"{', '.join(twice)}"
                )
                raise ValueError(msg)
            refuse_same_keys(rule.events)
        return self

    @model_validator(mode="after")
    def _columns_are_found_in_requests(self) -> "Connector":
        for columns in (self.columns, *(rule.columns for rule in self.mappings.values())):
            refuse_unreadable_paths(columns)
            placed = sorted(name for name, column in columns.items() if column.at is not None)
            if placed:
                msg = f"a payload has no places; give a name (a path) or a header to: {', '.join(placed)}"
                raise ValueError(msg)
        return self


def source_uri(connector: str, source: str) -> str:
    """
    What the events of one who posts to a connector carry as their ``source``.
    """
    return f"/webhooks/{connector}/{source}"


CONNECTORS: Final[TypeAdapter[Connector]] = TypeAdapter(Connector)
"""Validates one connector, as read from YAML."""
