"""
Runs a service as operations would: a process of its own, told by environment variables only, reached over HTTP.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

from tests.fakes.ports import reserved_ports
from tests.fakes.waiting import wait_until
from tests.project import PROJECT, measured


class ServiceProcess:
    """
    One process of the service; `log` is what it has written. It works in `folder`, so that nothing falls elsewhere.
    """

    def __init__(self, service: str, folder: Path, environment: Mapping[str, str]) -> None:
        self.service = service
        self.port = reserved_ports(1)[0]
        self.url = f"http://127.0.0.1:{self.port}"
        self._output = folder / f"{service}-{self.port}.log"
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", f"services.{service}"],
                cwd=folder,
                env={
                    "PATH": os.environ["PATH"],
                    "PYTHONPATH": str(PROJECT),
                    **measured(),
                    "SQM_LOG_FORMAT": "json",
                    f"SQM_{service.upper()}_HTTP_PORT": str(self.port),
                    **environment,
                },
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def log(self) -> str:
        return self._output.read_text(encoding="utf-8", errors="replace")

    def check(self) -> None:
        """
        Fail, with the log, where the process has ended.
        """
        assert self.process.poll() is None, f"{self.service} ended: {self.log[-4_000:]}"

    def answers(self, path: str, status: int) -> Callable[[], bool]:
        def ask() -> bool:
            self.check()
            try:
                return httpx.get(self.url + path, timeout=5).status_code == status
            except httpx.TransportError:
                return False

        return ask

    def until_ready(self) -> None:
        wait_until(self.answers("/readyz", 200), f"{self.service} to be ready", 90)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=20)
        finally:
            if self.process.poll() is None:
                self.kill()
