"""A server that tells what it was sent, for the tests of HTTP Tasks."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_KINDS = {"/text": ("text/plain", b"plain"), "/image": ("image/png", b"x"), "/raw": ("text/plain", b"\xff")}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        path = self.path.partition("?")[0]
        status = int(path.removeprefix("/status/")) if path.startswith("/status/") else 200
        told = {"path": self.path, "headers": dict(self.headers), "body": content, "access_token": "t"}
        kind, body = _KINDS.get(path, ("application/json", json.dumps(told).encode()))
        if path == "/large":
            body = json.dumps("x" * 262_144).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        del format, args


@contextmanager
def telling() -> Iterator[str]:
    """The server's address while it is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
