"""
Progress is said in plain lines where there is no terminal, and not too often.
"""

from io import StringIO

from services.cli.progress import DayProgress, FileProgress
from tests.fakes.clock import ManualClock


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_plain_line_comes_every_few_seconds_with_rate_and_time_left() -> None:
    clock, stream = ManualClock(), StringIO()
    with FileProgress("reading", 10_000_000, clock, stream) as progress:
        for _ in range(12):
            clock.advance(1_000)
            progress.at(2_000_000 if clock.monotonic_ms() < 6_000 else 5_000_000, "3 rejected")
    assert stream.getvalue().splitlines() == [
        "reading: 20% of 10.0 MB, 0.4 MB/s, about 20 s left, 3 rejected",
        "reading: 50% of 10.0 MB, 0.5 MB/s, about 10 s left, 3 rejected",
    ]


def test_work_that_is_over_at_once_says_nothing() -> None:
    stream = StringIO()
    with FileProgress("reading", 0, ManualClock(), stream) as progress:
        progress.at(0)
    assert stream.getvalue() == ""


def test_a_terminal_gets_a_bar() -> None:
    stream = Terminal()
    with FileProgress("reading", 100, ManualClock(), stream) as progress:
        progress.at(50, "1 rejected")
    assert "reading" in stream.getvalue()


def test_days_are_told_in_plain_lines_and_not_too_often() -> None:
    clock, stream = ManualClock(), StringIO()
    with DayProgress("filling history", 90, clock, stream) as progress:
        for day in range(1, 8):
            clock.advance(2_000)
            progress.at(day, 12_000 * day)
    assert stream.getvalue().splitlines() == [
        "filling history: 3 of 90 days, 36,000 events",
        "filling history: 6 of 90 days, 72,000 events",
    ]


def test_a_terminal_gets_a_bar_of_days() -> None:
    stream = Terminal()
    with DayProgress("filling history", 90, ManualClock(), stream) as progress:
        progress.at(3, 36_000)
    assert "3/90" in stream.getvalue()
