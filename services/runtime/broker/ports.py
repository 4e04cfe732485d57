"""
Finds ports of the loopback interface that nobody uses.
"""

import socket

__all__ = ["free_ports"]


def free_ports(count: int) -> list[int]:
    """
    Return `count` different free ports of 127.0.0.1.

    All are held at once while choosing, so they differ. Another process may still take one before it is used: who
    starts a server on one tries again with another.
    """
    held = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in held]
    finally:
        for one in held:
            one.close()
