"""
Finds what a path names inside JSON that is read already.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from schemas.paths import Step, steps_of

__all__ = ["ROOT", "finder", "text_of"]

ROOT: Final = "$"
"""A path that begins with it starts at the whole body instead of at one of its payloads."""
_ANY: Final = "*"
_LONGEST_PLACE: Final = 6


def finder(paths: Sequence[str]) -> Callable[[object, object], object]:
    """
    Make the function that finds the first of some paths under which there is something, in a payload and its body.
    """
    ways = [steps_of(path) for path in paths]

    def find(payload: object, body: object) -> object:
        for steps in ways:
            found = _walk(body, steps[1:]) if steps[0] == ROOT else _walk(payload, steps)
            if found is not None:
                return found
        return None

    return find


def text_of(value: object) -> str:
    """
    Write a plain value of JSON as the text of a field; nothing is the empty text.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _walk(value: object, steps: Sequence[Step]) -> object:
    for place, step in enumerate(steps):
        if isinstance(value, dict):
            if step == _ANY:
                return _first(value.values(), steps[place + 1 :])
            value = value.get(step)
        elif isinstance(value, list):
            if step == _ANY:
                return _first(value, steps[place + 1 :])
            if isinstance(step, tuple):
                name, wanted = step
                chosen = [one for one in value if isinstance(one, dict) and text_of(one.get(name)) == wanted]
                return _first(chosen, steps[place + 1 :])
            value = (
                value[int(step)]
                if step.isdecimal() and len(step) <= _LONGEST_PLACE and int(step) < len(value)
                else None
            )
        else:
            return None
    return value


def _first(values: Iterable[object], steps: Sequence[Step]) -> object:
    for value in values:
        found = _walk(value, steps)
        if found is not None:
            return found
    return None
