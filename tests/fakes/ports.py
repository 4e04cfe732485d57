"""
Ports of this machine that belong to this process until it ends, for servers that are started later or not at all.
"""

import socket

__all__ = ["reserved_ports"]


def reserved_ports(count: int) -> list[int]:
    """
    Return different ports of 127.0.0.1 at which nobody answers before a server that we start listens there.

    Each is bound for good by a socket that does not listen: the kernel gives it to nobody else who asks for any port,
    nor to an outgoing connection. A server that reuses addresses may listen there none the less, as all of ours do:
    asyncio's, mosquitto, the family of Prometheus, Kafka.
    """
    held = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    for one in held:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.detach()
    return ports
