"""
Runs the demo as its users do, and looks at what it leaves behind.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fakes.waiting import wait_until
from tests.project import PROJECT


class DemoProcess:
    """
    One demo, its output in a file, its keys from a terminal where one is given. Everything that it writes, its broker
    included, is below `folder`.
    """

    def __init__(self, folder: Path, *options: str, keys: int | None = None) -> None:
        self.folder = folder
        self.output = folder / "output.txt"
        self.data = folder / "data"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "services.cli", "demo", "--backlog", "2m", "--folder", str(self.data), *options],
                cwd=PROJECT,
                env={**os.environ, "TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL if keys is None else keys,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, words: str) -> None:
        def said() -> bool:
            assert words in self.said or self.process.poll() is None, self.said
            return words in self.said

        wait_until(said, f"the demo to say {words!r}", 120)

    def is_live(self) -> None:
        """
        Wait until events have been decided.
        """
        self.wait_for(" · live: ")

    def ended(self) -> int:
        return self.process.wait(timeout=150)

    def left_behind(self) -> list[str]:
        """
        The processes that work in the demo's folder or were started on something in it.
        """
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdecimal() or int(entry.name) in {self.process.pid, os.getpid()}:
                continue
            try:
                place = str((entry / "cwd").readlink())
                words = (entry / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
            except OSError:
                continue  # it ended while we looked
            if str(self.folder) in words or place.startswith(str(self.folder)):
                found.append(f"{entry.name} {words[:200]}")
        return found

    def leaves_nothing_behind(self) -> None:
        wait_until(lambda: not self.left_behind(), "all processes of the demo to be gone")

    def process_of(self, name: str) -> int:
        """
        The id of the service's own process, not of its tether.
        """
        for line in self.left_behind():
            pid, _, words = line.partition(" ")
            if f"-m services.{name}" in words and "tether.py" not in words:
                return int(pid)
        raise AssertionError(f"no process of {name} among {self.left_behind()}")


@contextmanager
def running_demo(folder: Path, *options: str, keys: int | None = None) -> Iterator[DemoProcess]:
    demo = DemoProcess(folder, *options, keys=keys)
    try:
        yield demo
    finally:
        if demo.process.poll() is None:
            demo.process.send_signal(signal.SIGKILL)
            demo.process.wait()
