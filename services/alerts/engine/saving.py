"""
Saving: the state of lifecycles and desk as parts, of which only those that have changed are encoded anew.

Alerts and groups are spread over a fixed number of parts by their keys, so what is written grows with what has changed
and not with how many are open.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal
from zlib import crc32

import msgspec

from services.alerts.engine.desk_state import Case, DeskRest, DeskState
from services.alerts.engine.groups import Group
from services.alerts.engine.life import Life
from services.alerts.engine.lifecycle import Lifecycles

__all__ = ["FORMAT", "Saver", "restored"]

PARTS: Final = 256
_REST: Final = "rest"
FORMAT: Final = 2
_KINDS: Final[dict[str, type[Any]]] = {
    "life": dict[str, Life], "case": dict[str, Case], "group": dict[str, Group], "command": dict[str, int],
}  # fmt: skip


class _Rest(msgspec.Struct):
    """
    What is small enough to be written each time. What was written in another format is not taken for this one.
    """

    format: Literal[2]
    desk: DeskRest
    lived_to: int


class Saver:
    """
    Knows which keys lie in which part, and encodes the parts that have changed.
    """

    def __init__(self, lifecycles: Lifecycles, desk: DeskState) -> None:
        self._lifecycles = lifecycles
        self._desk = desk
        self._places: dict[str, dict[int, set[str]]] = {kind: defaultdict(set) for kind in _KINDS}
        for kind, (found, _) in self._all().items():
            for key in found:
                self._places[kind][_part(key)].add(key)

    def changed(self) -> dict[str, bytes]:
        """
        The parts that have changed since the last call, an empty one without bytes. They count as saved from here on.
        """
        parts: dict[str, bytes] = {}
        for kind, (found, touched) in self._all().items():
            for number in self._note(kind, found, touched):
                keys = sorted(self._places[kind][number])
                body = msgspec.msgpack.encode({key: found[key] for key in keys}) if keys else b""
                parts[f"{kind}.{number}"] = body
            touched.clear()
        parts[_REST] = msgspec.msgpack.encode(_Rest(FORMAT, self._desk.rest, self._lifecycles.now))
        return parts

    def _all(self) -> dict[str, tuple[Mapping[str, object], set[str]]]:
        lifecycles, desk = self._lifecycles, self._desk
        return {
            "life": (lifecycles.lives, lifecycles.touched),
            "case": (desk.cases, desk.touched_cases),
            "group": (desk.groups, desk.touched_groups),
            "command": (lifecycles.commands, lifecycles.touched_commands),
        }

    def _note(self, kind: str, found: Mapping[str, object], touched: Iterable[str]) -> list[int]:
        """
        Keep account of where the keys lie; returns the parts that are concerned.
        """
        numbers: set[int] = set()
        for key in touched:
            number = _part(key)
            numbers.add(number)
            place = self._places[kind][number]
            (place.add if key in found else place.discard)(key)
        return sorted(numbers)


def restored(parts: Mapping[str, bytes]) -> tuple[Lifecycles, DeskState]:
    """
    Read a state back from its parts. Raises msgspec.MsgspecError where they are none.
    """
    lifecycles, desk = Lifecycles(), DeskState()
    lives: dict[str, Life] = {}
    commands: dict[str, int] = {}
    into: dict[str, dict[str, Any]] = {
        "life": lives, "case": desk.cases, "group": desk.groups, "command": commands,
    }  # fmt: skip
    for name, body in parts.items():
        kind = name.partition(".")[0]
        if kind in into:
            into[kind].update(msgspec.msgpack.decode(body, type=_KINDS[kind]))
    if _REST in parts:
        rest = msgspec.msgpack.decode(parts[_REST], type=_Rest)
        desk.rest, lifecycles.now = rest.desk, rest.lived_to
    # The oldest ones make room first, as they would have without a restart.
    lifecycles.commands.update(sorted(commands.items(), key=lambda one: (one[1], one[0])))
    lifecycles.restore(lives)
    desk.restore()
    return lifecycles, desk


def _part(key: str) -> int:
    return crc32(key.encode()) % PARTS
