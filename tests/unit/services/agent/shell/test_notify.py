"""
systemd hears when the agent is ready, where it listens.
"""

import socket
from pathlib import Path

import pytest

from services.agent.shell.notify import READY, STOPPING, notify


@pytest.mark.parametrize("abstract", [False, True])
def test_the_state_reaches_the_socket(tmp_path: Path, *, abstract: bool) -> None:
    name = f"sqm-{tmp_path.name}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + name if abstract else name)
        listening.settimeout(5)
        for state in (READY, STOPPING):
            notify(state, {"NOTIFY_SOCKET": "@" + name if abstract else name})
            assert listening.recv(100) == state


def test_without_systemd_nothing_happens() -> None:
    notify(READY, {})
