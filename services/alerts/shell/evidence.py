"""
Evidence: what was said of the violations of alerts, so that a message can say why; saved with the state, so that
whoever comes next says the same.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple
from zlib import crc32

import msgspec
from pydantic import ValidationError

from schemas.alert_commands import Reported
from schemas.outcomes import VIOLATIONS, Violation
from services.alerts.engine import Alert

__all__ = ["Evidence", "Known"]

PREFIX: Final = "evidence."
PARTS: Final = 256
MOST_BYTES: Final = 8 << 20
LONGEST: Final = 8_192
"""Bytes of one violation; of what is longer the first events of its trail are kept, and that it was cut."""
_FEW: Final = 5


class Known(NamedTuple):
    """
    What is known of why an alert fires: a violation, or the words of another system; and whether there was more.
    """

    violation: Violation | None
    said: tuple[str, ...]
    cut: bool


class _Kept(msgspec.Struct, array_like=True):
    number: int
    """The order in which they came."""
    value: bytes
    said: tuple[str, ...] = ()
    cut: bool = False
    over: bool = False

    @property
    def size(self) -> int:
        return len(self.value) + sum(map(len, self.said))


class Evidence:
    """
    By violation what was said of it last while it was open; the oldest make room, those that are over before others.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._open: dict[str, _Kept] = {}
        self._over: dict[str, _Kept] = {}
        self._parts: dict[int, set[str]] = {}
        self._touched: set[int] = set()
        self._bytes = self._number = 0

    def keep(self, name: str, value: bytes) -> None:
        """
        Keep an open violation by its id, as it came.
        """
        cut = len(value) > LONGEST
        self._put(name, _Kept(0, _shortened(value) if cut else value, cut=cut))

    def keep_report(self, name: str, said: Reported) -> None:
        """
        Keep what another system says of what it reports.
        """
        words = tuple(text for text in (said.summary, said.description) if text is not None)
        if words:
            self._put(name, _Kept(0, b"", words, said.cut))

    def is_over(self, name: str) -> None:
        """
        Take note that a violation is over: messages that were decided before may still ask for it.
        """
        kept = self._open.pop(name, None)
        if kept is not None:
            kept.over = True
            self._over[name] = kept
            self._touched.add(_part(name))

    def forget_over(self) -> None:
        """
        Forget what is over: no message asks for it any more.
        """
        for name in list(self._over):
            self._drop(name)

    def of(self, alert: Alert) -> Known | None:
        """
        What is known of the oldest open violation of an alert of which anything is.
        """
        found = (self._open.get(name) or self._over.get(name) for name in alert.violations)
        kept = next((one for one in found if one is not None), None)
        if kept is None:
            return None
        try:
            violation = VIOLATIONS.validate_json(kept.value) if kept.value else None
        except ValidationError:
            return None
        return Known(violation, kept.said, kept.cut)

    def changed(self) -> dict[str, bytes]:
        """
        The parts to save that have changed, an empty one without bytes.
        """
        parts: dict[str, bytes] = {}
        for part in sorted(self._touched):
            found = {name: self._open.get(name) or self._over[name] for name in sorted(self._parts.get(part, ()))}
            parts[f"{PREFIX}{part}"] = msgspec.msgpack.encode(found) if found else b""
        self._touched.clear()
        return parts

    def restore(self, parts: Mapping[str, bytes]) -> None:
        """
        Go on with what was saved, instead of what is here. Raises msgspec.MsgspecError where it cannot be read.
        """
        for one in (self._open, self._over, self._parts):
            one.clear()
        self._bytes = self._number = 0
        found: dict[str, _Kept] = {}
        for name, body in parts.items():
            if name.startswith(PREFIX):
                found |= msgspec.msgpack.decode(body, type=dict[str, _Kept])
        for name, kept in sorted(found.items(), key=lambda one: one[1].number):
            self._add(name, kept)
        self._touched.clear()

    def _put(self, name: str, kept: _Kept) -> None:
        self._drop(name)
        self._number += 1
        kept.number = self._number
        self._add(name, kept)
        while self._bytes > self._most:
            self._drop(next(iter(self._over or self._open)))

    def _add(self, name: str, kept: _Kept) -> None:
        (self._over if kept.over else self._open)[name] = kept
        self._number = max(self._number, kept.number)
        self._bytes += kept.size
        self._parts.setdefault(_part(name), set()).add(name)
        self._touched.add(_part(name))

    def _drop(self, name: str) -> None:
        kept = self._open.pop(name, None) or self._over.pop(name, None)
        if kept is not None:
            self._bytes -= kept.size
            self._parts[_part(name)].discard(name)
            self._touched.add(_part(name))


def _shortened(value: bytes) -> bytes:
    """
    A violation without most of its trail; nothing, where that is too long, too.
    """
    said = msgspec.json.decode(value, type=dict[str, msgspec.Raw])
    for name in ("trail", "faults"):
        if name in said:
            said[name] = msgspec.Raw(
                msgspec.json.encode(msgspec.json.decode(said[name], type=list[msgspec.Raw])[:_FEW])
            )
    shorter = msgspec.json.encode(said)
    return shorter if len(shorter) <= LONGEST else b""


def _part(name: str) -> int:
    return crc32(name.encode()) % PARTS
