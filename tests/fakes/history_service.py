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

from services.history.shell.migrating import read_migrations


class HistoryService:
    """
    Answers every question with `status`, `body` and `headers`, and keeps what it was asked.

    Good answers to questions that contain a text come from `instead`; nothing is published unless a test says so.
    Asked how far its tables are migrated it says `edition`, and does not keep that it was.
    """

    def __init__(self) -> None:
        self.status = 200
        self.body: bytes = b""
        self.headers: dict[str, str] = {}
        self.instead: dict[str, bytes] = {"FROM standards": _answer()}
        self.questions: list[tuple[str, dict[str, str], str | None]] = []
        self.url = ""
        self.edition = len(read_migrations())

    def answers(self, *rows: dict[str, Any]) -> None:
        self.status, self.body = 200, _answer(*rows)

    def answers_about(self, part: str, *rows: dict[str, Any]) -> None:
        self.instead[part] = _answer(*rows)

    def refuses(self, status: int, body: object) -> None:
        self.status, self.body = status, body if isinstance(body, bytes) else json.dumps(body).encode()


def _answer(*rows: dict[str, Any]) -> bytes:
    names = [{"name": name, "type": "String"} for name in (rows[0] if rows else ())]
    return json.dumps({"meta": names, "data": rows}).encode()


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
            instead = service.instead
            if "schema_migrations" in asked:
                instead = {"schema_migrations": _answer({"edition": service.edition})}
            else:
                service.questions.append((asked, parameters, self.headers["authorization"]))
            parts = [body for part, body in instead.items() if part in asked and service.status == 200]
            body = parts[0] if parts else service.body
            self.send_response(service.status)
            for name, value in {"content-length": str(len(body)), **service.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

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
