"""
Lists page by page: however much there is, an answer is short, and others get their turn while it is put together.

A page goes on after the name that the one before ended with, so what comes and goes meanwhile moves nothing: whatever
is there all the time is told exactly once.
"""

import asyncio
import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from starlette.responses import JSONResponse, Response

from services.runtime.http import problem

__all__ = ["MOST", "PAGED", "Asked", "asked_for", "page"]

PAGED: Final = ("limit", "after")
"""What may be said of a page."""
MOST: Final = 1_000
USUAL: Final = 200
_TURN: Final = 200
"""Names to look at before others get a turn."""
_DIGITS: Final = 4
Told = Callable[[str], dict[str, Any] | None]
"""Tells what has a name; None where it was not asked for, or is gone."""


class Asked(NamedTuple):
    """
    Which page: so much, and only what comes after a name.
    """

    limit: int
    after: str


def asked_for(parameters: Mapping[str, str]) -> Asked | Response:
    """
    Read which page is asked for, or say what is wrong with it.
    """
    limit = parameters.get("limit", str(USUAL))
    if not (limit.isascii() and limit.isdigit() and len(limit) <= _DIGITS and 1 <= int(limit) <= MOST):
        return _wrong("limit", limit, f"is no number from 1 to {MOST}")
    token = parameters.get("after", "")
    try:
        after = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4)).decode()
    except (binascii.Error, ValueError):
        return _wrong("after", token, "is no `next` of another page")
    return Asked(int(limit), after)


async def page(kind: str, names: Iterable[str], asked: Asked, told: Told) -> Response:
    """
    Answer with one page of what has these names and is told of, in their order; `next` is what to ask for `after`, and
    null on the last one.
    """
    found: list[dict[str, Any]] = []
    last, more = "", False
    for place, name in enumerate(sorted(one for one in names if one > asked.after), 1):
        one = told(name)
        if one is not None:
            more = len(found) == asked.limit
            if more:
                break
            found.append(one)
            last = name
        if place % _TURN == 0:
            await asyncio.sleep(0)
    token = base64.urlsafe_b64encode(last.encode()).decode().rstrip("=") if more else None
    return JSONResponse({kind: found, "next": token})


def _wrong(field: str, said: str, problem_is: str) -> Response:
    return problem(HTTPStatus.BAD_REQUEST, "bad_page", f"{field} {said[:80]!r} {problem_is}", members={"field": field})
