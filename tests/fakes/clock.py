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

    def put(self, now_ms: int) -> None:
        """
        Set what the clock on the wall shows, as somebody does who corrects it.
        """
        self._now = now_ms


class SlowClock(ManualClock):
    """
    A clock of a world in which everything takes a while: each reading of how much time has passed is later by a step.
    """

    def __init__(self, now_ms: int, step_ms: int) -> None:
        super().__init__(now_ms)
        self._step = step_ms

    def monotonic_ms(self) -> int:
        self.advance(self._step)
        return super().monotonic_ms()
