"""
A history service that answers what a test tells it to, on a port of this machine.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit


class HistoryService:
    """
    Answers every question with `status`, `body` and `headers`, and keeps what it was asked.
    """

    def __init__(self) -> None:
        self.status = 200
        self.body: bytes = b""
        self.headers: dict[str, str] = {}
        self.questions: list[tuple[str, dict[str, str], str | None]] = []
        self.url = ""

    def answers(self, *rows: dict[str, Any]) -> None:
        names = [{"name": name, "type": "String"} for name in (rows[0] if rows else ())]
        self.status, self.body = 200, json.dumps({"meta": names, "data": rows}).encode()

    def refuses(self, status: int, body: object) -> None:
        self.status, self.body = status, body if isinstance(body, bytes) else json.dumps(body).encode()


@contextmanager
def history_service() -> Iterator[HistoryService]:
    """
    The service while it runs.
    """
    service = HistoryService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["content-length"])).decode()
            parameters = dict(parse_qsl(urlsplit(self.path).query))
            service.questions.append((asked, parameters, self.headers["authorization"]))
            self.send_response(service.status)
            for name, value in {"content-length": str(len(service.body)), **service.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(service.body)

        def log_message(self, *_words: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        service.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()
