"""A server that counts what is done under each idempotency key, repeats too."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock


@dataclass(slots=True)
class Ledger:
    """How often each key has come, and how often each run that sends none."""

    keyed: Counter[str] = field(default_factory=Counter)
    bare: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def note(self, key: str | None, run: str) -> None:
        """Counts one call."""
        with self._lock:
            (self.bare if key is None else self.keyed)[key or run] += 1


@contextmanager
def serving(ledger: Ledger) -> Iterator[str]:
    """The ledger's address while it is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(ledger))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _handler_of(ledger: Ledger) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            ledger.note(self.headers.get("Idempotency-Key"), self.headers.get("X-Run") or "")
            content = json.dumps({"noted": True}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    return Handler
