"""
An event loop in which no time is waited for: where nothing is left to do but to wait, its clock goes ahead.
"""

import asyncio
import selectors


class _Hurried(selectors.DefaultSelector):
    """
    Looks at once, and counts how long it should have waited.
    """

    def __init__(self) -> None:
        super().__init__()
        self.waited = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0 if timeout is not None else None)
        if not found and timeout is not None:
            self.waited += max(0.0, timeout)
        return found


class HurriedLoop(asyncio.SelectorEventLoop):
    """
    For code that waits by the loop alone: hours pass in no time, and in the same order of events.
    """

    def __init__(self) -> None:
        self._hurried = _Hurried()
        super().__init__(self._hurried)

    def time(self) -> float:
        return self._hurried.waited
