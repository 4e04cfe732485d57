"""
Which traces the violations of alerts came in, so that a message can be linked to what it is about.
"""

from collections.abc import Iterable
from typing import Final, Protocol

from services.runtime.kafka import Record
from services.runtime.tracing import contexts_of

__all__ = ["Origins"]


class About(Protocol):
    """
    An alert, as far as it matters here.
    """

    @property
    def violations(self) -> tuple[str, ...]: ...


MOST: Final = 10_000
"""Violations to remember; the oldest make room."""


class Origins:
    """
    By violation the context of the record that said it last. In memory only: whoever takes over links what it sees.

    Where nothing is traced it remembers nothing, and looks at no header.
    """

    def __init__(self, *, active: bool = False, most: int = MOST) -> None:
        self._active = active
        self._most = most
        self._contexts: dict[str, bytes] = {}

    def saw(self, violation: str, record: Record) -> None:
        """
        Take note of where a violation came from.
        """
        if not self._active:
            return
        context = next(contexts_of([record]), None)
        if context is None:
            return
        self._contexts.pop(violation, None)
        self._contexts[violation] = context
        if len(self._contexts) > self._most:
            del self._contexts[next(iter(self._contexts))]

    def of(self, alerts: Iterable[About]) -> tuple[bytes, ...]:
        """
        The contexts of the violations of alerts, as far as they are known.
        """
        if not self._contexts:
            return ()
        return tuple(self._contexts[name] for alert in alerts for name in alert.violations if name in self._contexts)
