"""
What ingest's answer means for what was sent: done, never, or again later.

An answer counts only if it tells ingest's time (header ``sqm-time``): a shop's network has proxies and log-in pages
that answer 200 to everything, and what they swallow must not be taken for delivered.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final, NamedTuple

import msgspec

from schemas.base import Millis
from schemas.decoding import NOT_READABLE

__all__ = ["Answer", "Meaning", "Settled", "Smaller", "Verdict", "Wait", "WaitReason", "meaning_of"]

_LONGEST_WAIT_MS: Final = 300_000
_SECONDS: Final = re.compile(r"\d{1,7}", re.ASCII)
_LONGEST_WORD: Final = 64
_LONGEST_DETAIL: Final = 300
_ITEMS: Final = frozenset({HTTPStatus.OK, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY})
_AWAY: Final = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)
_NEVER: Final = frozenset({
    HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
})  # fmt: skip


class WaitReason(StrEnum):
    """
    Why the same has to be sent again; also in the log, the metric and the status.
    """

    UNREACHABLE = "unreachable"
    """No answer came."""
    AWAY = "away"
    """Ingest is up, its broker is not; or a proxy found no ingest."""
    BEHIND = "behind"
    TOKEN = "token_refused"  # noqa: S105  (no secret: the name of a reason)
    """The agent's token is missing, wrong or revoked: somebody has to act."""
    NOT_INGEST = "not_ingest"
    """Somebody else answered: a proxy, a log-in page, a wrong address."""
    SERVER_ERROR = "server_error"
    """Ingest failed at it."""
    NO_ROOM = "no_room"
    """This machine's disk is so full that what ingest has taken cannot be struck off."""


class Answer(NamedTuple):
    """
    What came back. ``is_ingest``: it tells ingest's time.
    """

    status: int
    is_ingest: bool
    retry_after: str
    body: bytes


class Verdict(NamedTuple):
    """
    Why one record will never be taken.
    """

    reason: str
    detail: str


class Settled(NamedTuple):
    """
    Ingest has answered for every record; those by number in ``never`` it will not take.
    """

    never: Mapping[int, Verdict]


class Wait(NamedTuple):
    """
    Nothing counts as taken: send the same again, not before ``at_least_ms``.
    """

    reason: WaitReason
    at_least_ms: Millis = 0


class Smaller(NamedTuple):
    """
    One of the records is the matter: send fewer at once, until it stands alone.
    """


Meaning = Settled | Wait | Smaller


def meaning_of(answer: Answer | Wait, count: int, *, events: bool) -> Meaning:
    """
    Say what an answer means for `count` records, or having to wait for one. `events`: they went to the endpoint of
    events, where 401 speaks of the agent's token and a batch is answered item by item.
    """
    if isinstance(answer, Wait):
        return answer
    status = answer.status
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        # Also of a proxy in front of ingest: it will not let through what is larger than it likes.
        return _never(answer, count)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Wait(WaitReason.BEHIND, _waiting_ms(answer.retry_after))
    if status in _AWAY:
        return Wait(WaitReason.AWAY, _waiting_ms(answer.retry_after))
    if not answer.is_ingest:
        return Wait(WaitReason.NOT_INGEST)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Smaller() if count > 1 else Wait(WaitReason.SERVER_ERROR)
    return _of_events(answer, count) if events else _of_request(answer)


def _of_events(answer: Answer, count: int) -> Meaning:
    status = answer.status
    items = _object(answer.body).get("items")
    if status in _ITEMS and isinstance(items, list) and len(items) == count:
        return Settled({place: _verdict(item) for place, item in enumerate(items) if _is_refused(item)})
    if status in _NEVER:
        return _never(answer, count)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return Wait(WaitReason.TOKEN)
    return Wait(WaitReason.NOT_INGEST)


def _of_request(answer: Answer) -> Meaning:
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return Settled({})
    if answer.status < HTTPStatus.BAD_REQUEST:
        return Wait(WaitReason.NOT_INGEST)
    return _never(answer, 1)


def _never(answer: Answer, count: int) -> Meaning:
    if count > 1:
        return Smaller()
    return Settled({0: _verdict(_object(answer.body), f"http_{answer.status}")})


def _is_refused(item: object) -> bool:
    return isinstance(item, dict) and item.get("result") == "refused"


def _verdict(item: Mapping[str, Any], otherwise: str = "refused") -> Verdict:
    reason, pointer, detail = (item.get(name) for name in ("reason", "pointer", "detail"))
    said = ": ".join(text for text in (pointer, detail) if isinstance(text, str) and text)
    return Verdict(str(reason)[:_LONGEST_WORD] if reason else otherwise, said[:_LONGEST_DETAIL])


def _object(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except NOT_READABLE:
        return {}


def _waiting_ms(retry_after: str) -> Millis:
    # The other form of the header, a date, is of no use to a machine whose clock may be wrong.
    return min(int(retry_after) * 1_000, _LONGEST_WAIT_MS) if _SECONDS.fullmatch(retry_after) else 0
