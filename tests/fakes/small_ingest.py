"""
An ingest that is nothing but an HTTP server: it takes what comes, remembers it, and can be away.
"""

import json
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self

__all__ = ["SmallIngest"]


class SmallIngest:
    """
    Takes batches at `url`. `before` and `after` are called with the number of each request, before it is taken and
    after it was answered; while `away` it takes nothing. Types in `refuses` are refused.
    """

    def __init__(self) -> None:
        self.events: dict[str, dict[str, Any]] = {}
        self.taken = 0
        self.away = False
        self.refuses: set[str] = set()
        self.before: Callable[[int], None] = lambda _: None
        self.after: Callable[[int], None] = lambda _: None
        self._lock = Lock()
        self.requests = 0
        ingest = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                number = ingest.next_request()
                ingest.before(number)
                status, told = ingest.take(json.loads(body))
                answer = json.dumps(told).encode()
                try:
                    self.send_response(status)
                    self.send_header("content-length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                except OSError:
                    # Whoever asked is dead by now.
                    self.close_connection = True
                ingest.after(number)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def next_request(self) -> int:
        """
        Count one more.
        """
        with self._lock:
            self.requests += 1
            return self.requests

    def take(self, batch: list[dict[str, Any]]) -> tuple[HTTPStatus, dict[str, Any]]:
        """
        Answer as ingest does.
        """
        if self.away:
            return HTTPStatus.SERVICE_UNAVAILABLE, {"detail": "the broker is away"}
        with self._lock:
            refused = [event for event in batch if event["type"] in self.refuses]
            self.events |= {event["id"]: event for event in batch if event not in refused}
            self.taken += len(batch) - len(refused)
        items = [{"result": "refused", "reason": "forbidden_source"} for _ in refused]
        return HTTPStatus.OK, {
            "accepted": len(batch) - len(refused), "duplicates": 0, "refused": len(refused), "items": items,
        }  # fmt: skip
