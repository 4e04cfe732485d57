"""
The outbox: messages that were decided and have not arrived yet, saved with the state in parts of their own.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from services.alerts.engine import Sent

__all__ = ["Outbox"]

PREFIX: Final = "outbox."
_LETTERS: Final = 2
"""How many letters of a message's id name its part: 256 parts, so that few are written when few have changed."""


class Outbox:
    """
    Messages by id. `changed` gives the parts to save since it was last asked.
    """

    def __init__(self, messages: Mapping[str, Sent] | None = None) -> None:
        self._parts: dict[str, dict[str, Sent]] = {}
        self._touched: set[str] = set()
        self.put((messages or {}).values())
        self._touched.clear()

    def __len__(self) -> int:
        return sum(map(len, self._parts.values()))

    def put(self, messages: Iterable[Sent]) -> None:
        """
        Take messages that are on their way from now on.
        """
        for one in messages:
            name = one.notification.id
            self._parts.setdefault(name[:_LETTERS], {})[name] = one
            self._touched.add(name[:_LETTERS])

    def drop(self, names: Iterable[str]) -> bool:
        """
        Forget messages that need nobody any more; tells whether any was here.
        """
        dropped = False
        for name in names:
            if self._parts.get(name[:_LETTERS], {}).pop(name, None) is not None:
                self._touched.add(name[:_LETTERS])
                dropped = True
        return dropped

    def messages(self) -> list[Sent]:
        """
        All of them, in the order in which they were decided.
        """
        found = [one for part in self._parts.values() for one in part.values()]
        return sorted(found, key=lambda one: (one.notification.at, one.notification.id))

    def changed(self) -> dict[str, bytes]:
        """
        The parts that have changed, an empty one without bytes.
        """
        parts = {name: self._parts.get(name, {}) for name in sorted(self._touched)}
        self._touched.clear()
        return {f"{PREFIX}{name}": msgspec.msgpack.encode(part) if part else b"" for name, part in parts.items()}

    @classmethod
    def restored(cls, parts: Mapping[str, bytes]) -> "Outbox":
        """
        Read it back from all saved parts, its own among them. Raises msgspec.MsgspecError where they are none.
        """
        found: dict[str, Sent] = {}
        for name, body in parts.items():
            if name.startswith(PREFIX):
                found |= msgspec.msgpack.decode(body, type=dict[str, Sent])
        return cls(found)
