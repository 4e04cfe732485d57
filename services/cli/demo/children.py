"""
The processes of the demo: each with a log file, none outliving the demo, and a clear word when one of them ends by
itself.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from services.runtime.broker import tether
from services.runtime.errors import Transient

__all__ = ["Child", "ChildEndedError"]

_TAIL_LINES: Final = 15
_TAIL_BYTES: Final = 16_384
_LISTENING: Final = "http_listening"


class ChildEndedError(Transient):
    """
    A process of the demo ended though nobody asked it to.
    """


class Child:
    """
    One process, started through a tether: it goes when the demo goes, however that ends. `stop` asks, then insists.
    """

    def __init__(self, name: str, arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        with self.log.open("wb") as log:
            self._tether = subprocess.Popen(
                [sys.executable, "-I", "-S", tether.__file__, sys.executable, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=dict(environment),
                cwd=folder,
                # A Ctrl-C is for the demo, which ends its processes in order.
                start_new_session=True,
            )
        self._asked = False
        self._port = 0

    @property
    def status(self) -> int | None:
        """
        The exit status; None while it runs.
        """
        return self._tether.poll()

    def check(self) -> None:
        """
        Raise ChildEndedError, with the end of its log, where it ended without being asked to.
        """
        status = self.status
        if status is not None and not self._asked:
            raise ChildEndedError(
                f"{self.name} ended by itself with status {status}; the end of {self.log}:\n{self.tail()}"
            )

    def port(self) -> int:
        """
        The port that it said it listens on; 0 as long as it has not.
        """
        if not self._port:
            for line in self._lines():
                if _LISTENING in line:
                    self._port = _port_in(line)
        return self._port

    def tail(self) -> str:
        return "\n".join(f"  {line[:400]}" for line in self._lines()[-_TAIL_LINES:])

    def _lines(self) -> list[str]:
        with self.log.open("rb") as log:
            end = log.seek(0, 2)
            log.seek(0 if not self._port else max(0, end - _TAIL_BYTES))
            return log.read().decode("utf-8", "replace").splitlines()

    def ask(self, how: signal.Signals = signal.SIGTERM) -> None:
        """
        Ask it to end, without waiting.
        """
        self._asked = True
        if self.status is None:
            self._tether.send_signal(how)

    def wait(self, seconds: float) -> int | None:
        """
        Wait for its end; None where it has not come.
        """
        try:
            return self._tether.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def close(self, seconds: float = 15.0) -> None:
        """
        End it: asked, unless it was before, and killed where that takes too long. Its log stays.

        A second signal would have a service break off what it does to end in order.
        """
        if not self._asked:
            self.ask()
        if self.wait(seconds) is None:
            self.kill()
        for pipe in (self._tether.stdin, self._tether.stdout):
            if pipe is not None:
                pipe.close()

    def kill(self) -> None:
        # The kernel ends the program when its tether is gone.
        self._asked = True
        self._tether.kill()
        self._tether.wait()


def _port_in(line: str) -> int:
    try:
        said = json.loads(line)
    except ValueError:
        return 0
    return int(said.get("port", 0)) if isinstance(said, dict) and said.get("event") == _LISTENING else 0
