"""
Service events: the facts that tills, queue systems, contact centres and people report, as CloudEvents 1.0.

``ServiceEvent`` is the union of all types, told apart by ``type``. ``source`` and ``id`` together are an event's
identity; ``subject`` names the journey; ``time`` is when it happened and must carry an offset. Extension attributes
that nobody here knows are kept. Fields of ``data`` that nobody here knows are refused, because a misspelt
``segmnt`` would silently put a customer into no segment; a source that must send more is read with
``extra="allow"`` (see ``EVENTS``).
"""

from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Discriminator, Field, StringConstraints, TypeAdapter, create_model, model_validator

from schemas.base import PRINTABLE, AtLeastOne, Contract, Instant, LongName, Name, Say, SiteId, SourceUri

PREFIX: Final = "sqm."
MAX_EXTENSIONS: Final = 32
MAX_ITEMS: Final = 200

Channel = Name
Actor = Literal["customer", "staff", "system"]
Category = Literal[
    "expression_and_gesture", "vocabulary_and_speech", "distance", "appearance", "speed_and_time", "safety", "courtesy"
]
Comment = Annotated[str, StringConstraints(max_length=2_000)]
CONTENT_TYPE: Final = r'^[Aa]pplication/[Jj][Ss][Oo][Nn](?: *; *charset="?[Uu][Tt][Ff]-8"?)?$'
JsonContentType = Annotated[str, StringConstraints(max_length=64, pattern=CONTENT_TYPE)]
ExtensionName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,20}$")]
Extension = Annotated[
    Annotated[str, StringConstraints(max_length=1_024, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
    | Annotated[int, Field(ge=-(2**31), lt=2**31)]
    | bool
    | None,
    Say(
        "extension", "an extension attribute is one line of at most 1024 characters, a 32-bit integer, or true or false"
    ),
]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Skew = Annotated[int, Field(ge=-(10**13), le=10**13)]
Amount = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]


CHANNELS: Final = ("walk_in", "phone", "chat", "email", "drive_thru", "online")
"""Words for the usual ways in which customers come; a source may have others."""


class Facts(Contract):
    """
    What every service event may say: where, in which line, how, what for, whom, who and whose.
    """

    site: SiteId = Field(description="Where people are served.")
    queue: Name | None = Field(default=None, description="In which line.")
    channel: Channel | None = Field(default=None, description=f"{', '.join(CHANNELS)} …")
    service: Name | None = Field(default=None, description="What for.")
    segment: Name | None = Field(default=None, description="Which kind of customer.")
    priority: Name | None = Field(default=None, description="The priority that the source gave.")
    customer: LongName | None = Field(default=None, description="Pseudonym of the customer.")
    employee: LongName | None = Field(default=None, description="Pseudonym of the employee.")
    team: Name | None = Field(default=None, description="Whose employee.")
    actor: Actor | None = Field(default=None, description="Who acted.")
    promised_at: Instant | None = Field(default=None, description="The time that was promised to the customer.")
    related: LongName | None = Field(default=None, description="Another journey that this one belongs to.")


class PausedFacts(Facts):
    """
    Facts of a pause: why work on the journey stands still.
    """

    reason: Name | None = None
    """Why work stands still: waiting for the customer, for a part, for a colleague."""


class OutcomeFacts(Facts):
    """
    Facts of an ending: how it ended.
    """

    outcome: Name | None = None
    """How it ended, in the source's own word."""


class ReasonFacts(Facts):
    """
    Facts of something with a stated reason.
    """

    reason: Name | None = None
    """The stated reason, in the source's own word."""


class MilestoneFacts(Facts):
    """
    Facts of a named step inside a journey.
    """

    milestone: Name
    """Which step was reached: ordered, paid, ready, presented."""


class TransferFacts(Facts):
    """
    Facts of a hand-over: to which site, queue or employee.
    """

    to_site: SiteId | None = None
    """The site that takes over; there the journey is another one."""
    to_queue: Name | None = None
    """The line that takes over."""
    to_employee: LongName | None = None
    """Pseudonym of the employee who takes over."""
    reason: Name | None = None
    """Why the customer was handed over."""


class MergedFacts(Facts):
    """
    Facts of a merge: the journey that goes on in this one's stead.
    """

    into: LongName
    """The journey that goes on."""


class MessageFacts(Facts):
    """
    Facts of a message: who wrote to whom.
    """

    sender: Actor
    """Who wrote."""
    recipient: Actor
    """To whom."""
    closing: bool | None = Field(default=None, description="A courtesy that ends the talk and restarts no clock.")


class ComplaintFacts(Facts):
    """
    Facts of a complaint.
    """

    topic: Name | None = None
    """What the complaint is about."""
    severity: Name | None = None
    """How grave the source rates it."""
    outcome: Name | None = None
    """How it was settled."""


class FeedbackFacts(Facts):
    """
    The voice of the customer: an answer to a survey, a card, a call.
    """

    instrument: Literal["csat", "nps", "ces", "card", "call"]
    """How the customer was asked: satisfaction (csat), recommendation (nps), effort (ces), a card, a call."""
    score: Amount | None = None
    """The answer, on the scale of the instrument."""
    scale: Count | None = Field(default=None, description="The highest score that could be given.")
    comment: Comment | None = None
    """What the customer wrote; may hold personal data."""


class ChecklistItem(Contract):
    """
    One point of a checklist as the observer saw it.
    """

    id: Name
    """Which point of the checklist."""
    category: Category
    """Which kind of behaviour it is about."""
    result: Literal["passed", "failed", "not_applicable"]
    """What was seen; not_applicable counts neither way."""
    weight: Annotated[int, Field(ge=0, le=1_000)] = 1
    """How much the point counts."""
    critical: bool = False
    """Whether failing it fails the whole checklist."""


class ObservationFacts(Facts):
    """
    Observed behaviour, item by item.
    """

    observer: Literal["mystery_shopper", "supervisor", "self"]
    """Who watched."""
    checklist: Name
    """Which checklist was used."""
    items: Annotated[
        tuple[ChecklistItem, ...],
        Field(max_length=MAX_ITEMS, strict=False),
        AtLeastOne,
    ]
    """Its points, as they were seen."""


class SaleFacts(Facts):
    """
    Facts of a sale that was made.
    """

    amount: Amount | None = None
    """What was paid."""
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    """ISO 4217 code of the amount, like EUR."""
    items: Count | None = None
    """How many articles."""


class IncidentFacts(Facts):
    """
    Facts of an incident.
    """

    kind: Literal["aggression", "objection", "safety"]
    """What kind of incident."""
    severity: Name | None = None
    """How grave the source rates it."""


class StaffStateFacts(Facts):
    """
    What an employee is doing from now on.
    """

    employee: LongName
    """Pseudonym of the employee."""
    state: Literal["available", "serving", "after_work", "break", "off"]
    """What the employee does from now on."""


class SuggestionFacts(Facts):
    """
    A suggestion by staff.
    """

    topic: Name | None = None
    """What the suggestion is about."""
    comment: Comment | None = None
    """What was suggested; may hold personal data."""


class StaffSurveyFacts(Facts):
    """
    An answer to a survey among staff.
    """

    survey: Name
    """Which survey."""
    score: Amount | None = None
    """The answer, on the scale of the survey."""
    scale: Count | None = None
    """The highest score that could be given."""


class HeartbeatFacts(Facts):
    """
    A sign of life of a source.
    """

    backlog: Count | None = Field(default=None, description="Events that wait at the source.")
    skew_ms: Skew | None = Field(
        default=None,
        description="The source's clock minus ours, in milliseconds, as it measured it; negative: it is behind.",
    )


class Envelope(Contract):
    """
    What CloudEvents 1.0 says around the facts.

    Extension attributes are kept as they came: names of 1 to 20 lower-case letters and digits, values that CloudEvents
    allows (text, 32-bit integer, boolean; null is the same as absent), at most 32 of them.
    """

    model_config = ConfigDict(
        extra="allow",
        use_attribute_docstrings=False,
        json_schema_extra={"propertyNames": {"pattern": "^[a-z0-9]{1,20}$"}},
    )
    __pydantic_extra__: dict[ExtensionName, Extension]

    specversion: Literal["1.0"] = Field(description="Version of CloudEvents.")
    id: LongName = Field(description="With `source`, the identity of the event: what comes again under both is a copy.")
    source: SourceUri = Field(description="Who says so: a URI or a path of the source system.")
    subject: LongName | None = Field(default=None, description="The journey that the event belongs to.")
    time: Instant = Field(description="When it happened (not when it was sent).")
    datacontenttype: JsonContentType | None = Field(default=None, description="JSON, if named at all.")
    dataschema: SourceUri | None = Field(default=None, description="Where a schema of `data` lies; not looked at.")
    revision: Annotated[int, Field(ge=0, lt=2**53)] | None = Field(
        default=None,
        description="Of events with one identity the one of the highest revision stands; of equal ones, and without "
        "any, the first.",
    )

    @model_validator(mode="after")
    def _few_extensions(self) -> "Envelope":
        if self.__pydantic_extra__ and len(self.__pydantic_extra__) > MAX_EXTENSIONS:
            msg = f"at most {MAX_EXTENSIONS} extension attributes"
            raise ValueError(msg)
        return self


def _event(short: str, facts: type[Facts], doc: str, *, about_journey: bool) -> type[Envelope]:
    """
    Make the model of one event type: its ``type`` is fixed, its ``data`` are the facts, a journey has a subject.
    """
    name = "".join(part.capitalize() for part in short.replace("_", ".").split("."))
    fields: dict[str, Any] = {
        "type": (Literal[PREFIX + short], Field(description="What kind of event it is.")),
        "data": (facts, Field(description="The facts.")),
    }
    if about_journey:
        fields["subject"] = (LongName, Field(description="The journey that the event belongs to."))
    return create_model(name, __base__=Envelope, __doc__=doc, __module__=__name__, **fields)


_TABLE: Final[tuple[tuple[str, type[Facts], str, bool], ...]] = (
    ("journey.arrived", Facts, "A customer arrived: the contact begins.", True),
    ("journey.called", Facts, "The customer was called, answered or seated: the wait is over.", True),
    ("service.started", Facts, "Somebody began to serve.", True),
    ("service.paused", PausedFacts, "Work stands still, for a reason.", True),
    ("service.resumed", Facts, "Work goes on.", True),
    ("service.completed", OutcomeFacts, "The customer has been served.", True),
    ("milestone.reached", MilestoneFacts, "A named step was reached: ordered, paid, ready, presented.", True),
    ("journey.transferred", TransferFacts, "The customer was handed over to another queue, employee or site.", True),
    ("journey.abandoned", ReasonFacts, "The customer left before being served.", True),
    ("journey.cancelled", ReasonFacts, "The contact was called off; no promise applies.", True),
    ("journey.reopened", ReasonFacts, "A closed contact began again: a new cycle.", True),
    ("journey.merged", MergedFacts, "The contact goes on as part of another.", True),
    ("message.exchanged", MessageFacts, "A message was written.", True),
    ("complaint.opened", ComplaintFacts, "A complaint was received.", True),
    ("complaint.acknowledged", ComplaintFacts, "The customer was told that the complaint was received.", True),
    ("complaint.responded", ComplaintFacts, "The complaint was answered.", True),
    ("complaint.resolved", ComplaintFacts, "The complaint was settled.", True),
    ("complaint.reopened", ComplaintFacts, "A settled complaint began again.", True),
    ("complaint.withdrawn", ComplaintFacts, "The customer took the complaint back.", True),
    ("feedback.received", FeedbackFacts, "A customer gave an opinion.", False),
    ("observation.recorded", ObservationFacts, "Behaviour was observed against a checklist.", False),
    ("sale.completed", SaleFacts, "A sale was made.", False),
    ("sale.lost", ReasonFacts, "A sale was lost, for a reason.", False),
    ("return.processed", ReasonFacts, "Goods were taken back.", False),
    ("incident.reported", IncidentFacts, "Aggression, an objection or a danger was reported.", False),
    ("staff.state_changed", StaffStateFacts, "An employee changed state.", False),
    ("suggestion.submitted", SuggestionFacts, "An employee made a suggestion.", False),
    ("staff_survey.answered", StaffSurveyFacts, "An employee answered a survey.", False),
    ("source.heartbeat", HeartbeatFacts, "A source says that it is alive.", False),
)

EVENT_MODELS: Final[dict[str, type[Envelope]]] = {
    PREFIX + short: _event(short, facts, doc, about_journey=journey) for short, facts, doc, journey in _TABLE
}
"""Every service event's model by its full CloudEvents type."""

JOURNEY_TYPES: Final = frozenset(PREFIX + short for short, _, _, journey in _TABLE if journey)
"""The types that belong to a journey and therefore name it in ``subject``."""

LIFE_ORDER: Final[dict[str, int]] = {PREFIX + short: place for place, (short, *_) in enumerate(_TABLE)}
"""The place of a type in the life of a journey: it decides between events of the same instant."""

ServiceEvent = Envelope
_UNION: Any = None
for _model in EVENT_MODELS.values():
    _UNION = _model if _UNION is None else _UNION | _model

EVENTS: Final[TypeAdapter[Envelope]] = TypeAdapter(Annotated[_UNION, Discriminator("type")])
"""
Validates one structured-mode CloudEvent: ``EVENTS.validate_json(raw)``.

Raises pydantic's ValidationError with one location per fault. With ``extra="allow"`` unknown data fields are kept.
"""

__all__ = [
    "CONTENT_TYPE",
    "EVENTS",
    "EVENT_MODELS",
    "JOURNEY_TYPES",
    "LIFE_ORDER",
    "MAX_EXTENSIONS",
    "PREFIX",
    "PRINTABLE",
    "ChecklistItem",
    "Envelope",
    "Facts",
    "ServiceEvent",
]
