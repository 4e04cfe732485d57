"""
What the desk remembers from one call to the next, and over a restart.
"""

import msgspec

from services.alerts.engine.bearing import Burden
from services.alerts.engine.groups import Group
from services.alerts.engine.outcomes import Alert

__all__ = ["DeskState"]


class DeskState(msgspec.Struct):
    """
    All that the desk remembers, encoded as it is.

    ``alerts`` are those that are not over, by key, ``seqs`` their last transition and that of those which are over,
    ``joined`` by key the groups of the episode, ``muted`` why nobody is told of an alert.
    """

    now: int = 0
    alerts: dict[str, Alert] = {}
    seqs: dict[str, int] = {}
    joined: dict[str, list[str]] = {}
    muted: dict[str, str] = {}
    groups: dict[str, Group] = {}
    burdens: dict[str, Burden] = {}
    silences: dict[str, bytes] = {}
    """Those that commands have added, as JSON."""
    ended_silences: set[str] = set()
    """Those of the configuration that commands have ended."""
    stands: dict[str, list[bytes]] = {}
    """By schedule, who stands in, as JSON, in the order in which it was given."""
    commands: dict[str, int] = {}
    waiting: list[tuple[int, tuple[str, str]]] = []
    """When what is looked at next: a heap."""

    def encode(self) -> bytes:
        """
        The state as bytes.
        """
        return msgspec.msgpack.encode(self)

    @classmethod
    def decode(cls, blob: bytes) -> "DeskState":
        """
        Read it back. Raises msgspec.MsgspecError for what is none.
        """
        return msgspec.msgpack.decode(blob, type=cls)
