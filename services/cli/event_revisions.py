"""
Which of several events with one identity stands: the one of the highest revision, and of those at one the first.

The worker and history keep to the same rule, each in its own way.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

__all__ = ["standing"]

Event = TypeVar("Event")
Identity = TypeVar("Identity", bound=Hashable)


def standing(
    events: Iterable[Event], identity: Callable[[Event], Identity], revision: Callable[[Event], int]
) -> dict[Identity, Event]:
    """
    The events that stand, by their identity, in the order in which each identity first came.
    """
    held: dict[Identity, Event] = {}
    for event in events:
        ident = identity(event)
        if ident not in held or revision(event) > revision(held[ident]):
            held[ident] = event
    return held
