"""
What a sender is told about each event of its request.
"""

from collections.abc import Sequence
from enum import StrEnum
from http import HTTPStatus
from typing import Final

import msgspec
from starlette.responses import Response

from services.ingest.engine import Accepted, Duplicate, RefusalReason, Refused, Verdict
from services.ingest.shell.identities import IdentitiesAway
from services.runtime.errors import Overloaded, Transient
from services.runtime.http import problem

__all__ = ["ItemAnswer", "Result", "answer", "not_taken"]

_ENCODE: Final = msgspec.json.Encoder().encode
_RETRY_SECONDS: Final = 5


class Result(StrEnum):
    """
    What became of one event.
    """

    ACCEPTED = "accepted"
    """The broker has it."""
    DUPLICATE = "duplicate"
    """The same source and id came before it in the same request; there is one copy."""
    REFUSED = "refused"
    """Will never be accepted as it is: sending it again does not help."""


class ItemAnswer(msgspec.Struct, omit_defaults=True):
    """
    One event's result; the last three fields only for what was refused.
    """

    index: int
    result: Result
    reason: RefusalReason | None = None
    pointer: str | None = None
    detail: str | None = None


def answer(verdicts: Sequence[Verdict]) -> Response:
    """
    200 where at least one event was taken (or the batch was empty), else 403 where only the token stood in the way,
    else 422; each with all items.
    """
    items: list[ItemAnswer] = []
    accepted = duplicates = forbidden = 0
    for index, verdict in enumerate(verdicts):
        if type(verdict) is Accepted:
            items.append(ItemAnswer(index, Result.ACCEPTED))
            accepted += 1
        elif type(verdict) is Duplicate:
            items.append(ItemAnswer(index, Result.DUPLICATE))
            duplicates += 1
        elif type(verdict) is Refused:
            items.append(ItemAnswer(index, Result.REFUSED, verdict.reason, verdict.pointer, verdict.detail))
            forbidden += verdict.reason is RefusalReason.SOURCE_NOT_ALLOWED
    refused = len(items) - accepted - duplicates
    members: dict[str, object] = {"accepted": accepted, "duplicates": duplicates, "refused": refused, "items": items}
    if accepted or duplicates or not items:
        return Response(_ENCODE(members), media_type="application/json")
    if forbidden == len(items):
        return problem(
            HTTPStatus.FORBIDDEN,
            RefusalReason.SOURCE_NOT_ALLOWED,
            "this token may not send events of these sources",
            members=members,
        )
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "all_refused",
        "no event was accepted; each item says why, sending the same again will not help",
        members=members,
    )


def not_taken(error: Transient) -> Response:
    """
    429 where the broker is behind, 503 where it or the store of identities is away; either way nothing counts as
    accepted, send it again later.
    """
    if isinstance(error, Overloaded):
        seconds = max(1, -(-(error.retry_after_ms or 1_000) // 1_000))
        return problem(
            HTTPStatus.TOO_MANY_REQUESTS,
            "broker_behind",
            "the broker is behind; nothing of this request counts as accepted, send all of it again",
            headers={"retry-after": str(seconds)},
        )
    reason, what = (
        ("identities_away", "the store of identities cannot be used")
        if isinstance(error, IdentitiesAway)
        else ("broker_away", "the broker did not acknowledge")
    )
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        reason,
        f"{what}; nothing of this request counts as accepted, send all of it again",
        headers={"retry-after": str(_RETRY_SECONDS)},
    )
