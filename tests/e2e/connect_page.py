"""
The page `docs/connect.md` as somebody who copies its lines: its blocks of commands, run in a folder that looks like the
checkout. Of what is written nothing is changed but the numbers of ports, which others may use.
"""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.fakes.ports import reserved_ports
from tests.fakes.waiting import wait_until
from tests.project import PROJECT, measured

PAGE: Final = (PROJECT / "docs" / "connect.md").read_text("utf-8")
_SECTION: Final = re.compile(r"^## (.*?)$\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK: Final = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SERVICES: Final = {"8081": "SQM_INGEST_HTTP_PORT", "8082": "SQM_SLA_HTTP_PORT", "8083": "SQM_HISTORY_HTTP_PORT"}
_OTHERS: Final = ("1883",)
_FAILS_LOUDLY: Final = "set -euo pipefail\n"


def sections() -> dict[str, str]:
    """
    The commands of each section, by its title.
    """
    return {title: "".join(_BLOCK.findall(text)) for title, text in _SECTION.findall(PAGE)}


def commands(number: int) -> str:
    [found] = [blocks for title, blocks in sections().items() if title.startswith(f"{number}. ")]
    return found


class Walk:
    """
    One reader's folder and terminal. `run` gives what was printed, and fails where a command does.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("deploy", ".venv"):
            (folder / name).symlink_to(PROJECT / name)
        free = dict(zip((*_SERVICES, *_OTHERS), reserved_ports(len(_SERVICES) + len(_OTHERS)), strict=True))
        self._ports = {port: str(number) for port, number in free.items()}
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": str(PROJECT),
            **measured(),
            **{variable: self._ports[port] for port, variable in _SERVICES.items()},
        }

    def run(self, *numbers: int, before: str = "", after: str = "") -> str:
        """
        Copy the commands of some sections into a terminal of their own; what they leave running ends with it.
        """
        script = _FAILS_LOUDLY + before + self._with_ports("".join(commands(number) for number in numbers)) + after
        log = self.folder / f"walk-{'-'.join(map(str, numbers))}.log"
        with log.open("wb") as output, self._terminal(script, output) as terminal:
            status = terminal.wait(timeout=120)
        said = log.read_text("utf-8", "replace")
        assert status == 0, said
        return said

    @contextmanager
    def staying(self, *numbers: int) -> Iterator[str]:
        """
        Run sections whose processes stay; gives the line that another terminal reads their settings with.
        """
        ready, log = self.folder / "settings.sh", self.folder / "line.log"
        script = "".join(commands(number) for number in numbers)
        script = f"{_FAILS_LOUDLY}{self._with_ports(script)}\nexport -p > new.sh\nmv new.sh settings.sh\nwait\n"

        def is_there() -> bool:
            assert terminal.poll() is None, log.read_text("utf-8", "replace")
            return ready.exists()

        with log.open("wb") as output, self._terminal(script, output) as terminal:
            wait_until(is_there, "the line to be ready", 90)
            yield "source ./settings.sh\n"

    def _with_ports(self, text: str) -> str:
        for port, free in self._ports.items():
            text = re.sub(rf"\b{port}\b", free, text)
        return text

    @contextmanager
    def _terminal(self, script: str, output: object) -> Iterator[subprocess.Popen[bytes]]:
        running = subprocess.Popen(
            ["/bin/bash", "-c", script],
            cwd=self.folder, env=self._environment, stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT, start_new_session=True,  # type: ignore[call-overload]
        )  # fmt: skip
        try:
            yield running
        finally:
            self._end(running)

    @staticmethod
    def _end(running: "subprocess.Popen[bytes]") -> None:
        """
        Close the terminal: everything that was started in it ends, like everything in a window that is closed.
        """
        for ask in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(running.pid, ask)
            except ProcessLookupError:
                break
            running.poll()
            if ask is signal.SIGTERM:
                wait_until(lambda: _is_empty(running), "what the page started to end")
        running.wait()


def _is_empty(running: "subprocess.Popen[bytes]") -> bool:
    running.poll()
    try:
        os.killpg(running.pid, 0)
    except ProcessLookupError:
        return True
    return False
