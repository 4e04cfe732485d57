"""
Reads pydantic's account of what is wrong with an event and names it in our words.
"""

from typing import Final

from pydantic import ValidationError

from schemas.forms import bound_in_words
from services.ingest.engine.refusals import RefusalReason, Refused

__all__ = ["pointer_of", "refusal_of"]

_LONGEST_POINTER: Final = 200
_LONGEST_DETAIL: Final = 300

_REASONS: Final = {
    "instant": RefusalReason.INVALID_TIME,
    "missing": RefusalReason.MISSING_FIELD,
    "extra_forbidden": RefusalReason.UNKNOWN_FIELD,
    "union_tag_invalid": RefusalReason.UNKNOWN_TYPE,
    "union_tag_not_found": RefusalReason.UNKNOWN_TYPE,
    "json_invalid": RefusalReason.TOO_DEEP,  # we wrote the JSON ourselves: only its depth can be wrong
}


def refusal_of(error: ValidationError) -> Refused:
    """
    Return the refusal for the first fault; its detail counts the others.
    """
    faults = error.errors(include_url=False, include_input=False)
    first = faults[0]
    kind = first["type"]
    place = first["loc"]
    reason = _REASONS.get(kind, RefusalReason.INVALID_VALUE)
    if reason is RefusalReason.UNKNOWN_TYPE:
        return Refused(reason, "/type", "type is not one of the service events; see /openapi.json for the list")
    # The union puts the event's type in front of every place.
    path = place[1:]
    detail = _sentence(kind, bound_in_words(kind, first.get("ctx", {})) or first["msg"])
    if len(faults) > 1:
        detail += f" (and {len(faults) - 1} more)"
    return Refused(reason, pointer_of(path), detail)


def pointer_of(path: tuple[int | str, ...]) -> str:
    """
    Write a place as a JSON pointer (RFC 6901), cut where the sender's own names make it long.
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)[:_LONGEST_POINTER]


def _sentence(kind: str, message: str) -> str:
    if kind == "missing":
        return "this field is required"
    if kind == "extra_forbidden":
        return "no such field in this type of event; check the spelling"
    return message.removeprefix("Value error, ")[:_LONGEST_DETAIL]
