"""
The HTTP server of a service: what it does to the connections that it accepts.
"""

import socket

from services.runtime.http.server import listening_at


def test_an_answer_does_not_wait_until_the_client_has_acknowledged_its_beginning() -> None:
    listening = listening_at("127.0.0.1", 0)
    with listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
