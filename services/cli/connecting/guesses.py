"""
What the fields of a payload are for, by their names: whose journey, where, when, and which facts. Pure.

Nothing here is known of any vendor. A guess is a proposal that somebody confirms; where there are several, the first is
taken and the others are named.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from services.cli.connecting.fields import Field, words_of

__all__ = ["MILESTONE", "Guesses", "event_of", "guess"]

MILESTONE: Final = "milestone.reached"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_IDS: Final = _set("id uuid guid number no nr ref reference sid key")
_DELIVERY: Final = _set("event delivery message notification request webhook")
_PLACES: Final = _set("location store shop branch site merchant outlet restaurant venue hotel office")
_JOURNEYS: Final = _set(
    "order ticket conversation contact call visit booking case appointment task session check reservation chat"
)
_OTHERS: Final = _set("product item sku account device parent tenant user invoice payment organization")
_KINDS: Final = _set("event type action status state what topic")
_VERSIONS: Final = _set("version revision sequence seq")
_FACTS: Final = {
    "channel": frozenset(("channel", "medium")),
    "queue": _set("queue line lane group department skill counter desk"),
    "service": _set("service category purpose"),
    "priority": frozenset(("priority", "urgency")),
    "segment": _set("segment tier"),
    "employee": _set("employee agent staff cashier assignee clerk operator waiter worker"),
    "customer": _set("customer client caller patient guest buyer requester"),
}
_EVENTS: Final = {
    "journey.abandoned": _set("abandoned abandon left missed hangup noshow"),
    "journey.cancelled": _set("cancelled canceled cancel voided deleted"),
    "service.completed": _set(
        "completed complete closed finished ended end done served solved resolved delivered fulfilled collected"
    ),
    "service.started": _set("started start began begin seated"),
    "journey.called": _set("called answered assigned accepted connected"),
    MILESTONE: _set("paid ready shipped printed prepared confirmed"),
    "journey.arrived": _set(
        "created opened open new arrived arrive queued entered placed received submitted requested checkin drawn"
    ),
}
_LONGEST_WORD: Final = 60


class Guesses(NamedTuple):
    """
    The fields that were chosen, by what they are for; those that might be as well stand behind in `others`.
    """

    subject: Field | None
    others: list[Field]
    delivery: Field | None
    site: Field | None
    kind: Field | None
    version: Field | None
    time: Field | None
    """When the payload says that it was sent or changed, for what has no time of its own."""
    moments: dict[str, Field]
    """Times of their own, by the type of the event."""
    facts: dict[str, Field]


def event_of(words: Iterable[str]) -> str | None:
    """
    The type of event that some words suggest.
    """
    held = set(words)
    return next((event for event, known in _EVENTS.items() if known & held), None)


def guess(fields: Sequence[Field]) -> Guesses:
    """
    Choose fields for everything that a connector has to know.
    """
    plain = [field for field in fields if not field.listed and field.values]
    times = [field for field in plain if field.is_time]
    moments: dict[str, Field] = {}
    for field in times:
        event = event_of(field.last)
        if event is not None:
            moments.setdefault(event, field)
    rest = [field for field in times if field not in moments.values()]
    named = [field for field in plain if not field.is_time and field.kind in ("text", "integer")]
    delivery = _first(field for field in named if _is_id(field) and _DELIVERY & set(field.last))
    subjects = sorted((field for field in named if field != delivery and _subject_rank(field) is not None), key=_ranked)
    subject = subjects[0] if subjects else delivery
    site = _first(sorted((field for field in named if _PLACES & set(field.words)), key=lambda one: not _is_id(one)))
    taken = {subject, delivery, site}
    facts: dict[str, Field] = {}
    for name, known in _FACTS.items():
        able = (field for field in named if field not in taken and known & set(_own_words(field)) and _is_word(field))
        found = _first(able)
        if found is not None:
            facts[name] = found
            taken.add(found)
    free = [field for field in named if field not in taken]
    return Guesses(
        subject=subject,
        others=subjects[1:4],
        delivery=delivery or _first(field for field in free if field.path == "id") or subject,
        site=site,
        kind=_kind(free),
        version=_first(field for field in free if field.kind == "integer" and _VERSIONS & set(field.last)),
        time=_first(rest) or _first(times),
        moments=moments,
        facts=facts,
    )


def _kind(fields: Sequence[Field]) -> Field | None:
    """
    The field that says what happened: one whose values are words of events goes before one that is only called so.
    """
    able = [field for field in fields if field.kind == "text" and _KINDS & set(field.last) and _is_word(field)]
    telling = (field for field in able if any(event_of(words_of(value)) for value in field.values))
    return _first(telling) or _first(able)


def _is_id(field: Field) -> bool:
    return bool(field.last) and field.last[-1] in _IDS


def _subject_rank(field: Field) -> int | None:
    """
    How well a field would name a journey, 0 best: an id of what customers come for, that of the inner object, the
    body's own, any other.
    """
    if not _is_id(field) and not (_JOURNEYS & set(field.last[-1:])):
        return None
    words = set(_own_words(field))
    if words & (_PLACES | _OTHERS | _FACTS["customer"] | _FACTS["employee"] | _FACTS["queue"]):
        return None
    if words & _JOURNEYS:
        return 0
    if field.last != ("id",):
        return 3
    return 1 if "." in field.path else 2


def _ranked(field: Field) -> tuple[int, int]:
    return _subject_rank(field) or 0, field.path.count(".")


def _own_words(field: Field) -> tuple[str, ...]:
    """
    The words of its last name, and of the name before it where the last is no more than `id`.
    """
    names = field.path.split(".")
    return words_of(".".join(names[-2:])) if len(field.last) == 1 else field.last


def _is_word(field: Field) -> bool:
    """
    Whether its values are short, as of a choice, and not free text, an address or a name.
    """
    return all(len(value) <= _LONGEST_WORD and " " not in value.strip() and "@" not in value for value in field.values)


def _first(fields: Iterable[Field]) -> Field | None:
    return next(iter(fields), None)
