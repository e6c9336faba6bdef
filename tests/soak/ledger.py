"""A server that counts what is done under each idempotency key, repeats too."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Lock

from steploom.demo.http_server import answering


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


def serving(ledger: Ledger) -> AbstractContextManager[str]:
    """The ledger's address while it is served."""
    return answering(_handler_of(ledger))


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
