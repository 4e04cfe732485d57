"""
Paths: how a document names a place inside JSON, as people write it, with dots.
"""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints

__all__ = ["Path", "Step", "steps_of"]

_STEP: Final = re.compile(r"\[([^\[\]=]+)=([^\[\]]*)\]|([^.\[\]]+)")
Step = str | tuple[str, str]
"""A member of an object (or the place of an element, from 0), ``*`` for any of them, or a pair that an element has."""


def steps_of(path: str) -> tuple[Step, ...]:
    """
    Take a path apart: ``participants.[purpose=agent].calls.*.connectedTime``. Raises ValueError.
    """
    steps: list[Step] = []
    at = 0
    while True:
        found = _STEP.match(path, at)
        if found is None:
            break
        steps.append(found[3] if found[3] is not None else (found[1], found[2]))
        at = found.end()
        if at == len(path):
            return tuple(steps)
        if path[at] != ".":
            break
        at += 1
    msg = (
        f"{path[:60]!r} is no path: write names with a dot between them, like detail.contactId; * is any element or "
        "member, [purpose=agent] the element whose purpose is agent"
    )
    raise ValueError(msg)


def _readable(path: str) -> str:
    steps_of(path)
    return path


Path = Annotated[str, StringConstraints(min_length=1, max_length=256), AfterValidator(_readable)]
"""A place inside JSON. A header of a table may be any text, and is never taken apart."""
