"""An HTTP service that takes its time, and knows how many requests it was answering at once."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class BusyService:
    """Every request takes `seconds`; the first part of its path is the key that it counts under."""

    seconds: float = 0.1
    url: str = ""
    log: list[str] = field(default_factory=list)
    most: Counter[str] = field(default_factory=Counter)
    """By key how many at once at most."""
    _now: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, path: str) -> None:
        key = path.split("/")[1]
        with self._lock:
            self.log.append(path)
            self._now[key] += 1
            self.most[key] = max(self.most[key], self._now[key])
        time.sleep(self.seconds)
        with self._lock:
            self._now[key] -= 1

    @contextmanager
    def serving(self) -> Iterator[BusyService]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.answer(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                del format, args

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
