"""
Tells systemd that the agent is ready or stops (`sd_notify(3)`): one datagram, where the environment names a socket.
"""

import socket
from collections.abc import Mapping

__all__ = ["READY", "STOPPING", "notify"]

READY = b"READY=1"
STOPPING = b"STOPPING=1"


def notify(state: bytes, environment: Mapping[str, str]) -> None:
    """
    Send a state. Nothing happens where nobody waits for it.
    """
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        return
    # A name that begins with @ is an abstract one.
    address = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(state, address)
