"""
Routing: down which branches of the tree an alert goes, and what holds there.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from schemas.alert_routes import Route
from schemas.base import SECOND_MS
from services.alerts.engine.labels import Fits, Labels, joined

__all__ = ["Leaf", "Routing"]

LONGEST_SHARED: Final = 450
"""Of the labels in a group's key; the rest of what a key may have is for its place in the tree."""
GROUP_BY: Final = ("standard", "site")


class Leaf(NamedTuple):
    """
    A place of the tree where an alert can stay, with all that its ancestors say. Durations in milliseconds.
    """

    path: str
    """Where it is written: `route`, `route.0`, `route.0.2`."""
    receivers: tuple[str, ...] = ()
    escalation: str | None = None
    group_by: tuple[str, ...] = GROUP_BY
    group_wait: int = 10 * SECOND_MS
    group_interval: int = 300 * SECOND_MS
    repeat_interval: int = 14_400 * SECOND_MS
    mute_in: tuple[str, ...] = ()
    only_in: tuple[str, ...] = ()

    def group_of(self, labels: Labels) -> str:
        """
        The key of the group that an alert belongs to here.
        """
        pairs = (f"{name}={labels[name]}" for name in self.group_by if name in labels)
        shared = joined(pairs, ",", LONGEST_SHARED)
        return f"{self.path}{{{shared}}}"


class Routing:
    """
    The tree, compiled.
    """

    def __init__(self, root: Route) -> None:
        self._root = _Branch(root, Leaf("route"))
        self.leaves = {leaf.path: leaf for leaf in self._root.leaves()}

    def leaves_of(self, labels: Labels) -> tuple[Leaf, ...]:
        """
        Where an alert stays: one place, or several where branches say `continue`.
        """
        return tuple(self._root.find(labels))


class _Branch:
    def __init__(self, route: Route, parent: Leaf, path: str = "route") -> None:
        said = {name: getattr(route, name) for name in Leaf._fields if name != "path"}
        self.leaf = parent._replace(path=path, **{name: value for name, value in said.items() if value is not None})
        self._covers = Fits(route.match)
        self._unless = Fits(route.unless) if route.unless is not None else None
        self.onward = route.onward
        self._children = [_Branch(child, self.leaf, f"{path}.{place}") for place, child in enumerate(route.routes)]

    def covers(self, labels: Labels) -> bool:
        return self._covers(labels) and not (self._unless is not None and self._unless(labels))

    def find(self, labels: Labels) -> Iterator[Leaf]:
        stays = True
        for child in self._children:
            if child.covers(labels):
                yield from child.find(labels)
                stays = False
                if not child.onward:
                    break
        if stays:
            yield self.leaf

    def leaves(self) -> Iterator[Leaf]:
        yield self.leaf
        for child in self._children:
            yield from child.leaves()
