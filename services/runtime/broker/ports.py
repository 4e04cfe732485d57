"""
Finds ports of the loopback interface that nobody uses, and tells whether somebody uses one.
"""

import socket

__all__ = ["free_ports", "is_free"]


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


def is_free(port: int) -> bool:
    """
    Return whether a server could listen on a port of 127.0.0.1 now; one that has just ended is in nobody's way.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
