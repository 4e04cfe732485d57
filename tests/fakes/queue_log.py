"""
A day of a call centre as Asterisk writes it into its queue log, with the truth known: a pure function of a seed.

Calls are drawn story by story (who waits how long, who gives up, who is handed to another queue), so that what a
standard must find follows from the drawing, not from reading the lines again.
"""

import random
from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

__all__ = ["Day", "Stay", "asterisk_day"]

FIRST_SECOND: Final = 1_769_846_400
"""2026-01-31T08:00:00Z."""
_OPEN_SECONDS: Final = 10 * 3_600
_QUEUES: Final = ("sales", "support", "billing")
_AGENTS: Final = tuple(f"PJSIP/{number}" for number in range(8001, 8013))
_EXITS: Final = ("ABANDON", "EXITWITHTIMEOUT", "EXITEMPTY", "EXITWITHKEY")


class Stay(NamedTuple):
    """
    What became of one call in one queue.
    """

    queue: str
    wait_seconds: int
    answered: bool


class Day(NamedTuple):
    """
    The lines in the order of the log, and the truth behind them.
    """

    lines: tuple[str, ...]
    stays: tuple[Stay, ...]

    def truth(self, within_seconds: int) -> dict[str, tuple[int, int]]:
        """
        Of each queue how many were answered in time, of how many who waited in it.
        """
        good = Counter(s.queue for s in self.stays if s.answered and s.wait_seconds <= within_seconds)
        return {queue: (good[queue], total) for queue, total in Counter(s.queue for s in self.stays).items()}


class _Writer:
    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.said: list[tuple[int, int, str]] = []
        self.stays: list[Stay] = []

    def line(self, at: int, *fields: object) -> None:
        text = "|".join(map(str, (FIRST_SECOND + at, *fields)))
        self.said.append((at, len(self.said), text + "\n"))

    def shift(self) -> None:
        """
        Agents come, take a break, and go.
        """
        self.line(0, "NONE", "NONE", "NONE", "QUEUESTART", "")
        for agent in _AGENTS:
            queue, pause = self.draw.choice(_QUEUES), self.draw.randrange(3_600, _OPEN_SECONDS - 3_600)
            self.line(self.draw.randrange(60), "NONE", queue, agent, "ADDMEMBER", "")
            for at, word in ((pause, "PAUSE"), (pause + self.draw.randrange(300, 1_800), "UNPAUSE")):
                self.line(at, "NONE", "NONE", agent, f"{word}ALL", "")
                self.line(at, "NONE", queue, agent, word, "lunch")
            self.line(_OPEN_SECONDS + self.draw.randrange(60), "NONE", queue, agent, "REMOVEMEMBER", "")

    def call(self, number: int) -> None:
        """
        One call, through one queue or several.
        """
        at = self.draw.randrange(60, _OPEN_SECONDS - 3_600)
        call = f"{FIRST_SECOND + at}.{number}"
        self.line(at, call, "NONE", "NONE", "DID", "4930555000")
        for queue in self.draw.sample(_QUEUES, 2):
            self.line(at, call, queue, "NONE", "ENTERQUEUE", "", "0301234567", self.draw.randrange(1, 9))
            ended = self.stay(at, call, queue)
            if ended is None:
                return
            at = ended + self.draw.randrange(3)

    def stay(self, at: int, call: str, queue: str) -> int | None:
        """
        One stay in a queue; the second at which it ended where the call goes on elsewhere.
        """
        draw, wait, place = self.draw, min(600, int(self.draw.expovariate(1 / 25))), self.draw.randrange(1, 9)
        for agent in draw.sample(_AGENTS, draw.choice((0, 0, 0, 1, 3))):
            rang = at + draw.randrange(wait + 1)
            self.line(rang, call, queue, agent, "RINGNOANSWER", draw.choice((0, 8_000, 15_000)))
        answered = draw.random() < 0.85
        self.stays.append(Stay(queue, wait, answered))
        if not answered:
            word = draw.choice(_EXITS)
            more = (draw.randrange(10), 1, place, wait) if word == "EXITWITHKEY" else (1, place, wait)
            self.line(at + wait, call, queue, "NONE", word, *more)
            return at + wait if word == "EXITWITHTIMEOUT" else None
        agent, talk = draw.choice(_AGENTS), int(draw.expovariate(1 / 180)) + 1
        self.line(at + wait, call, queue, agent, "CONNECT", wait, f"{call}1", min(wait, 5))
        word = draw.choice(("COMPLETEAGENT", "COMPLETECALLER", "COMPLETECALLER", "BLINDTRANSFER", "ATTENDEDTRANSFER"))
        ended = at + wait + talk
        if word.startswith("COMPLETE"):
            self.line(ended, call, queue, agent, word, wait, talk, place)
            return None
        how = ("700", "from-internal") if word == "BLINDTRANSFER" else ("BRIDGE", "0815")
        self.line(ended, call, queue, agent, word, *how, wait, talk, place)
        return ended


def asterisk_day(seed: int, calls: int = 600) -> Day:
    """
    Draw a day with so many calls. The same seed gives the same lines, byte for byte.
    """
    writer = _Writer(random.Random(seed))
    writer.shift()
    for number in range(calls):
        writer.call(number)
    writer.line(_OPEN_SECONDS, "NONE", "NONE", "NONE", "CONFIGRELOAD", "")
    return Day(tuple(_in_order(writer.said)), tuple(writer.stays))


def _in_order(said: Iterable[tuple[int, int, str]]) -> list[str]:
    return [text for _, _, text in sorted(said)]
