"""
A clock that stands still until a test moves it.
"""


class ManualClock:
    """
    Tells the time it was given; both readings move together.
    """

    def __init__(self, now_ms: int = 0) -> None:
        self._now = now_ms
        self._elapsed = 0

    def now_ms(self) -> int:
        return self._now

    def monotonic_ms(self) -> int:
        return self._elapsed

    def advance(self, ms: int) -> None:
        self._now += ms
        self._elapsed += ms
