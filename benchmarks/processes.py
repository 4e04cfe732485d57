"""
The processes that are measured: started as operations would start them, watched from outside, gone with the benchmark.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

import httpx

from services.runtime.broker import tether

__all__ = ["PROJECT", "FailedError", "Service", "held_open", "until"]

PROJECT: Final = Path(__file__).resolve().parents[1]
_LOOK_SECONDS: Final = 0.01
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_TAIL_LINES: Final = 12


class FailedError(RuntimeError):
    """What a benchmark needs did not happen; the text says what, and shows the end of the log of whom it concerns."""


def until(condition: Callable[[], bool], what: str, seconds: float = 120.0) -> None:
    """Look until the condition holds; raise FailedError, naming what was waited for, where it takes too long."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise FailedError(f"waited {seconds:g} s in vain for {what}")
        time.sleep(_LOOK_SECONDS)


def held_open(journeys: int, sites: int, *, kinds: bool = False) -> dict[str, float]:
    """
    Hold so many open journeys in a fresh process, under one standard or ``kinds`` of all; return what
    `benchmarks.open_journeys` has measured.
    """
    command = [sys.executable, "-m", "benchmarks.open_journeys", str(journeys), str(max(1, sites))]
    command += ["kinds"] if kinds else []
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, check=False, timeout=900)
    if done.returncode:
        raise FailedError(f"{' '.join(command[1:])} ended with status {done.returncode}: {done.stderr.decode()[-600:]}")
    told: dict[str, float] = json.loads(done.stdout)
    return told


class Service:
    """
    One process of the product, `python -m MODULE`, told by environment variables only. Used as a context manager.

    It is started through a tether, so that it ends with the benchmark, however that ends.
    """

    def __init__(
        self, name: str, arguments: Sequence[str], settings: Mapping[str, str], folder: Path, *, modules: bool = True
    ) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SQM_")},
            "PYTHONPATH": str(PROJECT),
            "SQM_LOG_FORMAT": "json",
            **settings,
        }
        started = [sys.executable, *(["-m"] if modules else []), *arguments]
        with self.log.open("wb") as log:
            self._tether = subprocess.Popen(
                [sys.executable, "-I", "-S", tether.__file__, *started],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
                cwd=folder,
                start_new_session=True,
            )
        assert self._tether.stdout is not None
        self.pid = int(self._tether.stdout.readline() or b"0")
        self.check()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def check(self) -> None:
        """Raise FailedError where the process has ended by itself."""
        status = self._tether.poll()
        if status is not None:
            raise FailedError(f"{self.name} ended with status {status}; the end of its log:\n{self._tail()}")

    def cpu_seconds(self) -> float:
        """Return the processor time, user and system, of all its threads so far."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            self.check()
            raise
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def resident_megabytes(self) -> float:
        """Return the memory that it holds now."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def said(self, event: str) -> list[dict[str, Any]]:
        """Return the lines of its log with this event, oldest first."""
        found = []
        for line in self.log.read_text(encoding="utf-8", errors="replace").splitlines():
            if event in line and line.startswith("{") and line.endswith("}"):
                said = json.loads(line)
                if said.get("event") == event:
                    found.append(said)
        return found

    def until_said(self, event: str, seconds: float = 120.0, times: int = 1) -> dict[str, Any]:
        """Wait until its log has the event so many times; return the last of them."""
        self.until(lambda: len(self.said(event)) >= times, f"the log line {event!r}", seconds)
        return self.said(event)[times - 1]

    def until(self, condition: Callable[[], bool], what: str, seconds: float = 120.0) -> None:
        """Wait for a condition, as long as the process lives."""

        def holds() -> bool:
            self.check()
            return condition()

        try:
            until(holds, f"{self.name}: {what}", seconds)
        except FailedError as error:
            if self._tether.poll() is None:
                raise FailedError(f"{error}; the end of its log:\n{self._tail()}") from error
            raise

    def url(self) -> str:
        """Return where it serves HTTP, as its log says."""
        return f"http://127.0.0.1:{self.until_said('http_listening')['port']}"

    def until_ready(self) -> None:
        """Wait until it calls itself ready."""
        url = self.url() + "/readyz"

        def ready() -> bool:
            try:
                return httpx.get(url, timeout=10).is_success
            except httpx.TransportError:
                return False

        self.until(ready, "ready")

    def metrics(self) -> dict[str, float]:
        """Return its metrics, each summed over its labels."""
        sums: dict[str, float] = {}
        for line in httpx.get(self.url() + "/metrics", timeout=30).text.splitlines():
            if line and not line.startswith("#"):
                name, _, value = line.rpartition(" ")
                name = name.partition("{")[0]
                sums[name] = sums.get(name, 0.0) + float(value)
        return sums

    def kill(self) -> None:
        """End it without a warning, as a power cut would."""
        os.kill(self.pid, signal.SIGKILL)
        self._tether.wait()

    def stop(self) -> None:
        """End it in order, or else anyhow."""
        try:
            if self._tether.poll() is None:
                self._tether.send_signal(signal.SIGTERM)
                try:
                    self._tether.wait(15)
                except subprocess.TimeoutExpired:
                    # The kernel ends the program when its tether is gone.
                    self._tether.kill()
                    self._tether.wait()
        finally:
            for pipe in (self._tether.stdin, self._tether.stdout):
                if pipe is not None:
                    pipe.close()

    def _tail(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-_TAIL_LINES:]
        return "\n".join(f"    {line[:600]}" for line in lines)
