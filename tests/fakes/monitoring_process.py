"""
A program of Prometheus' family as a process of its own.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.fakes.ports import reserved_ports
from tests.fakes.waiting import wait_until


@contextmanager
def serving_program(name: str, folder: Path, *arguments: str) -> Iterator[str]:
    """
    Start one on a free port, with its log in a folder, and give its URL once it is ready; where it is not installed
    this fails, and `make test` brings it.
    """
    program = shutil.which(name)
    assert program is not None, f"no {name}: `make test` installs it, or says how"
    address = f"127.0.0.1:{reserved_ports(1)[0]}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, *arguments, f"--web.listen-address={address}"], stdout=log, stderr=log)
    try:
        wait_until(lambda: _ready(f"http://{address}"), f"{name} to be ready")
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait()


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/-/ready", timeout=5).is_success
    except httpx.TransportError:
        return False
